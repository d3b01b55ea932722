"""What a target session holds: tables with their rows, users with their roles. No protocol."""

from connect_harness.redaction import REDACTED
from connect_harness.state.accounts import ANONYMOUS, Accounts, User, nearly_documented
from connect_harness.state.conditions import OPERATORS, comparison
from connect_harness.state.cubes import (
    Cube,
    Cubes,
    Level,
    Result,
    TotalsNotServed,
    WrongCube,
    cell_set,
)
from connect_harness.state.data_types import (
    DATA_TYPES,
    DataError,
    DataType,
    NoSuchTable,
    Value,
    WrongEpoch,
    WrongRow,
    WrongTable,
    WrongValue,
    data_type,
)
from connect_harness.state.tables import Column, Database, Matches, Row, Table

__all__ = [
    "ANONYMOUS",
    "DATA_TYPES",
    "OPERATORS",
    "REDACTED",
    "Accounts",
    "Column",
    "Cube",
    "Cubes",
    "DataError",
    "DataType",
    "Database",
    "Level",
    "Matches",
    "NoSuchTable",
    "Result",
    "Row",
    "Table",
    "TotalsNotServed",
    "User",
    "Value",
    "WrongCube",
    "WrongEpoch",
    "WrongRow",
    "WrongTable",
    "WrongValue",
    "cell_set",
    "comparison",
    "data_type",
    "nearly_documented",
]

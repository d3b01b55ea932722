"""What a target session holds: tables with their rows, users with their roles. No protocol."""

from connect_harness.state.accounts import ANONYMOUS, REDACTED, Accounts, User
from connect_harness.state.conditions import OPERATORS, comparison
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
    "DataError",
    "DataType",
    "Database",
    "Matches",
    "NoSuchTable",
    "Row",
    "Table",
    "User",
    "Value",
    "WrongEpoch",
    "WrongRow",
    "WrongTable",
    "WrongValue",
    "comparison",
    "data_type",
]

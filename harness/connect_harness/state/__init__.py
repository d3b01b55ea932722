"""What a target session holds: tables with their rows, users with their roles. No protocol."""

from connect_harness.state.accounts import ANONYMOUS, REDACTED, Accounts, User
from connect_harness.state.data_types import DATA_TYPES, DataType, Value, data_type
from connect_harness.state.errors import (
    DataError,
    NoSuchTable,
    WrongEpoch,
    WrongRow,
    WrongTable,
    WrongValue,
)
from connect_harness.state.rows import Row
from connect_harness.state.tables import Column, Database, Table

__all__ = [
    "ANONYMOUS",
    "DATA_TYPES",
    "REDACTED",
    "Accounts",
    "Column",
    "DataError",
    "DataType",
    "Database",
    "NoSuchTable",
    "Row",
    "Table",
    "User",
    "Value",
    "WrongEpoch",
    "WrongRow",
    "WrongTable",
    "WrongValue",
    "data_type",
]

"""What a target session holds: tables with their rows, users with their roles. No protocol."""

from connect_harness.redaction import REDACTED
from connect_harness.state.accounts import ANONYMOUS, Accounts, User
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
from connect_harness.state.tables import Column, Database, Row, Table

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

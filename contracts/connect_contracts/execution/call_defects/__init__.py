"""What can be wrong with a call of ``connect``, one topic a file."""

from connect_contracts.execution.call_defects import (
    address,
    arguments,
    authority_file,
    authority_forms,
    authority_none,
    client_certificate,
    client_files,
    credentials,
)
from connect_contracts.execution.call_defects.registry import CALL_DEFECTS, CallDefect

__all__ = [
    "CALL_DEFECTS",
    "CallDefect",
    "address",
    "arguments",
    "authority_file",
    "authority_forms",
    "authority_none",
    "client_certificate",
    "client_files",
    "credentials",
]

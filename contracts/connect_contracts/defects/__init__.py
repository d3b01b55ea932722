"""What can be wrong with a call of ``connect``, one topic a file."""

from connect_contracts.defects import (
    address,
    arguments,
    authority_file,
    client_certificate,
    credentials,
)
from connect_contracts.defects.registry import CALL_DEFECTS, CallDefect

__all__ = [
    "CALL_DEFECTS",
    "CallDefect",
    "address",
    "arguments",
    "authority_file",
    "client_certificate",
    "credentials",
]

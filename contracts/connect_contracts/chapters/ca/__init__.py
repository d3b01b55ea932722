"""CA: which target may be believed, one topic a file.

The cases about defects of certificates are derived from the defects: see ``certificates``.
"""

from connect_contracts.chapters.ca import (
    certificates,
    files,
    handshakes,
    machine_trust,
    names,
    sessions,
    trust,
)
from connect_contracts.chapters.ca.chapter import CHAPTER

__all__ = [
    "CHAPTER",
    "certificates",
    "files",
    "handshakes",
    "machine_trust",
    "names",
    "sessions",
    "trust",
]

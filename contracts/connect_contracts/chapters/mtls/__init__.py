"""MTLS: client certificates, one topic a file."""

from connect_contracts.chapters.mtls import files
from connect_contracts.chapters.mtls.certificates import CHAPTER

__all__ = ["CHAPTER", "files"]

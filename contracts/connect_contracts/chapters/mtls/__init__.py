"""MTLS: client certificates, one topic a file."""

from connect_contracts.chapters.mtls import certificates, files, privacy, refusals
from connect_contracts.chapters.mtls.chapter import CHAPTER

__all__ = ["CHAPTER", "certificates", "files", "privacy", "refusals"]

"""CA: which target may be believed, one topic a file."""

from connect_contracts.chapters.ca import files, handshakes, sessions, trust
from connect_contracts.chapters.ca.chapter import CHAPTER

__all__ = ["CHAPTER", "files", "handshakes", "sessions", "trust"]

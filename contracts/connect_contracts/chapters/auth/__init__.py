"""AUTH: who is asking; one topic a file."""

from connect_contracts.chapters.auth import changed_passwords, issuer, secrets, sessions
from connect_contracts.chapters.auth.credentials import CHAPTER

__all__ = ["CHAPTER", "changed_passwords", "issuer", "secrets", "sessions"]

"""AUTH: who is asking; one topic a file."""

from connect_contracts.chapters.auth import told_nowhere
from connect_contracts.chapters.auth.asking import CHAPTER

__all__ = ["CHAPTER", "told_nowhere"]

"""LIVE: what the session can do, one topic a file."""

from connect_contracts.chapters.live import at_once, data_types_and_names, rights, tables, tiers
from connect_contracts.chapters.live.chapter import CHAPTER

__all__ = ["CHAPTER", "at_once", "data_types_and_names", "rights", "tables", "tiers"]

"""URL: finding the target; one topic a file."""

from connect_contracts.chapters.url import answers
from connect_contracts.chapters.url.address import CHAPTER

__all__ = ["CHAPTER", "answers"]

"""FAULT: when the network or the target misbehaves; one topic a file."""

from connect_contracts.chapters.fault import adds
from connect_contracts.chapters.fault.answers import CHAPTER

__all__ = ["CHAPTER", "adds"]

"""The words of the catalogue: levels, profiles, clauses."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Level(StrEnum):
    """How binding a clause is; counted apart in every report."""

    DOCUMENTED = "documented"
    """The page, or documentation beside it, says it."""
    IMPLIED = "implied"
    """It follows from a sentence of the documentation or from a section of a standard."""
    ROBUST = "robust"
    """What anyone who deploys a client expects of it."""
    OBSERVE = "observe"
    """The documentation is silent or the platform decides: recorded, without a verdict."""


class Profile(StrEnum):
    """Which documentation is demanded."""

    V0_9_1 = "0.9.1"
    """The page of release 0.9.1."""
    V6_2 = "6.2"
    """The page of release 6.2, and of every release since 0.9.4."""


class Depth(StrEnum):
    """How much of the chapters is run, the least first; each contains those before it."""

    CORE = "core"
    """Each sentence of the page, once."""
    DEFAULT = "default"
    """And what a ``connect`` can get wrong."""
    FULL = "full"
    """And what a TLS library can get wrong."""
    SLOW = "slow"
    """And what takes time: stalls, RSA keys of 4096 bits, thousands of names."""

    def contains(self, other: Depth) -> bool:
        """Whether what has the depth ``other`` is run at this one."""
        order = list(Depth)
        return order.index(other) <= order.index(self)


FIRST = "0.1.0"
"""The version of this suite that the first clauses came with."""

ALL = (Profile.V0_9_1, Profile.V6_2)


class Clause(msgspec.Struct, frozen=True):
    """One statement about ``connect`` that can be broken.

    Parameters:
        id: Its stable name, such as ``CA-2``; never reused.
        source: The sentence, fact or section of a standard that it comes from; ``-`` for none.
        level: How binding it is; a case may have another.
        profiles: The documentation profiles that make it.
        since: The version of this suite that it came with.
    """

    id: str
    statement: str
    source: str
    level: Level
    profiles: tuple[Profile, ...] = ALL
    since: str = FIRST

    def __post_init__(self) -> None:
        if self.source == "-" and self.level not in (Level.ROBUST, Level.OBSERVE):
            raise ValueError(f"{self.id} has no source: its level can only be robust or observe")

    @property
    def chapter(self) -> str:
        """The part of the id before the number."""
        return self.id.rpartition("-")[0]

    @property
    def number(self) -> int:
        """The number of the id, by which the clauses of a chapter are ordered."""
        return int(self.id.rpartition("-")[2])

"""How a broken implementation is written down: what it breaks, and all that it must fail."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module

from connect_contracts.chapters.case import Case
from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.execution.implementation import Implementation
from connect_contracts.model.clause import Depth, Level, Profile
from connect_contracts.selftest.reference_copy import ReferenceCopy

TOPICS = (
    *("sig", "url", "auth", "auth_told", "ca", "ca_handshakes"),
    *("ca_sessions", "mtls", "mtls_files"),
    *("live_tables", "live_names", "live_types", "live_rights", "keep"),
)
"""The modules of this package in which broken implementations are written."""

DEEP = ("ca", "ca_handshakes", "ca_sessions", "mtls", "mtls_files")
"""Those of them that meet every recipe of TLS: the suite at the depth full."""

Change = Callable[[ReferenceCopy], None]


@dataclass(frozen=True)
class Broken:
    """An implementation that breaks something, in each of its profiles.

    ``v0_9_1`` and ``v6_2`` can be named as ``--connect connect_contracts.selftest.ca:NAME.v0_9_1``.
    All that it does not pass is pinned in the kill matrix.

    Parameters:
        name: The name of its function, which says what is wrong.
        description: The docstring of its function.
        profiles: The profiles whose reference it is derived from.
        fails: Ids of what it is there to fail: of each, at least one case.
        because: Of what it fails, or leaves undecided, other clauses too.
        whole: Every test run, not only one of the matrix, has it meet the whole suite (in the first
            of its profiles).
    """

    name: str
    description: str
    module: str
    profiles: tuple[Profile, ...]
    fails: tuple[str, ...]
    because: str
    whole: bool
    change: Change

    def implementation(self, profile: Profile) -> Implementation:
        """The implementation that it is in ``profile``."""
        copy = ReferenceCopy(profile)
        self.change(copy)
        attribute = "v0_9_1" if profile is Profile.V0_9_1 else "v6_2"
        reference = f"{self.module}:{self.name}.{attribute}"
        return Implementation(copy.module.Session, module=copy.module, reference=reference)

    @property
    def v0_9_1(self) -> Implementation:
        """The implementation that it is in the profile 0.9.1."""
        return self.implementation(Profile.V0_9_1)

    @property
    def v6_2(self) -> Implementation:
        """The implementation that it is in the profile 6.2."""
        return self.implementation(Profile.V6_2)

    @property
    def depth(self) -> Depth:
        """How much of the suite it meets."""
        return Depth.FULL if self.module.rpartition(".")[2] in DEEP else Depth.DEFAULT

    def meets(self, case: Case) -> bool:
        """Whether it meets ``case``: at the default depth, a recipe of TLS only if it is core."""
        deep = self.depth is Depth.FULL or case.recipe is None
        return (self.depth if deep else Depth.CORE).contains(case.depth)


_BROKEN: dict[str, Broken] = {}


def broken(
    *,
    fails: Iterable[str],
    because: str = "",
    profiles: tuple[Profile, ...] = tuple(Profile),
    whole: bool = False,
) -> Callable[[Change], Broken]:
    """Register the decorated function as a broken implementation; see :class:`Broken`.

    An id is that of a case, of a clause, or of a chapter, and stands for all its cases that give a
    verdict in the profile; ``6.2:`` before it says that it is so in that profile alone.

    Raises:
        ValueError: The name is taken, or there is no docstring.
    """

    def register(change: Change) -> Broken:
        name = change.__name__
        description = inspect.getdoc(change)
        if name in _BROKEN:
            raise ValueError(f"the broken implementation {name} is there twice")
        if not description:
            raise ValueError(f"the broken implementation {name} has no docstring")
        _BROKEN[name] = Broken(
            name, description, change.__module__, profiles, tuple(fails), because, whole, change
        )
        return _BROKEN[name]

    return register


def every_broken_implementation() -> tuple[Broken, ...]:
    """All of them, in the order of the topics."""
    for topic in TOPICS:
        import_module(f"connect_contracts.selftest.{topic}")
    return tuple(_BROKEN.values())


def judged(ids: Iterable[str], profile: Profile, depth: Depth = Depth.FULL) -> list[Case]:
    """The cases that these ids stand for in ``profile``; see :func:`broken`.

    Raises:
        UnknownId: An id is not in the catalogue.
    """
    chosen = [one.rpartition(":") for one in ids]
    wanted = [name for only, _, name in chosen if only in ("", profile)]
    cases = catalogue().select(wanted, depth) if wanted else []
    return [one for one in cases if one.level is not Level.OBSERVE and profile in one.profiles]

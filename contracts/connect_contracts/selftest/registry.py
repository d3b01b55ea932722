"""How a broken implementation is written down: what it breaks, and all that it must fail."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from connect_contracts.chapters.case import Case
from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.execution.implementation import Implementation
from connect_contracts.model.clause import Depth, Level, Profile
from connect_contracts.selftest.reference_copy import ReferenceCopy

TOPICS = (
    *("sig", "url", "auth", "auth_secrets", "auth_sessions", "auth_issuer"),
    *("ca", "ca_connections", "mtls", "live_tables", "live_types", "live_rights", "live_tiers"),
    *("adds", "keep", "fault", "clean"),
)
"""The modules of this package in which broken implementations are written."""

DEEP = ("ca", "ca_connections", "mtls")
"""Those of them that meet every recipe of TLS: the suite at the depth full."""

Change = Callable[[ReferenceCopy], None]


@dataclass(frozen=True, kw_only=True)
class Broken:
    """An implementation that breaks something, in each of its profiles.

    ``v0_9_1`` and ``v6_2`` can be named as ``--connect connect_contracts.selftest.ca:NAME.v0_9_1``.
    All that it does not pass is pinned in the kill matrix.

    Parameters:
        make: Makes the implementation of a profile, which is found again by the name given.
        fails: Ids of what it is there to fail: of each, at least one case.
        because: Why it fails other clauses too, or leaves them undecided.
        depth, recipe_depth: How much of the suite it meets, and of its cases that are TLS recipes.
    """

    name: str
    description: str
    module: str
    make: Callable[[Profile, str], Implementation]
    profiles: tuple[Profile, ...] = tuple(Profile)
    fails: tuple[str, ...] = ()
    because: str = ""
    depth: Depth = Depth.DEFAULT
    recipe_depth: Depth = Depth.CORE

    def implementation(self, profile: Profile) -> Implementation:
        attribute = "v0_9_1" if profile is Profile.V0_9_1 else "v6_2"
        return self.make(profile, f"{self.module}:{self.name}.{attribute}")

    @property
    def v0_9_1(self) -> Implementation:
        return self.implementation(Profile.V0_9_1)

    @property
    def v6_2(self) -> Implementation:
        return self.implementation(Profile.V6_2)

    def meets(self, case: Case) -> bool:
        return (self.depth if case.recipe is None else self.recipe_depth).contains(case.depth)


def register(
    known: dict[str, Broken],
    change: Callable[..., None],
    make: Callable[[Profile, str], Implementation],
    **fields: Any,
) -> Broken:
    """Enter a broken implementation under the name of ``change`` and with its docstring.

    Raises:
        ValueError: The name is taken, or there is no docstring.
    """
    name, description = change.__name__, inspect.getdoc(change)
    if name in known:
        raise ValueError(f"the broken implementation {name} is there twice")
    if not description:
        raise ValueError(f"the broken implementation {name} has no docstring")
    known[name] = Broken(
        name=name, description=description, module=change.__module__, make=make, **fields
    )
    return known[name]


def changed_reference(change: Change) -> Callable[[Profile, str], Implementation]:
    """Makes implementations from copies of the references to which ``change`` is done."""

    def make(profile: Profile, reference: str) -> Implementation:
        copy = ReferenceCopy(profile)
        change(copy)
        return Implementation(copy.module.Session, module=copy.module, reference=reference)

    return make


_BROKEN: dict[str, Broken] = {}


def broken(
    *, fails: Iterable[str], because: str = "", profiles: tuple[Profile, ...] = tuple(Profile)
) -> Callable[[Change], Broken]:
    """Register the decorated function as a broken implementation; see :class:`Broken`.

    An id is that of a case, of a clause, or of a chapter, and stands for all its cases that give a
    verdict in the profile; ``6.2:`` before it says that it is so in that profile alone.

    Raises:
        ValueError: The name is taken, or there is no docstring.
    """

    def decorate(change: Change) -> Broken:
        deep = change.__module__.rpartition(".")[2] in DEEP
        return register(
            _BROKEN,
            change,
            changed_reference(change),
            fails=tuple(fails),
            because=because,
            profiles=profiles,
            depth=Depth.FULL if deep else Depth.DEFAULT,
            recipe_depth=Depth.FULL if deep else Depth.CORE,
        )

    return decorate


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
    chosen = [name.rpartition(":") for name in ids]
    wanted = [name for only, _, name in chosen if only in ("", profile)]
    cases = catalogue().select(wanted, depth) if wanted else []
    return [case for case in cases if case.level is not Level.OBSERVE and profile in case.profiles]

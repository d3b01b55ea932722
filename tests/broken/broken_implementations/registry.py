"""How a broken implementation is written down: what it breaks, and all that it must fail."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module

from broken_implementations.reference_copy import ReferenceCopy
from connect_contracts.case import Case
from connect_contracts.catalogue import catalogue
from connect_contracts.clauses import Depth, Level, Profile
from connect_contracts.expectation import Raises
from connect_contracts.implementation import Implementation
from connect_contracts.verdict import Verdict

TOPICS = (
    *("sig", "url", "auth", "ca", "ca_certificates", "ca_handshakes", "ca_sessions", "mtls"),
    *("mtls_files", "live_tables", "live_types", "live_rights", "keep"),
)
"""The modules of this package in which broken implementations are written."""

DEEP = ("ca", "ca_certificates", "ca_handshakes", "ca_sessions", "mtls", "mtls_files")
"""Those of them that meet the suite at the depth full; the others meet its core."""

Change = Callable[[ReferenceCopy], None]


@dataclass(frozen=True)
class Broken:
    """An implementation that breaks something, in each of its profiles.

    ``v0_9_1`` and ``v6_2`` can be named as ``--connect broken_implementations.ca:NAME.v0_9_1``.

    Parameters:
        name: The name of its function, which says what is wrong.
        description: The docstring of its function.
        profiles: The profiles whose reference it is derived from.
        fails: Ids of what it is there to fail.
        also: Ids of what cannot but fail with it, and ``because`` of what.
        inconclusive: Ids of what cannot be judged of it, and ``because`` of what.
        passes: Ids of what it passes all the same, although an id above stands for it.
        whole: Every test run, not only one of the matrix, has it meet the whole suite (in the first
            of its profiles).
    """

    name: str
    description: str
    module: str
    profiles: tuple[Profile, ...]
    fails: tuple[str, ...]
    also: tuple[str, ...]
    inconclusive: tuple[str, ...]
    passes: tuple[str, ...]
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
        return Depth.FULL if self.module.rpartition(".")[2] in DEEP else Depth.CORE

    def pinned(self, profile: Profile) -> dict[str, Verdict]:
        """The verdict on each case of ``profile`` that it does not pass, by the case's id."""
        named = [(one, Verdict.FAILED) for one in (*self.fails, *self.also)]
        named += [(one, Verdict.INCONCLUSIVE) for one in self.inconclusive]
        named += [(one, Verdict.PASSED) for one in self.passes]
        verdicts: dict[str, Verdict] = {}
        for one, verdict in sorted(named, key=lambda pair: _particular(pair[0])):
            verdicts |= {case.id: verdict for case in judged((one,), profile, self.depth)}
        return {case: one for case, one in verdicts.items() if one is not Verdict.PASSED}


_BROKEN: dict[str, Broken] = {}


def broken(
    *,
    fails: Iterable[str],
    also: Iterable[str] = (),
    inconclusive: Iterable[str] = (),
    passes: Iterable[str] = (),
    because: str = "",
    profiles: tuple[Profile, ...] = tuple(Profile),
    whole: bool = False,
) -> Callable[[Change], Broken]:
    """Register the decorated function as a broken implementation; see :class:`Broken`.

    An id is that of a case, of a clause, or of a chapter, and stands for all its cases that give a
    verdict in the profile; ``6.2:`` before it says that it is so in that profile alone, and
    `` refusals`` or `` successes`` after it, that it is so of such cases alone. Of two ids that
    stand for a case, the more particular one decides; one under ``passes`` takes a case out.

    Raises:
        ValueError: The name is taken, there is no docstring, or no reason for what else it fails.
    """

    def register(change: Change) -> Broken:
        name = change.__name__
        description = inspect.getdoc(change)
        if name in _BROKEN:
            raise ValueError(f"the broken implementation {name} is there twice")
        if not description:
            raise ValueError(f"the broken implementation {name} has no docstring")
        one = Broken(
            name,
            description,
            change.__module__,
            profiles,
            tuple(fails),
            tuple(also),
            tuple(inconclusive),
            tuple(passes),
            because,
            whole,
            change,
        )
        if bool(one.also or one.inconclusive) != bool(because):
            raise ValueError(f"{name}: what else it fails needs a reason, and a reason needs that")
        _BROKEN[name] = one
        return one

    return register


def every_broken_implementation() -> tuple[Broken, ...]:
    """All of them, in the order of the topics."""
    for topic in TOPICS:
        import_module(f"broken_implementations.{topic}")
    return tuple(_BROKEN.values())


def judged(ids: Iterable[str], profile: Profile, depth: Depth = Depth.FULL) -> list[Case]:
    """The cases that these ids stand for in ``profile``; see :func:`broken`.

    Raises:
        UnknownId: An id is not in the catalogue.
    """
    found: dict[str, Case] = {}
    for one in ids:
        only, _, name = one.rpartition(":")
        name, _, of = name.partition(" ")
        if only in ("", profile):
            cases = catalogue().select([name], depth)
            found |= {case.id: case for case in cases if not of or _KINDS[of](case)}
    return [
        case
        for case in found.values()
        if case.level is not Level.OBSERVE and profile in case.profiles
    ]


def _has_refusal(case: Case) -> bool:
    return any(
        isinstance(alternative.outcome, Raises)
        for one in case.expectations
        for alternative in one.alternatives
    )


_KINDS: dict[str, Callable[[Case], bool]] = {
    "refusals": _has_refusal,
    "successes": lambda case: not _has_refusal(case),
}


def _particular(name: str) -> float:
    return ("-" in name) + ("[" in name) + (" " in name) / 2

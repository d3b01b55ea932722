"""What a run is asked to judge: read from options, checked, and handed to the suite.

Whoever runs pytest (the plugin, in ``pytest_configure``) puts the settings into the stash of
pytest's configuration; the suite takes them from there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from connect_contracts.catalogue import UnknownId, catalogue
from connect_contracts.clauses import Depth, Profile
from connect_contracts.expected_failures import (
    BadExpectedFailures,
    ExpectedFailure,
    read_expected_failures,
)
from connect_contracts.implementation import BadImplementation, Implementation, load


class BadSettings(Exception):
    """What was asked for cannot be done; the text is one sentence that says what to change."""


@dataclass(frozen=True)
class UnderTest:
    """An implementation, the profile that it is held to, and why that one.

    Parameters:
        because: ``asked for``, ``declared`` or ``default``.
    """

    implementation: Implementation
    profile: Profile
    because: str


@dataclass(frozen=True)
class Settings:
    """What was asked for, checked.

    Parameters:
        under_test: The implementation; ``None`` if none was named.
        profile: The profile that was asked for by option, for all implementations.
        select: Ids of chapters, clauses and cases; all for none.
        depth: The depth that was asked for; ``None`` for the default.
        expected_failures: By the id of the case.
        regressions: The folder of capsules that are replayed first; ``None`` for none.
    """

    under_test: UnderTest | None = None
    profile: Profile | None = None
    select: tuple[str, ...] = ()
    depth: Depth | None = None
    expected_failures: Mapping[str, ExpectedFailure] = field(default_factory=dict)
    regressions: Path | None = None


SETTINGS = pytest.StashKey[Settings]()
"""Where the plugin puts the settings, in the stash of pytest's configuration."""


def read_settings(
    connect: str | None = None,
    *,
    profile: str | None = None,
    select: Sequence[str] = (),
    depth: str | None = None,
    expected_failures: Path | None = None,
    regressions: Path | None = None,
) -> Settings:
    """Check what was asked for, and load the implementation.

    Parameters:
        connect: The implementation as ``module[:attribute]``.
        profile: The profile; ``None`` for the one that the implementation declares.
        select: Ids of chapters, clauses and cases.
        depth: How much of the chapters is run; ``None`` for the default.
        expected_failures: The file of expected failures.
        regressions: The folder of capsules.

    Raises:
        BadSettings: Any of them cannot be used, with one sentence that says why.
    """
    try:
        asked = None if profile is None else profile_of(profile)
        deep = None if depth is None else depth_of(depth)
        catalogue().select(select)
        known = {} if expected_failures is None else read_expected_failures(expected_failures)
        implementation = None if connect is None else load(connect)
    except (BadImplementation, UnknownId, BadExpectedFailures) as error:
        raise BadSettings(str(error)) from error
    if regressions is not None and not regressions.is_dir():
        raise BadSettings(f"There is no folder {regressions} with capsules: check its name.")
    subject = None if implementation is None else under_test(implementation, asked)
    return Settings(subject, asked, tuple(select), deep, known, regressions)


def profile_of(name: str) -> Profile:
    """The profile ``name``.

    Raises:
        BadSettings: There is none of this name.
    """
    try:
        return Profile(name)
    except ValueError:
        raise BadSettings(
            f"There is no profile {name!r}: choose one of {', '.join(Profile)}."
        ) from None


def depth_of(name: str) -> Depth:
    """The depth ``name``.

    Raises:
        BadSettings: There is none of this name.
    """
    try:
        return Depth(name)
    except ValueError:
        raise BadSettings(
            f"There is no depth {name!r}: choose one of {', '.join(Depth)}."
        ) from None


def under_test(implementation: Implementation, asked: Profile | None) -> UnderTest:
    """``implementation`` with the profile asked for, else declared, else the default."""
    if asked is not None:
        return UnderTest(implementation, asked, "asked for")
    if implementation.profile is not None:
        return UnderTest(implementation, Profile(implementation.profile), "declared")
    return UnderTest(implementation, Profile.V0_9_1, "default")

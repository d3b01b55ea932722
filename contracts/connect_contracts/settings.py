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
from connect_contracts.clauses import Profile
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
        expected_failures: By the id of the case.
    """

    under_test: UnderTest | None = None
    profile: Profile | None = None
    select: tuple[str, ...] = ()
    expected_failures: Mapping[str, ExpectedFailure] = field(default_factory=dict)


SETTINGS = pytest.StashKey[Settings]()
"""Where the plugin puts the settings, in the stash of pytest's configuration."""


def read_settings(
    connect: str | None = None,
    *,
    profile: str | None = None,
    select: Sequence[str] = (),
    expected_failures: Path | None = None,
) -> Settings:
    """Check what was asked for, and load the implementation.

    Parameters:
        connect: The implementation as ``module[:attribute]``.
        profile: The profile; ``None`` for the one that the implementation declares.
        select: Ids of chapters, clauses and cases.
        expected_failures: The file of expected failures.

    Raises:
        BadSettings: Any of them cannot be used, with one sentence that says why.
    """
    try:
        asked = None if profile is None else profile_of(profile)
        catalogue().select(select)
        known = {} if expected_failures is None else read_expected_failures(expected_failures)
        implementation = None if connect is None else load(connect)
    except (BadImplementation, UnknownId, BadExpectedFailures) as error:
        raise BadSettings(str(error)) from error
    subject = None if implementation is None else under_test(implementation, asked)
    return Settings(subject, asked, tuple(select), known)


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


def under_test(implementation: Implementation, asked: Profile | None) -> UnderTest:
    """``implementation`` with the profile asked for, else declared, else the default."""
    if asked is not None:
        return UnderTest(implementation, asked, "asked for")
    if implementation.profile is not None:
        return UnderTest(implementation, Profile(implementation.profile), "declared")
    return UnderTest(implementation, Profile.V0_9_1, "default")

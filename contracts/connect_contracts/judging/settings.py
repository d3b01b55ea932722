"""What a run is asked to judge: read from options, checked, and handed to the suite.

The plugin reads them in ``pytest_configure`` and puts them into the stash of pytest's configuration
(``connect_contracts.pytest_suite.SETTINGS``); the suite takes them from there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import msgspec
from packaging.version import Version

from connect_contracts.chapters.case import Case
from connect_contracts.chapters.catalogue import UnknownId, catalogue
from connect_contracts.execution.distributions import made_with
from connect_contracts.execution.identify import identify, remarks
from connect_contracts.execution.identity import Identity
from connect_contracts.execution.implementation import BadImplementation, Implementation
from connect_contracts.execution.loading import load, load_again
from connect_contracts.judging.expected_failures import (
    BadExpectedFailures,
    ExpectedFailure,
    ExpectedFailures,
    read_expected_failures,
)
from connect_contracts.judging.judgement import Judgement
from connect_contracts.judging.known_deviations import KnownDeviations, known_deviations
from connect_contracts.judging.newer import BadVersion, unless_newer, version_of
from connect_contracts.model.clause import Clause, Depth, Profile
from connect_contracts.model.json_text import json_of

Named = TypeVar("Named", Profile, Depth)


class BadSettings(Exception):
    """What was asked for cannot be done; the text is one sentence that says what to change."""


Elsewhere = tuple[str, bytes, str]
"""What :func:`subject_of` takes: name, identity and profile, so that it can be pickled."""


@dataclass(frozen=True)
class UnderTest:
    """An implementation, the profile that it is held to, and why that one.

    It was ``asked for``, ``declared``, ``returned`` (``connect``'s session says so) or ``default``.
    ``mistake`` is why nothing of it can be judged, as a sentence; empty where it can.
    """

    implementation: Implementation
    profile: Profile
    because: str
    mistake: str = ""

    @property
    def elsewhere(self) -> Elsewhere:
        """What another process needs to have it, too: it must be known by its name."""
        identity = json_of(self.implementation.identity)
        return self.implementation.reference or "", identity, self.profile.value

    @property
    def remarks(self) -> tuple[str, ...]:
        """What else the head of a run says: versions, what a session gave, names and lacks."""
        return (made_with(self.implementation), *remarks(self.implementation, self.profile))

    @property
    def deviations(self) -> KnownDeviations:
        """What the public client that its sessions come from is known for; else nothing."""
        identity = self.implementation.identity
        return known_deviations(None if identity is None else identity.client)


def subject_of(elsewhere: Elsewhere) -> UnderTest:
    """What is judged in another process, in this one."""
    reference, identity, profile = elsewhere
    return UnderTest(load_again(reference, identity), Profile(profile), "asked for")


@dataclass(frozen=True)
class Settings:
    """What was asked for, checked.

    Parameters:
        profile: The profile that was asked for by option, for all implementations.
        select: Ids of chapters, clauses and cases; all for none.
        expected_failures: Those of the file that was given.
        regressions: The folder of capsules that are replayed first; ``None`` for none.
        since: The version of this suite that is pinned; newer clauses do not fail.
        known_deviations: Whether what a release of the public client is known for is expected.
    """

    implementation: Implementation | None = None
    profile: Profile | None = None
    select: tuple[str, ...] = ()
    depth: Depth | None = None
    expected_failures: ExpectedFailures = field(default_factory=ExpectedFailures)
    regressions: Path | None = None
    since: Version | None = None
    known_deviations: bool = True

    def judge(self, case: Case, judgement: Judgement, subject: UnderTest) -> Judgement:
        """What becomes of ``judgement`` by expected failures, and by what is pinned."""
        return self._judged(case.id, case.clause, judgement, subject)

    def judge_found(self, clause: Clause, judgement: Judgement, subject: UnderTest) -> Judgement:
        """The same of what a search found, or of a capsule: known by its causes, as it has no id.

        Parameters:
            clause: The one that is broken.
        """
        return self._judged("", clause, judgement, subject)

    def _judged(
        self, case: str, clause: Clause, judgement: Judgement, subject: UnderTest
    ) -> Judgement:
        known: Mapping[str, ExpectedFailure] = {}
        if self.known_deviations:
            ids = (case, clause.id, judgement.broken or clause.id)
            known = {
                cause.key: entry
                for cause in judgement.causes
                if (entry := subject.deviations.expected(cause.of_client, cause.seen, ids))
            }
        broken = catalogue().clauses[judgement.broken] if judgement.broken else clause
        judgement = self.expected_failures.judge(case, judgement, known, broken.id)
        return unless_newer(judgement, broken, self.since)


def read_settings(
    connect: str | None = None,
    *,
    option: str = "--connect",
    identity: str | None = None,
    profile: str | None = None,
    select: Sequence[str] = (),
    depth: str | None = None,
    expected_failures: Path | None = None,
    regressions: Path | None = None,
    since: str | None = None,
    known_deviations: bool = True,
) -> Settings:
    """Check what was asked for, and load the implementation.

    Parameters:
        connect: The implementation as ``module[:attribute]``.
        option: What names it.
        identity: An ``Identity`` as JSON: what the command found already.
        expected_failures: The file of expected failures.

    The others are those of ``Settings``, as text.

    Raises:
        BadSettings: Any of them cannot be used, with one sentence that says why.
    """
    try:
        pinned = None if since is None else version_of(since)
        asked = None if profile is None else named(Profile, profile)
        deep = None if depth is None else named(Depth, depth)
        catalogue().select(select)
        known = ExpectedFailures()
        if expected_failures is not None:
            known = read_expected_failures(expected_failures)
        found = None if identity is None else msgspec.json.decode(identity, type=Identity | None)
        implementation = None if connect is None else load(connect, found, option)
    except (
        BadImplementation,
        UnknownId,
        BadExpectedFailures,
        BadVersion,
        msgspec.DecodeError,
    ) as error:
        raise BadSettings(str(error)) from error
    if regressions is not None and not regressions.is_dir():
        raise BadSettings(f"There is no folder {regressions} with capsules: check its name.")
    chosen = tuple(select)
    return Settings(
        implementation, asked, chosen, deep, known, regressions, pinned, known_deviations
    )


def named(kind: type[Named], name: str) -> Named:
    """The profile or the depth ``name``; ``BadSettings`` is raised if there is none."""
    try:
        return kind(name)
    except ValueError:
        raise BadSettings(
            f"There is no {kind.__name__.lower()} {name!r}: choose one of {', '.join(kind)}."
        ) from None


def under_test(implementation: Implementation, asked: Profile | None) -> UnderTest:
    """``implementation`` with its profile: asked for, declared, said by its session, the default.

    Its ``connect`` is called once, if it was not yet: see :func:`identify`. ``BadImplementation``
    is raised if what its session's modules declare cannot be used, or if nothing says the profile
    because that call did not return.
    """
    identify(implementation, asked or Profile(implementation.profile or Profile.V0_9_1))
    if asked is not None:
        return UnderTest(implementation, asked, "asked for")
    if implementation.profile is None:
        identity = implementation.identity
        if identity is not None and identity.hung:
            # By the wrong documentation it would fail without a reason.
            raise BadImplementation(
                f"Nothing says which documentation {implementation.name} follows: "
                f"{identity.failed}. Mend that, or name it by --profile."
            )
        return UnderTest(implementation, Profile.V0_9_1, "default")
    because = "declared" if implementation.declares("profile") else "returned"
    return UnderTest(implementation, Profile(implementation.profile), because)

"""Known deviations of the public client: the shipped entries, and what becomes of a verdict."""

from __future__ import annotations

import msgspec
import pytest
from packaging.version import Version

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.execution.identity import PUBLIC_CLIENTS, Identity
from connect_contracts.execution.implementation import Implementation
from connect_contracts.judging.judgement import Judgement
from connect_contracts.judging.known_deviations import (
    Deviation,
    KnownDeviations,
    every_deviation,
    known_deviations,
)
from connect_contracts.judging.settings import Settings, UnderTest
from connect_contracts.model.cause import Cause
from connect_contracts.model.clause import Depth, Level, Profile
from connect_contracts.model.verdict import Verdict
from connect_harness.releases import RELEASES

KEPT_OPEN = Deviation(
    client="atoti-client",
    first="0.9.2",
    last="0.9.10",
    sentence="After close() no connection of the session is open.",
    seen="close() leaves a connection open.",
    scope=("KEEP-4", "URL-9[ipv6-literal]"),
    causes=("ConnectionsClosed | violated",),
)
KNOWN = KnownDeviations("atoti-client 0.9.9", (KEPT_OPEN,))


@pytest.mark.parametrize("entry", every_deviation(), ids=lambda entry: entry.seen)
def test_each_entry_says_what_can_be_met(entry: Deviation) -> None:
    assert entry.client in PUBLIC_CLIENTS.values()
    # Releases that exist, and an entry that is about one of them at least.
    assert {entry.first, entry.last or entry.first} <= set(RELEASES)
    assert Version(entry.first) <= Version(entry.last or entry.first)
    cases = catalogue().select(entry.scope)
    assert any(case.level is not Level.OBSERVE for case in cases)
    assert entry.causes
    for text in (entry.sentence, entry.seen):
        assert text.endswith("."), text
        assert "\n" not in text


def test_no_two_entries_are_about_the_same() -> None:
    for release in RELEASES:
        met = [
            (key, name)
            for entry in every_deviation()
            if entry.is_of(release)
            for key in entry.causes
            for name in entry.scope
        ]
        assert len(met) == len(set(met)), release


@pytest.mark.parametrize(
    ("version", "of"),
    [("0.9.1", False), ("0.9.2", True), ("0.9.10", True), ("0.9.11", False), ("6.2.0", False)],
)
def test_releases_are_compared_as_versions(version: str, of: bool) -> None:
    assert KEPT_OPEN.is_of(version) is of
    assert msgspec.structs.replace(KEPT_OPEN, last=None).is_of(version) is (version != "0.9.1")


def test_a_client_that_is_not_public_is_known_for_nothing() -> None:
    assert known_deviations(None).deviations == ()
    assert known_deviations("my-client 0.9.1").deviations == ()
    assert known_deviations("atoti-client 0.9.1").deviations


LEAK = "leak | a password appeared in the authentication"
"""A shipped deviation of 0.9.1, in AUTH-12."""


@pytest.mark.parametrize(
    ("cause", "becomes"),
    [
        (Cause("anything", "demanded", "seen", known_as=LEAK), "known"),
        (Cause(LEAK, "demanded", "seen", known_as="anything"), "failed"),
        (Cause(LEAK, "demanded", "seen", known_as=""), "failed"),
    ],
)
def test_what_calls_the_client_is_told_from_it(cause: Cause, becomes: str) -> None:
    implementation = Implementation(lambda url: None)
    implementation.identity = Identity(client="atoti-client 0.9.1")
    subject = UnderTest(implementation, Profile.V0_9_1, "returned")
    failed = Judgement(Verdict.FAILED, seen="seen", causes=(cause,))
    judged = Settings().judge(catalogue().cases["AUTH-12[after-success]"], failed, subject)
    assert judged.verdict.word == becomes


@pytest.mark.parametrize(
    ("client", "settings", "case", "broken", "keys", "becomes"),
    [
        ("atoti-client 0.9.1", Settings(), "AUTH-12[after-success]", None, [LEAK], "known"),
        # A case that asks something else meets the clause of the leak.
        ("atoti-client 0.9.1", Settings(), "AUTH-3[latin-1]", "AUTH-12", [LEAK], "known"),
        # What else is wrong is the wrapper's own.
        ("atoti-client 0.9.1", Settings(), "AUTH-12[after-success]", None, [LEAK, "x"], "failed"),
        ("atoti-client 0.9.1", Settings(), "AUTH-3[latin-1]", None, [LEAK], "failed"),
        ("my-client 0.9.1", Settings(), "AUTH-12[after-success]", None, [LEAK], "failed"),
        (
            "atoti-client 0.9.1",
            Settings(known_deviations=False),
            "AUTH-12[after-success]",
            None,
            [LEAK],
            "failed",
        ),
    ],
)
def test_what_becomes_of_a_failure(
    client: str, settings: Settings, case: str, broken: str | None, keys: list[str], becomes: str
) -> None:
    implementation = Implementation(lambda url: None)
    implementation.identity = Identity(client=client)
    subject = UnderTest(implementation, Profile.V0_9_1, "returned")
    causes = tuple(Cause(key, "demanded", "seen") for key in keys)
    failed = Judgement(Verdict.FAILED, seen="seen", causes=causes, broken=broken)
    judged = settings.judge(catalogue().cases[case], failed, subject)
    assert judged.verdict.word == becomes
    assert bool(judged.reasons) is (becomes == "known")
    assert all(reason.startswith("atoti-client 0.9.1: ") for reason in judged.reasons)
    if keys == [LEAK, "x"]:
        assert [bool(cause.known) for cause in judged.causes] == [True, False]


@pytest.mark.parametrize(
    ("seen", "becomes"),
    [
        ("1 connection of the Py4J gateway stayed open", "known"),
        ("2 connections of the Py4J gateway stayed open", "known"),
        ("1 connection of HTTP and 1 connection of the Py4J gateway stayed open", "failed"),
    ],
)
def test_more_of_it_than_the_client_does_is_not_known(seen: str, becomes: str) -> None:
    implementation = Implementation(lambda url: None)
    implementation.identity = Identity(client="atoti-client 6.2.2")
    subject = UnderTest(implementation, Profile.V6_2, "returned")
    cause = Cause("ConnectionsClosed | violated", "demanded", seen)
    failed = Judgement(Verdict.FAILED, seen="seen", causes=(cause,))
    case = catalogue().cases["KEEP-4[connections-closed]"]
    assert Settings().judge(case, failed, subject).verdict.word == becomes


THREADS = (
    "200 more threads (100 times Thread (py4j.clientserver.FinalizerWorker), "
    "100 times Thread (py4j.java_gateway.CallbackServer.run))"
)
SOCKETS = "200 times socket.socket to 127.0.0.1:1, 100 times socket.socket without a peer"


@pytest.mark.parametrize(
    ("left", "known"),
    [
        (f"300 more sockets ({SOCKETS}) and {THREADS}", True),
        (f"301 more sockets ({SOCKETS}, a socket to 10.0.0.53:53) and {THREADS}", True),
        (f"400 more sockets ({SOCKETS}) and {THREADS}", False),
        (f"300 more sockets (300 times socket.socket to 10.0.0.1:5432) and {THREADS}", False),
        (f"300 more sockets ({SOCKETS}) and 100 more temporary files (a.pem) and {THREADS}", False),
        (f"300 more sockets ({SOCKETS}) and {THREADS} and 1 more child processes (cat)", False),
        (f"1 more descriptors (x) and 300 more sockets ({SOCKETS}) and {THREADS}", False),
        (f"300 more sockets ({SOCKETS}) and 201 more threads (201 times Thread (py4j.a))", False),
        (f"300 more sockets ({SOCKETS}) and 200 more threads (200 times Thread (mine))", False),
    ],
)
def test_what_a_wrapper_leaves_beside_the_threads_of_its_client(left: str, known: bool) -> None:
    client = known_deviations("atoti-client 6.2.2")
    found = client.expected("LeavesNoMore | violated", f"the process holds {left}", ["CLEAN-5"])
    assert (found is not None) is known


SCOPE = {case.id: Verdict.PASSED for case in catalogue().select(KEPT_OPEN.scope)}
REASON = KNOWN.reason(KEPT_OPEN)


@pytest.mark.parametrize(
    ("verdicts", "met", "told"),
    [
        (SCOPE, [], [REASON]),
        (SCOPE, [REASON], []),
        # What was not judged may do it.
        (dict(list(SCOPE.items())[1:]), [], []),
        (SCOPE | {"URL-9[ipv6-literal]": Verdict.FAILED}, [], []),
        (SCOPE | {"URL-9[ipv6-literal]": Verdict.NOT_APPLICABLE}, [], [REASON]),
        (dict.fromkeys(SCOPE, Verdict.NOT_APPLICABLE), [], []),
    ],
)
def test_what_a_run_did_not_meet(
    verdicts: dict[str, Verdict], met: list[str], told: list[str]
) -> None:
    assert KNOWN.not_met(met, verdicts, Depth.SLOW) == told
    flaky = msgspec.structs.replace(KEPT_OPEN, flaky=True)
    assert KnownDeviations(KNOWN.client, (flaky,)).not_met(met, verdicts, Depth.SLOW) == []

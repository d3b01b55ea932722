"""Nothing is judged before the targets have recorded all that was sent to them."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from connect_contracts.chapters.builder import (
    AS_ADMIN,
    connect,
    list_tables,
    restart,
    secure,
    story,
)
from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.execution import run as running
from connect_contracts.execution.implementation import Implementation
from connect_contracts.execution.loading import load
from connect_contracts.execution.run import run
from connect_contracts.judging.judge import judge
from connect_contracts.judging.judgement import Judgement
from connect_contracts.model.clause import Profile
from connect_contracts.model.verdict import Verdict
from connect_harness.server import ConnectionAccepted, ConnectionClosed, Journal, listener
from connect_harness.server.connection import Connection

REFERENCE = "connect_contracts.reference.v0_9_1"


class Ends:
    """The ends of connections, recorded as late as they can be.

    Attributes:
        recorded: They may be recorded now.
        awaited: Whether waiting for the journal lets them be recorded.
    """

    def __init__(self) -> None:
        self.recorded = threading.Event()
        self.awaited = True


@pytest.fixture
def ends(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ends]:
    """Connections whose end is recorded once the run waits for the journal."""
    held = Ends()
    real_end, real_wait = Connection._closed, Journal.wait_until_quiet

    def closed(connection: Connection, ending: Any) -> None:
        held.recorded.wait(30)
        real_end(connection, ending)

    def wait(journal: Journal, limit: float = 5.0) -> bool:
        if held.awaited:
            held.recorded.set()
        try:
            return real_wait(journal, limit)
        finally:
            held.recorded.clear()

    monkeypatch.setattr(Connection, "_closed", closed)
    monkeypatch.setattr(Journal, "wait_until_quiet", wait)
    monkeypatch.setattr(listener, "_JOINING_SECONDS", 0.0)
    yield held
    held.awaited = True
    held.recorded.set()
    monkeypatch.undo()


def judged(name: str, implementation: Implementation) -> Judgement:
    case = catalogue().cases[name]
    return judge(case, run(case.scenario, implementation, Profile.V0_9_1), Profile.V0_9_1)


def test_a_close_that_is_not_recorded_yet_is_no_failure_of_the_client(
    monkeypatch: pytest.MonkeyPatch, ends: Ends
) -> None:
    ends.awaited = False
    monkeypatch.setattr(running, "SETTLING_LIMIT", 0.05)

    judgement = judged("KEEP-4[connections-closed]", load(REFERENCE))

    assert judgement.verdict is Verdict.HARNESS_ERROR
    assert "the targets were still at work" in judgement.seen


def test_a_close_is_waited_for(ends: Ends) -> None:
    judgement = judged("KEEP-4[connections-closed]", load(REFERENCE))

    assert judgement.verdict is Verdict.PASSED, judgement


def test_bytes_that_are_counted_at_the_end_of_a_connection_are_judged(ends: Ends) -> None:
    """A client believes every target, sends it some bytes of HTTP, and keeps its connection."""
    kept: list[socket.socket] = []

    def connect_unverified(url: str, **_: Any) -> Any:
        address = urlsplit(url)
        context = ssl._create_unverified_context()
        raw = socket.create_connection(("localhost", address.port or 0))
        kept.append(context.wrap_socket(raw, server_hostname="localhost"))
        kept[-1].sendall(b"GET /versions")
        raise ValueError

    try:
        judgement = judged("CA-2[without-the-file]", Implementation(connect_unverified))
    finally:
        for connection in kept:
            connection.close()

    assert judgement.verdict is Verdict.FAILED, judgement
    assert "HTTP reached the target" in judgement.seen


def test_what_a_step_of_the_owner_ends_has_ended_with_that_step(ends: Ends) -> None:
    scenario = story(secure(), connect(AS_ADMIN), restart(), list_tables()).scenario

    seen = run(scenario, load(REFERENCE), Profile.V0_9_1)

    restarted = next(result for result in seen.results if result.what == "restart")
    before, ended = (
        [
            event.connection
            for event in seen.events
            if isinstance(event, kind) and event.number < limit
        ]
        for kind, limit in (
            (ConnectionAccepted, restarted.began),
            (ConnectionClosed, restarted.ended),
        )
    )
    assert before
    assert ended == before

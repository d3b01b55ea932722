"""Target sessions with an administrator, and a scripted one that answers as it likes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from connect_harness import Journal, SecurityConfig, SessionConfig, TargetSession
from connect_harness.exchange import Answer, Request
from connect_harness.server.events import RequestReceived
from connect_harness.server.listener import Listener


@pytest.fixture
def start() -> Iterator[Callable[..., TargetSession]]:
    """Starts secured targets with a table ``Example``, and closes them after the test."""
    started: list[TargetSession] = []

    def start_one(release: str = "0.9.1", *, base_path: str = "") -> TargetSession:
        config = SessionConfig(security=SecurityConfig(), base_path=base_path)
        target = TargetSession.start(config, release=release)
        started.append(target)
        target.security.basic_authentication.credentials["admin"] = "passwd"
        target.security.individual_roles["admin"] = {"ROLE_USER", "ROLE_ADMIN"}
        target.create_table("Example", data_types={"Id": "String"})
        return target

    yield start_one
    for target in started:
        target.close()


class Scripted:
    """A server whose answers are set by path; it starts as the smallest of target sessions."""

    def __init__(self) -> None:
        self.journal = Journal()
        self.answers: dict[str, Answer] = {"/pivot/ping": Answer(200, b"pong", "text/plain")}
        self.set("/versions/rest", self.versions())
        self.set("/db/discovery/tableNames", ["Example"])
        self.listener = Listener("scripted", self.journal, self._answer, host="127.0.0.1").start()
        self.url = f"http://127.0.0.1:{self.listener.port}"

    def versions(self, **changes: Any) -> dict[str, Any]:
        """A versions document."""
        paths = {"activeviam/pivot": ("9", "/pivot"), "activeviam/database": ("10", "/db")}
        apis = {
            name: {"versions": [{"id": version, "restPath": path, "wsPath": None}]}
            for name, (version, path) in paths.items()
        }
        return {"version": 1, "serverVersion": "6.2.2", "apis": apis, **changes}

    def set(self, path: str, value: object, status: int = 200) -> None:
        """Answer requests for ``path`` by ``value``, as JSON unless it is bytes."""
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.answers[path] = Answer(status, body)

    def _answer(self, request: Request) -> Answer:
        return self.answers.get(request.path, Answer(404, b"{}"))

    @property
    def requests(self) -> list[Request]:
        """The requests so far."""
        return [event.request for event in self.journal.of(RequestReceived)]

    @property
    def asked(self) -> list[str]:
        """The methods and targets of the requests so far."""
        return [f"{request.method} {request.target}" for request in self.requests]


@pytest.fixture
def scripted() -> Iterator[Scripted]:
    server = Scripted()
    yield server
    server.listener.stop()

"""A target session without a socket, and ways to ask it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from connect_harness import releases
from connect_harness.exchange import Answer, PeerCertificate, Request
from connect_harness.protocols.application import Application, Faults
from connect_harness.protocols.routing import Target
from connect_harness.state import Accounts, Database

Build = Callable[..., "Asker"]


def basic(username: str, password: str) -> str:
    """The value of ``Authorization`` for these credentials."""
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()


@dataclass
class Asker:
    """Asks an application as one user."""

    application: Application
    authorization: str | None = None

    def as_(self, username: str | None, password: str = "passwd") -> Asker:
        """The same, as another user; ``None`` gives no credentials."""
        given = None if username is None else basic(username, password)
        return Asker(self.application, given)

    def with_header(self, authorization: str) -> Asker:
        """The same, with this value of ``Authorization``."""
        return Asker(self.application, authorization)

    def ask(
        self,
        method: str,
        target: str,
        body: object = None,
        *,
        headers: tuple[tuple[str, str], ...] = (),
        certificate: str | None = None,
    ) -> Answer:
        """The answer to one request; a body that is no bytes is written as JSON."""
        if self.authorization is not None:
            headers = (*headers, ("authorization", self.authorization))
        written = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.application.answer(
            Request(
                method,
                target,
                tuple((name, value.encode("latin-1")) for name, value in headers),
                b"" if body is None else written,
                None if certificate is None else PeerCertificate(certificate, "00"),
            )
        )

    def get(self, target: str) -> Answer:
        """The answer to a GET."""
        return self.ask("GET", target)

    def post(self, target: str, body: object) -> Answer:
        """The answer to a POST of JSON."""
        return self.ask("POST", target, body)

    def graphql(self, query: str, **variables: Any) -> Answer:
        """The answer to a GraphQL operation."""
        return self.post("/graphql", {"query": query, "variables": variables})


@pytest.fixture
def build() -> Build:
    """Builds a target session with the documented users and table; asks as the administrator."""

    def build(
        *,
        secure: bool = True,
        release: str = releases.DEFAULT,
        base_path: str = "",
        faults: Faults | None = None,
        played: releases.Release | None = None,
        **options: Any,
    ) -> Asker:
        accounts = Accounts(secure=secure, realm="here", username_regex="CN=(.*?)(?:,|$)")
        accounts.credentials.update({"admin": "passwd", "user": "passwd", "nobody": "passwd"})
        accounts.individual_roles.update(
            {"admin": {"ROLE_USER", "ROLE_ADMIN"}, "user": {"ROLE_USER"}}
        )
        database = Database()
        database.create_table("Example", {"Id": "String"})
        target = Target(accounts, database, releases.release(played or release), **options)
        application = Application(target, base_path=base_path, faults=faults)
        return Asker(application).as_("admin" if secure else None)

    return build


@pytest.fixture
def asker(build: Build) -> Asker:
    """A secured target session of the default release."""
    return build()


@pytest.fixture
def target() -> Target:
    """A secured target of the default release, without users and tables."""
    return Target(Accounts(secure=True), Database(), releases.release(releases.DEFAULT))


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., str]:
    """Writes columns to an Arrow file in the test's folder, or another, and gives its path."""
    arrow = pytest.importorskip("pyarrow")

    def write(*columns: Any, folder: Path = tmp_path, **named: Any) -> str:
        names = ["Value"] * len(columns) + list(named)
        table = arrow.Table.from_arrays([*columns, *map(arrow.array, named.values())], names=names)
        path = folder / "table.arrow"
        with (
            arrow.OSFile(str(path), "wb") as file,
            arrow.ipc.new_file(file, table.schema) as writer,
        ):
            writer.write_table(table)
        return str(path)

    return write

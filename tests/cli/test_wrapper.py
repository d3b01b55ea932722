"""A wrapper around the public client gets the client's own verdicts, with nothing declared."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]

CLIENT = """
from atoti.session import Session
from connect_contracts.reference.v6_2 import (
    BasicAuthentication, ClientCertificate, TokenAuthentication
)
"""

SESSION = """
from connect_contracts.reference import v6_2

class Session(v6_2.Session):
    pass
"""

WRAPPED = """
import atoti

def connect(url, **keywords):
    return atoti.Session.connect(url, **keywords)
"""

WITHOUT_CERTIFICATES = """
from client import Session, connect
"""

IDS = (
    *("SIG-4", "MTLS-1[two-files]", "AUTH-1", "LIVE-12", "URL-2"),
    # Judged in a fresh interpreter.
    "MTLS-5[no-password]",
)

SAID = (
    "its connect returned a session of atoti-client 6.2.2, which gives profile 6.2, server version "
    "6.2.2, BasicAuthentication, TokenAuthentication, ClientCertificate, Session"
)


@pytest.fixture
def wrapped(folder: Path) -> Path:
    """The user's folder, with a public client installed there and a wrapper around it."""
    (folder / "atoti").mkdir()
    (folder / "atoti" / "__init__.py").write_text(CLIENT)
    (folder / "atoti" / "session.py").write_text(SESSION)
    (folder / "atoti_client-6.2.2.dist-info").mkdir()
    (folder / "atoti_client-6.2.2.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: atoti-client\nVersion: 6.2.2\n"
    )
    (folder / "wrapped.py").write_text(WRAPPED)
    (folder / "without_certificates.py").write_text(WITHOUT_CERTIFICATES)
    return folder


def verdicts(report: Path) -> dict[str, str]:
    told = json.loads(report.read_text(encoding="utf-8"))
    return {case["id"]: case["verdict"] for one in told["clauses"] for case in one["cases"]}


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["serial", "a-worker"])
def test_it_gets_the_verdicts_of_its_client(
    command: Command, wrapped: Path, workers: tuple[str, ...]
) -> None:
    own = command("run", "--connect", "atoti", "--json", "own.json", "--select", *IDS)
    done = command("run", "--connect", "wrapped", *workers, "--json", "w.json", "--select", *IDS)
    assert own.returncode == done.returncode == 0, done.stdout + done.stderr
    assert verdicts(wrapped / "w.json") == verdicts(wrapped / "own.json")
    first, second, *_ = done.stdout.splitlines()
    assert first == (
        "wrapped, profile 6.2 (the session that connect returned says so), depth default"
    )
    assert second == SAID
    told = json.loads((wrapped / "w.json").read_text())
    assert (told["because"], told["remarks"]) == ("returned", [SAID])


def test_observed_it_does_what_its_client_does(command: Command, wrapped: Path) -> None:
    select = ("--select", "MTLS-1[two-files]")
    done = command("observe", "wrapped.json", "--connect", "wrapped", *select)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"wrapped: {SAID}" in done.stdout.splitlines()
    assert json.loads((wrapped / "wrapped.json").read_text())["profile"] == "6.2"
    compared = command("compare", "atoti:Session", "wrapped", *select)
    assert compared.returncode == 0, compared.stdout + compared.stderr
    assert f"wrapped: {SAID}" in compared.stdout.splitlines()


def test_a_documented_name_that_is_not_found(command: Command, wrapped: Path) -> None:
    select = ("--select", "SIG-1", "MTLS-1")
    lacking = ("run", "--connect", "without_certificates", *select)
    done = command(*lacking, "--json", "report.json")
    assert done.returncode == 0, done.stdout + done.stderr
    found = verdicts(wrapped / "report.json")
    assert found.pop("SIG-1[by-position]") == "passed"
    assert set(found.values()) == {"not testable"}
    head = done.stdout.splitlines()[:3]
    assert "not found, so that its cases are not testable: ClientCertificate" in head
    last = done.stdout.splitlines()[-1]
    assert last.endswith("1 not testable; not found: ClientCertificate; exit status 0")

    required = command(*lacking, "--require-all")
    assert required.returncode == 2
    assert required.stdout.splitlines()[-1].endswith("exit status 2")

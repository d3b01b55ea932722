"""No ``repr`` shows a secret: assertions, debuggers and logs print what they are given."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from connect_contracts.chapters.builder import (
    AS_ADMIN,
    client_certificate,
    connect,
    connect_tls,
    https,
    list_tables,
    mutual_tls,
    secure,
    story,
)
from connect_contracts.execution.call import arguments, resources
from connect_contracts.execution.loading import load
from connect_contracts.execution.run import run
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import Callback, Scenario, Token
from connect_harness import (
    ClientCertificateConfig,
    HttpsConfig,
    SecurityConfig,
    SessionConfig,
    TargetSession,
)
from connect_harness.certificates import Authorities, Chain
from connect_harness.exchange import Answer, Request

OURS = ("connect_harness", "connect_contracts")
REFERENCE = "connect_contracts.reference.v0_9_1"


def parts(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from [*value.keys(), *value.values()]
    elif isinstance(value, list | tuple | set | frozenset):
        yield from value
    elif not isinstance(value, type) and type(value).__module__.partition(".")[0] in OURS:
        if isinstance(value, msgspec.Struct):
            yield from msgspec.structs.asdict(value).values()
        elif is_dataclass(value):
            yield from (getattr(value, name) for name in value.__dataclass_fields__)
        else:
            yield from vars(value).values() if hasattr(value, "__dict__") else ()


def reachable(*roots: Any) -> list[Any]:
    """Every object of this project that ``roots`` lead to."""
    found: dict[int, Any] = {}
    waiting = list(roots)
    while waiting:
        value = waiting.pop()
        if id(value) not in found:
            found[id(value)] = value
            waiting += parts(value)
    return [value for value in found.values() if type(value).__module__.partition(".")[0] in OURS]


def shown_by(objects: list[Any], secrets: list[str]) -> set[str]:
    """The classes whose ``repr`` shows one of ``secrets``."""
    return {
        type(value).__qualname__
        for value in objects
        if any(secret in text for text in [repr(value)] for secret in secrets)
    }


@pytest.mark.parametrize(
    "scenario",
    [
        story(secure(), connect(AS_ADMIN), list_tables()).scenario,
        story(secure(), connect(Token()), list_tables()).scenario,
        story(secure(), connect(Callback()), list_tables()).scenario,
        story(https(), connect_tls(AS_ADMIN), list_tables()).scenario,
        story(
            mutual_tls(), connect_tls(client_certificate(layout="encrypted key")), list_tables()
        ).scenario,
    ],
    ids=["password", "token", "callable", "over HTTPS", "key"],
)
def test_of_what_a_run_saw(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Any] = []
    really = resources.CallResources.arguments

    def arguments(*args: Any) -> Any:
        given.append(really(*args))
        return given[-1]

    monkeypatch.setattr(resources.CallResources, "arguments", arguments)
    seen = run(scenario, load(REFERENCE), Profile.V0_9_1)
    secrets = [secret.value for secret in seen.secrets]
    assert secrets
    # As they travel in a header.
    secrets += [base64.b64encode(f"admin:{secret}".encode()).decode() for secret in secrets]
    objects = reachable(seen, given)
    # The scenario as it is played is made of the same words as any other, and is in no repr.
    words = ("connect_contracts.model.scenario", "connect_contracts.model.target_spec")
    objects = [value for value in objects if type(value).__module__ not in words]
    assert len(objects) > 20

    assert shown_by(objects, secrets) == set()


def test_of_what_a_target_is_made_of() -> None:
    given = (
        HttpsConfig(certificate=Path(__file__), password="hunter2"),
        ClientCertificateConfig(trust_store=Path(__file__), trust_store_password="hunter2"),
    )
    security = SecurityConfig(https=HttpsConfig(), client_certificate=ClientCertificateConfig())
    authorities = Authorities()
    issued = authorities.issue(Chain(names=(), subject="admin", purpose="client"))
    with TargetSession.start(SessionConfig(security=security), authorities=authorities) as session:
        session.security.basic_authentication.credentials["admin"] = "hunter2"
        token = session.issue_token("admin")
        presented = session.presented_chain
        assert presented is not None
        keys = [leaf.private_key_pem.decode().splitlines()[1] for leaf in (issued, presented)]
        objects = reachable(session, authorities, issued, given)
        assert len(objects) > 20
        assert shown_by(objects, ["hunter2", token, "PRIVATE KEY", *keys]) == set()


@pytest.mark.parametrize(
    "value",
    [
        Request("GET", "/", headers=(("authorization", b"Bearer hunter2"),), body=b"hunter2"),
        Answer(200, b"hunter2", headers=(("Set-Cookie", "JSESSIONID=hunter2"),)),
        arguments.Arguments("http", "localhost", 1, userinfo="admin:hunter2"),
        arguments.Arguments("http", "localhost", 1, keywords=(("password", "hunter2"),)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_of_what_carries_credentials(value: object) -> None:
    assert "hunter2" not in repr(value)
    assert "hunter2" not in "".join(map(str, getattr(value, "__rich_repr__", list)()))

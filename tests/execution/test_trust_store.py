"""The implementation's own store trusts more authorities for the time of a case, and no longer."""

from __future__ import annotations

import os
import ssl
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import certifi
import pytest

from connect_contracts.chapters.builder import connect, https
from connect_contracts.execution.environment import trust
from connect_contracts.execution.environment.trust import trusting_also
from connect_contracts.execution.implementation import BadImplementation, Implementation
from connect_contracts.execution.loading import load
from connect_contracts.execution.run import run
from connect_contracts.model.clause import Profile
from connect_contracts.model.observation import Observation
from connect_contracts.model.scenario import Scenario
from connect_harness.certificates import Authorities

HANDSHAKE = """
import socket
import ssl
from urllib.parse import urlsplit

{imports}

def connect(url, **_):
    parts = urlsplit(url)
    context = {context}
    with socket.create_connection((parts.hostname, parts.port)) as bare:
        context.wrap_socket(bare, server_hostname=parts.hostname).close()
"""
BY_DEFAULT = ("", "ssl.create_default_context()")
BY_CERTIFI = ("import certifi", "ssl.create_default_context(cafile=certifi.where())")
BY_NAME = ("from certifi import where", "ssl.create_default_context(cafile=where())")
BY_CONTENTS = ("from certifi import contents", "ssl.create_default_context(cadata=contents())")
BY_KEPT_PATH = ("import certifi\nKEPT = certifi.where()", "ssl.create_default_context(cafile=KEPT)")
AT_IMPORT = ("MADE = ssl.create_default_context()", "MADE")


def scenario(trusted: tuple[str, ...], isolation: Any = "call") -> Scenario:
    """Over HTTPS without a file: the store decides what is trusted."""
    step = connect()
    assert step.call.authority_file is None
    return Scenario((https(),), (step,), trusted=trusted, isolation=isolation)


def seen(name: str, store: str, scenario: Scenario) -> Observation:
    implementation = load(name)
    implementation.trust_store = store  # type: ignore[assignment]
    return run(scenario, implementation, Profile.V0_9_1)


@pytest.mark.parametrize(
    ("store", "imports", "context", "isolation"),
    [
        ("any", *BY_DEFAULT, "call"),
        ("any", *BY_CERTIFI, "call"),
        ("any", *BY_KEPT_PATH, "process"),
        ("ssl", *BY_DEFAULT, "call"),
        ("truststore", *BY_DEFAULT, "call"),
        ("certifi", *BY_CERTIFI, "call"),
        ("certifi", *BY_NAME, "call"),
        ("certifi", *BY_CONTENTS, "call"),
        ("certifi", *BY_KEPT_PATH, "call"),
        ("certifi", *BY_KEPT_PATH, "process"),
    ],
)
@pytest.mark.skipif(sys.platform != "linux", reason="truststore asks OpenSSL on Linux alone")
def test_the_store_trusts_what_the_case_says(
    module: Callable[[str], str], store: str, imports: str, context: str, isolation: str
) -> None:
    name = module(HANDSHAKE.format(imports=imports, context=context))
    hows = {}
    for trusted in ("nobody", "another authority", "authority", "nobody again"):
        authorities = () if trusted.startswith("nobody") else (trusted,)
        (result,) = seen(name, store, scenario(authorities, isolation)).results
        hows[trusted] = result.how
        assert result.raised is None or "CERTIFICATE_VERIFY_FAILED" in result.raised.text
    assert [trusted for trusted, how in hows.items() if how == "returned"] == ["authority"]


def test_trust_that_is_built_at_import_needs_a_fresh_process(module: Callable[[str], str]) -> None:
    name = module(HANDSHAKE.format(imports=AT_IMPORT[0], context=AT_IMPORT[1]))
    (here,) = seen(name, "ssl", scenario(("authority",))).results
    (fresh,) = seen(name, "ssl", scenario(("authority",), "process")).results
    assert (here.how, fresh.how) == ("raised", "returned")


def test_another_store_than_the_declared_one_is_left_alone(module: Callable[[str], str]) -> None:
    name = module(HANDSHAKE.format(imports=BY_CERTIFI[0], context=BY_CERTIFI[1]))
    (result,) = seen(name, "ssl", scenario(("authority",))).results
    assert result.how == "raised"


@pytest.fixture
def authorities(tmp_path: Path) -> Path:
    file = tmp_path / "authorities.pem"
    file.write_bytes(Authorities().authority("mine").certificate_pem)
    return file


def count(pem: str) -> int:
    return pem.count("BEGIN CERTIFICATE")


def test_the_authorities_come_besides_those_of_certifi(authorities: Path) -> None:
    others = count(certifi.contents())
    with trusting_also(authorities, "certifi"):
        assert count(certifi.contents()) == others + 1
        assert Path(certifi.where()).read_text() == certifi.contents()


@pytest.mark.parametrize("file", [True, False])
def test_the_authorities_come_besides_the_machines_file(
    authorities: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: bool
) -> None:
    machine = tmp_path / "machine.pem"
    machine.write_bytes(Authorities().authority("the machine's").certificate_pem)
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    if file:
        monkeypatch.setenv("SSL_CERT_FILE", str(machine))
    with trusting_also(authorities, "ssl"):
        trusted = ssl.create_default_context().cert_store_stats()["x509_ca"]
        assert trusted == 2 if file else trusted >= 1
    assert os.environ.get("SSL_CERT_FILE") == (str(machine) if file else None)


def test_all_is_put_back_after_an_exception(
    authorities: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = certifi.where, certifi.contents, certifi.where(), dict(os.environ)
    late = ModuleType("imported_within_the_case")
    with suppress(KeyError), trusting_also(authorities, "certifi"):
        monkeypatch.setitem(sys.modules, "imported_within_the_case", late)
        vars(late).update(where=certifi.where, PATH=certifi.where())
        raise KeyError
    assert (certifi.where, certifi.contents, certifi.where(), dict(os.environ)) == before
    assert import_module("certifi.core").where is certifi.where
    assert vars(late)["where"] is certifi.where
    assert vars(late)["PATH"] == certifi.where()


def test_a_store_that_is_not_there_is_not_testable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trust, "find_spec", lambda name: None)
    lost = Implementation(lambda url: None)
    lost.trust_store = "certifi"
    observation = run(scenario(("authority",)), lost, Profile.V0_9_1)
    assert observation.not_testable is not None
    assert "certifi" in observation.not_testable
    assert observation.results == ()
    assert trust.lacking("ssl") is None
    monkeypatch.setattr(trust.sys, "platform", "darwin")
    assert "truststore" in str(trust.lacking("truststore"))


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        (
            {"trust_store": "keychain"},
            "one of any, ssl, certifi, truststore",
        ),
        ({"own_resolver": "yes"}, "'yes'; it must be True or False"),
    ],
)
def test_what_is_declared_wrongly_gets_one_sentence(declared: dict[str, Any], message: str) -> None:
    made = ModuleType("declares_something")
    vars(made)["__connect_contract__"] = declared
    with pytest.raises(BadImplementation, match=message):
        Implementation(lambda url: None, module=made)

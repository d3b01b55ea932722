"""Where secrets are looked for, each place by an implementation that leaves one there."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest

from connect_contracts.chapters.builder import (
    AS_ADMIN,
    client_certificate,
    connect,
    connect_tls,
    https,
    mutual_tls,
    secure,
)
from connect_contracts.checks.secrets.leaks import Leak, leaks
from connect_contracts.checks.secrets.redaction import Redaction
from connect_contracts.execution.implementation import Implementation
from connect_contracts.execution.run import run
from connect_contracts.model.clause import Profile
from connect_contracts.model.observation import Observation, TargetSeen
from connect_contracts.model.scenario import (
    PASSWORD,
    Basic,
    Call,
    Connect,
    Scenario,
    TargetSpec,
    Token,
    User,
)
from connect_harness.exchange import Request
from connect_harness.redaction import REDACTED, Secret
from connect_harness.server import (
    Cause,
    ConnectionClosed,
    Ending,
    Event,
    GatewayCommand,
    HandshakeFailed,
    Kept,
    RequestReceived,
)

Leaking = Callable[[str, str, Any], object]
AN_EXCEPTION = Leak("a password", "an exception")


def observed(scenario: Scenario, act: Leaking) -> Observation:
    """What is seen of an implementation that does ``act`` with the URL and the password."""

    def connecting(
        url: str, *, authentication: Any = None, certificate_authority: Any = None
    ) -> Any:
        header = authentication(url)["Authorization"]
        return act(url, b64decode(header.partition(" ")[2]).decode().partition(":")[2], header)

    return run(scenario, Implementation(connecting), Profile.V0_9_1)


def found(act: Leaking, *, listens: bool = False) -> set[Leak]:
    scenario = Scenario((secure(),), (connect(AS_ADMIN),), listens=listens)
    return set(leaks(observed(scenario, act)))


def raising(error: BaseException) -> None:
    raise error


def chained(password: str, *, hidden: bool) -> None:
    try:
        raise KeyError("no" if hidden else password)
    except KeyError as error:
        if hidden:
            error.add_note(password)
        raise ValueError("refused") from None if hidden else error


class Quiet(Exception):
    def __str__(self) -> str:
        return "refused"


def noted(header: str) -> ValueError:
    error = ValueError("refused")
    error.add_note(f"with {header}")
    return error


def write_in_home(header: str) -> None:
    folder = Path.home() / ".client"
    folder.mkdir()
    (folder / "session.bin").write_bytes(b"\xff\xfe" + header.encode("utf-16"))
    (folder / "other").write_text("nothing")


def write_and_remove(password: str) -> None:
    with tempfile.NamedTemporaryFile() as file:
        file.write(password.encode())
        file.flush()


def temporary(name: str) -> Path:
    return Path(tempfile.gettempdir(), name)


LEFT = "a file that was left behind"
IN_EVERY_CASE: dict[str, tuple[Leaking, str]] = {
    "text": (lambda _, password, __: raising(ValueError(f"no: {password}")), "an exception"),
    "note": (lambda _, __, header: raising(noted(header)), "an exception"),
    "group": (
        lambda _, password, __: raising(ExceptionGroup("no", [ValueError(password)])),
        "an exception",
    ),
    "repr": (lambda _, password, __: raising(Quiet(password)), "an exception"),
    "note-of-context": (lambda _, password, __: chained(password, hidden=True), "an exception"),
    "home": (lambda _, __, header: write_in_home(header), LEFT),
    "file-name": (lambda _, password, __: temporary(password.encode().hex()).touch(), LEFT),
    "folder-name": (lambda _, password, __: temporary(password.encode().hex()).mkdir(), LEFT),
}
WHERE_IT_LISTENS: dict[str, tuple[Leaking, str | None]] = {
    "output": (lambda _, password, __: sys.stdout.write(password), "standard output"),
    "gone-again": (lambda _, password, __: write_and_remove(password), None),
}


@pytest.mark.parametrize("name", IN_EVERY_CASE)
def test_what_is_found_in_every_case(name: str) -> None:
    act, where = IN_EVERY_CASE[name]
    assert Leak("a password", where) in found(act)


@pytest.mark.parametrize("name", WHERE_IT_LISTENS)
def test_what_is_found_in_a_case_that_listens(name: str) -> None:
    act, where = WHERE_IT_LISTENS[name]
    assert found(act) == set()
    assert found(act, listens=True) == ({Leak("a password", where)} if where else set())


def test_the_chain_of_an_exception() -> None:
    chain = Leak("a password", "the chain of an exception (KeyError)")
    assert found(lambda _, password, __: chained(password, hidden=False)) == {AN_EXCEPTION, chain}


@pytest.mark.parametrize("mode", ["a", "w"])
def test_old_and_new_files_in_the_temporary_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, mode: str
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    log = tmp_path / "client.log"
    log.write_text("a line of yesterday's\n")

    def logging_to_it(_url: str, password: str, _header: str) -> None:
        with log.open(mode) as file:
            file.write(password)

    def writing(_url: str, password: str, _header: str) -> None:
        Path(tempfile.mkdtemp(), "cache").write_text(password)

    leak = {Leak("a password", LEFT)}
    assert found(logging_to_it) == set()
    assert found(logging_to_it, listens=True) == leak
    # What was there already is no leak of this run.
    assert found(lambda *_: None, listens=True) == set()
    # A new file is a leak in every case, and is removed.
    assert found(writing) == found(writing, listens=True) == leak
    assert os.listdir(tmp_path) == ["client.log"]


def test_a_key_is_no_leak_in_its_own_file_and_one_in_a_file_beside_it() -> None:
    def copying(_url: str, *, authentication: Path, **_: Any) -> None:
        authentication.with_suffix(".copy").write_bytes(authentication.read_bytes())

    class Adapter(Implementation):
        def client_certificate(self, _certificate: Path, keyfile: Any, _password: Any) -> Any:
            return keyfile

    scenario = Scenario((mutual_tls(),), (connect_tls(client_certificate()),))
    observation = run(scenario, Implementation(lambda url, **_: None), Profile.V0_9_1)
    assert observation.secrets
    assert leaks(observation) == ()
    (leak,) = leaks(run(scenario, Adapter(copying), Profile.V0_9_1))
    assert (leak.kind, leak.clause) == ("a private key", "MTLS-7")


# What went over the wire.


def send(url: str, text: str) -> bytes:
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10) as client:
        client.sendall(text.encode())
        client.shutdown(socket.SHUT_WR)
        return client.makefile("rb").read()


def request(target: str = "/versions/rest", host: str = "localhost", **headers: str) -> str:
    lines = [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(
        [f"GET {target} HTTP/1.1", f"Host: {host}", *lines, "Connection: close", "", ""]
    )


def test_the_header_of_a_request_to_the_right_target_is_where_a_password_belongs() -> None:
    def asking(url: str, _password: str, header: str) -> None:
        assert b" 200 " in send(url, request(Authorization=header)).splitlines()[0]

    assert found(asking, listens=True) == set()


@pytest.mark.parametrize(
    ("target", "host", "where"),
    [
        ("/versions/rest?password=%70{}", "localhost", "a request target"),
        ("/versions/rest", "p{}.localhost", "Host"),
    ],
)
def test_a_request_target_and_a_host(target: str, host: str, where: str) -> None:
    def asking(url: str, password: str, _header: str) -> None:
        send(url, request(target.format(password[1:]), host.format(password[1:])))

    assert found(asking) == {Leak("a password", where)}


@pytest.mark.parametrize("where", ["header", "body", "no request"])
def test_another_target(where: str) -> None:
    urls: list[str] = []
    steps = (Connect(Call("other"), "first"), Connect(Call("target", authentication=AS_ADMIN)))
    scenario = Scenario((TargetSpec(name="other", secure=False), secure()), steps)

    def connecting(url: str, *, authentication: Any = None, **_: Any) -> None:
        urls.append(url)
        if authentication is None:
            return
        header = authentication(url)["Authorization"]
        texts = {
            "header": request(Authorization=header),
            "body": request("/x", **{"Content-Length": str(len(header))}) + header,
            "no request": f"{header}\r\n\r\n",
        }
        send(urls[0], texts[where])

    observation = run(scenario, Implementation(connecting), Profile.V0_9_1)
    received = "what the target 'other' received, for which it is not"
    assert leaks(observation) == (Leak("a password", received),)


def test_plain_http_where_the_url_says_https() -> None:
    def asking(url: str, _password: str, header: str) -> None:
        send(url, request(Authorization=header))

    as_asked = Scenario((https(),), (connect(AS_ADMIN, defect="http to a TLS port"),))
    assert leaks(observed(as_asked, asking)) == ()
    scenario = Scenario((https(),), (connect_tls(),))
    (leak,) = leaks(observed(scenario, asking))
    assert leak == Leak("a password", "the clear, on a connection to a TLS port")


# Which secrets there are.


def test_the_password_is_another_in_every_run_and_for_every_target() -> None:
    seen: list[str] = []
    targets = (secure(), secure(name="other"))
    steps = tuple(
        Connect(Call(name, authentication=AS_ADMIN), str(number))
        for number, name in enumerate(["target", "other", "target"])
    )
    scenario = Scenario(targets, steps)
    for _ in range(2):
        observation = observed(scenario, lambda _url, password, _header: seen.append(password))
        assert observation.scenario is scenario
    first, other, again, *second_run = seen
    assert first == again
    assert len({first, other, *second_run}) == 4
    assert all(password.startswith(f"{PASSWORD}-") for password in seen)


def test_any_other_password_is_taken_as_it_is_written() -> None:
    seen: list[str] = []
    users = (User("admin", "a b:c", ("ROLE_ADMIN",)),)
    scenario = Scenario((secure(users=users),), (connect(Basic("admin", "a b:c")),))
    observed(scenario, lambda _url, password, _header: seen.append(password))
    assert seen == ["a b:c"]


def test_tokens_are_looked_for() -> None:
    def connecting(url: str, *, authentication: Any = None, **_: Any) -> None:
        raise ValueError(str(authentication(url)))

    scenario = Scenario((secure(),), (connect(Token()),))
    observation = run(scenario, Implementation(connecting), Profile.V0_9_1)
    assert set(leaks(observation)) == {Leak("a token", "an exception")}


def test_a_report_hides_a_password_of_the_run_in_credentials_that_were_never_sent() -> None:
    def raising(_url: str, _password: str, header: str) -> None:
        raise ValueError(f"not sent: {header}")

    observation = observed(Scenario((secure(),), (connect(AS_ADMIN),)), raising)
    raised = observation.results[0].raised
    assert raised is not None
    redacted = Redaction(observation)(raised.text)
    assert REDACTED in redacted
    assert set(leaks(observation)) == {AN_EXCEPTION}
    still = msgspec.structs.replace(raised, text=redacted)
    hidden = Observation(
        observation.scenario,
        (msgspec.structs.replace(observation.results[0], raised=still),),
        secrets=observation.secrets,
    )
    assert leaks(hidden) == ()


SECRET = Secret("s3cret-of-one", "a password", "one")
IN_CLEAR = Leak("a password", "the clear, on a connection to a TLS port")


def closed(target: str, data: bytes) -> ConnectionClosed:
    return ConnectionClosed(
        target=target, ending=Ending.CLIENT_CLOSED, received=Kept(len(data), data)
    )


ELSEWHERE = Leak("a password", "what the target 'other' received, for which it is not")
DATA = SECRET.value.encode()


def no_handshake(target: str) -> HandshakeFailed:
    return HandshakeFailed(target=target, cause=Cause.PLAIN_HTTP, data=DATA)


def received(request_target: str) -> RequestReceived:
    asked = Request("GET", request_target, headers=(("authorization", DATA),))
    return RequestReceived(
        target="other", order=1, line="", request=asked, raw_headers=(), http_version="1.1"
    )


@pytest.mark.parametrize(
    ("scheme", "event", "found"),
    [
        ("http", received("http://localhost:1/versions/rest"), ()),
        ("http", received("http://localhost:11/versions/rest"), (ELSEWHERE,)),
        ("http", received("/versions/rest"), (ELSEWHERE,)),
        # Py4J has no headers: what is said there to a target that it is not for is a leak as well.
        (
            "http",
            GatewayCommand(target="other", lines=("c", SECRET.value, "e"), reply="!yv"),
            (ELSEWHERE,),
        ),
        ("https", closed("one", DATA), (IN_CLEAR,)),
        ("https", closed("one", b"nothing"), ()),
        ("http", closed("one", DATA), ()),
        ("https", no_handshake("one"), (IN_CLEAR,)),
        ("https", no_handshake("other"), (ELSEWHERE, IN_CLEAR)),
    ],
    ids=[
        "a-proxy",
        "a-proxy-for-another",
        "no-proxy",
        "py4j",
        "to-be-encrypted",
        "nothing",
        "plain",
        "no-handshake",
        "no-handshake-elsewhere",
    ],
)
def test_what_a_target_received(scheme: str, event: Event, found: tuple[Leak, ...]) -> None:
    targets = tuple(
        TargetSeen(name, f"{scheme}://localhost:{port}", port, "")
        for port, name in enumerate(("one", "other"), 1)
    )
    scenario = Scenario((secure(name="one"), secure(name="other")), ())
    seen = Observation(scenario, targets=targets, secrets=(SECRET,), events=(event,))
    assert leaks(seen) == found


def test_a_terminal() -> None:
    scenario = Scenario((secure(),), ())
    seen = Observation(scenario, secrets=(SECRET,), terminal=f"Password: {SECRET.value}")
    assert leaks(seen) == (Leak("a password", "the terminal"),)


def test_the_clause_that_forbids_it() -> None:
    kinds = ("a password", "a token", "a private key", "a key's password")
    clauses = [Leak(kind, "the terminal").clause for kind in kinds]
    assert clauses == ["AUTH-12", "AUTH-12", "MTLS-7", "MTLS-7"]

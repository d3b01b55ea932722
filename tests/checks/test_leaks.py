"""Where secrets are looked for, each place by an implementation that leaves one there."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
import warnings
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
from connect_contracts.checks.secrets.redaction import REDACTED, Redaction
from connect_contracts.execution.environment.left_files import LeftFiles
from connect_contracts.execution.implementation import Implementation
from connect_contracts.execution.run import run
from connect_contracts.model.clause import Profile
from connect_contracts.model.observation import Observation, Secret, TargetSeen
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
from connect_harness.server import (
    Cause,
    ConnectionClosed,
    Ending,
    Event,
    GatewayCommand,
    HandshakeFailed,
    Kept,
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


def test_an_exception_is_looked_through_in_every_case() -> None:
    def raising(_url: str, password: str, _header: str) -> None:
        raise ValueError(f"refused: {password}")

    assert found(raising) == {AN_EXCEPTION}


def test_the_chain_of_an_exception() -> None:
    def chained(_url: str, password: str, _header: str) -> None:
        try:
            raise KeyError(password)
        except KeyError as error:
            raise ValueError("refused") from error

    chain = Leak("a password", "the chain of an exception (KeyError)")
    assert found(chained) == {AN_EXCEPTION, chain}


@pytest.mark.parametrize("way", ["a note", "a group", "a hidden context", "repr alone"])
def test_whatever_an_exception_says_in_another_way(way: str) -> None:
    class Quiet(Exception):
        def __str__(self) -> str:
            return "refused"

    def raising(_url: str, password: str, header: str) -> None:
        if way == "a note":
            error = ValueError("refused")
            error.add_note(f"with {header}")
            raise error
        if way == "a group":
            raise ExceptionGroup("refused", [ValueError(password)])
        if way == "repr alone":
            raise Quiet(password)
        try:
            raise KeyError(password)
        except KeyError:
            raise ValueError("refused") from None

    assert AN_EXCEPTION in found(raising)


def test_a_file_in_the_home_folder() -> None:
    def writing(_url: str, _password: str, header: str) -> None:
        folder = Path.home() / ".client"
        folder.mkdir()
        (folder / "session.bin").write_bytes(b"\xff\xfe" + header.encode("utf-16"))
        (folder / "other").write_text("nothing")

    assert found(writing) == {Leak("a password", "a file that was left behind")}


def test_a_new_file_in_the_temporary_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "old").write_text("nothing")

    def writing(_url: str, password: str, _header: str) -> None:
        Path(tempfile.mkdtemp(), "cache").write_text(password)

    leak = {Leak("a password", "a file that was left behind")}
    assert found(writing) == found(writing, listens=True) == leak
    assert os.listdir(tmp_path) == ["old"]


@pytest.mark.parametrize("mode", ["a", "w"])
def test_an_old_file_of_the_machine_that_was_written_to(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, mode: str
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    log = tmp_path / "client.log"
    log.write_text("a line of yesterday's\n")

    def logging_to_it(_url: str, password: str, _header: str) -> None:
        with log.open(mode) as file:
            file.write(password)

    leak = {Leak("a password", "a file that was left behind")}
    assert found(logging_to_it) == set()
    assert found(logging_to_it, listens=True) == leak
    # What was there already is nobody's leak of this run.
    assert found(lambda *_: None, listens=True) == set()


def test_a_large_file_of_somebody_else_leaves_nothing_open(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("connect_contracts.execution.environment.left_files.LARGEST", 100)
    (tmp_path / "old").write_text("x")
    left = LeftFiles([], tmp_path)
    for name in ("old", "new"):
        (tmp_path / name).write_text("y" * 500 + "the end")
    read = {one.path.name: one for one in left.read(())}
    assert {name: one.cut for name, one in read.items()} == {"old": False, "new": False}
    assert all(one.text.endswith("the end") and len(one.text) < 200 for one in read.values())
    own = LeftFiles([tmp_path], None)
    assert {one.path.name: one.cut for one in own.read(())} == {"old": True, "new": True}


def test_a_secret_in_the_name_of_a_file_or_a_folder() -> None:
    leak = {Leak("a password", "a file that was left behind")}
    in_hexadecimal = lambda text: text.encode().hex()  # noqa: E731
    for make in (Path.touch, Path.mkdir):
        named = lambda _u, password, _h, make=make: make(  # noqa: E731
            Path(tempfile.gettempdir(), in_hexadecimal(password))
        )
        assert found(named) == leak


def test_what_is_gone_again_was_not_left() -> None:
    def writing(_url: str, password: str, _header: str) -> None:
        with tempfile.NamedTemporaryFile() as file:
            file.write(password.encode())
            file.flush()

    assert found(writing, listens=True) == set()


def test_files_that_the_run_wrote_are_no_leak() -> None:
    """A key lies in a file, for the implementation to read."""
    scenario = Scenario((mutual_tls(),), (connect_tls(client_certificate()),))
    observation = run(scenario, Implementation(lambda url, **_: None), Profile.V0_9_1)
    assert observation.secrets
    assert leaks(observation) == ()


def test_a_key_beside_the_file_that_it_is_in() -> None:
    def copying(_url: str, *, authentication: Path, **_: Any) -> None:
        authentication.with_suffix(".copy").write_bytes(authentication.read_bytes())

    class Adapter(Implementation):
        def client_certificate(self, _certificate: Path, keyfile: Any, _password: Any) -> Any:
            return keyfile

    scenario = Scenario((mutual_tls(),), (connect_tls(client_certificate()),))
    observation = run(scenario, Adapter(copying), Profile.V0_9_1)
    (leak,) = leaks(observation)
    assert (leak.kind, leak.clause) == ("a private key", "MTLS-7")


@pytest.mark.parametrize(
    ("say", "where"),
    [
        (lambda password: sys.stdout.write(password), "standard output"),
        (lambda password: sys.stderr.write(password), "standard error"),
        # Nobody else hears it: it would be shown in the summary of this run.
        (lambda password: warnings.warn(password, ResourceWarning, stacklevel=1), "a warning"),
    ],
    ids=["output", "error", "warning"],
)
def test_what_is_said_is_heard_in_cases_that_listen(
    say: Callable[[str], object], where: str
) -> None:
    def saying(_url: str, password: str, _header: str) -> None:
        say(password)

    assert found(saying) == set()
    assert found(saying, listens=True) == {Leak("a password", where)}


def test_a_session_that_shows_its_password() -> None:
    class Session:
        def __init__(self, password: str) -> None:
            self.password = password

        def __repr__(self) -> str:
            return f"Session({self.password!r})"

    shown = found(lambda _url, password, _header: Session(password), listens=True)
    assert shown == {Leak("a password", "the session")}


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


def test_a_request_target() -> None:
    def asking(url: str, password: str, _header: str) -> None:
        send(url, request(f"/versions/rest?password=%70{password[1:]}"))

    assert found(asking) == {Leak("a password", "a request target")}


def test_host() -> None:
    def asking(url: str, password: str, _header: str) -> None:
        send(url, request(host=f"{password}.localhost"))

    assert found(asking) == {Leak("a password", "Host")}


@contextmanager
def two_targets() -> Iterator[tuple[Scenario, list[str]]]:
    urls: list[str] = []
    steps = (Connect(Call("other"), "first"), Connect(Call("target", authentication=AS_ADMIN)))
    yield Scenario((TargetSpec(name="other", secure=False), secure()), steps), urls


@pytest.mark.parametrize("where", ["header", "body", "no request"])
def test_another_target(where: str) -> None:
    with two_targets() as (scenario, urls):

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
    assert all(one.startswith(f"{PASSWORD}-") for one in seen)


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


def test_no_report_tells_a_password_of_the_run_in_credentials_that_were_never_sent() -> None:
    def raising(_url: str, _password: str, header: str) -> None:
        raise ValueError(f"not sent: {header}")

    observation = observed(Scenario((secure(),), (connect(AS_ADMIN),)), raising)
    raised = observation.results[0].raised
    assert raised is not None
    told = Redaction(observation)(raised.text)
    assert REDACTED in told
    assert set(leaks(observation)) == {AN_EXCEPTION}
    still = msgspec.structs.replace(raised, text=told)
    hidden = Observation(
        observation.scenario,
        (msgspec.structs.replace(observation.results[0], raised=still),),
        secrets=observation.secrets,
    )
    assert leaks(hidden) == ()


SECRET = Secret("s3cret-of-one", "a password", "one")
IN_CLEAR = Leak("a password", "the clear, on a connection to a TLS port")


def received(scheme: str, *events: Event) -> tuple[Leak, ...]:
    """What is found where these events are all that was seen of two targets."""
    targets = tuple(TargetSeen(one, f"{scheme}://{one}:1", 1, "") for one in ("one", "other"))
    scenario = Scenario((secure(name="one"), secure(name="other")), ())
    return leaks(Observation(scenario, targets=targets, secrets=(SECRET,), events=events))


def closed(target: str, data: bytes) -> ConnectionClosed:
    return ConnectionClosed(
        target=target, ending=Ending.CLIENT_CLOSED, received=Kept(len(data), data)
    )


def test_a_command_to_the_gateway_of_another_target() -> None:
    """Py4J has no headers: what is said there to a target that it is not for is a leak as well."""
    said = GatewayCommand(target="other", lines=("c", SECRET.value, "e"), reply="!yv")
    where = "what the target 'other' received, for which it is not"
    assert received("http", said) == (Leak("a password", where),)


def test_the_first_bytes_of_a_connection_that_was_to_be_encrypted() -> None:
    data = SECRET.value.encode()
    assert received("https", closed("one", data)) == (IN_CLEAR,)
    assert received("https", closed("one", b"nothing")) == ()
    assert received("http", closed("one", data)) == ()


def test_a_handshake_that_was_none() -> None:
    failed = HandshakeFailed(target="one", cause=Cause.PLAIN_HTTP, data=SECRET.value.encode())
    assert received("https", failed) == (IN_CLEAR,)
    foreign = HandshakeFailed(target="other", cause=Cause.PLAIN_HTTP, data=failed.data)
    where = Leak("a password", "what the target 'other' received, for which it is not")
    assert received("https", foreign) == (where, IN_CLEAR)


def test_a_terminal() -> None:
    scenario = Scenario((secure(),), ())
    seen = Observation(scenario, secrets=(SECRET,), terminal=f"Password: {SECRET.value}")
    assert leaks(seen) == (Leak("a password", "the terminal"),)


def test_the_clause_that_forbids_it() -> None:
    kinds = ("a password", "a token", "a private key", "a key's password")
    told = [Leak(kind, "the terminal").clause for kind in kinds]
    assert told == ["AUTH-12", "AUTH-12", "MTLS-7", "MTLS-7"]

"""A capsule that someone else wrote is data: never code, a path, an address elsewhere, a wait."""

from __future__ import annotations

import ipaddress
import json
import os
import string
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any, get_args
from urllib.parse import urlsplit

import msgspec
import pytest
import urllib3.util
from hypothesis import example, given, settings
from hypothesis import strategies as st

from connect_contracts.execution.call.arguments import Arguments
from connect_contracts.execution.call.resources import CallResources
from connect_contracts.execution.implementation import Implementation
from connect_contracts.judging.settings import under_test
from connect_contracts.model.allowed import disallowed
from connect_contracts.model.json_text import MOST_LEVELS
from connect_contracts.model.scenario import (
    AuthorityFile,
    Call,
    Certificate,
    KeyLayout,
    Naming,
    Scenario,
    TargetSpec,
    calls_of,
)
from connect_contracts.regressions.capsule import SCHEMA
from connect_contracts.regressions.folder import LARGEST, BadCapsule, capsule_files, read_capsule
from connect_contracts.regressions.replay import replay
from connect_contracts.regressions.report import ReplayReport, replay_report
from connect_contracts.search.laws.oracle_holds import baseline_twin
from connect_harness.certificates import Authorities

CONNECT: dict[str, Any] = {"type": "connect"}


def capsule_text(scenario: object) -> str:
    """A capsule of a law, with this scenario."""
    named = {"law": "oracle-holds", "clause": "AUTH-3"}
    return json.dumps(
        {
            **named,
            "schema": SCHEMA,
            "profile": "0.9.1",
            "signature": {**named, "step": "connect", "kind": "hang"},
            "step": 1,
            "expected": "",
            "observed": "",
            "versions": {"suite": "0", "implementation": "x", "python": "3"},
            "scenario": scenario,
        }
    )


def called(**call: object) -> dict[str, object]:
    return {"targets": [{}], "steps": [{**CONNECT, "call": call}]}


def surrounded(name: str, value: str) -> dict[str, object]:
    return {"targets": [{}], "steps": [CONNECT], "surroundings": [[name, value]]}


# Variables.


FORBIDDEN = [
    *(("LD_PRELOAD", "/tmp/evil.so"), ("PATH", "/tmp"), ("SSL_CERT_DIR", "{authority}")),
    *(("SSL_CERT_FILE", "/etc/passwd"), ("SSL_CERT_FILE", "{authority}/../../x")),
    *(("http_proxy", "http://192.0.2.1:80"), ("http_proxy", "http://127.0.0.1@192.0.2.1:80")),
    *(("HTTP_PROXY", "http://127.0.0.1.example.com:80"), ("HTTPS_PROXY", "http://example.com")),
    *(("ALL_PROXY", "http://[::1%]@192.0.2.1/]:80"), ("all_proxy", "http://2130706433:80")),
    *(("https_proxy", "socks5://127.0.0.1:80"), ("http_proxy", "http://127.0.0.1:80\n")),
    *(("no_proxy", "\x1b[31m"), ("A=B", "c")),
]
ALLOWED = [
    *(("HTTP_PROXY", "http://127.0.0.1:8080"), ("https_proxy", "http://localhost:1")),
    *(("ALL_PROXY", "http://[::1]:65535/"), ("all_proxy", "127.0.0.1:9"), ("no_proxy", "*")),
    *(("NO_PROXY", "localhost,127.0.0.1,::1"), ("SSL_CERT_FILE", "{authority}")),
    *(("REQUESTS_CA_BUNDLE", "{authority}"), ("CURL_CA_BUNDLE", "{authority}")),
]


# Addresses.

ELSEWHERE = [
    *("", "192.0.2.1", "example.com", "example.com.", "0.0.0.0", "::", "169.254.169.254"),
    *("127.0.0.2", "127.1", "0x7f000001", "2130706433", "localhost.example.com"),
    *("::1%]@192.0.2.1/", "::1%eth0", "::ffff:192.0.2.1", "fe80::1", "x@192.0.2.1", "a b.test"),
    *("192.0.2.1/.test", "192.0.2.1#.test", "192.0.2.1?.test", "192.0.2.1:80/.test", "a\n.test"),
    *("192.0.2.1\\.test", "example.com/.test", ".test", "a..test", "{target.port}.test", "a:b"),
]


USERINFO = [
    *("x@192.0.2.1/", "192.0.2.1/", "192.0.2.1?", "192.0.2.1#", "192.0.2.1:80\\", "a@b", "a b"),
    *("example.com%2f", "{__import__('os').system('id')}", "\x1b[31m", "a\r\nHost: b", "é"),
]


CROWD = {"targets": [{}], "steps": [CONNECT, {"type": "together", "branches": [[]] * 1000}]}
REFUSED = [
    *(pytest.param(surrounded(*pair), "surroundings", id="=".join(pair)) for pair in FORBIDDEN),
    *(pytest.param(called(host=host), "host", id=f"host {host}") for host in ELSEWHERE),
    *(pytest.param(called(userinfo=info), "userinfo", id=f"info {info}") for info in USERINFO),
    pytest.param(CROWD, "targets, steps and branches", id="branches"),
    pytest.param(CROWD | {"steps": [CONNECT] * 1000}, "targets, steps and branches", id="steps"),
]


@pytest.mark.parametrize(("scenario", "named"), REFUSED)
def test_what_is_not_on_the_list_is_refused(tmp_path: Path, scenario: object, named: str) -> None:
    (path := tmp_path / "capsule.json").write_text(capsule_text(scenario))
    with pytest.raises(BadCapsule, match=named) as error:
        read_capsule(path)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(("name", "value"), ALLOWED)
def test_a_variable_of_the_list_is_taken(tmp_path: Path, name: str, value: str) -> None:
    (path := tmp_path / "capsule.json").write_text(capsule_text(surrounded(name, value)))
    assert read_capsule(path).scenario.surroundings == ((name, value),)


NAMES = st.sampled_from(
    [*ELSEWHERE, "localhost", "LOCALHOST", "127.0.0.1", "::1", "bücher.test", "a.localhost"]
) | st.text(string.ascii_letters + string.digits + ".:@/?#[]{}%\\'\"-_\x1b\n ½。é", max_size=20)
INFO = st.none() | st.sampled_from([*USERINFO, "someone:hidden-5e1f"]) | NAMES


@settings(max_examples=200, deadline=None)
@example("::1%]@192.0.2.1/", None)
@example("BÜCHER.test", None)
@given(NAMES, INFO)
def test_whatever_is_taken_leads_to_loopback(host: str, userinfo: str | None) -> None:
    scenario = msgspec.convert(called(host=host, userinfo=userinfo), Scenario)
    if any(disallowed(scenario)):
        return
    ((_, call),) = calls_of(scenario)
    url = Arguments("http", call.host, 80, userinfo=call.userinfo).url
    assert url.isprintable()
    for led in (urlsplit(url).hostname, urllib3.util.parse_url(url).host):
        assert led is not None
        assert is_loopback(led.strip("[]"))
    # It can be played: a certificate is made for its host.
    assert baseline_twin(scenario).steps


def is_loopback(host: str) -> bool:
    """Whether ``host`` is loopback, or a name that no name server knows (RFC 6761)."""
    if host.rstrip(".").lower().rpartition(".")[2] in ("localhost", "test"):
        return True
    return ipaddress.ip_address(host).is_loopback


# Files.


def test_what_is_no_regular_file_or_too_large_is_told_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.json")
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "link.json").symlink_to(tmp_path / "fifo.json")
    (tmp_path / "zero.json").symlink_to("/dev/zero")
    files = capsule_files([tmp_path])
    assert len(files) == 4
    for path in files:
        with pytest.raises(BadCapsule, match="is no regular file"):
            read_capsule(path)
    assert capsule_files([tmp_path / "fifo.json"]) == [tmp_path / "fifo.json"]
    with (path := tmp_path / "large.json").open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(BadCapsule, match="is larger than"):
        read_capsule(path)


def test_what_is_regular_and_has_nothing_to_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As /proc/kmsg: a regular file by its mode, and a wait by its nature.
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    (path := tmp_path / "x.json").touch()
    regular = path.stat()
    monkeypatch.setattr(os, "open", lambda *_: os.dup(reading))
    monkeypatch.setattr(os, "fstat", lambda _: regular)
    try:
        with pytest.raises(BadCapsule, match="cannot be read"):
            read_capsule(path)
    finally:
        monkeypatch.undo()
        os.close(reading)
        os.close(writing)


def nested(levels: int) -> str:
    """A capsule with a cell that is nested."""
    add = {"type": "use", "action": "add", "rows": [["DEEP"]]}
    scenario = {"targets": [{}], "steps": [CONNECT, add]}
    return capsule_text(scenario).replace('"DEEP"', "[" * levels + "]" * levels)


@pytest.mark.parametrize("levels", [MOST_LEVELS, 300, 985, 5000])
def test_only_what_is_nested_more_deeply_than_anyone_needs_is_refused(
    tmp_path: Path, levels: int
) -> None:
    (path := tmp_path / "deep.json").write_text(nested(50))
    assert isinstance(read_capsule(path).scenario, Scenario)
    path.write_text(nested(levels))
    with pytest.raises(BadCapsule, match="nested too deeply"):
        read_capsule(path)


# Anything else.

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
TEXTS = st.text() | st.sampled_from(["{}", "'''", '"""', "../../x", "\x1b]0;x\x07", "\\", "x-1"])
ROWS = st.lists(st.lists(JSON, max_size=2), max_size=2)


def some_of(required: dict[str, Any] | None = None, /, **optional: Any) -> st.SearchStrategy[Any]:
    """Objects with any of these fields."""
    return st.fixed_dictionaries(required or {}, optional=optional)


TABLE = some_of(
    name=TEXTS,
    data_types=st.just([["Id", "double"]]) | JSON,
    default_values=st.lists(st.tuples(TEXTS, JSON), max_size=1),
    rows=ROWS,
)
TARGET = some_of(
    name=TEXTS,
    base_path=TEXTS.map(lambda path: f"/{path}"),
    client_authority=TEXTS,
    release=TEXTS,
    alpn=st.lists(TEXTS, max_size=2),
    chain=some_of(authority=TEXTS),
    tables=st.lists(TABLE, max_size=1),
)
STEP = st.just(CONNECT) | some_of(
    {"type": st.sampled_from(["use", "own"]), "action": st.just("add")}, rows=ROWS, table=TEXTS
)
FIELDS = some_of(
    targets=st.lists(TARGET, max_size=2),
    steps=st.lists(STEP, max_size=3),
    limit=st.floats(),
    trusted=st.lists(TEXTS, max_size=1),
    surroundings=st.lists(st.tuples(TEXTS, TEXTS), max_size=1),
)


@settings(max_examples=100, deadline=None)
@given(FIELDS | JSON)
def test_a_capsule_is_read_or_refused_in_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, scenario: object
) -> None:
    path = tmp_path_factory.getbasetemp() / "drawn.json"
    path.write_text(capsule_text(scenario), encoding="utf-8", errors="surrogatepass")
    try:
        read = read_capsule(path)
    except BadCapsule as error:
        sentence = str(error)
        assert sentence.isprintable()
    else:
        assert isinstance(read.scenario, Scenario)


HOSTILE = "\x1b]0;x\x07 {0} {x.__class__} $x ${x} %s '''\"\"\" ../../x \x9b31m \u202e\r\n::error::x"


def test_no_text_of_a_capsule_comes_raw_into_what_is_said(tmp_path: Path) -> None:
    whole = json.loads(capsule_text(called()))
    whole |= {"known": HOSTILE, "expected": HOSTILE, "observed": HOSTILE}
    whole["versions"]["implementation"] = HOSTILE
    whole["scenario"]["targets"][0] |= {"name": HOSTILE, "users": [], "client_authority": HOSTILE}
    whole["scenario"]["steps"][0] |= {"session": HOSTILE, "call": {"target": HOSTILE}}
    path = tmp_path / "\x1b[31m-x.json"
    path.write_text(json.dumps(whole))

    def raising(*_: object, **__: object) -> None:
        raise ValueError(HOSTILE)

    subject = under_test(Implementation(raising), None)
    replayed = replay(path, subject)
    assert replayed.capsule is not None
    report = replay_report(replayed, subject)
    assert [text for text in texts_of(report) if not text.isprintable()] == []
    assert len(texts_of(report)) > 10
    for damaged in ("nonsense", json.dumps(whole | {HOSTILE: 1})):
        path.write_text(damaged)
        report = replay_report(replay(path, subject), subject)
        assert report.outcome == "not judged"
        assert [text for text in texts_of(report) if not text.isprintable()] == []


def texts_of(report: ReplayReport) -> list[str]:
    """All texts of a report, the lines of the transcript by themselves."""
    fields = msgspec.to_builtins(report)
    found = [*fields.pop("report").values(), *fields.values()]
    several = [value if isinstance(value, list) else [value] for value in found]
    return [text for each in several for text in each if isinstance(text, str)]


# Paths.


@settings(max_examples=30, deadline=None)
@given(
    TEXTS,
    st.builds(
        AuthorityFile, st.tuples(TEXTS), naming=st.sampled_from(get_args(Naming)), place=TEXTS
    )
    | st.none(),
    st.builds(Certificate, layout=st.sampled_from(get_args(KeyLayout))) | st.none(),
)
def test_every_file_of_a_run_lies_in_its_folder(
    target: str, file: AuthorityFile | None, certificate: Certificate | None
) -> None:
    running: Any = SimpleNamespace(port=1, presented_chain=None)
    call = Call(target, authentication=certificate, authority_file=file)
    with TemporaryDirectory() as name:
        folder = Path(name).resolve()
        resources = CallResources(
            folder, Authorities(), {target: running}, {target: TargetSpec(target)}
        )
        arguments = resources.arguments(call, "1")
        given_path = arguments.certificate_authority
        assert (given_path is None) == (file is None)
        for path in (*resources.written, *map(Path, filter(None, [given_path]))):
            assert path.resolve().is_relative_to(folder)
            assert path.is_file()

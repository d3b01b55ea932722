"""The journal as a witness: exchanges, the transcript, assertions that explain, the key log."""

from __future__ import annotations

import json
import re
import ssl
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from connect_harness import (
    Chain,
    HttpsConfig,
    SecurityConfig,
    SessionConfig,
    TargetClosed,
    TargetSession,
)
from connect_harness.exchange import Request
from connect_harness.faults import Answer, AnswerFault, Fault, Requests
from connect_harness.server import Exchange, RequestReceived

VERSIONS = "/versions/rest"
GRAPHQL = {"query": "{ __typename }", "variables": {"of": "a"}}
PASSWORD = "a-pässword-4711"


def ask(
    target: TargetSession,
    path: str,
    body: object = None,
    context: ssl.SSLContext | None = None,
    password: str = PASSWORD,
) -> int:
    pair = b64encode(f"admin:{password}".encode()).decode()
    headers = {"Authorization": f"Basic {pair}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    asked = urllib.request.Request(target.url + path, data, headers)
    try:
        with urllib.request.urlopen(asked, context=context) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


@pytest.fixture
def target(sessions: Any) -> TargetSession:
    session: TargetSession = sessions()
    session.security.basic_authentication.credentials["admin"] = PASSWORD
    return session


def test_iterating_gives_exchanges(target):
    ask(target, VERSIONS)
    teapot = AnswerFault(lambda request, honest: Answer(418, b"tea", "text/plain"))
    with target.arm(teapot, on=Requests("POST", times=1)):
        ask(target, "/graphql?a=%20", GRAPHQL)

    first, second = target.journal

    assert (first.method, first.path, first.status, first.user) == ("GET", VERSIONS, 200, "admin")
    assert (first.target, first.json, first.fault) == ("target", None, None)
    assert first.answer_json["serverVersion"] == "6.1.1"
    assert (second.line, second.query, second.json) == ("POST /graphql?a=%20", "a=%20", GRAPHQL)
    assert (second.status, second.fault) == (418, "a fault of the user's own")
    assert second.headers["content-type"] == "application/json"
    assert 0 < first.at < first.at + first.seconds < second.at
    with pytest.raises(ValueError, match=r"The body of the answer to POST .* is not JSON"):
        _ = second.answer_json
    assert repr(second).endswith("'target': POST /graphql?...: 418 to admin>")


def test_a_fault_of_the_wire_is_that_of_its_request(target):
    ask(target, VERSIONS)
    with target.arm("reset before the answer"), pytest.raises(OSError, match="reset"):
        ask(target, VERSIONS)
    target.journal.wait_until_quiet()
    assert [exchange.fault for exchange in target.journal] == [None, "reset before the answer"]


def test_requests_are_those_of_this_target_alone(target, sessions):
    other = TargetSession.start(name="other", journal=target.journal)
    with other:
        ask(target, VERSIONS)
        ask(other, VERSIONS)
        ask(target, "/graphql", GRAPHQL)
    assert [exchange.line for exchange in target.requests()] == [f"GET {VERSIONS}", "POST /graphql"]
    assert [exchange.target for exchange in other.requests()] == ["other"]
    asked: tuple[dict[str, Any], ...] = (
        {"method": "POST"},
        {"path": "/graph*"},
        {"json": GRAPHQL},
        {"path": f"!{VERSIONS}", "user": "admin", "status": 200},
        {"headers": {"CONTENT-length": str(len(json.dumps(GRAPHQL))), "x-not-sent": None}},
    )
    for criteria in asked:
        assert [exchange.path for exchange in target.requests(**criteria)] == ["/graphql"]
    assert target.requests(status=404) == target.requests(user="user") == ()


def test_an_assertion_that_holds_gives_the_requests(target):
    ask(target, VERSIONS)
    ask(target, "/graphql", GRAPHQL)
    (found,) = target.assert_requested(method="POST", path="/graphql", json=GRAPHQL, times=1)
    assert found.json == GRAPHQL
    assert len(target.assert_requested(user="admin", times=2)) == 2
    assert target.assert_requested(method="DELETE", times=0) == ()


def explained(target: TargetSession, **criteria: Any) -> str:
    with pytest.raises(AssertionError) as caught:
        target.assert_requested(**criteria)
    return str(caught.value)


def test_a_near_miss_is_shown_as_a_diff(target):
    ask(target, VERSIONS)
    ask(target, "/graphql", GRAPHQL)
    wanted = {**GRAPHQL, "variables": {"of": "b"}}
    assert (
        explained(target, method="POST", path="/graphql", json=wanted)
        == """\
target should have received a POST request for /graphql with the JSON {"query": "{ __typename }", \
"variables": {"of": "b"}} at least once. It received no such request.
request 2 differs in json:
  --- asked for
  +++ received
     "query": "{ __typename }",
     "variables": {
  -    "of": "b"
  +    "of": "a"
     }
   }
It received these requests:
    1: GET /versions/rest: 200 to admin
    2: POST /graphql: 200 to admin"""
    )


def test_a_long_body_leaves_room_for_the_number_that_is_wanted(target):
    first, *_ = explained(target, json={"rows": ["x" * 300]}, times=2).splitlines()
    assert first.endswith("... twice. It received no such request.")


def test_a_path_that_is_nearly_right_and_a_wrong_number(target):
    assert explained(target, path="/x").endswith("It received no request at all.")
    ask(target, VERSIONS)
    assert "  -path: /version/rest\n  +path: /versions/rest\n" in explained(
        target, path="/version/rest"
    )
    assert "differs" not in explained(target, path="/nothing/like/it")
    assert (
        explained(target, path=VERSIONS, times=2)
        == """\
target should have received a request for /versions/rest twice. It received it once.
It received these requests:
  * 1: GET /versions/rest: 200 to admin"""
    )
    said = "target should not have received a request. It received it once.\n"
    assert explained(target, times=0).startswith(said)
    assert "  -status: 503\n  +status: 200\n" in explained(target, path=VERSIONS, status=503)


def test_headers_that_are_nearly_right_show_no_credentials(target):
    ask(target, VERSIONS)
    pair = b64encode(f"admin:{PASSWORD}".encode()).decode()
    other = b64encode(f"other:{PASSWORD}".encode()).decode()
    asked = {"Accept": "text/plain", "Authorization": f"Basic {other}", "Host": None}
    text = explained(target, headers=asked)
    length = len(pair)
    assert text.startswith(
        "target should have received a request with the header accept: text/plain with the header "
        f"authorization: Basic ({length} characters) without the header host at least once."
    )
    assert "differs in header accept, header authorization, header host:\n" in text
    assert "  -header accept: text/plain\n" in text
    assert f"  -header authorization: Basic ({length} characters), another value\n" in text
    assert f"  +header authorization: Basic ({length} characters)\n" in text
    assert re.search(r"  \+header host: localhost:\d+\n", text)
    assert pair not in text
    assert other not in text
    assert len(target.requests(headers={"authorization": f"Basic {pair}"})) == 1


@pytest.mark.parametrize(
    ("criteria", "kind", "message"),
    [
        ({"times": -1}, ValueError, "give 0 or more"),
        ({"times": True}, TypeError, "takes int or None, not bool"),
        ({"method": "post"}, ValueError, "in capitals"),
        ({"user": 3}, TypeError, r"assert_requested\(user=...\) takes str or None, not int"),
        ({"status": "200"}, TypeError, "takes int or None, not str"),
        ({"headers": "x: y"}, TypeError, r"takes Mapping, not str. As {"),
        ({"headers": {"x": 3}}, TypeError, "'x' is a text or None, not int"),
        ({"path": "graphql"}, ValueError, "begins with / or"),
        ({"path": "!/*"}, ValueError, r"No path is another than '/\*': name one after the !"),
        ({"path": "!*"}, ValueError, r"No path is another than '\*'"),
        ({"path": "/a b"}, ValueError, "No path is sent as '/a b': write '/a%20b'"),
        ({"path": "/é"}, ValueError, "write '/%C3%A9'"),
        ({"path": "/a#b"}, ValueError, "ends before the query"),
        ({"json": {1, 2}}, TypeError, "json=... is no JSON .*: .* not JSON serializable"),
        ({"json": {"a": [float("nan")]}}, ValueError, "json=... is no JSON .*: .* not JSON compl"),
        ({"status": 9999}, ValueError, "from 200 to 999, not 9999"),
        ({"headers": {"Content Type": None}}, ValueError, "'Content Type' is no name of a header"),
        ({"headers": {3: "x"}}, TypeError, r"\(headers=...\) takes str, not int. As {"),
        ({"headers": {"X": "a\r\nb"}}, ValueError, "header X has a value that HTTP cannot send"),
        ({"headers": {"X": "a", "x": "b"}}, ValueError, "names a header twice"),
    ],
)
def test_what_no_request_can_be_is_refused(target, criteria, kind, message):
    with pytest.raises(kind, match=message):
        target.assert_requested(**{"times": 0, **criteria})


def test_no_text_has_a_secret(target):
    token = target.issue_token("admin")
    wrong = "not-the-pässword-0815"
    ask(target, VERSIONS, password=wrong)
    ask(target, f"/graphql?token={token}", {"password": PASSWORD, "pair": wrong, "t": token})
    texts = [
        str(target.journal),
        repr(target.journal),
        explained(target, path="/graphql", json={"password": PASSWORD, "pair": wrong}),
        repr(target.requests()),
    ]
    for text in texts:
        assert not [secret for secret in (PASSWORD, wrong, token) if secret in text]
    assert "**REDACTED**" in texts[0]
    assert "**REDACTED**" in texts[2]


@pytest.mark.parametrize(
    ("name", "value", "body"),
    [
        ("authorization", b"Basic " + b64encode(b"a:never-set-4711"), b""),
        ("authorization", b"Bearer never-set-4711", b""),
        ("cookie", b"never-set-4711", b""),
        ("content-type", b"application/x-www-form-urlencoded", b"password=never-set-4711"),
        ("content-type", b"application/x-www-form-urlencoded", b"client_secret=never-set-4711"),
    ],
)
def test_what_a_client_sent_as_a_secret_is_one_everywhere(journal, name, value, body):
    request = Request("POST", "/", ((name, value),), body)
    received = RequestReceived(
        order=1, line="POST / HTTP/1.1", request=request, raw_headers=(), http_version="1.1"
    )
    journal.record(received)
    assert "never-set-4711" not in journal.redaction()("it was never-set-4711.")
    assert "never-set" not in str(journal)


def test_headers_of_one_name_are_joined():
    headers = (("accept", b"a"), ("x", b"y"), ("accept", b"b"))
    received = RequestReceived(
        order=1,
        line="GET / HTTP/1.1",
        request=Request("GET", "/", headers, b"{"),
        raw_headers=(),
        http_version="1.1",
    )
    exchange = Exchange(received)
    assert exchange.headers == {"accept": "a, b", "x": "y"}
    assert (exchange.status, exchange.seconds, exchange.answer_json) == (None, None, None)
    with pytest.raises(ValueError, match=r"The body of the request GET / is not JSON"):
        _ = exchange.json


@pytest.mark.parametrize(
    ("requests", "text"),
    [
        (Requests(), "any request"),
        (Requests("POST", "*/branches/*", times=1), "POST */branches/* (1 time)"),
        (Requests(path="/a", first=2, times=3), "any /a, from number 2 on (3 times)"),
        (Requests(changes=True), "any request that changes data"),
        (Requests(gateway=True), "commands of the gateway"),
    ],
)
def test_the_requests_of_a_fault_as_text(requests, text):
    assert str(requests) == text


def test_its_text_is_bounded(target):
    for _ in range(40):
        ask(target, VERSIONS)
    target.journal.wait_until_quiet()
    lines = str(target.journal).splitlines()
    assert len(lines) == 80
    assert "lines are left out here" in lines[40]
    said = explained(target, path="/nothing").splitlines()
    assert len(said) == 2 + 20 + 1
    assert said[-1] == "    and 20 more"


def test_a_closed_target_says_so(target):
    url = target.url
    assert url in repr(target)
    target.close()
    assert target.closed
    assert repr(target) == "<target session 'target', closed>"
    with pytest.raises(TargetClosed, match="'target' is closed: take its url before"):
        _ = target.url
    with pytest.raises(TargetClosed, match="closed for good: start another one"):
        target.restart()
    with pytest.raises(TargetClosed, match="'target' is closed: arm faults before"):
        target.arm("status 503")


def test_a_closed_target_takes_no_change_and_is_still_read(target):
    table = target.create_table("Example", data_types={"Id": "String"})
    cube = target.create_cube("Cube", measures=["M"])
    credentials = target.security.basic_authentication.credentials
    roles = target.security.individual_roles
    table.add(("a",))
    before = dict(credentials), dict(roles)
    target.close()
    changes: list[Callable[[], object]] = [
        lambda: target.create_table("Other", data_types={"Id": "String"}),
        lambda: target.create_cube("Other", measures=["M"]),
        lambda: table.append(("b",)),
        table.drop,
        lambda: cube.register("SELECT", {"M": [1.0]}),
        lambda: credentials.update({"admin": "another"}),
        lambda: roles.update({"admin": {"ROLE_USER"}}),
        roles.clear,
        lambda: setattr(target, "ready", False),
        lambda: target.issue_token("admin"),
        lambda: target.replace_certificate(Chain()),
    ]
    for change in changes:
        with pytest.raises(TargetClosed, match="'target' is closed for good: start another one"):
            change()
    assert (list(target.tables), target.tables["Example"].rows) == (["Example"], [("a",)])
    assert (dict(credentials), dict(roles), target.ready) == (*before, True)


def test_a_fault_says_which_requests_it_meets_once(target):
    with pytest.raises(ValueError, match="leave on= out"):
        target.arm(Fault("status 503"), on=Requests("GET"))


def logged(path: Path) -> list[str]:
    return [line.split()[0] for line in path.read_text().splitlines() if line[0] != "#"]


def test_the_key_log_is_for_its_owner_alone(client, tmp_path):
    path = tmp_path / "keys.log"
    config = SessionConfig(security=SecurityConfig(https=HttpsConfig(key_log=path)))
    for _ in range(2):
        before = len(logged(path)) if path.exists() else 0
        with TargetSession.start(config) as target:
            assert ask(target, VERSIONS, context=client.trust(target)) == 401
        assert "CLIENT_TRAFFIC_SECRET_0" in logged(path)[before:]
    assert path.stat().st_mode & 0o777 == 0o600

    path.chmod(0o644)
    with pytest.raises(PermissionError, match=r"holds secrets.*change its mode to 600"):
        TargetSession.start(config)


def test_without_a_key_log_none_is_written(client, tmp_path, monkeypatch):
    """Not where the environment asks for one either: that is for the client."""
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys.log"))
    config = SessionConfig(security=SecurityConfig(https=HttpsConfig()))
    with TargetSession.start(config) as target:
        monkeypatch.delenv("SSLKEYLOGFILE")
        assert ask(target, VERSIONS, context=client.trust(target)) == 401
    assert not list(tmp_path.iterdir())

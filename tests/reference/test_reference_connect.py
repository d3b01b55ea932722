"""What connect demands of a URL, of credentials, of the versions document and of an issuer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from connect_contracts.reference._address import base_url
from connect_contracts.reference._transport import UnexpectedAnswer
from connect_contracts.reference._versions import read_versions
from connect_contracts.reference.v6_2 import (
    BasicAuthentication,
    ClientCertificate,
    TokenAuthentication,
    connect,
)
from connect_contracts.reference.v6_2 import OAuth2ResourceOwnerPasswordAuthentication as OAuth2
from connect_harness.exchange import Answer
from connect_harness.server.events import ConnectionAccepted


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("http://localhost:8080", "http://localhost:8080"),
        ("HTTPS://Localhost", "https://Localhost"),
        ("http://[::1]:80/", "http://[::1]:80"),
        ("http://localhost:/x", "http://localhost/x"),
        ("http://bücher.test/é", "http://bücher.test/é"),
        ("http://a@b:s3cret@localhost", "http://localhost"),
    ],
)
def test_base_url(given: str, wanted: str) -> None:
    assert base_url(given) == wanted


@pytest.mark.parametrize(
    "given",
    [
        "http://someone:s3cret@",
        "http://localhost:0",
        "http://localhost:65536",
        "http://localhost:+80",
        "http://localhost:\uff18\uff10",
        "http://someone:s3/cret@localhost",
        "http://[::1",
        "http://::1/",
        "http://localhost\r\nX-Injected: s3cret",
        "http://localhost/\u2028",
    ],
)
def test_refused_without_being_repeated(given: str) -> None:
    with pytest.raises(ValueError, match="URL of a target session") as caught:
        base_url(given)
    assert "s3" not in str(caught.value)
    assert caught.value.__context__ is None


REFUSED: Mapping[str, object] = {
    "line end in the user name": BasicAuthentication("s3cret\r\n", "passwd"),
    "half of a surrogate pair": BasicAuthentication("admin", "s3cret\udc80"),
    "line end in the token": TokenAuthentication("s3cret\r\nX-Injected: yes"),
    "beyond ASCII in the token": TokenAuthentication("s3cret é"),
    "space after the token": TokenAuthentication("s3cret "),
    "line end in the scheme": TokenAuthentication("s3cret", "Bearer\n"),
    "line end in a value": lambda _: {"X-Key": "s3cret\nX-Injected: yes"},
    "line end in a name": lambda _: {"X-s3cret\r\nX-Injected": "yes"},
    "no mapping": lambda _: None,
    "a number as value": lambda _: {"X-Key": 53},
    "no authentication": ("admin", "s3cret"),
    "a client certificate over plain HTTP": ClientCertificate(Path("s3cret.pem")),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_before_anything_is_sent(name: str, scripted: Any) -> None:
    given: Any = REFUSED[name]
    with pytest.raises((TypeError, ValueError)) as caught:
        connect(scripted.url, authentication=given)
    assert not scripted.journal.of(ConnectionAccepted)
    assert "s3cret" not in f"{caught.value!r} {caught.value.__context__!r}"


def test_credentials_stay_where_they_were_given_for(scripted: Any) -> None:
    for path in scripted.answers:
        elsewhere = (("Location", f"http://localhost:{scripted.listener.port}{path}"),)
        scripted.answers[path] = Answer(307, b"", headers=elsewhere)
    with pytest.raises(Exception, match="307"):
        connect(scripted.url, authentication=BasicAuthentication("admin", "passwd"))
    assert scripted.asked == ["GET /versions/rest"]


def test_the_best_of_the_known_versions_that_can_be_read() -> None:
    document: dict[str, Any] = {
        "version": 1,
        "serverVersion": "6.1.1",
        "apis": {
            "activeviam/pivot": {
                "versions": [
                    {"id": "9", "restPath": "/pivot/rest/v9"},
                    {"id": "10", "restPath": "/pivot/rest/v10"},
                    {"id": "11", "wsPath": "/pivot/ws/v11"},
                    "nonsense",
                ]
            },
            "unheard of": ["nonsense"],
        },
    }
    versions = read_versions(document)
    assert versions.rest_path("activeviam/pivot", "11", "10", "9") == "/pivot/rest/v10"
    for api in ("activeviam/pivot", "unheard of", "atoti"):
        with pytest.raises(RuntimeError, match=r"none of \['8'\]"):
            versions.rest_path(api, "8")


@pytest.mark.parametrize("body", [b'{"version": 1', b"\xff\xfe{\x00}\x00", b"caf\xe9"])
def test_what_is_no_json(body: bytes, scripted: Any) -> None:
    scripted.set("/versions/rest", body)
    with pytest.raises(UnexpectedAnswer, match="is no JSON"):
        connect(scripted.url)
    assert scripted.asked == ["GET /versions/rest"]


def test_ping_has_to_be_answered_by_pong(scripted: Any) -> None:
    scripted.set("/pivot/ping", b"<html>log in</html>")
    with pytest.raises(UnexpectedAnswer, match="pong"):
        connect(scripted.url)


@pytest.mark.parametrize("path", ["//elsewhere.test/x", "http://elsewhere.test/x", "../x", "x"])
def test_a_rest_path_leads_nowhere_else(path: str, scripted: Any) -> None:
    api = {"activeviam/pivot": {"versions": [{"id": "9", "restPath": path}]}}
    scripted.set("/versions/rest", scripted.versions(apis=api))
    with pytest.raises(Exception, match="404"):
        connect(scripted.url)
    assert len(scripted.asked) == 2


DISCOVERY = "/realm/.well-known/openid-configuration"


def authentication(scripted: Any) -> OAuth2:
    return OAuth2(
        client_id="the client",
        client_secret="s3cret%",
        issuer_url=f"{scripted.url}/realm",
        username="zoë",
        password="p&s3cret",
        scopes={"openid", "email"},
    )


@pytest.fixture
def issuer(scripted: Any) -> Any:
    """The scripted target, which issues tokens as well."""
    endpoint = f"{scripted.url}/token"
    scripted.set(DISCOVERY, {"issuer": f"{scripted.url}/realm", "token_endpoint": endpoint})
    scripted.set("/token", {"access_token": "issued", "token_type": "bearer", "expires_in": 60})
    return scripted


def test_one_token_for_all_requests(issuer: Any) -> None:
    with connect(issuer.url, authentication=authentication(issuer)) as session:
        assert next(iter(session.tables)) == "Example"
    assert issuer.asked == [
        f"GET {DISCOVERY}",
        "POST /token",
        "GET /versions/rest",
        "GET /pivot/ping",
        "GET /db/discovery/tableNames",
    ]
    sent = [request.header("authorization") for request in issuer.requests]
    assert sent[0] is None
    assert httpx.BasicAuth("the+client", "s3cret%25")._auth_header.encode() == sent[1]
    assert sent[2:] == [b"Bearer issued"] * 3
    assert parse_qs(issuer.requests[1].body.decode()) == {
        "grant_type": ["password"],
        "username": ["zoë"],
        "password": ["p&s3cret"],
        "scope": ["email openid"],
    }


def test_an_expired_token_is_fetched_again(issuer: Any) -> None:
    issuer.set("/token", {"access_token": "issued", "expires_in": 0})
    connect(issuer.url, authentication=authentication(issuer)).close()
    assert issuer.asked.count("POST /token") == 2


@pytest.mark.parametrize(
    ("path", "answer", "status", "wanted"),
    [
        ("/token", {"error": "invalid_grant"}, 400, httpx.HTTPStatusError),
        ("/token", {"token_type": "bearer"}, 200, UnexpectedAnswer),
        ("/token", {"access_token": "s3cret\r\nX-Injected: yes"}, 200, ValueError),
        (DISCOVERY, {}, 404, httpx.HTTPStatusError),
        (DISCOVERY, {"token_endpoint": "http://127.0.0.1:1/token"}, 200, UnexpectedAnswer),
        (DISCOVERY, {"issuer": "x", "token_endpoint": "http://h/"}, 200, UnexpectedAnswer),
    ],
)
def test_what_the_issuer_refuses(
    path: str, answer: object, status: int, wanted: type[Exception], issuer: Any
) -> None:
    issuer.set(path, answer, status)
    given = authentication(issuer)
    with pytest.raises(wanted) as caught:
        connect(issuer.url, authentication=given)
    assert "GET /versions/rest" not in issuer.asked
    assert "s3cret" not in f"{caught.value!r} {given!r}"

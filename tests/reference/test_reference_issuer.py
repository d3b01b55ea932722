"""The issuer of a token, which no mutant of the references meets: mutmut does not see it called."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from connect_contracts.reference._transport import UnexpectedAnswer
from connect_contracts.reference.v6_2 import OAuth2ResourceOwnerPasswordAuthentication as OAuth2
from connect_contracts.reference.v6_2 import connect

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

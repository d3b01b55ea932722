"""Credentials: the bytes that go out, those that never do, and who is asked for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from connect_contracts.reference._authentication import (
    BasicAuthentication,
    TokenAuthentication,
)
from connect_contracts.reference._trust import ClientCertificate
from connect_contracts.reference.v6_2 import connect
from connect_harness.exchange import Answer
from connect_harness.server.events import ConnectionAccepted

REFUSED: Mapping[str, Callable[[str], object]] = {
    "colon in the user name": BasicAuthentication("s3cret:x", "passwd"),
    "line end in the user name": BasicAuthentication("s3cret\r\n", "passwd"),
    "null in the password": BasicAuthentication("admin", "s3cret\0"),
    "half of a surrogate pair": BasicAuthentication("admin", "s3cret\udc80"),
    "line end in the token": TokenAuthentication("s3cret\r\nX-Injected: yes"),
    "beyond ASCII in the token": TokenAuthentication("s3cret é"),
    "space after the token": TokenAuthentication("s3cret "),
    "line end in the scheme": TokenAuthentication("s3cret", "Bearer\n"),
    "line end in a value": lambda _: {"X-Key": "s3cret\nX-Injected: yes"},
    "line end in a name": lambda _: {"X-s3cret\r\nX-Injected": "yes"},
    "no mapping": lambda _: None,
    "a number as value": lambda _: {"X-Key": 53},
}


@pytest.mark.parametrize("authentication", REFUSED.values(), ids=REFUSED.keys())
def test_refused_before_anything_is_sent(
    authentication: Callable[[str], Mapping[str, str]], scripted: Any
) -> None:
    with pytest.raises((TypeError, ValueError)) as caught:
        connect(scripted.url, authentication=authentication)
    assert not scripted.journal.of(ConnectionAccepted)
    assert "s3cret" not in f"{caught.value!r} {caught.value.__context__!r}"


def test_credentials_stay_where_they_were_given_for(scripted: Any) -> None:
    for path in scripted.answers:
        elsewhere = (("Location", f"http://localhost:{scripted.listener.port}{path}"),)
        scripted.answers[path] = Answer(307, b"", headers=elsewhere)
    with pytest.raises(Exception, match="307"):
        connect(scripted.url, authentication=BasicAuthentication("admin", "passwd"))
    assert scripted.asked == ["GET /versions/rest"]


@pytest.mark.parametrize("given", ["admin:passwd", 1, ("admin", "passwd")])
def test_what_is_no_authentication_is_refused(given: Any, scripted: Any) -> None:
    with pytest.raises(TypeError, match="authentication is"):
        connect(scripted.url, authentication=given)
    assert not scripted.journal.of(ConnectionAccepted)


def test_repr_shows_no_secret() -> None:
    shown = [
        repr(BasicAuthentication("admin", "s3cret")),
        repr(TokenAuthentication("s3cret")),
        repr(ClientCertificate(Path("client.pem"), password="s3cret")),
    ]
    assert not any("s3cret" in text for text in shown)

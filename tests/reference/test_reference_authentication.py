"""Credentials: those that never go out, and that none follows a redirect."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from connect_contracts.reference.v6_2 import (
    BasicAuthentication,
    ClientCertificate,
    TokenAuthentication,
    connect,
)
from connect_harness.exchange import Answer
from connect_harness.server.events import ConnectionAccepted

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

"""The versions document: what is demanded of it, and what is passed over."""

from __future__ import annotations

from typing import Any

import pytest

from connect_contracts.reference._transport import UnexpectedAnswer
from connect_contracts.reference._versions import read_versions
from connect_contracts.reference.v6_2 import connect

DOCUMENT: dict[str, Any] = {
    "version": 1,
    "serverVersion": "6.1.1",
    "apis": {
        "activeviam/pivot": {
            "unknown": None,
            "versions": [
                {"id": "9", "restPath": "/pivot/rest/v9", "wsPath": None},
                {"id": "10", "restPath": "/pivot/rest/v10"},
                {"id": "11", "wsPath": "/pivot/ws/v11"},
                "nonsense",
            ],
        },
        "unheard of": ["nonsense"],
    },
    "unknown": {},
}


def test_the_best_of_the_known_versions() -> None:
    versions = read_versions(DOCUMENT)
    assert versions.server_version == "6.1.1"
    assert versions.rest_path("activeviam/pivot", "10", "9") == "/pivot/rest/v10"
    assert versions.rest_path("activeviam/pivot", "11", "9") == "/pivot/rest/v9"


@pytest.mark.parametrize("api", ["activeviam/pivot", "unheard of", "atoti"])
def test_no_known_version(api: str) -> None:
    with pytest.raises(RuntimeError, match=r"none of \['8'\]"):
        read_versions(DOCUMENT).rest_path(api, "8")


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

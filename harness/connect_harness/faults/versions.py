"""Faults of the versions document: it is another document, or an extended one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from connect_harness.exchange import Answer, Request
from connect_harness.faults.registry import AnswerFault, Effect, Honest, fault
from connect_harness.protocols.bodies import read_json, write_json

Document = dict[str, Any]


def _instead(body: bytes, content_type: str = "application/json") -> AnswerFault:
    """An answer with this body."""
    return AnswerFault(lambda _, __: Answer(200, body, content_type), of_versions=True)


def _changed(change: Callable[[Document], Document]) -> AnswerFault:
    """The true document, changed; refusals stay as they are."""

    def answer(_: Request, honest: Honest) -> Answer:
        true = honest()
        if true.status != 200:
            return true
        return replace(true, body=write_json(change(read_json(true.body))))

    return AnswerFault(answer, of_versions=True)


@fault("noop", Effect.HARMLESS)
def noop() -> AnswerFault:
    """Nothing is wrong: every request gets its true answer, and the fault never fires."""
    return AnswerFault(lambda _, honest: honest(), matches=lambda _: False)


@fault("versions empty", Effect.STOPS)
def versions_empty() -> AnswerFault:
    """The answer to the request for the versions document has no body."""
    return _instead(b"")


@fault("versions not JSON", Effect.STOPS)
def versions_not_json() -> AnswerFault:
    """The versions document is a text that is no JSON, though it says it is."""
    return _instead(b"these are no versions")


_PAGE = b"""<!DOCTYPE html>
<html lang="en">
<title>Log in</title>
<form method="post"><input name="username"><input name="password" type="password"></form>
</html>
"""


@fault("versions a login page", Effect.STOPS)
def versions_a_login_page() -> AnswerFault:
    """The answer is the HTML of a login page, with status 200, as gateways before a target give."""
    return _instead(_PAGE, "text/html; charset=utf-8")


@fault("versions a text", Effect.STOPS)
def versions_a_text() -> AnswerFault:
    """The versions document is a JSON text."""
    return _instead(b'"activeviam/pivot"')


@fault("versions an array", Effect.STOPS)
def versions_an_array() -> AnswerFault:
    """The versions document is a JSON array."""
    return _instead(b'["activeviam/pivot", "graphql"]')


@fault("versions with apis not an object", Effect.STOPS)
def versions_apis_not_an_object() -> AnswerFault:
    """In the versions document, ``apis`` is an array of names."""
    return _changed(lambda document: {**document, "apis": sorted(document["apis"])})


@fault("versions with no apis", Effect.OPEN)
def versions_with_no_apis() -> AnswerFault:
    """The versions document lists no API at all."""
    return _changed(lambda document: {**document, "apis": {}})


@fault("versions extended", Effect.HARMLESS)
def versions_extended() -> AnswerFault:
    """The versions document has an unknown API, an unknown field in each object, and further
    versions of each API, one before and one after those there are.
    """
    return _changed(lambda document: _extended(document, before="0"))


@fault("versions with a word as id", Effect.OPEN)
def versions_with_a_word_as_id() -> AnswerFault:
    """As ``versions extended``; the version before the others has the id ``ancient``."""
    return _changed(lambda document: _extended(document, before="ancient"))


def _extended(document: Document, *, before: str) -> Document:
    def more(name: str, versions: list[Document]) -> list[Document]:
        known = [{**version, "unknown": None} for version in versions]
        # An API may list this id itself, and may not list it twice.
        listed = any(version["id"] == before for version in versions)
        return [*([] if listed else [_version(name, before)]), *known, _version(name, "99999")]

    apis = {
        name: {"versions": more(name, api["versions"]), "unknown": {"field": [1]}}
        for name, api in document["apis"].items()
    }
    return {
        "unknown": "field",
        **document,
        "apis": {"unknown/first": {"versions": more("unknown", [])}, **apis},
    }


def _version(name: str, number: str) -> Document:
    path = f"/unknown/{name}/{number}"
    return {"id": number, "restPath": path, "wsPath": path}

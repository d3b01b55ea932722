"""Faults of the versions document: it is missing, refused, another document, or extended."""

from __future__ import annotations

from typing import Any

from connect_harness.faults.answer_instead import AnswerInstead
from connect_harness.faults.document_changed import DocumentChanged
from connect_harness.faults.registry import Fault, fault
from connect_harness.protocols.versions import PATH


@fault("versions missing")
def versions_missing() -> Fault:
    """The target has no versions document: 404, with the documented body."""
    return AnswerInstead(PATH, status=404)


@fault("versions 403")
def versions_403() -> Fault:
    """403 in answer to the request for the versions document (RFC 9110 15.5.4)."""
    return AnswerInstead(PATH, status=403)


@fault("versions 429")
def versions_429() -> Fault:
    """429 in answer to the request for the versions document (RFC 6585 4); no ``Retry-After``."""
    return AnswerInstead(PATH, status=429)


@fault("versions 500")
def versions_500() -> Fault:
    """500 in answer to the request for the versions document (RFC 9110 15.6.1)."""
    return AnswerInstead(PATH, status=500)


@fault("versions 502")
def versions_502() -> Fault:
    """502 in answer to the request for the versions document (RFC 9110 15.6.3)."""
    return AnswerInstead(PATH, status=502)


@fault("versions 503")
def versions_503() -> Fault:
    """503 in answer to the request for the versions document (RFC 9110 15.6.4)."""
    return AnswerInstead(PATH, status=503)


@fault("versions empty")
def versions_empty() -> Fault:
    """The answer to the request for the versions document has no body."""
    return AnswerInstead(PATH, body=b"")


@fault("versions not JSON")
def versions_not_json() -> Fault:
    """The versions document is a text that is no JSON, though it says it is."""
    return AnswerInstead(PATH, body=b"these are no versions")


_PAGE = b"""<!DOCTYPE html>
<html lang="en">
<title>Log in</title>
<form method="post"><input name="username"><input name="password" type="password"></form>
</html>
"""


@fault("versions a login page")
def versions_a_login_page() -> Fault:
    """The answer is the HTML of a login page, with status 200, as gateways before a target give."""
    return AnswerInstead(PATH, body=_PAGE, content_type="text/html; charset=utf-8")


@fault("versions a text")
def versions_a_text() -> Fault:
    """The versions document is a JSON text."""
    return AnswerInstead(PATH, body=b'"activeviam/pivot"')


@fault("versions an array")
def versions_an_array() -> Fault:
    """The versions document is a JSON array."""
    return AnswerInstead(PATH, body=b'["activeviam/pivot", "graphql"]')


@fault("versions with apis not an object")
def versions_apis_not_an_object() -> Fault:
    """In the versions document, ``apis`` is an array of names."""
    return DocumentChanged(lambda document: {**document, "apis": sorted(document["apis"])})


@fault("versions with no apis")
def versions_with_no_apis() -> Fault:
    """The versions document lists no API at all."""
    return DocumentChanged(lambda document: {**document, "apis": {}})


@fault("versions extended")
def versions_extended() -> Fault:
    """The versions document has an unknown API, an unknown field in each object, and further
    versions of each API, one before and one after those there are.
    """
    return DocumentChanged(lambda document: _extended(document, before="0"))


@fault("versions with a word as id")
def versions_with_a_word_as_id() -> Fault:
    """As ``versions extended``; the version before the others has the id ``ancient``."""
    return DocumentChanged(lambda document: _extended(document, before="ancient"))


def _extended(document: dict[str, Any], *, before: str) -> dict[str, Any]:
    def more(name: str, versions: list[dict[str, Any]]) -> list[dict[str, Any]]:
        known = [{**each, "unknown": None} for each in versions]
        # An API may list this id itself, and may not list it twice.
        first = [] if any(each["id"] == before for each in versions) else [_version(name, before)]
        return [*first, *known, _version(name, "99999")]

    apis = {
        name: {"versions": more(name, api["versions"]), "unknown": {"field": [1]}}
        for name, api in document["apis"].items()
    }
    return {
        "unknown": "field",
        **document,
        "apis": {"unknown/first": {"versions": more("unknown", [])}, **apis},
    }


def _version(name: str, number: str) -> dict[str, str]:
    path = f"/unknown/{name}/{number}"
    return {"id": number, "restPath": path, "wsPath": path}

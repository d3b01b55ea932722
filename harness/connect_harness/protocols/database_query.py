"""What a request for rows asks for, in its query and its body."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from connect_harness.exchange import Request
from connect_harness.protocols.errors import bad_request
from connect_harness.protocols.json_text import NotJson, read_json

DEFAULT_PAGE_SIZE = 20  # rows; the schema of the documented API says so
LATEST = -1
_INTEGER = re.compile(r"-?\d{1,18}", re.ASCII)


@dataclass(frozen=True)
class Query:
    """A request for rows.

    Parameters:
        fields: The columns asked for, in this order; ``None`` for all of them.
        page: Which page, counted from 1.
        page_size: Rows on a page; 0 gives none.
        branch: Which branch.
        epoch: Which version of the data; -1 for the latest.
    """

    fields: tuple[str, ...] | None
    page: int
    page_size: int
    branch: str
    epoch: int

    @property
    def first(self) -> int:
        """The index of the first row of the page."""
        return (self.page - 1) * self.page_size

    @property
    def last(self) -> int:
        """The index after its last row."""
        return self.first + self.page_size


def read_query(request: Request) -> Query:
    """Reads what ``request`` asks for; what stands in its query counts before its body.

    Raises:
        Refusal: It cannot be read, or has conditions, which are not served here (400).
    """
    given = {**_from_body(request), **_from_query(request)}
    if given.get("conditions"):
        raise bad_request("Conditions are not served by this session.")
    page = _integer(given, "page", 1, least=1)
    size = _integer(given, "pageSize", DEFAULT_PAGE_SIZE, least=0)
    epoch = _integer(given, "epoch", LATEST, least=LATEST)
    return Query(_fields(given), page, size, _branch(given), epoch)


def _from_query(request: Request) -> dict[str, Any]:
    try:
        pairs = parse_qs(request.query, keep_blank_values=True, errors="strict")
    except ValueError:
        raise bad_request("The query is not percent-encoded UTF-8.") from None
    given: dict[str, Any] = {name: values[-1] for name, values in pairs.items()}
    if "fields" in given:
        given["fields"] = given["fields"].split(",")
    return {
        name: int(value) if name != "branch" and _is_integer(value) else value
        for name, value in given.items()
    }


def _is_integer(value: object) -> bool:
    return isinstance(value, str) and _INTEGER.fullmatch(value) is not None


def _from_body(request: Request) -> dict[str, Any]:
    if request.method != "POST" or not request.body:
        return {}
    try:
        body = read_json(request.body)
    except NotJson as error:
        raise bad_request(str(error)) from None
    if not isinstance(body, dict):
        raise bad_request("The body is no JSON object.")
    return body


def _integer(given: dict[str, Any], name: str, default: int, *, least: int) -> int:
    value = given.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise bad_request(f"{name} is an integer, and at least {least}.")
    return value


def _fields(given: dict[str, Any]) -> tuple[str, ...] | None:
    fields = given.get("fields")
    if fields is None:
        return None
    if not isinstance(fields, list) or not all(isinstance(each, str) for each in fields):
        raise bad_request("fields are names of columns.")
    return tuple(fields)


def _branch(given: dict[str, Any]) -> str:
    branch = given.get("branch")
    if branch is None:
        return "master"
    if not isinstance(branch, str):
        raise bad_request("branch is the name of a branch.")
    return branch

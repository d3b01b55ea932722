"""What a test asks of a target: the requests that it received, and assertions that explain."""

from __future__ import annotations

import json as json_text
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher, unified_diff
from types import MappingProxyType
from typing import Any, Final

from connect_harness.exchange import check_header, check_status
from connect_harness.faults.fault import Requests
from connect_harness.redaction.redact import header_shown
from connect_harness.refusals import check_type
from connect_harness.server.exchanges import Exchange
from connect_harness.server.journal import Journal
from connect_harness.transcript import printable, short_line

MOST_NEAR = 2
"""Near misses that an assertion shows as a diff."""
MOST_LISTED = 20
"""Requests that an assertion lists."""
MOST_DIFF_LINES = 30
LONGEST_JSON = 60
"""Characters of a body that the first sentence of an assertion shows."""
ALIKE = 0.6
"""From this ratio of ``difflib`` on a request that meets nothing is shown as a near miss."""


class _NotGiven:
    def __repr__(self) -> str:
        return "..."


NOT_GIVEN: Final = _NotGiven()
"""Stands for a body that is not asked for: ``None`` is JSON too."""

NO_HEADERS: Final[Mapping[str, str | None]] = MappingProxyType({})


@dataclass(frozen=True)
class _Wanted:
    """What a request must be; ``None`` for whatever is not asked for."""

    requests: Requests
    user: str | None
    json: object
    status: int | None
    headers: Mapping[str, str | None]

    def __post_init__(self) -> None:
        if self.json is not NOT_GIVEN:
            try:
                _pretty(self.json)
            except (TypeError, ValueError) as error:
                raise type(error)(f"json=... is no JSON (RFC 8259): {error}.") from None

    @property
    def asked(self) -> dict[str, str]:
        """What is asked for, as text by its name."""
        wanted = self.requests
        return {
            **({"method": wanted.method} if wanted.method else {}),
            **({"path": wanted.path} if wanted.path != "*" else {}),
            **({"user": self.user} if self.user is not None else {}),
            **{f"header {name}": _header(name, value) for name, value in self.headers.items()},
            **({"json": _pretty(self.json)} if self.json is not NOT_GIVEN else {}),
            **({"status": str(self.status)} if self.status is not None else {}),
        }

    def missed(self, exchange: Exchange) -> list[str]:
        """The names of what is asked for and is otherwise in ``exchange``."""
        wanted = self.requests
        met = {
            "method": Requests(wanted.method).include(exchange.request),
            "path": Requests(path=wanted.path).include(exchange.request),
            "user": self.user in (None, exchange.user),
            **{
                f"header {name}": exchange.headers.get(name) == value
                for name, value in self.headers.items()
            },
            "json": self.json is NOT_GIVEN or _is_json(self.json, exchange),
            "status": self.status in (None, exchange.status),
        }
        return [name for name, holds in met.items() if not holds]

    def __str__(self) -> str:
        method = f"a {self.requests.method} request" if self.requests.method else "a request"
        path = "" if self.requests.path == "*" else f" for {self.requests.path}"
        user = "" if self.user is None else f" by {self.user}"
        headers = "".join(
            f" without the header {name}"
            if value is None
            else f" with the header {name}: {_header(name, value)}"
            for name, value in self.headers.items()
        )
        body = "" if self.json is NOT_GIVEN else f" with the JSON {_compact(self.json)}"
        answer = "" if self.status is None else f" that was answered {self.status}"
        return f"{method}{path}{user}{headers}{body}{answer}"


class RequestAssertions:
    """What a target saw of requests, asked by a test; a part of every target.

    Attributes:
        name: Its name in the journal.
        journal: All that happened on its connections.
    """

    name: str
    journal: Journal

    def requests(
        self,
        *,
        method: str | None = None,
        path: str = "*",
        user: str | None = None,
        headers: Mapping[str, str | None] = NO_HEADERS,
        json: object = NOT_GIVEN,
        status: int | None = None,
    ) -> tuple[Exchange, ...]:
        """The requests that this target received, with their answers, in order.

        It waits until all that clients sent is recorded, see ``Journal.wait_until_quiet``.

        Parameters:
            method: Only those of this method.
            path: Only those of this path, in which ``*`` stands for any text: see ``Requests``.
            user: Only those of this user, as the target knew the caller.
            headers: Only those with these headers, and others. A name is of either case; ``None``
                stands for a header that was not sent.
            json: Only those with this body.
            status: Only those that were answered with this status.

        Raises:
            TypeError: A value has another type.
            ValueError: No request can be meant; the text says why.
        """
        wanted = _wanted("requests", method, path, user, headers, json, status)
        return tuple(exchange for exchange in self._received() if not wanted.missed(exchange))

    def assert_requested(
        self,
        *,
        method: str | None = None,
        path: str = "*",
        user: str | None = None,
        headers: Mapping[str, str | None] = NO_HEADERS,
        json: object = NOT_GIVEN,
        status: int | None = None,
        times: int | None = None,
    ) -> tuple[Exchange, ...]:
        """Assert that this target received such requests, and give them.

        Parameters:
            method, path, user, headers, json, status: As in :meth:`requests`.
            times: How many it must have received; ``None`` for at least one, 0 for none.

        Raises:
            AssertionError: It received another number; the text shows how the nearest requests
                differ, and which requests came. It shows no secret.
            TypeError: A value has another type.
            ValueError: No request can be meant; the text says why.
        """
        __tracebackhide__ = True
        check_type("assert_requested", "times", times, (int, type(None)))
        if times is not None and times < 0:
            raise ValueError(f"times={times!r} is no number of requests: give 0 or more.")
        wanted = _wanted("assert_requested", method, path, user, headers, json, status)
        received = self._received()
        found = tuple(exchange for exchange in received if not wanted.missed(exchange))
        if len(found) == times or (times is None and found):
            return found
        redacted = self.journal.redaction()
        lines = _explanation(self.name, wanted, times, received, found)
        raise AssertionError("\n".join(short_line(printable(redacted(line))) for line in lines))

    def _received(self) -> list[Exchange]:
        self.journal.wait_until_quiet()
        return [exchange for exchange in self.journal if exchange.target == self.name]


def _wanted(
    taker: str,
    method: str | None,
    path: str,
    user: str | None,
    headers: Mapping[str, str | None],
    json: object,
    status: int | None,
) -> _Wanted:
    check_type(taker, "user", user, (str, type(None)))
    check_type(taker, "headers", headers, Mapping, 'As {"Accept": "application/json"}.')
    values: Mapping[str, object] = headers
    for name, value in values.items():
        check_type(taker, "headers", name, str, 'As {"Accept": "application/json"}.')
        if not isinstance(value, str | None):
            kind = type(value).__name__
            raise TypeError(f"{taker}(headers=...): {name!r} is a text or None, not {kind}.")
        check_header(name, value or "")
    check_type(taker, "status", status, (int, type(None)))
    if status is not None:
        check_status(status)
    lower = {name.lower(): value for name, value in headers.items()}
    if len(lower) < len(headers):
        raise ValueError(f"{taker}(headers=...) names a header twice: names are of either case.")
    return _Wanted(Requests(method, path), user, json, status, lower)


def _explanation(
    name: str,
    wanted: _Wanted,
    times: int | None,
    received: list[Exchange],
    found: tuple[Exchange, ...],
) -> Iterable[str]:
    demanded = f"should have received {wanted} {_times(times)}"
    if times == 0:
        demanded = f"should not have received {wanted}"
    came = f"it {_times(len(found))}" if found else "no such request"
    yield f"{name} {demanded}. It received {came}."
    others = [exchange for exchange in received if exchange not in found]
    numbers = {exchange.number: number for number, exchange in enumerate(received, 1)}
    if times is None or len(found) < times:
        for exchange in _nearest(wanted, others):
            number, missed = numbers[exchange.number], ", ".join(wanted.missed(exchange))
            yield f"request {number} differs in {missed}:"
            yield from (f"  {line}" for line in _diff(wanted, exchange))
    if not received:
        yield "It received no request at all."
        return
    yield "It received these requests:"
    for exchange in received[:MOST_LISTED]:
        mark = "*" if exchange in found else " "
        answer = "no answer" if exchange.status is None else str(exchange.status)
        fault = f", by the fault {exchange.fault!r}" if exchange.fault else ""
        user = f" to {exchange.user}" if exchange.user else ""
        yield f"  {mark} {numbers[exchange.number]}: {exchange.line}: {answer}{user}{fault}"
    if len(received) > MOST_LISTED:
        yield f"    and {len(received) - MOST_LISTED} more"


def _times(number: int | None) -> str:
    return {None: "at least once", 1: "once", 2: "twice"}.get(number, f"{number} times")


def _nearest(wanted: _Wanted, others: Iterable[Exchange]) -> list[Exchange]:
    """Those that meet a part of what is asked for, or nearly all of it, the nearest first."""
    rated = []
    for exchange in others:
        asked, came = "\n".join(wanted.asked.values()), "\n".join(_came(wanted, exchange).values())
        alike = SequenceMatcher(None, asked, came).ratio()
        missed = len(wanted.missed(exchange))
        if missed < len(wanted.asked) or alike > ALIKE:
            rated.append((missed, -alike, exchange.number, exchange))
    rated.sort()
    return [exchange for missed, *_, exchange in rated[:MOST_NEAR] if missed == rated[0][0]]


def _diff(wanted: _Wanted, exchange: Exchange) -> list[str]:
    """What was asked for against what came: whatever meets it is the same on both sides."""
    came = _came(wanted, exchange)
    missed = {name: wanted.asked[name] for name in wanted.missed(exchange)}
    # Of secrets no more than the length is shown.
    missed |= {
        name: f"{text}, another value" for name, text in missed.items() if text == came[name]
    }
    asked, received = (
        "\n".join(f"{name}: {text}" for name, text in side.items()).splitlines()
        for side in (came | missed, came)
    )
    diff = unified_diff(asked, received, "asked for", "received", lineterm="", n=2)
    lines = [line for line in diff if not line.startswith("@@")]
    if len(lines) > MOST_DIFF_LINES:
        lines = [*lines[:MOST_DIFF_LINES], f"... and {len(lines) - MOST_DIFF_LINES} lines more"]
    return lines


def _came(wanted: _Wanted, exchange: Exchange) -> dict[str, str]:
    """Of ``exchange``, what stands against ``wanted.asked``."""
    found = {
        "method": exchange.method,
        "path": exchange.path,
        "user": exchange.user or "(no user)",
        **{f"header {name}": _header(name, exchange.headers.get(name)) for name in wanted.headers},
        "json": _body(exchange),
        "status": "(no answer)" if exchange.status is None else str(exchange.status),
    }
    return {name: found[name] for name in wanted.asked}


def _header(name: str, value: str | None) -> str:
    return "(not sent)" if value is None else header_shown(name, value)


def _is_json(wanted: object, exchange: Exchange) -> bool:
    try:
        # Compared as it would be sent: a tuple is a list, and True is not 1.
        return bool(exchange.body) and _pretty(wanted) == _pretty(exchange.json)
    except ValueError:
        return False


def _body(exchange: Exchange) -> str:
    try:
        return _pretty(exchange.json) if exchange.body else "(no body)"
    except ValueError:
        return exchange.body.decode("utf-8", "backslashreplace")


def _pretty(value: object) -> str:
    return json_text.dumps(value, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False)


def _compact(value: Any) -> str:
    """``value`` within a sentence: the diff has the whole of it."""
    text = json_text.dumps(value, sort_keys=True, ensure_ascii=False)
    return text if len(text) <= LONGEST_JSON else f"{text[:LONGEST_JSON]}..."

"""Exchanges: a request that a target received, and the answer that it gave."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from connect_harness.exchange import Request
from connect_harness.server.events import AnswerGiven, Event, FaultFired, RequestReceived


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request that a target received, and the answer that it gave.

    Iterating a journal gives them in the order in which the requests arrived::

        >>> from urllib.request import urlopen
        >>> from connect_harness import TargetSession
        >>> with TargetSession.start() as target:
        ...     versions = urlopen(f"{target.url}/versions/rest").read()
        ...     (exchange,) = target.journal
        >>> exchange.method, exchange.path, exchange.status, exchange.user
        ('GET', '/versions/rest', 200, 'anonymousUser')
        >>> exchange.headers["accept-encoding"]
        'identity'
        >>> sorted(exchange.answer_json)
        ['apis', 'serverVersion', 'version']

    Parameters:
        received, given: The events of both; ``None`` while there is no answer.
        wire_fault: The armed fault that changed the bytes of the answer, if one did.
        began: The time of the journal's first event.
    """

    received: RequestReceived
    given: AnswerGiven | None = None
    wire_fault: str | None = field(default=None, repr=False)
    began: int = field(default=0, repr=False)

    def __repr__(self) -> str:
        answer = "no answer" if self.status is None else str(self.status)
        user = f" to {self.user}" if self.user else ""
        # pytest shows it where an assertion fails, and a query may hold a secret.
        query = "?..." if self.query else ""
        asked = f"{self.method} {self.path}{query}"
        return f"<exchange {self.number} of {self.target!r}: {asked}: {answer}{user}>"

    @property
    def number(self) -> int:
        """The number of the request in the journal."""
        return self.received.number

    @property
    def target(self) -> str:
        """The name of the target that received the request."""
        return self.received.target

    @property
    def request(self) -> Request:
        """The request as it arrived."""
        return self.received.request

    @property
    def method(self) -> str:
        return self.request.method

    @property
    def path(self) -> str:
        """The path without the query, still percent-encoded."""
        return self.request.path

    @property
    def query(self) -> str:
        """The query without its question mark, still percent-encoded."""
        return self.request.query

    @property
    def line(self) -> str:
        """Method and request target."""
        return f"{self.request.method} {self.request.target}"

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of the request by their names in lower case; values of one name are joined.

        Credentials stand in them: print the journal, which leaves them out, rather than these.
        """
        return _joined((name, value.decode("latin-1")) for name, value in self.request.headers)

    @property
    def body(self) -> bytes:
        return self.request.body

    @property
    def json(self) -> Any:
        """The body of the request as JSON; ``None`` without a body.

        Raises:
            ValueError: The body is not JSON.
        """
        return _parsed(self.request.body, f"the request {self.line}")

    @property
    def answered(self) -> int | None:
        """The number of the answer in the journal; ``None`` without an answer."""
        return None if self.given is None else self.given.number

    @property
    def status(self) -> int | None:
        """The status of the answer; ``None`` without an answer."""
        return None if self.given is None else self.given.status

    @property
    def answer_headers(self) -> Mapping[str, str]:
        """The headers of the answer that the application set, by their names in lower case."""
        return _joined(self.given.headers if self.given else ())

    @property
    def answer_body(self) -> bytes:
        return b"" if self.given is None else self.given.body

    @property
    def answer_json(self) -> Any:
        """The body of the answer as JSON; ``None`` without one. Raises ``ValueError`` as above."""
        return _parsed(self.answer_body, f"the answer to {self.line}")

    @property
    def user(self) -> str | None:
        """Whom the target took the caller for."""
        return None if self.given is None else self.given.user

    @property
    def fault(self) -> str | None:
        """The armed fault that the answer was, or that changed its bytes."""
        return (self.given.fault if self.given else None) or self.wire_fault

    @property
    def change(self) -> bool:
        """Whether the request asked for a change, granted or not."""
        return self.given is not None and self.given.change

    @property
    def at(self) -> float:
        """When the request had arrived, in seconds since the journal's first event."""
        return (self.received.at - self.began) / 1e9

    @property
    def seconds(self) -> float | None:
        """How long the target took until it answered; ``None`` without an answer."""
        return None if self.given is None else (self.given.at - self.received.at) / 1e9

    @property
    def header_names(self) -> frozenset[str]:
        """The names of the headers of the request, in lower case."""
        return frozenset(name for name, _ in self.request.headers)

    @property
    def cookies(self) -> frozenset[str]:
        """The cookies that the answer sets, each as a request sends it."""
        given = self.given.headers if self.given else ()
        return frozenset(
            value.partition(";")[0] for name, value in given if name.lower() == "set-cookie"
        )

    def header(self, name: str) -> str | None:
        """The header ``name`` (in lower case) of the request, as latin-1 text."""
        value = self.request.header(name)
        return None if value is None else value.decode("latin-1")

    def names(self, text: str) -> bool:
        """Whether the request speaks of ``text``, in its target or in its JSON body."""
        if text in unquote(self.request.target):
            return True
        try:
            # Written again, so that escapes do not hide a name.
            return text in json.dumps(json.loads(self.request.body), ensure_ascii=False)
        except ValueError:
            return False


def exchanges_of(events: Iterable[Event], began: int = 0) -> tuple[Exchange, ...]:
    """The exchanges of ``events``, in the order in which the requests arrived."""
    requests: list[RequestReceived] = []
    answers: dict[int, AnswerGiven] = {}
    faults: dict[int, str] = {}
    last: dict[int | None, int] = {}
    for event in events:
        match event:
            case RequestReceived():
                requests.append(event)
                last[event.connection] = event.number
            case AnswerGiven():
                answers[event.request] = event
            case FaultFired() if event.connection in last:
                faults.setdefault(last[event.connection], event.fault)
    return tuple(
        Exchange(event, answers.get(event.number), faults.get(event.number), began)
        for event in requests
    )


def _joined(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in headers:
        before = found.get(name.lower())
        found[name.lower()] = value if before is None else f"{before}, {value}"
    return found


def _parsed(body: bytes, what: str) -> Any:
    if not body:
        return None
    try:
        return json.loads(body)
    except ValueError as error:
        raise ValueError(f"The body of {what} is not JSON: {error}.") from None

"""What the targets saw of one step: connections and exchanges, read out of the journal's events."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from connect_contracts.model.scenario import Basic, calls_of

if TYPE_CHECKING:
    from connect_contracts.model.observation import Observation, Place, Result, TargetSeen
    from connect_harness.server import (
        ConnectionAccepted,
        ConnectionClosed,
        Event,
        FaultFired,
        HandshakeCompleted,
        HandshakeFailed,
    )
    from connect_harness.server.exchanges import Exchange

E = TypeVar("E", bound="Event")


@dataclass
class Connection:
    """A connection, and what became of it."""

    accepted: ConnectionAccepted
    completed: HandshakeCompleted | None = None
    failed: HandshakeFailed | None = None
    closed: ConnectionClosed | None = None
    requests: int = 0

    @property
    def handshake_completed(self) -> bool:
        """Whether a TLS handshake was completed, and not refused after."""
        return self.completed is not None and self.failed is None

    @property
    def http_bytes(self) -> bool:
        """Whether any byte of HTTP, encrypted or plain, came from the client."""
        if self.accepted.service != "http":
            return False
        if self.requests:
            return True
        return self.closed is not None and self.closed.application_received.count > 0

    @property
    def plain_http(self) -> bool:
        """Whether plain HTTP came to a port that speaks TLS."""
        return self.failed is not None and self.failed.cause == "plain HTTP on a TLS port"

    @property
    def alert(self) -> str | None:
        """The fatal alert that ended the handshake, or came after it."""
        if self.failed is not None:
            return self.failed.alert
        return self.closed.alert if self.closed else None

    @property
    def alert_by(self) -> str | None:
        """Who sent that alert: ``client`` or ``target``."""
        if self.failed is not None:
            return self.failed.alert_by
        return "client" if self.alert else None

    @property
    def peer_fingerprint(self) -> str | None:
        """The fingerprint of the client certificate that was presented and taken."""
        peer = self.completed.peer_certificate if self.completed else None
        return peer.fingerprint if peer else None

    @property
    def presented(self) -> bool:
        """Whether any client certificate was presented, taken or not."""
        refused = self.failed is not None and self.failed.verify_code is not None
        return refused or self.peer_fingerprint is not None

    def open_after(self, number: int) -> bool:
        """Whether it was still open at the event ``number``."""
        return self.closed is None or self.closed.number > number


class StepView:
    """What was seen of the step at ``place``, and of all steps up to its end."""

    def __init__(self, observation: Observation, place: Place) -> None:
        self.observation = observation
        self.place = place

    @cached_property
    def result(self) -> Result:
        result = self.observation.result(self.place)
        if result is None:
            raise LookupError(f"there is no result of the step at {self.place}")
        return result

    def of_step(self, index: int) -> StepView:
        return StepView(self.observation, (index,))

    @property
    def presented(self) -> str | None:
        """The fingerprint of the client certificate that the session's connect was given."""
        name = ".".join(str(index + 1) for index in self._connect_place())
        return self.observation.presented.get(name)

    @property
    def password(self) -> str | None:
        """The password that the session's connect was really given, if it was by Basic."""
        place = self._connect_place()
        calls = dict(calls_of(self.observation.as_played))
        given = calls[place].authentication if place in calls else None
        return given.password if isinstance(given, Basic) else None

    def _connect_place(self) -> Place:
        # A name that is connected again is the later session's from then on.
        result = self.result
        own = [
            earlier.place
            for earlier in self.observation.results
            if earlier.what == "connect"
            and earlier.who == result.who
            and earlier.began <= result.began
        ]
        return own[-1] if own else self.place

    @cached_property
    def connections_so_far(self) -> list[Connection]:
        """Every connection up to the end of the step, whole, in the order of arrival."""
        found: dict[tuple[str, int | None], Connection] = {}
        for event in self.observation.events:
            if event.target not in self._issuers:
                _gather(event, found)
        ended = self.result.ended
        return [each for each in found.values() if each.accepted.number < ended]

    @property
    def connections(self) -> list[Connection]:
        """Those that arrived during the step."""
        began = self.result.began
        return [each for each in self.connections_so_far if each.accepted.number > began]

    @property
    def connections_since_replaced(self) -> list[Connection]:
        """Those that arrived in the session's steps since a target's certificate was replaced."""
        replaced = [
            earlier.began
            for earlier in self.observation.results
            if earlier.what == "replace certificate" and earlier.began < self.result.began
        ]
        return [
            connection
            for connection in self.connections_so_far
            if connection.accepted.number > max(replaced, default=0)
            and self._session_of(connection.accepted.number) == self.result.who
        ]

    @property
    def faults_fired(self) -> list[FaultFired]:
        """The faults that changed bytes of a connection during the step."""
        return [event for event in self._faults_so_far if event.number > self.result.began]

    @property
    def fault_met_so_far(self) -> bool:
        """Whether an armed fault was met up to the end of the step."""
        answered = any(exchange.fault is not None for exchange in self._all_so_far)
        return answered or bool(self._faults_so_far)

    @property
    def _faults_so_far(self) -> list[FaultFired]:
        from connect_harness.server import FaultFired

        return self._events_so_far(FaultFired)

    def _events_so_far(self, kind: type[E]) -> list[E]:
        ended = self.result.ended
        return [
            event
            for event in self.observation.events
            if isinstance(event, kind) and event.number < ended
        ]

    @cached_property
    def _issuers(self) -> frozenset[str]:
        """The names of the issuers of tokens, which are no targets."""
        seen = self.observation.targets
        return frozenset(one.name for one in seen if one.issuer_of is not None)

    @cached_property
    def so_far(self) -> list[Exchange]:
        """Every exchange with a target up to the end of the step."""
        return [each for each in self._all_so_far if each.target not in self._issuers]

    @property
    def with_issuers(self) -> list[Exchange]:
        """The exchanges with an issuer of tokens whose request arrived during the step."""
        began = self.result.began
        return [
            each
            for each in self._all_so_far
            if each.target in self._issuers and each.number > began
        ]

    @cached_property
    def _all_so_far(self) -> list[Exchange]:
        from connect_harness.server import AnswerGiven, RequestReceived
        from connect_harness.server.exchanges import Exchange

        answers = {
            event.request: event
            for event in self.observation.events
            if isinstance(event, AnswerGiven)
        }
        return [
            Exchange(event, answers.get(event.number))
            for event in self._events_so_far(RequestReceived)
        ]

    @property
    def exchanges(self) -> list[Exchange]:
        """Those with a target whose request arrived during the step."""
        return [exchange for exchange in self.so_far if exchange.number > self.result.began]

    @property
    def shared_connections(self) -> list[tuple[str, str]]:
        """The pairs of sessions that made a request on one connection, up to the step's end."""
        users: dict[tuple[str, int | None], list[str]] = {}
        for exchange in self.so_far:
            who = self._session_of(exchange.number)
            key = (exchange.target, exchange.received.connection)
            if who is not None and who not in users.setdefault(key, []):
                users[key].append(who)
        return [(who[0], who[1]) for who in users.values() if len(who) > 1]

    @property
    def cookies_astray(self) -> list[str]:
        """The requests so far that carry a cookie which another session was given, or this one
        elsewhere."""
        given: dict[tuple[str, str | None], set[str]] = {}
        astray = []
        for exchange in self.so_far:
            place = (exchange.target, self._session_of(exchange.number))
            sent = (exchange.header("cookie") or "").split("; ")
            known = given.setdefault(place, set())
            # One that no target set here is the client's own, or of an earlier run.
            if set().union(*given.values()).intersection(sent) - known:
                astray.append(exchange.line)
            known.update(exchange.cookies)
        return astray

    @property
    def rejected(self) -> list[bytes]:
        """The beginnings of what arrived so far and is no request."""
        from connect_harness.server import RequestRejected

        return [event.data for event in self._events_so_far(RequestRejected)]

    def _session_of(self, number: int) -> str | None:
        """The session in whose step the event ``number`` happened."""
        for result in self.observation.results:
            if result.began < number < result.ended and result.who != "owner":
                return result.who
        return None

    def changes(self, *, since_step: bool = False) -> list[str]:
        """What asked for a change until the end of the step, by HTTP or by Py4J, in words."""
        from connect_harness.protocols.py4j import changing_call
        from connect_harness.server import GatewayCommand

        calls = [
            (event.number, f"the Py4J call {call}")
            for event in self.observation.events
            if isinstance(event, GatewayCommand) and (call := changing_call(event.lines))
        ]
        requests = [(exchange.number, exchange.line) for exchange in self.so_far if exchange.change]
        since = self.result.began if since_step else 0
        return [
            text
            for number, text in sorted([*calls, *requests])
            if since < number < self.result.ended
        ]

    def _target(self, name: str) -> TargetSeen:
        return next(target for target in self.observation.targets if target.name == name)

    def base_path(self, exchange: Exchange) -> str:
        return self._target(exchange.target).base_path

    def port(self, exchange: Exchange) -> int:
        return self._target(exchange.target).port

    def url(self, exchange: Exchange) -> str:
        """The URL of the request, without its query."""
        scheme = self._target(exchange.target).url.partition("://")[0]
        return f"{scheme}://{exchange.header('host')}{exchange.request.path}"


def _gather(event: Event, found: dict[tuple[str, int | None], Connection]) -> None:
    from connect_harness.server import (
        ConnectionAccepted,
        ConnectionClosed,
        HandshakeCompleted,
        HandshakeFailed,
        RequestReceived,
    )

    key = (event.target, event.connection)
    if isinstance(event, ConnectionAccepted):
        found[key] = Connection(event)
    elif key in found:
        match event:
            case HandshakeCompleted():
                found[key].completed = event
            case HandshakeFailed():
                found[key].failed = event
            case RequestReceived():
                found[key].requests += 1
            case ConnectionClosed():
                found[key].closed = event

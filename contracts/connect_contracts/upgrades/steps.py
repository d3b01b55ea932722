"""From an observation to the behaviour of a scenario: step by step, in stable words.

What differs from run to run is taken out of texts: ports, paths, tokens, addresses, times. What
runs together is recorded without its order: within a ``Together`` the wire belongs to the whole,
and of what was read while something else changed only the columns are recorded.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from connect_contracts.checks.secrets.redaction import Redaction
from connect_contracts.checks.step_view import Connection, StepView
from connect_contracts.model.actions import ACTIONS, OWNER_ACTIONS, Kind
from connect_contracts.model.json_text import json_of
from connect_contracts.model.observation import Frame, Observation, Place, Result
from connect_contracts.model.scenario import Own, Step, Together, Use, placed_steps
from connect_contracts.upgrades.record import (
    AskedSeen,
    ConnectionSeen,
    RaisedSeen,
    RequestSeen,
    ScenarioBehaviour,
    Service,
    StepBehaviour,
    key_of,
    names_of_steps,
)
from connect_harness.redaction.detector import Detector
from connect_harness.server import ConnectionAccepted, ListenerStarted
from connect_harness.server.exchanges import Exchange
from connect_harness.temporary import FOLDER, PREFIX
from connect_harness.transcript import printable

LONGEST_TEXT = 300
"""Characters of a text that are kept."""

LONGEST_VALUE = 2000
"""Bytes of the JSON of a value up to which it is kept whole."""

# What each has in it comes first: a long word without it would be tried from each of its letters.
_EVERYWHERE = (
    # The folder of a run, and the numbered folders in it.
    (
        PREFIX,
        re.compile(rf"[^\s'\"(\[=]*/{FOLDER}(?:/[a-z]+-\d+|/(?:home|tmp)\b)*"),
        "<folder>",
    ),
    ("tmp", re.compile(r"(?<=/)tmp[a-z0-9_]{8}\b"), "<temporary>"),
    (" at 0x", re.compile(r"(?<= at )0x[0-9a-fA-F]{6,}(?=>)"), "<address>"),
    # After a host, and not in a time of day.
    (
        ":",
        re.compile(r"(\]|localhost|\d+(?:\.\d+){3}|[a-z][\w-]*(?:\.[\w-]+)+):\d{2,6}(?![\d:])"),
        r"\1:<port>",
    ),
)
_IN_MESSAGES = (
    (re.compile(r"0x[0-9a-fA-F]{6,}"), "<address>"),
    (re.compile(r"\(_ssl\.c:\d+\)"), "(_ssl.c)"),
    (re.compile(r"[^\s'\"(]*/(\w+\.py)"), r"\1"),
    (re.compile(r"(?<=\.py):\d+|(?<=line )\d+"), "<line>"),
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "<uuid>"),
    (re.compile(r"\b[0-9a-fA-F]{16,}\b"), "<hex>"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,\d]*(?:Z|[+-]\d\d:?\d\d)?"), "<time>"),
    (
        re.compile(
            r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? )?"
            r"(?:\d\d? [A-Z][a-z]{2} \d{4}|[A-Z][a-z]{2} {1,2}\d\d?)"
            r" \d\d:\d\d:\d\d(?: \d{4})?(?: GMT)?"
        ),
        "<time>",
    ),
    (re.compile(r"\b\d+(?:\.\d+)?(?:e-?\d+)?(?= ?(?:s|ms|seconds|milliseconds)\b)"), "<duration>"),
    (re.compile(r"\b(Thread|Task|Process)-\d+"), r"\1-<number>"),
    (re.compile(r"\b(fd=|pid[ =:]?)\d+"), r"\1<number>"),
    # The identity of a thread, or of an object.
    (re.compile(r"\b\d{12,}\b"), "<number>"),
    (re.compile(r"(\bport[ =:]+)\d{2,6}\b"), r"\1<port>"),
    # The address of a socket.
    (re.compile(r"(\('[0-9a-f.:]+', )\d{2,5}\b"), r"\1<port>"),
)


class Normaliser:
    """What one run may say, made the same for every run: its ports and secrets are known."""

    def __init__(self, observation: Observation) -> None:
        self.redacted = Redaction(observation)
        ports = {target.port for target in observation.targets} | {*observation.silent_ports}
        for event in observation.events:
            if isinstance(event, ListenerStarted):
                ports |= {port for port in (event.port, event.gateway_port) if port is not None}
            elif isinstance(event, ConnectionAccepted):
                ports.add(event.client[1])
        alternatives = "|".join(str(port) for port in sorted(ports))
        self._ports = re.compile(rf"(?<![\w.])(?:{alternatives})(?![\w.]\w)") if ports else None

    def message(self, text: str) -> str:
        """The first line of what an exception says."""
        # Secrets first, while they stand there as they are known.
        line = self.redacted(text.strip().partition("\n")[0])
        for pattern, word in _IN_MESSAGES:
            line = pattern.sub(word, line)
        line = self.text(line)
        return printable(line if len(line) <= LONGEST_TEXT else f"{line[:LONGEST_TEXT]}...")

    def text(self, text: str) -> str:
        """A text that is no message, such as a URL."""
        text = self.redacted(text)
        for needed, pattern, word in _EVERYWHERE:
            if needed in text:
                text = pattern.sub(word, text)
        return text if self._ports is None else self._ports.sub("<port>", text)

    def value(self, value: Any) -> Any:
        """A value that was returned, in plain JSON form, of bounded size."""
        plain = self._inner(value)
        encoded = json_of(plain, "sorted")
        if len(encoded) <= LONGEST_VALUE:
            return plain
        begins = encoded[:LONGEST_TEXT].decode("utf-8", "ignore")
        return {"long": hashlib.sha256(encoded).hexdigest()[:16], "begins": begins}

    def _inner(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.text(str(name)): self._inner(inner) for name, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self._inner(inner) for inner in value]
        # numpy's floats are floats to Python, and not to JSON.
        return float(value) if isinstance(value, float) else value


_KINDS: list[tuple[str, Kind]] = [*OWNER_ACTIONS.items(), *ACTIONS.items()]
_READING = {action for action, kind in _KINDS if kind.reads}
_ENDING = {action for action, kind in _KINDS if kind.ends}
_CHANGING = {action for action, kind in _KINDS if kind.changes or kind.ends}
_SCHEME = re.compile(r"([\w.!#$%&'*+^`|~-]{1,20}) ")


def behaviour_of(observation: Observation, cases: tuple[str, ...] = ()) -> ScenarioBehaviour:
    """What was seen in a scenario, which belongs to these cases, in stable words."""
    scenario = observation.scenario
    behaviour = ScenarioBehaviour(key_of(scenario), scenario, cases)
    if observation.not_testable is not None:
        return msgspec.structs.replace(behaviour, not_testable=observation.not_testable)
    if observation.not_applicable is not None:
        return msgspec.structs.replace(behaviour, not_applicable=observation.not_applicable)
    if observation.harness_error is not None:
        return msgspec.structs.replace(behaviour, harness_error=True)
    normalised = Normaliser(observation)
    asked = Counter(normalised.text(str(call.url)) for call in observation.asked)
    steps = _Steps(observation, normalised)
    return msgspec.structs.replace(
        behaviour,
        steps=tuple(steps.describe()),
        asked=tuple(AskedSeen(url, times) for url, times in sorted(asked.items())),
    )


def changes_together(step: Step) -> bool:
    return isinstance(step, Together) and any(
        isinstance(inner, Use) and inner.action in _CHANGING for inner in step.steps()
    )


class _Steps:
    def __init__(self, observation: Observation, normalised: Normaliser) -> None:
        self.observation = observation
        self.normalised = normalised
        self.scenario = observation.scenario
        # No more: others write what is documented into the machine's temporary folder.
        self.secrets = Detector(observation.secrets)

    def describe(self) -> Iterator[StepBehaviour]:
        unordered = False
        names = names_of_steps(self.scenario)
        for (place, step), name in zip(placed_steps(self.scenario), names, strict=True):
            together = self.scenario.steps[place[0]]
            unordered = unordered or changes_together(together)
            racing = len(place) > 1 and changes_together(together)
            result = self.observation.result(place)
            behaviour = StepBehaviour(*name)
            if result is None:
                yield msgspec.structs.replace(behaviour, how="not taken")
                continue
            behaviour = self._ended(behaviour, result, racing=racing, unordered=unordered)
            behaviour = msgspec.structs.replace(behaviour, secrets_in=self._secrets_in(place))
            if len(place) == 1 and not isinstance(step, Own):
                behaviour = self._with_wire(behaviour, place)
            yield behaviour

    def _ended(
        self, behaviour: StepBehaviour, result: Result, *, racing: bool, unordered: bool
    ) -> StepBehaviour:
        behaviour = msgspec.structs.replace(behaviour, how=result.how, part=result.part)
        if behaviour.what == "together":
            # How its steps ended is recorded with each of them.
            return msgspec.structs.replace(behaviour, how="returned", part=None)
        if result.raised is not None:
            raised = result.raised
            bases = [name for name in raised.names[1:] if name != "object"]
            kind, *bases = map(self.normalised.redacted, (raised.type, *bases))
            seen = RaisedSeen(kind, tuple(bases), self.normalised.message(raised.text))
            return msgspec.structs.replace(behaviour, raised=seen)
        value: Any
        if result.frame is not None:
            value = _plain_frame(result.frame, racing=racing, unordered=unordered)
        elif behaviour.what == "connect" and isinstance(result.value, dict):
            value = _plain_session(result.value)
        elif racing and behaviour.what in _READING:
            value = None
        elif unordered and behaviour.what == "rows" and isinstance(result.value, list):
            value = _sorted(result.value)
        else:
            value = result.value
        return msgspec.structs.replace(behaviour, value=self.normalised.value(value))

    def _secrets_in(self, place: Place) -> tuple[str, ...]:
        said = (output for output in self.observation.said if output.place == place)
        return tuple(sorted({output.source for output in said if self.secrets.find(output.text)}))

    # The wire.

    def _with_wire(self, behaviour: StepBehaviour, place: Place) -> StepBehaviour:
        view = StepView(self.observation, place)
        left: list[Service] = []
        if behaviour.what in _ENDING:
            so_far, ended = view.connections_so_far, view.result.ended
            left = sorted({each.accepted.service for each in so_far if each.open_after(ended)})
        return msgspec.structs.replace(
            behaviour,
            requests=_in_order(
                msgspec.structs.replace(request, times=times)
                for request, times in Counter(map(self._request, view.exchanges)).items()
            ),
            connections=_in_order({*map(_connection, view.connections)}),
            changes=tuple(sorted(map(self._path, view.changes(since_step=True)))),
            left_open=tuple(left),
        )

    def _request(self, exchange: Exchange) -> RequestSeen:
        host = exchange.header("host")
        return RequestSeen(
            method=exchange.request.method,
            path=self._path(exchange.request.target),
            status=exchange.status,
            user=exchange.user,
            authorization=_scheme(exchange.header("authorization")),
            host=None if host is None else re.sub(r":\d+$", "", host),
        )

    def _path(self, target: str) -> str:
        return self.normalised.text(target.partition("?")[0])


def _scheme(value: str | None) -> str | None:
    if value is None:
        return None
    found = _SCHEME.match(value)
    return found[1] if found else "(no scheme)"


def _plain_session(value: dict[str, Any]) -> dict[str, Any]:
    # Where it is defined differs between any two implementations.
    name = str(value.get("type")).rpartition(".")[2]
    return {"type": name, "is session": value.get("is session")}


def _plain_frame(frame: Frame, *, racing: bool, unordered: bool) -> dict[str, Any]:
    columns = {"columns": list(frame.columns), "index": list(frame.index)}
    if racing:
        return columns
    labels, rows = [list(label) for label in frame.labels], [list(row) for row in frame.rows]
    if not unordered:
        return {**columns, "labels": labels, "rows": rows}
    if frame.index == (None,):
        return {**columns, "rows": _sorted(rows)}
    pairs = _sorted([[label, row] for label, row in zip(labels, rows, strict=True)])
    return {**columns, "labels": [pair[0] for pair in pairs], "rows": [pair[1] for pair in pairs]}


def _sorted(rows: list[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: json_of(row, "sorted"))


def _in_order(seen: Iterable[Any]) -> tuple[Any, ...]:
    # By their JSON: what is absent cannot be compared with what is there.
    return tuple(sorted(seen, key=json_of))


def _connection(connection: Connection) -> ConnectionSeen:
    completed, failed = connection.completed, connection.failed
    done = completed or failed
    hello = done.hello if done else None
    return ConnectionSeen(
        service=connection.accepted.service,
        tls=completed.version if completed and connection.handshake_completed else None,
        failed=str(failed.cause) if failed else None,
        alert=connection.alert,
        alert_by=connection.alert_by,
        server_name=hello.server_name if hello else None,
        certificate=connection.presented,
        http_bytes=connection.http_bytes,
    )

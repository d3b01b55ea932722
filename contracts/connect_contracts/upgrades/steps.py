"""From an observation to the behaviour of a scenario: step by step, in stable words.

What runs together is recorded without its order: within a ``Together`` the wire belongs to the
whole, and of what was read while something else changed only the columns are recorded.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec

from connect_contracts.checks.step_view import Connection, Exchange, StepView
from connect_contracts.model.actions import ACTIONS, OWNER_ACTIONS, Kind
from connect_contracts.model.json_text import json_of
from connect_contracts.model.observation import Frame, Observation, Place, Raised, Result
from connect_contracts.model.scenario import Own, Step, Together, Use
from connect_contracts.upgrades.normalising import Normaliser
from connect_contracts.upgrades.record import (
    AskedSeen,
    ConnectionSeen,
    RaisedSeen,
    RequestSeen,
    ScenarioBehaviour,
    Service,
    StepBehaviour,
    every_step,
    key_of,
    names_of_steps,
)

_KINDS: list[tuple[str, Kind]] = [*OWNER_ACTIONS.items(), *ACTIONS.items()]
_READING = {action for action, kind in _KINDS if kind.reads}
_ENDING = {action for action, kind in _KINDS if kind.ends}
_CHANGING = {action for action, kind in _KINDS if kind.changes or kind.ends}
_SCHEME = re.compile(r"([\w.!#$%&'*+^`|~-]{1,20}) ")


def behaviour_of(observation: Observation, cases: tuple[str, ...] = ()) -> ScenarioBehaviour:
    """What was seen in ``observation``, in stable words.

    Parameters:
        cases: The ids of the cases that the scenario belongs to.
    """
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
    """Whether sessions change something together in ``step``."""
    return isinstance(step, Together) and any(
        isinstance(inner, Use) and inner.action in _CHANGING for inner in step.steps()
    )


class _Steps:
    """The steps of one observation."""

    def __init__(self, observation: Observation, normalised: Normaliser) -> None:
        self.observation = observation
        self.normalised = normalised
        self.scenario = observation.scenario

    def describe(self) -> Iterator[StepBehaviour]:
        unordered = False
        names = names_of_steps(self.scenario)
        for (place, step), name in zip(every_step(self.scenario), names, strict=True):
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
            return msgspec.structs.replace(behaviour, raised=self._raised(result.raised))
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

    def _raised(self, raised: Raised) -> RaisedSeen:
        bases = tuple(name for name in raised.names[1:] if name != "object")
        return RaisedSeen(raised.type, bases, self.normalised.message(raised.text))

    def _secrets_in(self, place: Place) -> tuple[str, ...]:
        said = (output for output in self.observation.said if output.place == place)
        return tuple(
            sorted({output.source for output in said if self.normalised.holds_secret(output.text)})
        )

    # The wire.

    def _with_wire(self, behaviour: StepBehaviour, place: Place) -> StepBehaviour:
        view = StepView(self.observation, place)
        left: list[Service] = []
        if behaviour.what in _ENDING:
            so_far, ended = view.connections_so_far, view.result.ended
            left = sorted({one.accepted.service for one in so_far if one.open_after(ended)})
        return msgspec.structs.replace(
            behaviour,
            requests=_counted([self._request(exchange) for exchange in view.exchanges]),
            connections=_distinct([_connection(connection) for connection in view.connections]),
            changes=tuple(
                sorted(
                    self.normalised.text(_path(change)) for change in view.changes(since_step=True)
                )
            ),
            left_open=tuple(left),
        )

    def _request(self, one: Exchange) -> RequestSeen:
        host = one.header("host")
        return RequestSeen(
            method=one.request.method,
            path=self.normalised.text(_path(one.request.target)),
            status=one.status,
            user=one.user,
            authorization=_scheme(one.header("authorization")),
            host=None if host is None else re.sub(r":\d+$", "", host),
        )


def _path(target: str) -> str:
    return target.partition("?")[0]


def _scheme(value: str | None) -> str | None:
    if value is None:
        return None
    found = _SCHEME.match(value)
    return found[1] if found else "(no scheme)"


def _plain_session(value: dict[str, Any]) -> dict[str, Any]:
    # Where it is defined differs between any two implementations.
    return {
        "type": str(value.get("type")).rpartition(".")[2],
        "is session": value.get("is session"),
    }


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


def _counted(requests: list[RequestSeen]) -> tuple[RequestSeen, ...]:
    counted = [
        msgspec.structs.replace(one, times=times) for one, times in Counter(requests).items()
    ]
    return tuple(_in_order(counted))


def _distinct(connections: list[ConnectionSeen]) -> tuple[ConnectionSeen, ...]:
    return tuple(_in_order(list(dict.fromkeys(connections))))


def _in_order(seen: list[Any]) -> list[Any]:
    # By their JSON: what is absent cannot be compared with what is there.
    return sorted(seen, key=json_of)


def _connection(one: Connection) -> ConnectionSeen:
    done = one.completed or one.failed
    hello = done.hello if done else None
    return ConnectionSeen(
        service=one.accepted.service,
        tls=one.completed.version if one.completed and one.handshake_completed else None,
        failed=str(one.failed.cause) if one.failed else None,
        alert=one.alert,
        alert_by=one.alert_by,
        server_name=hello.server_name if hello else None,
        certificate=one.presented,
        http_bytes=one.http_bytes,
    )

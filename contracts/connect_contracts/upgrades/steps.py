"""From an observation to the behaviour of a scenario: step by step, in stable words.

What runs together is told without its order: within a ``Together`` the wire belongs to the whole,
and what was read while something else changed is told by its columns alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec

from connect_contracts.checks.step_view import Connection, Exchange, StepView
from connect_contracts.model.json_text import json_of
from connect_contracts.model.observation import Frame, Observation, Place, Raised, Result
from connect_contracts.model.scenario import Connect, Own, Scenario, Step, Together, Use
from connect_contracts.upgrades.normalising import Normaliser
from connect_contracts.upgrades.record import (
    AskedSeen,
    ConnectionSeen,
    RaisedSeen,
    RequestSeen,
    ScenarioBehaviour,
    Service,
    StepBehaviour,
)
from connect_contracts.upgrades.scenario_data import key_of

_CHANGING = ("add", "create table", "close", "leave with", "drop")
_READING = ("head", "query", "list tables", "rows", "tables")
_ENDING = ("close", "leave with", "drop")
_SCHEME = re.compile(r"([\w.!#$%&'*+^`|~-]{1,20}) ")


def behaviour_of(observation: Observation, cases: tuple[str, ...] = ()) -> ScenarioBehaviour:
    """What was seen in ``observation``, in stable words.

    Parameters:
        cases: The ids of the cases that the scenario belongs to.
    """
    scenario = observation.scenario
    told = ScenarioBehaviour(key_of(scenario), scenario, cases)
    if observation.not_testable is not None:
        return msgspec.structs.replace(told, not_testable=observation.not_testable)
    if observation.not_applicable is not None:
        return msgspec.structs.replace(told, not_applicable=observation.not_applicable)
    if observation.harness_error is not None:
        return msgspec.structs.replace(told, harness_error=True)
    normalised = Normaliser(observation)
    asked = Counter(normalised.text(str(one.url)) for one in observation.asked)
    steps = _Steps(observation, normalised)
    return msgspec.structs.replace(
        told,
        steps=tuple(steps.describe()),
        asked=tuple(AskedSeen(url, times) for url, times in sorted(asked.items())),
    )


def every_step(scenario: Scenario) -> Iterator[tuple[Place, Step]]:
    """Every step with its place; those within a ``Together`` before it."""
    for index, step in enumerate(scenario.steps):
        if isinstance(step, Together):
            for number, branch in enumerate(step.branches):
                for at, one in enumerate(branch):
                    yield (index, number, at), one
        yield (index,), step


def names_of_steps(scenario: Scenario) -> Iterator[tuple[str, str, str]]:
    """Of every step its number, its action and the session that takes it."""
    for place, step in every_step(scenario):
        yield ".".join(str(one + 1) for one in place), _what(step), _who(step)


def changes_together(step: Step) -> bool:
    """Whether sessions change something together in ``step``."""
    return isinstance(step, Together) and any(
        isinstance(one, Use) and one.action in _CHANGING
        for branch in step.branches
        for one in branch
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
            told = StepBehaviour(*name)
            if result is None:
                yield msgspec.structs.replace(told, how="not taken")
                continue
            told = self._ended(told, result, racing=racing, unordered=unordered)
            told = msgspec.structs.replace(told, secrets_in=self._secrets_in(place))
            if len(place) == 1 and not isinstance(step, Own):
                told = self._with_wire(told, place)
            yield told

    def _ended(
        self, told: StepBehaviour, result: Result, *, racing: bool, unordered: bool
    ) -> StepBehaviour:
        told = msgspec.structs.replace(told, how=result.how, part=result.part)
        if told.what == "together":
            # How its steps ended is told with each of them.
            return msgspec.structs.replace(told, how="returned", part=None)
        if result.raised is not None:
            return msgspec.structs.replace(told, raised=self._raised(result.raised))
        value: Any
        if result.frame is not None:
            value = _plain_frame(result.frame, racing=racing, unordered=unordered)
        elif told.what == "connect" and isinstance(result.value, dict):
            value = _plain_session(result.value)
        elif racing and told.what in _READING:
            value = None
        elif unordered and told.what == "rows" and isinstance(result.value, list):
            value = _sorted(result.value)
        else:
            value = result.value
        return msgspec.structs.replace(told, value=self.normalised.value(value))

    def _raised(self, raised: Raised) -> RaisedSeen:
        bases = tuple(one for one in raised.names[1:] if one != "object")
        return RaisedSeen(raised.type, bases, self.normalised.message(raised.text))

    def _secrets_in(self, place: Place) -> tuple[str, ...]:
        said = (one for one in self.observation.said if one.place == place)
        return tuple(sorted({one.source for one in said if self.normalised.holds_secret(one.text)}))

    # The wire.

    def _with_wire(self, told: StepBehaviour, place: Place) -> StepBehaviour:
        view = StepView(self.observation, place)
        left: list[Service] = []
        if told.what in _ENDING:
            so_far, ended = view.connections_so_far, view.result.ended
            left = sorted({one.accepted.service for one in so_far if one.open_after(ended)})
        return msgspec.structs.replace(
            told,
            requests=_counted([self._request(one) for one in view.exchanges]),
            connections=_distinct([_connection(one) for one in view.connections]),
            changes=tuple(
                sorted(self.normalised.text(_path(one)) for one in view.changes(since_step=True))
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


def _what(step: Step) -> str:
    match step:
        case Connect():
            return "connect"
        case Together():
            return "together"
        case _:
            return step.action


def _who(step: Step) -> str:
    match step:
        case Own():
            return "owner"
        case Together():
            return "all"
        case _:
            return step.session


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
    labels, rows = [list(one) for one in frame.labels], [list(one) for one in frame.rows]
    if not unordered:
        return {**columns, "labels": labels, "rows": rows}
    if frame.index == (None,):
        return {**columns, "rows": _sorted(rows)}
    pairs = _sorted([[label, row] for label, row in zip(labels, rows, strict=True)])
    return {**columns, "labels": [one[0] for one in pairs], "rows": [one[1] for one in pairs]}


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

"""In what two behaviours of one scenario differ: each difference a small value.

Steps are looked at in order. Once a step ends in another way, what comes after it is its
consequence, and what the step itself sent is part of it: neither is a difference of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal
from urllib.parse import unquote

import msgspec

from connect_contracts.model.scenario import Scenario
from connect_contracts.upgrades.record import (
    ConnectionSeen,
    RequestSeen,
    ScenarioBehaviour,
    StepBehaviour,
)

Kind = Literal["outcome", "value", "wire", "wording"]


class Difference(msgspec.Struct, frozen=True, order=True):
    """One respect in which two behaviours differ, in words that hold for many scenarios.

    ``about`` says in which respect, where the kind leaves that open.
    """

    kind: Kind
    action: str
    first: str
    second: str
    about: str = ""


class Located(msgspec.Struct, frozen=True):
    """A difference, and the number of the step at which it shows."""

    difference: Difference
    step: str


def differences(first: ScenarioBehaviour, second: ScenarioBehaviour) -> tuple[Located, ...]:
    """Each difference of two behaviours once, at its first step; none if one was not observed."""
    if not (first.observed and second.observed):
        return ()
    found: dict[Difference, str] = {}
    for one, other in zip(first.steps, second.steps, strict=True):
        for difference in _of_step(one, other, first.scenario):
            found.setdefault(difference, one.step)
        if _ending(one) != _ending(other):
            break
    else:
        last = first.steps[-1].step if first.steps else "1"
        for difference in _of_asked(first, second):
            found.setdefault(difference, last)
    return tuple(Located(difference, step) for difference, step in found.items())


def beyond_wording(first: ScenarioBehaviour, second: ScenarioBehaviour) -> set[Difference]:
    """The same without the differences in what exceptions say."""
    found = (located.difference for located in differences(first, second))
    return {difference for difference in found if difference.kind != "wording"}


def _endings(one: StepBehaviour, other: StepBehaviour) -> tuple[str, str]:
    """How a step ended on both sides; by what it was decided, only where that differs too."""
    ends = describe_end(one), describe_end(other)
    by = _decided_by(one), _decided_by(other)
    if one.how == other.how == "raised" and by[0] == by[1]:
        return ends
    raised = [step.how == "raised" for step in (one, other)]
    texts = [f"{end}, {why}" if at else end for end, why, at in zip(ends, by, raised, strict=True)]
    return texts[0], texts[1]


def describe_end(step: StepBehaviour) -> str:
    """How a step ended, in words that hold for many scenarios."""
    match step.how:
        case "raised" if step.raised is not None:
            return f"raised {step.raised.name}"
        case "hung":
            return "had not ended at its limit"
        case "part missing":
            return f"has no {step.part}"
        case "not taken":
            return "could not be taken"
        case _:
            return "returned"


def _decided_by(step: StepBehaviour) -> str:
    """What came before an exception, as the target saw it."""
    alert = next((connection for connection in step.connections if connection.alert), None)
    if alert is not None:
        return f"alert {alert.alert} by the {alert.alert_by}"
    refused = sorted(
        {request.status for request in step.requests if request.status and request.status >= 400}
    )
    if refused:
        return f"answered {' and '.join(str(status) for status in refused)}"
    if step.who == "owner":
        return "of the harness"
    return "nothing refused" if step.requests else "nothing asked"


def _differs(kind: Kind, action: str, texts: Iterable[str], about: str) -> Difference:
    first, second = texts
    return Difference(kind, action, first, second, about)


def _ending(step: StepBehaviour) -> tuple[str, str | None]:
    return step.how, step.raised.name if step.raised else step.part


def _of_step(one: StepBehaviour, other: StepBehaviour, scenario: Scenario) -> Iterator[Difference]:
    what = one.what
    if _ending(one) != _ending(other):
        yield _differs("outcome", what, _endings(one, other), "")
        return
    if one.value != other.value:
        yield from _of_values(what, one.value, other.value)
    if one.raised is not None and other.raised is not None:
        if one.raised.bases != other.raised.bases:
            texts = (", ".join(raised.bases) for raised in (one.raised, other.raised))
            yield _differs("outcome", what, texts, f"the bases of {one.raised.name}")
        if one.raised.text != other.raised.text:
            name = one.raised.name
            yield Difference("wording", what, "says one thing", "another", about=f"of {name}")
    if one.secrets_in != other.secrets_in:
        texts = (" and ".join(found) or "nothing" for found in (one.secrets_in, other.secrets_in))
        yield _differs("value", what, texts, "what a secret stands in")
    yield from _of_requests(what, one.requests, other.requests, scenario)
    yield from _of_connections(what, one.connections, other.connections)
    if len(one.changes) != len(other.changes):
        texts = (f"asked for {len(changes)}" for changes in (one.changes, other.changes))
        yield _differs("wire", what, texts, "changes of data")
    if one.left_open != other.left_open:
        texts = (" and ".join(left) or "nothing" for left in (one.left_open, other.left_open))
        yield _differs("wire", what, texts, "connections left open")


def _of_values(what: str, one: Any, other: Any) -> Iterator[Difference]:
    if isinstance(one, dict) and isinstance(other, dict):
        for name in sorted({*one, *other}):
            if one.get(name) != other.get(name):
                about = f"the {name}"
                brief = what == "connect" or name in ("index", "columns")
                texts = (str(given.get(name)) if brief else "" for given in (one, other))
                yield _differs("value", what, texts, about)
        return
    yield Difference("value", what, _shape(one), _shape(other))


def _shape(value: Any) -> str:
    return "nothing" if value is None else f"a {type(value).__name__}"


def _of_requests(
    what: str,
    one: tuple[RequestSeen, ...],
    other: tuple[RequestSeen, ...],
    scenario: Scenario,
) -> Iterator[Difference]:
    first, second = _by_line(one, scenario), _by_line(other, scenario)
    for line in sorted({*first, *second}):
        if line not in second:
            yield Difference("wire", what, f"asked {line}", "did not")
        elif line not in first:
            yield Difference("wire", what, "did not", f"asked {line}")
        elif first[line] != second[line]:
            yield from _of_line(what, line, first[line], second[line])


def _of_line(
    what: str, line: str, one: list[RequestSeen], other: list[RequestSeen]
) -> Iterator[Difference]:
    for about in ("status", "user", "authorization", "host"):
        values = [
            sorted({_value(getattr(request, about)) for request in given}) for given in (one, other)
        ]
        if values[0] != values[1]:
            texts = (" and ".join(given) for given in values)
            yield _differs("wire", what, texts, f"{about} of {line}")
    often = [sum(request.times for request in given) for given in (one, other)]
    if often[0] != often[1]:
        frequency = (
            ("more often", "less often") if often[0] > often[1] else ("less often", "more often")
        )
        yield _differs("wire", what, frequency, f"asked {line}")


def _by_line(requests: tuple[RequestSeen, ...], scenario: Scenario) -> dict[str, list[RequestSeen]]:
    found: dict[str, list[RequestSeen]] = {}
    for one in requests:
        found.setdefault(_line(one, scenario), []).append(one)
    return found


def _line(request: RequestSeen, scenario: Scenario) -> str:
    """Method and path, without what is the scenario's own: base path and names of tables."""
    parts = request.path.split("/")
    for base in (target.base_path.split("/") for target in scenario.targets if target.base_path):
        # On the wire it is percent-encoded.
        if [unquote(part) for part in parts[: len(base)]] == base:
            parts = ["", *parts[len(base) :]]
            break
    names = {table.name for target in scenario.targets for table in target.tables}
    parts = ["<table>" if unquote(part) in names else part for part in parts]
    return f"{request.method} {'/'.join(parts)}"


def _of_connections(
    what: str, one: tuple[ConnectionSeen, ...], other: tuple[ConnectionSeen, ...]
) -> Iterator[Difference]:
    if not one or not other:
        if one or other:
            texts = ("a connection" if given else "no connection" for given in (one, other))
            yield _differs("wire", what, texts, "new connections")
        return
    for about in ("service", "tls", "failed", "alert", "alert_by", "server_name", "certificate"):
        values = [
            {_value(getattr(connection, about)) for connection in given} for given in (one, other)
        ]
        if values[0] != values[1]:
            texts = (" and ".join(sorted(given)) for given in values)
            yield _differs("wire", what, texts, f"{about.replace('_', ' ')} of connections")


def _value(value: str | int | bool | None) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else str(value)


def _of_asked(first: ScenarioBehaviour, second: ScenarioBehaviour) -> Iterator[Difference]:
    if first.asked == second.asked:
        return
    texts = [
        f"asked {sum(url.times for url in given.asked)} times for {len(given.asked)} URLs"
        for given in (first, second)
    ]
    if texts[0] == texts[1]:
        yield Difference(
            "wire", "connect", "some URLs", "others", about="the callable is asked for"
        )
    else:
        yield _differs("wire", "connect", texts, "the callable")

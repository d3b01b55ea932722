"""In what two behaviours of one scenario differ: each difference a small value.

Steps are looked at in order. Once a step ends in another way, what comes after it is its
consequence, and what the step itself sent is part of it: neither is a difference of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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


def differences(first: ScenarioBehaviour, second: ScenarioBehaviour) -> dict[Difference, str]:
    """Each difference of two behaviours, with the number of the first step at which it shows.

    There is none if one was not observed.
    """
    if not (first.observed and second.observed):
        return {}
    found: dict[Difference, str] = {}
    for step, other in zip(first.steps, second.steps, strict=True):
        for difference in _of_step(step, other, first.scenario):
            found.setdefault(difference, step.step)
        if _ending(step) != _ending(other):
            break
    else:
        last = first.steps[-1].step if first.steps else "1"
        for difference in _of_asked(first, second):
            found.setdefault(difference, last)
    return found


def beyond_wording(first: ScenarioBehaviour, second: ScenarioBehaviour) -> set[Difference]:
    """The same without the differences in what exceptions say."""
    found = differences(first, second)
    return {difference for difference in found if difference.kind != "wording"}


def _endings(step: StepBehaviour, other: StepBehaviour) -> tuple[str, str]:
    """How a step ended on both sides; by what it was decided, only where that differs too."""
    ends = describe_end(step), describe_end(other)
    by = _decided_by(step), _decided_by(other)
    if step.how == other.how == "raised" and by[0] == by[1]:
        return ends
    raised = [each.how == "raised" for each in (step, other)]
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


def _of_step(step: StepBehaviour, other: StepBehaviour, scenario: Scenario) -> Iterator[Difference]:
    what = step.what
    if _ending(step) != _ending(other):
        yield _differs("outcome", what, _endings(step, other), "")
        return
    if step.value != other.value:
        yield from _of_values(what, step.value, other.value)
    if step.raised is not None and other.raised is not None:
        if step.raised.bases != other.raised.bases:
            texts = (", ".join(raised.bases) for raised in (step.raised, other.raised))
            yield _differs("outcome", what, texts, f"the bases of {step.raised.name}")
        if step.raised.text != other.raised.text:
            name = step.raised.name
            yield Difference("wording", what, "says one thing", "another", about=f"of {name}")
    if step.secrets_in != other.secrets_in:
        texts = (" and ".join(found) or "nothing" for found in (step.secrets_in, other.secrets_in))
        yield _differs("value", what, texts, "what a secret stands in")
    yield from _of_requests(what, step.requests, other.requests, scenario)
    yield from _of_connections(what, step.connections, other.connections)
    if len(step.changes) != len(other.changes):
        texts = (f"asked for {len(changes)}" for changes in (step.changes, other.changes))
        yield _differs("wire", what, texts, "changes of data")
    if step.left_open != other.left_open:
        texts = (" and ".join(left) or "nothing" for left in (step.left_open, other.left_open))
        yield _differs("wire", what, texts, "connections left open")


def _of_values(what: str, first: Any, second: Any) -> Iterator[Difference]:
    if isinstance(first, dict) and isinstance(second, dict):
        for name in sorted({*first, *second}):
            if first.get(name) != second.get(name):
                about = f"the {name}"
                brief = what == "connect" or name in ("index", "columns")
                texts = (str(given.get(name)) if brief else "" for given in (first, second))
                yield _differs("value", what, texts, about)
        return
    yield Difference("value", what, _shape(first), _shape(second))


def _shape(value: Any) -> str:
    return "nothing" if value is None else f"a {type(value).__name__}"


def _of_requests(
    what: str, first: tuple[RequestSeen, ...], second: tuple[RequestSeen, ...], scenario: Scenario
) -> Iterator[Difference]:
    lines, others = _by_line(first, scenario), _by_line(second, scenario)
    for line in sorted({*lines, *others}):
        if line not in others:
            yield Difference("wire", what, f"asked {line}", "did not")
        elif line not in lines:
            yield Difference("wire", what, "did not", f"asked {line}")
        elif lines[line] != others[line]:
            yield from _of_line(what, line, lines[line], others[line])


def _of_line(
    what: str, line: str, first: list[RequestSeen], second: list[RequestSeen]
) -> Iterator[Difference]:
    fields = ("status", "user", "authorization", "host")
    yield from _of_fields(what, fields, (first, second), line)
    often = [sum(request.times for request in given) for given in (first, second)]
    if often[0] != often[1]:
        frequency = (
            ("more often", "less often") if often[0] > often[1] else ("less often", "more often")
        )
        yield _differs("wire", what, frequency, f"asked {line}")


def _by_line(requests: tuple[RequestSeen, ...], scenario: Scenario) -> dict[str, list[RequestSeen]]:
    found: dict[str, list[RequestSeen]] = {}
    for request in requests:
        found.setdefault(_line(request, scenario), []).append(request)
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
    what: str, first: tuple[ConnectionSeen, ...], second: tuple[ConnectionSeen, ...]
) -> Iterator[Difference]:
    if not first or not second:
        if first or second:
            texts = ("a connection" if given else "no connection" for given in (first, second))
            yield _differs("wire", what, texts, "new connections")
        return
    fields = ("service", "tls", "failed", "alert", "alert_by", "server_name", "certificate")
    yield from _of_fields(what, fields, (first, second), "connections")


def _of_fields(
    what: str, fields: Sequence[str], both: Sequence[Sequence[object]], of: str
) -> Iterator[Difference]:
    """The fields in which what was seen on one side has other values than on the other."""
    for field in fields:
        texts = [
            " and ".join(sorted({_value(getattr(seen, field)) for seen in given})) for given in both
        ]
        if texts[0] != texts[1]:
            yield _differs("wire", what, texts, f"{field.replace('_', ' ')} of {of}")


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

"""What differs between two implementations, as it is read, and as a JSON file."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

import msgspec

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.model.json_text import json_of
from connect_contracts.model.without_defaults import without_defaults
from connect_contracts.report.scenario_line import scenario_line
from connect_contracts.upgrades.differences import Difference
from connect_contracts.upgrades.groups import Comparison, Counted, Group
from connect_contracts.upgrades.record import (
    ConnectionSeen,
    RequestSeen,
    ScenarioBehaviour,
    StepBehaviour,
)
from connect_contracts.upgrades.traits import up_to

WIDTH = 100
_LABEL = 10
MOST_OCCASIONS = 6
"""Further occasions of a difference that are told one by one."""

MOST_CASES = 4
"""Ids of cases that are told one by one."""

LONGEST_VALUE = 160
"""Characters of a value that are told."""


def comparison_text(comparison: Comparison) -> str:
    """The whole comparison, to be read by someone who has never seen this project."""
    first, second = comparison.first, comparison.second
    lines = [f"A: {first.title}", f"B: {second.title}", _scope(comparison)]
    groups = [one for one in comparison.groups if not one.wording_only]
    for number, group in enumerate(groups, 1):
        lines += ["", *_group(number, group)]
    said = [one for group in comparison.groups if group.wording_only for one in group.differences]
    if said:
        lines += ["", "What exceptions say differs, which is counted as no difference:"]
        lines += [f"  {one.difference.action} {one.difference.about}{_count(one)}" for one in said]
    lines += ["", _summary(comparison, len(groups))]
    # A line end in what a record holds begins no line, which might read as one of ours.
    return "".join(line.replace("\n", "\\n") + "\n" for line in lines)


def comparison_json(comparison: Comparison) -> bytes:
    """The same as JSON: the groups with the simplest scenario of each, and what both did in it."""
    first, second = comparison.first, comparison.second
    plain: dict[str, Any] = {
        "first": first.title,
        "second": second.title,
        "common": comparison.common,
        "differing": comparison.differing,
        "unseen": comparison.unseen,
        "only first": comparison.only_first,
        "only second": comparison.only_second,
        "exit status": comparison.exit_status,
        "groups": [
            {
                **without_defaults(one),
                "differences": [
                    {**without_defaults(counted), "told": describe_difference(counted.difference)}
                    for counted in one.differences
                ],
                "scenario": scenario_line(up_to(one.first.scenario, one.step)),
            }
            for one in comparison.groups
        ],
    }
    return msgspec.json.format(json_of(plain), indent=2) + b"\n"


def describe_difference(difference: Difference) -> str:
    """A difference in one line."""
    one = difference
    about = f" {one.about}" if one.kind == "wording" else f", {one.about}" if one.about else ""
    if not one.first and not one.second:
        return f"{one.action}{about}: differs"
    return f"{one.action}{about}: A {one.first or 'nothing'}; B {one.second or 'nothing'}"


def _scope(comparison: Comparison) -> str:
    parts = [f"{comparison.common} scenarios on both"]
    for title, count in (("A", comparison.only_first), ("B", comparison.only_second)):
        if count:
            parts.append(f"{count} only of {title}, left aside")
    if comparison.unseen:
        parts.append(f"{comparison.unseen} of them not observed on one side at least")
    return "; ".join(parts)


def _summary(comparison: Comparison, groups: int) -> str:
    if not groups:
        return f"no difference; exit status {comparison.exit_status}"
    return (
        f"{groups} differences in {comparison.differing} of {comparison.common} scenarios; "
        f"exit status {comparison.exit_status}"
    )


def _group(number: int, group: Group) -> list[str]:
    lines: list[str] = []
    for at, one in enumerate(group.differences):
        head = f"{number}. " if at == 0 else " " * len(f"{number}. ")
        lines += _wrapped(head, f"{describe_difference(one.difference)}{_count(one)}")
    lines += _part("scenario", scenario_line(up_to(group.first.scenario, group.step)))
    lines += _part("special", ", ".join(group.special) or "nothing")
    lines += _cases(group)
    for side, behaviour in (("A", group.first), ("B", group.second)):
        step = _step(behaviour, group.step)
        lines += _part(side, f"step {step.step} ({step.what}) {_told(step)}")
    for side, behaviour in (("A", group.first), ("B", group.second)):
        lines += _part(f"wire of {side}", "\n".join(_wire(_whole(behaviour, group.step))))
    also = list(dict.fromkeys(occasion for one in group.differences for occasion in one.also))
    for occasion in also[:MOST_OCCASIONS]:
        lines += _part("also with", ", ".join(occasion) or "nothing special")
    if also[MOST_OCCASIONS:]:
        lines += _part("", f"and {len(also) - MOST_OCCASIONS} more occasions")
    return lines


def _count(one: Counted) -> str:
    return f" ({one.scenarios} scenario{'' if one.scenarios == 1 else 's'})"


def _cases(group: Group) -> list[str]:
    cases = group.first.cases
    if not cases:
        return []
    more = f", and {len(cases) - MOST_CASES} more" if len(cases) > MOST_CASES else ""
    lines = _part("cases", ", ".join(cases[:MOST_CASES]) + more)
    ids = dict.fromkeys(one.partition("[")[0] for one in cases if not one.endswith("(twin)"))
    # A record may come from a suite that has other clauses.
    known = [catalogue().clauses[one] for one in ids if one in catalogue().clauses]
    for clause in known[:MOST_CASES]:
        lines += _part("clause", f"{clause.id} ({clause.level}): {clause.statement}")
    return lines


def _step(behaviour: ScenarioBehaviour, number: str) -> StepBehaviour:
    return next(one for one in behaviour.steps if one.step == number)


def _whole(behaviour: ScenarioBehaviour, number: str) -> StepBehaviour:
    """The step to which the wire belongs: of what runs together, the whole."""
    return _step(behaviour, number.partition(".")[0])


def _told(step: StepBehaviour) -> str:
    match step.how:
        case "raised" if step.raised is not None:
            text = f": {step.raised.text}" if step.raised.text else ""
            return f"raised {step.raised.type}{text}"
        case "hung":
            return "had not ended at its limit"
        case "part missing":
            return f"has no {step.part}"
        case "not taken":
            return "was not taken"
        case _:
            told = "" if step.value is None else f" {json_of(step.value).decode()}"
            shown = told if len(told) <= LONGEST_VALUE else f"{told[:LONGEST_VALUE]}..."
            return f"returned{shown}"


def _wire(step: StepBehaviour) -> Iterator[str]:
    if not (step.connections or step.requests or step.changes or step.left_open):
        yield "nothing"
    yield from (_connection(one) for one in step.connections)
    yield from (_request(one) for one in step.requests)
    yield from (f"change: {one}" for one in step.changes)
    yield from (f"left open: {one}" for one in step.left_open)


def _connection(one: ConnectionSeen) -> str:
    parts = [f"connected to {'the gateway' if one.service == 'gateway' else 'HTTP'}"]
    if one.tls:
        parts.append(one.tls)
    if one.server_name:
        parts.append(f"server name {one.server_name}")
    if one.certificate:
        parts.append("a client certificate presented")
    if one.failed:
        parts.append(f"failed: {one.failed}")
    if one.alert:
        parts.append(f"alert {one.alert} by the {one.alert_by}")
    return ", ".join(parts)


def _request(one: RequestSeen) -> str:
    answered = "no answer" if one.status is None else str(one.status)
    user = f" to {one.user}" if one.user else ""
    given = f", Authorization {one.authorization}" if one.authorization else ""
    often = f", {one.times} times" if one.times > 1 else ""
    return f"{one.method} {one.path}: {answered}{user}{given}{often}"


def _wrapped(head: str, text: str) -> list[str]:
    told = textwrap.wrap(text, WIDTH - len(head)) or [""]
    return [f"{head if at == 0 else ' ' * len(head)}{line}" for at, line in enumerate(told)]


def _part(label: str, text: str) -> list[str]:
    lines = [wrapped for line in text.splitlines() for wrapped in textwrap.wrap(line, WIDTH - 14)]
    heads = [label, *[""] * (len(lines) - 1)]
    return [f"   {head:<{_LABEL}} {line}" for head, line in zip(heads, lines, strict=True)]

"""What differs between two implementations, as it is read, and as a JSON file."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from itertools import chain
from typing import Any

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.checks.wire_checks.check_result import count
from connect_contracts.model.json_text import indented, json_of, without_defaults
from connect_contracts.report.scenario_line import scenario_line
from connect_contracts.upgrades.differences import Difference, describe_end
from connect_contracts.upgrades.groups import Comparison, Counted, Group, up_to
from connect_contracts.upgrades.record import (
    ConnectionSeen,
    RequestSeen,
    ScenarioBehaviour,
    StepBehaviour,
)

WIDTH = 100
_LABEL = 10
MOST_OCCASIONS = 6
"""Further occasions of a difference that are listed one by one."""

MOST_CASES = 4
"""Ids of cases that are listed one by one."""

LONGEST_VALUE = 160
"""Characters of a value that are shown."""


def comparison_text(comparison: Comparison) -> str:
    """The whole comparison, to be read by someone who has never seen this project."""
    first, second = comparison.first, comparison.second
    lines = [f"A: {first.title}", f"B: {second.title}", _scope(comparison)]
    groups = [group for group in comparison.groups if not group.wording_only]
    for number, group in enumerate(groups, 1):
        lines += ["", *_group(number, group)]
    said = [
        entry for group in comparison.groups if group.wording_only for entry in group.differences
    ]
    if said:
        lines += ["", "What exceptions say differs, which is counted as no difference:"]
        lines += [
            f"  {entry.difference.action} {entry.difference.about}{_count(entry)}" for entry in said
        ]
    if comparison.unsteady:
        (difference, scenario), *_ = comparison.unsteady
        lines += ["", *_wrapped("", _unsteady(len(comparison.unsteady)))]
        lines += _wrapped("  ", describe_difference(difference))
        lines += _wrapped("  ", scenario_line(scenario))
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
        "unsteady": [
            {"told": describe_difference(difference), "scenario": scenario_line(scenario)}
            for difference, scenario in comparison.unsteady
        ],
        "exit status": comparison.exit_status,
        "groups": [
            {
                **without_defaults(group),
                "differences": [
                    {**without_defaults(counted), "told": describe_difference(counted.difference)}
                    for counted in group.differences
                ],
                "scenario": scenario_line(up_to(group.first.scenario, group.step)),
            }
            for group in comparison.groups
        ],
    }
    return indented(plain)


def describe_difference(difference: Difference) -> str:
    separator = " " if difference.kind == "wording" else ", "
    head = difference.action + (f"{separator}{difference.about}" if difference.about else "")
    if not difference.first and not difference.second:
        return f"{head}: differs"
    return f"{head}: A {difference.first or 'nothing'}; B {difference.second or 'nothing'}"


def _scope(comparison: Comparison) -> str:
    parts = [f"{comparison.common} scenarios on both"]
    for title, number in (("A", comparison.only_first), ("B", comparison.only_second)):
        if number:
            parts.append(f"{number} only of {title}, left aside")
    if comparison.unseen:
        parts.append(f"{comparison.unseen} of them not observed on one side at least")
    return "; ".join(parts)


def _unsteady(number: int) -> str:
    return (
        f"{count(number, 'scenario')} differed from run to run, which is counted as no difference, "
        "for instance:"
    )


def _summary(comparison: Comparison, groups: int) -> str:
    if not groups:
        return f"no difference; exit status {comparison.exit_status}"
    told = f"{count(groups, 'difference')} in {comparison.differing} of {comparison.common}"
    return f"{told} scenarios; exit status {comparison.exit_status}"


def _group(number: int, group: Group) -> list[str]:
    lines: list[str] = []
    for at, counted in enumerate(group.differences):
        head = f"{number}. " if at == 0 else " " * len(f"{number}. ")
        lines += _wrapped(head, f"{describe_difference(counted.difference)}{_count(counted)}")
    lines += _part("scenario", scenario_line(up_to(group.first.scenario, group.step)))
    lines += _part("special", ", ".join(group.special) or "nothing")
    lines += _cases(group)
    for side, behaviour in (("A", group.first), ("B", group.second)):
        step = _step(behaviour, group.step)
        lines += _part(side, f"step {step.step} ({step.what}) {_end(step)}")
    for side, behaviour in (("A", group.first), ("B", group.second)):
        # The wire belongs to the whole of what runs together.
        whole = _step(behaviour, group.step.partition(".")[0])
        lines += _part(f"wire of {side}", "\n".join(_wire(whole)))
    also = list(dict.fromkeys(chain(*(counted.also for counted in group.differences))))
    for occasion in also[:MOST_OCCASIONS]:
        lines += _part("also with", ", ".join(occasion) or "nothing special")
    if also[MOST_OCCASIONS:]:
        lines += _part("", f"and {len(also) - MOST_OCCASIONS} more occasions")
    return lines


def _count(counted: Counted) -> str:
    return f" ({count(counted.scenarios, 'scenario')})"


def _cases(group: Group) -> list[str]:
    cases = group.first.cases
    if not cases:
        return []
    more = f", and {len(cases) - MOST_CASES} more" if len(cases) > MOST_CASES else ""
    lines = _part("cases", ", ".join(cases[:MOST_CASES]) + more)
    ids = dict.fromkeys(case.partition("[")[0] for case in cases if not case.endswith("(twin)"))
    # A record may come from a suite that has other clauses.
    known = [catalogue().clauses[name] for name in ids if name in catalogue().clauses]
    for clause in known[:MOST_CASES]:
        lines += _part("clause", f"{clause.id} ({clause.level}): {clause.statement}")
    return lines


def _step(behaviour: ScenarioBehaviour, number: str) -> StepBehaviour:
    return next(step for step in behaviour.steps if step.step == number)


def _end(step: StepBehaviour) -> str:
    if step.how == "raised" and step.raised is not None:
        text = f": {step.raised.text}" if step.raised.text else ""
        return f"raised {step.raised.type}{text}"
    if step.how == "not taken":
        return "was not taken"
    if step.how != "returned":
        return describe_end(step)
    value = "" if step.value is None else f" {json_of(step.value).decode()}"
    shown = value if len(value) <= LONGEST_VALUE else f"{value[:LONGEST_VALUE]}..."
    return f"returned{shown}"


def _wire(step: StepBehaviour) -> Iterator[str]:
    if not (step.connections or step.requests or step.changes or step.left_open):
        yield "nothing"
    yield from map(_connection, step.connections)
    yield from map(_request, step.requests)
    yield from (f"change: {change}" for change in step.changes)
    yield from (f"left open: {service}" for service in step.left_open)


def _connection(seen: ConnectionSeen) -> str:
    parts = [f"connected to {'the gateway' if seen.service == 'gateway' else 'HTTP'}"]
    if seen.tls:
        parts.append(seen.tls)
    if seen.server_name:
        parts.append(f"server name {seen.server_name}")
    if seen.certificate:
        parts.append("a client certificate presented")
    if seen.failed:
        parts.append(f"failed: {seen.failed}")
    if seen.alert:
        parts.append(f"alert {seen.alert} by the {seen.alert_by}")
    return ", ".join(parts)


def _request(seen: RequestSeen) -> str:
    answered = "no answer" if seen.status is None else str(seen.status)
    user = f" to {seen.user}" if seen.user else ""
    given = f", Authorization {seen.authorization}" if seen.authorization else ""
    often = f", {seen.times} times" if seen.times > 1 else ""
    return f"{seen.method} {seen.path}: {answered}{user}{given}{often}"


def _wrapped(head: str, text: str) -> list[str]:
    lines = textwrap.wrap(text, WIDTH - len(head)) or [""]
    return [f"{head if at == 0 else ' ' * len(head)}{line}" for at, line in enumerate(lines)]


def _part(label: str, text: str) -> list[str]:
    lines = [wrapped for line in text.splitlines() for wrapped in textwrap.wrap(line, WIDTH - 14)]
    heads = [label, *[""] * (len(lines) - 1)]
    return [f"   {head:<{_LABEL}} {line}" for head, line in zip(heads, lines, strict=True)]

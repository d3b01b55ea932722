"""What reports for people say of a run besides its cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from connect_contracts.checks.wire_checks.check_result import count
from connect_contracts.judging.expected_failures import is_stale
from connect_contracts.model.verdict import Verdict
from connect_contracts.report.cause_text import by_reason, not_served_lines
from connect_contracts.report.laws import law_lines
from connect_contracts.report.model import CaseReport, RunReport
from connect_contracts.report.terminal import (
    WHY,
    comparison_lines,
    depth_line,
    newer_lines,
)


def verdict_of_run(run: RunReport) -> str:
    """What its exit status says, in a sentence."""
    broken = [case for case in run.judged if Verdict.of(case.verdict).status == 1]
    if broken and all(is_stale(case.causes) for case in broken):
        return "The contract holds where it was expected to be broken."
    sentences = {0: "The contract holds.", 1: "The contract is broken."}
    return sentences.get(run.exit_status, "The contract could not be judged.")


def made_of(run: RunReport) -> list[str]:
    """What was judged and how, where and with what."""
    machine, settings = run.machine, run.settings
    parts = [f"profile {run.profile} ({WHY.get(run.because, run.because)})"]
    parts += [] if run.search is not None and run.search.alone else [f"depth {run.depth}"]
    parts += [] if run.search is None else [f"search settings {run.search.settings}"]
    parts += [f"{client.name} {client.version}" for client in run.clients]
    parts += [f"Python {machine.python}", machine.tls, machine.platform] if machine else []
    parts += [f"selected: {', '.join(settings.select)}"] if settings and settings.select else []
    parts.append(f"connect-contract {run.version}")
    parts += [f"{run.started}, {run.seconds:.0f} s"] if run.started else []
    return parts


def notes_of(run: RunReport) -> list[str]:
    """What else a reader must know."""
    depth = [depth_line(run)] if run.deeper else []
    # What is said of Python and its TLS library is said by ``made_of``.
    python = None if run.machine is None else f"Python {run.machine.python}"
    remarks = [each for each in run.remarks if python is None or python not in each]
    return [
        *remarks,
        *law_lines(run),
        *comparison_lines(run),
        *newer_lines(run),
        *not_served_lines(run.cases),
        *run.notes,
        *depth,
    ]


def not_passed(run: RunReport) -> Iterator[tuple[Verdict, str, list[CaseReport]]]:
    """The cases that are known to fail, and those that were not judged, by verdict and reason."""
    for verdict in Verdict:
        if verdict.shown == "in a line":
            found = by_reason(case for case in run.cases if case.verdict == verdict.word)
            for reason, cases in found.items():
                yield verdict, reason, cases


def extent(cases: list[CaseReport]) -> str:
    """How many cases there are of each verdict."""
    numbers = Counter(case.verdict for case in cases)
    return ", ".join(f"{word}: {count(number, 'case')}" for word, number in numbers.items())

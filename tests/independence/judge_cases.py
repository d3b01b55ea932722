"""Judge cases in one process, on workers, or each alone, and print the verdicts as JSON.

    python tests/independence/judge_cases.py --connect MODULE --order reverse
    python tests/independence/judge_cases.py --connect MODULE --alone

As ``connect-contract run`` does it, but for the order: pytest loads this module as a plugin too.
Status 2 if pytest itself had trouble.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NamedTuple

import pytest

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.execution.identify import warm_up
from connect_contracts.execution.loading import load
from connect_contracts.judging.settings import under_test
from connect_contracts.judging.verify import verify
from connect_contracts.model.clause import Depth
from connect_contracts.report.case_report import case_report
from connect_contracts.report.model import CaseReport
from connect_fixtures.cli.shielded import run_shielded

IMPORTED_BEFORE = (
    "httpx",
    "graphql",
    "trustme",
    "connect_contracts.execution.run",
    "connect_harness.protocols.application",
)
"""What takes long to import, judges nothing and starts no thread."""


class Judged(NamedTuple):
    """What is compared of a case.

    Parameters:
        verdict: Its word.
        evidence: By what a refusal was decided, as it is reported.
        alert: The fatal alert that was seen, and who sent it.
    """

    verdict: str
    evidence: str | None = None
    alert: str | None = None

    def describe(self) -> str:
        return ", ".join(part for part in self if part is not None)


def judged(report: CaseReport) -> Judged:
    return Judged(report.verdict, report.evidence, report.alert)


# One run of pytest.


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--cases-in-order", default="given", help="given, reverse, or a number to shuffle by"
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    order = config.getoption("--cases-in-order")
    if order == "reverse":
        items.reverse()
    elif order != "given":
        random.Random(int(order)).shuffle(items)


class Quiet:
    """Reports no progress."""

    def judging(self, case_id: str) -> None:
        pass

    def judged(self, case: CaseReport) -> None:
        pass


def judge_together(options: argparse.Namespace) -> tuple[dict[str, Judged], list[str]]:
    """Judge by one run of pytest: what is compared of each case, and pytest's own trouble."""
    arguments = ["-p", "judge_cases", "--cases-in-order", options.order]
    arguments += ["--connect-contract", options.connect]
    arguments += ["--connect-contract-depth", options.depth]
    for case_id in options.select:
        arguments += ["--connect-contract-select", case_id]
    ended = run_shielded(arguments, Quiet(), workers=options.workers)
    trouble = ["it was interrupted", *ended.errors] if ended.interrupted else ended.errors
    return {case.id: judged(case) for case in ended.cases}, trouble


# Each case in a process of its own.


def judge_alone(connect: str, cases: Sequence[str]) -> dict[str, Judged]:
    """Judge each of ``cases`` in a process that is forked for it.

    The process that forks has imported what is needed, has one thread, and judges nothing. A case
    whose process dies is missing from what is returned.
    """
    for name in IMPORTED_BEFORE:
        import_module(name)
    load(connect)
    found = {case: _forked(connect, case) for case in cases}
    return {case: one for case, one in found.items() if one is not None}


def _forked(connect: str, case_id: str) -> Judged | None:
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        # The forked process must not go on with what the first one does.
        try:
            os.close(reading)
            with os.fdopen(writing, "w", encoding="utf-8") as pipe:
                json.dump(_judge(connect, case_id), pipe)
            os._exit(0)
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        written = pipe.read()
    _, status = os.waitpid(process, 0)
    return Judged(*json.loads(written)) if status == 0 else None


def _judge(connect: str, case_id: str) -> Judged:
    subject = under_test(load(connect), None)
    warm_up(subject.implementation, subject.profile)
    verified = verify(catalogue().cases[case_id], subject.implementation, subject.profile)
    return judged(case_report(verified, verified.judgement, replay="", seconds=0.0))


def main() -> int:
    """Judge and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--connect", required=True)
    parser.add_argument("--depth", type=Depth, default=Depth.DEFAULT)
    parser.add_argument("--order", default="given")
    parser.add_argument("--workers")
    parser.add_argument("--alone", action="store_true")
    parser.add_argument("--select", action="append", default=[])
    options = parser.parse_args()
    trouble: list[str] = []
    if options.alone:
        cases = [case.id for case in catalogue().select(options.select, options.depth)]
        found = judge_alone(options.connect, cases)
    else:
        found, trouble = judge_together(options)
    sys.stderr.writelines(f"{line}\n" for line in trouble)
    json.dump(found, sys.stdout)
    return 2 if trouble else 0


if __name__ == "__main__":
    sys.exit(main())

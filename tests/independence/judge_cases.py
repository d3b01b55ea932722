"""Judge cases in one process, on workers, or each alone, and print what was said as JSON.

    python tests/independence/judge_cases.py --connect MODULE --order reverse
    python tests/independence/judge_cases.py --connect MODULE --alone

As ``connect-contract run`` does it, but for the order. Status 2 if pytest itself had trouble.
"""

from __future__ import annotations

import argparse
import json
import sys

from alone import judge_alone
from judged import Judged, judged

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.model.clause import Depth
from connect_contracts.report.model import CaseReport
from connect_fixtures.cli.shielded import run_shielded


class Quiet:
    """Tells nothing of the progress."""

    def judging(self, case_id: str) -> None:
        pass

    def judged(self, case: CaseReport) -> None:
        pass


def judge_together(options: argparse.Namespace) -> tuple[dict[str, Judged], list[str]]:
    """Judge by one run of pytest; what is said of each case, and what pytest had trouble with."""
    arguments = ["-p", "cases_in_order", "--cases-in-order", options.order]
    arguments += ["--connect-contract", options.connect]
    arguments += ["--connect-contract-depth", options.depth]
    for one in options.select:
        arguments += ["--connect-contract-select", one]
    ended = run_shielded(arguments, Quiet(), workers=options.workers)
    trouble = ["it was interrupted", *ended.trouble] if ended.interrupted else ended.trouble
    return {case.id: judged(case) for case in ended.cases}, trouble


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
    sys.stderr.writelines(f"{one}\n" for one in trouble)
    json.dump(found, sys.stdout)
    return 2 if trouble else 0


if __name__ == "__main__":
    sys.exit(main())

"""The suite at its default depth on public releases of the client: its reports side by side."""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from connect_contracts.execution.identity import PUBLIC_CLIENTS
from connect_contracts.judging.known_deviations import known_deviations
from connect_contracts.model.clause import Depth
from connect_contracts.model.verdict import Verdict

HERE = Path(__file__).parent
ENVIRONMENTS = SimpleNamespace(**runpy.run_path(str(HERE / "environments.py")))
PRINTING = SimpleNamespace(**runpy.run_path(str(HERE / "printing.py")))

Report = Mapping[str, Any]
"""A report as ``run --json`` writes it."""

CONTRADICTS = " Contradicts: "
"""What stands between what a client does and the sentence that it contradicts."""

SIGNS = {"passed": "yes", "not applicable": "-", "observed": "."}


def judged(release: str, *options: str) -> Report:
    """Judges the client of one release, in its environment; by what it is known for, too.

    Raises:
        MissingError: There is no such environment, or nothing could be judged in it.
    """
    python = ENVIRONMENTS.named(release).existing_interpreter()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.json"
        command = [python.with_name("connect-contract"), "run", "--connect", "atoti"]
        command.append("--no-known-deviations")
        done = subprocess.run(
            [*command, "--json", file, *options],
            capture_output=True,
            text=True,
            env=PRINTING.client_environment(os.environ),
            check=False,
        )
        if not file.exists():
            last = (done.stderr.splitlines() or [""])[-1]
            raise ENVIRONMENTS.MissingError(f"The suite judges nothing on {release}: {last}")
        report: Report = json.loads(file.read_text(encoding="utf-8"))
    return report


def with_cases(report: Report, other: Report) -> Report:
    """``report`` with the cases of ``other`` in the place of its own."""
    new = {case["id"]: case for clause in other["clauses"] for case in clause["cases"]}
    clauses = [
        {**clause, "cases": [new.get(case["id"], case) for case in clause["cases"]]}
        for clause in report["clauses"]
    ]
    return {**report, "clauses": clauses}


@dataclass
class Held:
    """A report, held against what its release is known for.

    Parameters:
        clauses: What it is known for and did, each with the clauses that it breaks.
        met_in: The same, each with the clauses of the cases that met it.
        unexpected: What is not as it is known, a sentence each.
        flaky: What need not happen.
    """

    clauses: dict[str, list[str]] = field(default_factory=dict)
    met_in: dict[str, list[str]] = field(default_factory=dict)
    unexpected: list[str] = field(default_factory=list)
    flaky: set[str] = field(default_factory=set)


def held(report: Report) -> Held:
    """``report``, by known deviations or without, held against those of its release."""
    client = next(each for each in report["clients"] if each["name"] in PUBLIC_CLIENTS.values())
    deviations = known_deviations(f"{client['name']} {client['version']}")
    found = Held()
    other: dict[str, list[str]] = {}
    verdicts: dict[str, Verdict] = {}
    for case in (case for clause in report["clauses"] for case in clause["cases"]):
        verdict, clause = Verdict.of(case["verdict"]), case.get("broken") or case["clause"]
        verdicts[case["id"]] = verdict
        if not (verdict.status or (case["causes"] and verdict in (Verdict.KNOWN, Verdict.FLAKY))):
            continue
        ids = (case["id"], case["clause"], clause)
        causes = [(cause["key"], cause["seen"]) for cause in case["causes"]]
        entries = {
            key: deviations.expected(key, seen, ids) for key, seen in causes or [(verdict.word, "")]
        }
        for key, entry in entries.items():
            if entry is None:
                other.setdefault(key, []).append(case["id"])
                continue
            text = entry.reason.partition(": ")[2]
            _note(found.clauses, text, clause)
            _note(found.met_in, text, case["clause"])
            found.flaky |= {text} if entry.flaky else set()
        if None not in entries.values():
            verdicts[case["id"]] = Verdict.KNOWN
    met = [f"{deviations.client}: {text}" for text in found.clauses]
    lost = deviations.not_met(met, verdicts, Depth(report["depth"]))
    found.unexpected += [f"not known: {key}: {', '.join(ids)}" for key, ids in other.items()]
    found.unexpected += [f"known, and not met: {text}" for text in lost]
    return found


def _note(found: dict[str, list[str]], text: str, clause: str) -> None:
    clauses = found.setdefault(text, [])
    clauses += [] if clause in clauses else [clause]


def known(report: Report) -> dict[str, list[str]]:
    """What its release is known for and did, each with the clauses that it breaks."""
    return held(report).clauses


def unexpected(report: Report) -> list[str]:
    """What is not as it is known of the release, a sentence each."""
    return held(report).unexpected


def not_served(report: Report) -> list[str]:
    """What it asked for that targets do not serve."""
    cases = (case for clause in report["clauses"] for case in clause["cases"])
    return list(dict.fromkeys(each for case in cases for each in case["not_served"]))


def table(reports: Mapping[str, Report]) -> tuple[list[list[str]], int]:
    """The rows of clauses that not every release passes, and how many each of them passes."""
    every = numbered(reports)
    ids = [each["id"] for found in reports.values() for each in found["clauses"]]
    clauses = list(dict.fromkeys(ids))
    columns = [_column(clauses, found, every) for found in reports.values()]
    rows, passed = [], 0
    for clause, *cells in zip(clauses, *columns, strict=True):
        if set(cells) == {"yes"}:
            passed += 1
        elif set(cells) != {"."}:
            rows.append([clause, *cells])
    return rows, passed


def numbered(reports: Mapping[str, Report]) -> dict[str, int]:
    """Every deviation that some release is known for, with its number."""
    every = dict.fromkeys(text for found in reports.values() for text in known(found))
    return {text: number for number, text in enumerate(every, 1)}


def _column(clauses: Iterable[str], report: Report, every: Mapping[str, int]) -> Iterator[str]:
    """What stands in the row of each of ``clauses``."""
    verdicts = {each["id"]: each["verdict"] for each in report["clauses"]}
    found = held(report)
    for clause in clauses:
        numbers = {every[text] for text, met in found.met_in.items() if clause in met}
        verdict = verdicts.get(clause, "not applicable")
        yield ", ".join(map(str, sorted(numbers))) or SIGNS.get(verdict, verdict)


def deviations(reports: Mapping[str, Report]) -> Iterator[str]:
    """Each deviation once, with the clauses that it breaks and the releases that do it."""
    found = {release: held(report) for release, report in reports.items()}
    for text, number in numbered(reports).items():
        of = [release for release, each in found.items() if text in each.clauses]
        clauses = dict.fromkeys(
            clause for each in found.values() for clause in each.clauses.get(text, ())
        )
        releases = of[0] if len(of) == 1 else f"{of[0]} to {of[-1]}"
        if any(text in each.flaky for each in found.values()):
            releases = f"now and then, seen of {', '.join(of)}"
        yield f"{number}. {text} ({', '.join(clauses)}; {releases})"


def changes(before: Report, after: Report) -> Iterator[str]:
    """What the release of ``after`` does otherwise than that of ``before``, a sentence each."""
    if before["profile"] != after["profile"]:
        yield f"it is held to the documentation of {after['profile']}."
    was, now = held(before), held(after)
    for word, one, other in (("no longer", was, now), ("new", now, was)):
        lost = [text for text in one.clauses if text not in other.clauses and text not in one.flaky]
        yield from (f"{word}: {text.partition(CONTRADICTS)[0]}" for text in lost)

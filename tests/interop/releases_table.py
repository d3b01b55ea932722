"""Every public release of the client: what its users call, what the suite says, what changed.

    .venv/bin/python tests/interop/releases_table.py [--release NAME]... [--reports FOLDER]
        [--markdown FILE] [--select ID]... [--again ID]...

In the environment of each release that ``releases.py`` lists, or of those that are named, listed or
not, it runs ``members.py``, which holds the documented example too, and the suite at its default
depth; ``environments.py`` makes the environments. Prints releases x members and releases x clauses,
what each release changed, the known deviations, for a member that fails the error and what the
target saw last, and what a release asks for that targets do not serve. With ``--markdown`` the page
is written to a file too, which is ``docs/releases.md`` in the repository. A report of the suite
that ``--reports`` has is read, and one that it lacks is written there: a release takes minutes.
After a change of few clauses or cases ``--again`` judges these anew in reports that are there. The
status is 1 if a member fails, or the suite finds what is not a known deviation of the release, or
does not find one. A member that fails by the client's own doing is a row of
``known_failures.toml``, and then must fail so.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import runpy
import string
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from packaging.version import Version

HERE = Path(__file__).parent
SUITE = SimpleNamespace(**runpy.run_path(str(HERE / "suite_reports.py")))
ENVIRONMENTS, PRINTING = SUITE.ENVIRONMENTS, SUITE.PRINTING

Results = Mapping[str, Mapping[str, Any]]
"""What became of each member, by its name: what ``members.py`` prints."""

SIGNS = {"works": "yes", "not offered": "-"}
KNOWN = tomllib.loads((HERE / "known_failures.toml").read_text("utf-8"))["failure"]
OWN = " (the client's own: "
"""What stands between the error of a member and why it is known."""


def results(release: str) -> Results:
    """Runs each member on one release, in its environment.

    Raises:
        MissingError: There is no such environment, or the script fails in it.
    """
    python = ENVIRONMENTS.named(release).existing_interpreter()
    done = subprocess.run(
        [python, HERE / "members.py"],
        capture_output=True,
        text=True,
        env=PRINTING.client_environment(os.environ),
        check=False,
    )
    printed = done.stdout.partition(f"{PRINTING.BEGIN}\n")[2].splitlines()
    if done.returncode:
        last = (done.stderr.splitlines() or [""])[-1]
        raise ENVIRONMENTS.MissingError(f"members.py fails on {release}: {last}")
    return read(printed)


def read(printed: Iterable[str]) -> Results:
    """The results of the lines that ``members.py`` printed."""
    return {found["member"]: found for found in map(json.loads, printed)}


def markdown(found: Mapping[str, Results], reports: Mapping[str, Mapping[str, Any]]) -> str:
    """Both tables, what changed from each release to the next, deviations, and what fails."""
    members = list(dict.fromkeys(member for each in found.values() for member in each))
    rows = [[member, *(sign(each[member]) for each in found.values())] for member in members]
    failures = list(dict.fromkeys(_failures(found)))
    why = {each["result"]: f"{OWN}{each['why']})" for each in KNOWN}
    clauses, passed = SUITE.table(reports)
    sections = {
        "Members": [
            "`yes`: it does what is documented. `-`: this release has no such member. "
            "A letter: it fails, see below.",
            "",
            *_table("member", found, [[_lettered(cell, failures) for cell in row] for row in rows]),
        ],
        "Clauses": [
            f"The suite at its default depth. Every release passes {passed} of the clauses; others "
            "are below. `yes`: passed. `-`: the clause belongs to another documentation. "
            "A number: a known deviation that cases of the clause met, see below; the clauses "
            "that it breaks stand there.",
            "",
            *_table("clause", reports, clauses),
        ],
        "Known deviations": list(SUITE.deviations(reports)),
        "What changed": list(_changes(found, reports)),
        "What fails": [
            f"{_letter(number)}. {text}{why.get(text, '')}" for number, text in enumerate(failures)
        ],
    }
    lines = [
        "# Public releases of the client",
        "",
        "Written by `tests/interop/releases_table.py --markdown docs/releases.md`: the "
        "unmodified client of each release calls each member on a fake target that plays the same "
        "release, and the result is checked on both sides; then the suite judges it. With "
        "`--reports FOLDER` its reports are kept and read again, and `--again ID` judges a clause "
        "or a case anew in them.",
    ]
    for title, text in sections.items():
        lines += ["", f"## {title}", "", *(text or ["Nothing."])]
    return "\n".join(lines) + "\n"


def _table(what: str, releases: Iterable[str], rows: Iterable[list[str]]) -> list[str]:
    head = [what, *releases]
    return [_row(head), _row(["---"] * len(head)), *map(_row, rows)]


def sign(found: Mapping[str, Any]) -> str:
    """What stands in the table: ``yes``, ``-``, or the error."""
    result: str = found["result"]
    return SIGNS.get(result, result)


def _lettered(cell: str, failures: list[str]) -> str:
    return _letter(failures.index(cell)) if cell in failures else cell


def _letter(number: int) -> str:
    return string.ascii_uppercase[number]


def _failures(found: Mapping[str, Results]) -> Iterator[str]:
    for each in found.values():
        for result in each.values():
            if result["result"] not in SIGNS:
                yield result["result"]


def unexpected(found: Mapping[str, Results]) -> Iterator[str]:
    """Each member that is not as it is known, with what the target saw last where it fails."""
    for release, each in found.items():
        for member, result in each.items():
            known = _known(release, member)
            if result["result"] not in (SIGNS if known is None else (known,)):
                wanted = f", known to fail by {known}" if known else ""
                yield f"{release}, {member}: {result['result']}{wanted}\n{result.get('seen', '')}"


def _known(release: str, member: str) -> str | None:
    """The error by which a member is known to fail."""
    for each in KNOWN:
        first, last = Version(each["first"]), Version(each["last"])
        if each["member"] == member and first <= Version(release) <= last:
            error: str = each["result"]
            return error
    return None


def _changes(
    found: Mapping[str, Results], reports: Mapping[str, Mapping[str, Any]]
) -> Iterator[str]:
    """What each release does otherwise than the one before it; last, which do nothing so."""
    same = []
    for before, after in itertools.pairwise(found):
        texts = []
        for member, result in found[after].items():
            was = found[before][member]["result"]
            if was != result["result"]:
                texts.append(f"{member}: {was} in {before}, {result['result']} now.")
        texts += SUITE.changes(reports[before], reports[after])
        yield from (f"* {after}: {text}" for text in texts)
        same += [] if texts else [after]
    if same:
        yield f"* {', '.join(same)}: nothing that the members or the suite show."


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def suite_report(
    release: str, folder: Path | None, select: Iterable[str], again: Iterable[str] = ()
) -> Mapping[str, Any]:
    """The report of the suite on one release, which is read from ``folder`` if it is there.

    What ``again`` names is judged anew in a report that is there.
    """
    file = None if folder is None else folder / f"{release}.json"
    there = file is not None and file.exists()
    report: Mapping[str, Any] = {}
    if file is not None and there:
        report = json.loads(file.read_text(encoding="utf-8"))
    if not there or again:
        names = again if there else select
        judged = SUITE.judged(release, *(word for name in names for word in ("--select", name)))
        report = SUITE.with_cases(report, judged) if there else judged
    if file is not None:
        file.write_text(json.dumps(report), encoding="utf-8")
    return report


def main() -> int:
    """Runs, prints, writes; returns the exit status."""
    parser = argparse.ArgumentParser(description="Every public release of the client.")
    parser.add_argument("--release", action="append", help="only this release; may be repeated")
    parser.add_argument("--reports", type=Path, help="the folder of the suite's reports")
    parser.add_argument("--select", action="append", default=[], help="these clauses alone")
    parser.add_argument("--again", action="append", default=[], help="judge these anew")
    parser.add_argument("--markdown", type=Path, help="write the page to this file")
    given = parser.parse_args()
    if given.again and given.reports is None:
        parser.error("--again judges anew in the reports of --reports: name their folder.")
    names = given.release or [release.name for release in ENVIRONMENTS.RELEASES]
    if given.reports is not None:
        given.reports.mkdir(exist_ok=True)
    try:
        found = {name: results(name) for name in names}
        reports = {
            name: suite_report(name, given.reports, given.select, given.again) for name in names
        }
    except ENVIRONMENTS.MissingError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    table = markdown(found, reports)
    sys.stdout.write(table)
    for name, each in found.items():
        for member, result in each.items():
            for operation in dict.fromkeys(result["not_served"]):
                sys.stdout.write(f"\n{name}, {member}: targets do not serve {operation}.\n")
    wrong = list(unexpected(found))
    wrong += [f"{name}: {text}" for name in names for text in SUITE.unexpected(reports[name])]
    asked = [
        f"{name}: targets do not serve {text}."
        for name in names
        for text in SUITE.not_served(reports[name])
    ]
    sys.stdout.writelines(f"\n{text}\n" for text in (*wrong, *asked))
    if given.markdown:
        given.markdown.parent.mkdir(exist_ok=True)
        given.markdown.write_text(table, encoding="utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

"""Change code, one small change at a time, and see which tests notice.

    .venv/bin/python -m pip install -e '.[mutation]'
    .venv/bin/python tests/mutation/mutate.py [--of SUBJECT] [--children 2] [MUTANT ...]

The subject ``judge`` is the code that makes verdicts, ``harness`` what finds secrets in texts, and
their tests are ours. The others are sound implementations of ``connect``, and their test is the
suite: a change that it does not notice is a bug of a client that it does not catch.

mutmut makes the changes, in a copy of the package, and runs the tests of the subject's
``mutmut.toml`` on each, in a fork that has imported everything. A change that no test notices is
either noticed by a new test, or stands in the subject's ``survivors.toml`` with the reason why none
should. Status 1: a survivor without a reason, or a reason without a survivor.
"""

from __future__ import annotations

import argparse
import ast
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from outcomes import read_outcomes, show
from survivors import read_survivors, unexplained

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
MUTMUT = Path(sys.executable).with_name("mutmut")
PROPERTIES = ("property", "cached_property")


@dataclass(frozen=True)
class Subject:
    """Code that is changed.

    Parameters:
        folder: Where its configuration of mutmut and its survivors are.
        package: The package that it belongs to.
    """

    folder: Path
    package: Path

    @property
    def work(self) -> Path:
        """Where mutmut works."""
        return ROOT / ".mutation" / self.folder.name

    @property
    def mutants(self) -> Path:
        """Where mutmut keeps the changed package."""
        return self.work / "mutants" / "src" / self.package.name


_CONTRACTS = ROOT / "contracts" / "connect_contracts"
_OTHERS = ROOT / "tests" / "support" / "other_implementations"
SUBJECTS = {
    "judge": Subject(HERE / "judge", _CONTRACTS),
    "harness": Subject(HERE / "harness", ROOT / "harness" / "connect_harness"),
    "references": Subject(HERE / "references", _CONTRACTS),
    "on_requests": Subject(HERE / "on_requests", _OTHERS),
}


def without_decorators(source: str) -> str:
    """``source`` with ``name = property(name)`` in place of each ``@property``.

    It means the same, and mutmut leaves out every function with another decorator.
    """
    lines = source.splitlines(keepends=True)
    found = [
        (node, one)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef)
        for one in node.decorator_list
        if isinstance(one, ast.Name) and one.id in PROPERTIES
    ]
    # From the end, so that the numbers of the lines before stay right.
    for node, decorator in sorted(found, key=lambda one: -one[0].lineno):
        indent = " " * node.col_offset
        # The end of a function is known: it was read from source.
        assert node.end_lineno is not None
        assigned = f"\n{indent}{node.name} = {decorator.id}({node.name})  # type: ignore\n"
        lines.insert(node.end_lineno, assigned)
        del lines[decorator.lineno - 1]
    return "".join(lines)


def copy_package(subject: Subject) -> None:
    """Put the package where mutmut looks for it."""
    copy = subject.work / "src" / subject.package.name
    shutil.copytree(subject.package, copy, ignore=shutil.ignore_patterns("__pycache__"))
    for path in copy.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        path.write_text(without_decorators(source), encoding="utf-8")


def copy_tests(subject: Subject) -> None:
    """Put the tests and mutmut's configuration beside the package."""
    # A package that is changed is not to be found among the tests too.
    ignored = shutil.ignore_patterns("__pycache__", subject.package.name)
    shutil.copytree(ROOT / "tests", subject.work / "tests", ignore=ignored)
    shutil.copyfile(subject.folder / "mutmut.toml", subject.work / "pyproject.toml")


def run_mutmut(subject: Subject, children: int, mutants: list[str]) -> int:
    """Run mutmut; its status."""
    command = [MUTMUT, "run"]
    command += ["--max-children", str(children), *mutants]
    # What a surrounding run of pytest was told is not for these.
    environment = {key: one for key, one in os.environ.items() if key != "PYTEST_ADDOPTS"}
    return subprocess.run(command, cwd=subject.work, env=environment).returncode


def main() -> int:
    """Run mutmut, tell the score of each module, and hold the survivors against their reasons."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--of", choices=SUBJECTS, default="judge", help="what is changed")
    parser.add_argument("--children", type=int, default=2, help="mutants at a time")
    parser.add_argument("mutants", nargs="*", help="these alone; * stands for anything")
    options = parser.parse_args()
    subject = SUBJECTS[options.of]
    if not MUTMUT.exists():
        sys.stderr.write("mutmut is not installed: python -m pip install -e '.[mutation]'\n")
        return 2
    shutil.rmtree(subject.work, ignore_errors=True)
    copy_package(subject)
    copy_tests(subject)
    status = run_mutmut(subject, options.children, options.mutants)
    if status != 0:
        return status
    outcomes = read_outcomes(subject.mutants)
    sys.stdout.write(show(outcomes))
    wrong = unexplained(outcomes, read_survivors(subject.folder / "survivors.toml"))
    sys.stdout.writelines(f"{one}\n" for one in wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

"""pytest's own output: a failed case is short, and the summary tells each cause once."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest

pytest_plugins = ["pytester"]

CASES = ("CA-2[without-the-file]", "CA-3[another-authority]", "CA-3[impostor]")
SHORT = "it returned; demanded: it raises; not one HTTP byte reaches the target"

LEAKING = """
def connect(url, *, authentication=None, certificate_authority=None):
    return _refuse(authentication)

def _refuse(authentication):
    raise RuntimeError(f"as {vars(authentication)}" if authentication else "as no one")

class BasicAuthentication:
    def __init__(self, username, password):
        self.password = password
"""
PARTS = ("= FAILURES =", "= contract of connect =")
SHOWN = """
import pytest

@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_logreport(report):
    yield
    if report.failed:
        print(report.longrepr)
"""
LEAKING_CASES = ("AUTH-1", "CA-1")
EXPECTED = """
[[expected-failure]]
cause = "connect raised RuntimeError in leaking.py:_refuse"
reason = "it is not written yet"

[[expected-failure]]
cause = "leak | a password appeared in an exception"
reason = "it says all"
"""


@pytest.mark.parametrize(
    ("options", "failed"), [((), 3), (("-x",), 1), (("-n", "1"), 3)], ids=["all", "x", "workers"]
)
def test_each_cause_is_told_once(project: Any, options: tuple[str, ...], failed: int) -> None:
    done = project.judge(*CASES, connect="client:trusting", options=(*options, "--junitxml=r.xml"))
    done.assert_outcomes(failed=failed)
    lines = done.stdout.lines
    assert lines.count(SHORT) == failed
    assert [line for line in lines if line.startswith("cause ")] == [
        f"cause 1 of 1: {failed} failed, in {1 if failed == 1 else 2} clause"
        + ("" if failed == 1 else "s")
    ]
    assert sum(line.startswith("clause ") for line in lines) == 1
    # A file has the whole of each, as the message and as the text.
    written = (project.path / "r.xml").read_text(encoding="utf-8")
    assert written.count("clause    CA-") == 2 * failed


@pytest.mark.parametrize("options", [(), ("-n", "1")], ids=["here", "workers"])
def test_a_file_of_pytest_has_clause_level_and_evidence(
    project: Any, options: tuple[str, ...]
) -> None:
    project.write(
        """
        import client, pytest
        from connect_contracts import contracts

        @pytest.fixture
        def ending_badly():
            yield
            raise RuntimeError("at its end")

        IDS = ["CA-2[without-the-file]"]
        test_connect = contracts(client.connect, select=IDS)
        test_trusting = pytest.mark.usefixtures("ending_badly")(
            contracts(client.trusting, select=IDS)
        )
        """
    )
    project.run(*options, "--junitxml=r.xml").assert_outcomes(passed=1, failed=1, errors=1)
    written = ElementTree.parse(project.path / "r.xml")
    case = {"clause": "CA-2", "level": "documented", "depth": "core"}
    passed = {**case, "verdict": "passed", "evidence": "client's alert"}
    assert [
        {each.attrib["name"]: each.attrib["value"] for each in properties}
        for properties in written.iter("properties")
    ] == [passed, {**case, "verdict": "failed"}, {**case, "verdict": "failed"}]


MISTAKES = {
    "of what is declared": (
        {"misdeclared": "from client import *\n__connect_contract__ = {'without': ['session']}\n"},
        "misdeclared declares that it does not offer",
    ),
    "of the suite": (
        {
            "conftest": "import connect_contracts.pytest_suite.suite as suite\n"
            "def verify(*_): raise RuntimeError('our mistake')\n"
            "suite.verify = verify\n",
            "misdeclared": "from client import *\n",
        },
        "RuntimeError: our mistake",
    ),
}
OF_ONES_OWN = """
from connect_contracts import contracts

test_contract = contracts("misdeclared", select=%r)

def test_of_ones_own():
    pass
"""


@pytest.mark.parametrize("options", [(), ("-n", "1")], ids=["here", "workers"])
@pytest.mark.parametrize(("files", "said"), MISTAKES.values(), ids=MISTAKES)
def test_a_harness_error_is_listed_once_and_is_an_error_of_a_file(
    project: Any, files: dict[str, str], said: str, options: tuple[str, ...]
) -> None:
    project.write(OF_ONES_OWN % (CASES,), **files)
    done = project.run(*options, "--junitxml=r.xml")
    done.assert_outcomes(failed=3, passed=1)
    lines = done.stdout.lines
    begin, end = (next(n for n, each in enumerate(lines) if word in each) for word in PARTS)
    (line,) = (each for each in lines[begin + 1 : end] if each[0] not in "_[-")
    assert line.startswith(said)
    assert sum(each.startswith("key       harness error | " + said) for each in lines) == 1
    assert sum(each.startswith("HARNESS ERROR ") for each in lines) == 1
    assert "cause 1 of 1: 3 harness error, in 2 clauses" in lines
    # Of a case that was judged the whole is told.
    assert sum(each.startswith("clause ") for each in lines) == ("RuntimeError" in said)
    assert not any("another exception occurred" in each for each in lines)
    suite = next(ElementTree.parse(project.path / "r.xml").iter("testsuite"))
    assert (suite.get("errors"), suite.get("failures")) == ("3", "0")
    found = [each.attrib["value"] for each in suite.iter("property")]
    assert found.count("harness error") == 3


def test_without_tracebacks_no_cause_is_told(project: Any) -> None:
    done = project.judge(CASES[0], connect="client:trusting", options=("--tb=no",))
    done.assert_outcomes(failed=1)
    assert not [line for line in done.stdout.lines if line.startswith("cause ")]
    done.stdout.fnmatch_lines(["client:trusting, profile 0.9.1 (default), depth *: 1 failed"])


def test_a_case_with_two_causes_is_a_line_and_where_is_told_once(project: Any) -> None:
    project.write(leaking=LEAKING)
    done = project.judge(*LEAKING_CASES, connect="leaking")
    failed = done.parseoutcomes()["failed"]
    assert failed > 2
    lines = done.stdout.lines
    begin, end = (next(n for n, each in enumerate(lines) if word in each) for word in PARTS)
    cases = [each for each in lines[begin + 1 : end] if not each.startswith("_____")]
    assert len(cases) == failed
    assert all("RuntimeError" in each and " in _refuse" not in each for each in cases)
    assert any("a password appeared in" in each for each in cases)
    # Once of each cause.
    assert sum("leaking.py:5 in _refuse" in each for each in lines) == 2


def test_a_case_that_the_summary_does_not_tell_says_where(project: Any) -> None:
    project.write(leaking=LEAKING)
    (project.path / "known.toml").write_text(EXPECTED, encoding="utf-8")
    options = ("--connect-contract-expected-failures=known.toml", "--runxfail")
    done = project.judge("SIG-1[by-position]", connect="leaking", options=options)
    done.assert_outcomes(failed=1)
    seen = "it raised RuntimeError: as *; demanded: connect returns; also a password *"
    done.stdout.fnmatch_lines([seen, "where *", "*5 in _refuse"])


def test_without_a_terminal_a_case_keeps_its_whole_text(project: Any) -> None:
    project.write(shown=SHOWN)
    options = ("-s", "-p", "no:terminal", "-p", "shown")
    done = project.judge(CASES[0], connect="client:trusting", options=options)
    assert done.ret == 1
    done.stdout.fnmatch_lines(["clause    CA-2 *", "wire"])

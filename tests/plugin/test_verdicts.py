"""Each verdict as pytest shows it: the outcome, the word, the letter, the text, and the counts."""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

import pytest

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.model.verdict import Verdict

pytest_plugins = ["pytester"]

CA_2 = "CA-2[without-the-file]"

GIVEN = [verdict for verdict in Verdict if verdict is not Verdict.NOT_RUN]
CASES = [case.id for case in catalogue().select(["CA"])][: len(GIVEN)]

STUB = """
import connect_contracts.pytest_suite.suite as suite
from connect_contracts.judging.judgement import Judgement
from connect_contracts.model.observation import Observation
from connect_contracts.model.verdict import Verdict
from connect_contracts.judging.verify import Verified

WORDS = {words!r}

def verify(case, implementation, profile):
    judgement = Judgement(Verdict.of(WORDS[case.id]), "what must be", "what was")
    return Verified(case, judgement, Observation(case.scenario), None)

suite.verify = verify
"""


def test_by_two_lines_and_with_evidence_on_a_worker(project: Any) -> None:
    project.conftest(
        """
        import json

        def pytest_runtest_logreport(report):
            if report.when == "call":
                judged = dict(report.user_properties)["connect_contract"]
                assert json.loads(json.dumps(judged)) == judged
                print("judged:", judged["case"]["id"], judged["case"]["evidence"])
        """
    )
    project.write(
        """
        from connect_contracts import contracts
        import client

        ONE_AND_TWO = ["CA-1[authority-given]", "CA-1[over-tls-1-2]", "CA-2[without-the-file]"]
        test_connect = contracts(client.connect, select=ONE_AND_TWO)
        test_trusting = contracts(client.trusting, select=ONE_AND_TWO[2:], profile="6.2")
        """
    )
    result = project.run("-s", "-n", "1")
    result.stdout.fnmatch_lines(["*judged: CA-2[[]without-the-file] the target saw the alert*"])
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(
        [
            "client:connect, profile 0.9.1 (default), depth default: 3 passed",
            "client:trusting, profile 6.2 (asked for), depth default: 1 failed",
            # The failure of an object has no name to replay it by.
            "replay    pytest 'test_*.py::test_trusting[[]CA-2[[]without-the-file]]'",
        ]
    )
    assert result.ret == 1


def test_the_option_selects_among_the_cases_of_a_module(project: Any) -> None:
    project.write(
        """
        from connect_contracts import contracts

        test_connect = contracts("client", select=["CA"])

        def test_of_their_own():
            pass
        """
    )
    outcomes = project.run("--connect-contract-select", CA_2).parseoutcomes()
    assert outcomes["passed"] == 2
    assert outcomes["deselected"] > 10


def test_every_verdict(project: Any) -> None:
    words = {case: verdict.word for case, verdict in zip(CASES, GIVEN, strict=True)}
    project.conftest(STUB.format(words=words))
    result = project.judge(*CASES, options=("-v",))
    outcomes = Counter(verdict.outcome for verdict in GIVEN)
    counted = result.parseoutcomes()
    assert {word: counted[word] for word in outcomes} == outcomes
    for case, word in words.items():
        name = case.replace("[", "[[]")
        result.stdout.fnmatch_lines([f"*test_connect[[]{name}] {word.upper()} *"])
    counts = ", ".join(f"1 {verdict.word}" for verdict in GIVEN)
    result.stdout.fnmatch_lines([f"client, profile 0.9.1 (default), depth default: {counts}"])
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    known = next(case for case, word in words.items() if word == "known")
    project.judge(known, options=("--runxfail",)).assert_outcomes(failed=1)


def test_mistake_of_the_suite_is_a_harness_error(project: Any) -> None:
    project.conftest(
        "import connect_contracts.pytest_suite.suite as suite\n"
        "def verify(*_): raise RuntimeError('our mistake')\n"
        "suite.verify = verify\n"
    )
    result = project.judge(CA_2)
    result.stdout.fnmatch_lines(["CA-2*: harness error*", "*RuntimeError: our mistake*"])
    result.assert_outcomes(failed=1)


# An implementation that ends the process.

ENDS = """
import os
import client

def connect(url, **_):
    os._exit(0)

def forks(url, **given):
    if (child := os.fork()) == 0:
        os._exit(7)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    return client.connect(url, **given)
"""
FIRST = "SIG-1[by-position]"


@pytest.mark.parametrize("options", [(), ("-s",), ("-p", "no:terminal")], ids=" ".join)
def test_the_end_of_the_process_names_the_case(project: Any, options: tuple[str, ...]) -> None:
    project.write(ends=ENDS)
    done = project.judge(FIRST, connect="ends", options=options)
    assert done.ret == 2
    (line,) = [line for line in (*done.outlines, *done.errlines) if "os._exit(0)" in line]
    assert FIRST in line


def test_a_worker_that_ends_fails_its_case(project: Any) -> None:
    project.write(ends=ENDS)
    done = project.judge(FIRST, connect="ends", options=("-n", "1", "--max-worker-restart=0"))
    assert done.ret == 1
    done.stdout.fnmatch_lines(["*crashed while running*SIG-1?by-position?*"])


def test_a_child_may_end_and_the_run_leaves_no_patch(
    project: Any, pytester: pytest.Pytester
) -> None:
    project.write(ends=ENDS)
    before = os._exit
    suite = ("--pyargs", "connect_contracts", "--connect-contract", "ends:forks")
    done = pytester.runpytest_inprocess(*suite, "--connect-contract-select", FIRST)
    assert done.ret == 0
    assert os._exit is before

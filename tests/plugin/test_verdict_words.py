"""Each verdict as pytest shows it: the outcome, the word, the letter, and the counts."""

from __future__ import annotations

from collections import Counter

import pytest

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.model.verdict import Verdict

pytest_plugins = ["pytester"]

GIVEN = [one for one in Verdict if one is not Verdict.NOT_RUN]
CASES = [case.id for case in catalogue().select(["CA"])][: len(GIVEN)]

STUB = """
import connect_contracts.pytest_suite.suite as suite
from connect_contracts.judging.judge import Judgement
from connect_contracts.model.observation import Observation
from connect_contracts.model.verdict import Verdict
from connect_contracts.judging.verify import Verified

WORDS = {words!r}

def verify(case, implementation, profile):
    judgement = Judgement(Verdict.of(WORDS[case.id]), "what must be", "what was")
    return Verified(case, judgement, Observation(case.scenario), None)

suite.verify = verify
"""

CA_2 = "CA-2[without-the-file]"
RUN = ("--pyargs", "connect_contracts", "--connect-contract", "client")


def select(*ids: str) -> list[str]:
    return [word for one in ids for word in ("--connect-contract-select", one)]


def test_every_verdict(project: pytest.Pytester) -> None:
    words = {case: verdict.word for case, verdict in zip(CASES, GIVEN, strict=True)}
    project.makeconftest(STUB.format(words=words))
    result = project.runpytest_subprocess(*RUN, *select(*CASES), "-v")
    outcomes = Counter(verdict.outcome for verdict in GIVEN)
    counted = result.parseoutcomes()
    assert {word: counted[word] for word in outcomes} == outcomes
    for case, word in words.items():
        name = case.replace("[", "[[]")
        result.stdout.fnmatch_lines([f"*test_connect[[]{name}] {word.upper()} *"])
    counts = ", ".join(f"1 {verdict.word}" for verdict in GIVEN)
    result.stdout.fnmatch_lines([f"client, profile 0.9.1 (default), depth default: {counts}"])
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_runxfail_makes_a_known_failure_fail(project: pytest.Pytester) -> None:
    project.makeconftest(STUB.format(words={CA_2: "known"}))
    result = project.runpytest_subprocess(*RUN, *select(CA_2), "--runxfail")
    result.assert_outcomes(failed=1)


def test_mistake_of_the_suite_is_a_harness_error(project: pytest.Pytester) -> None:
    project.makeconftest(
        "import connect_contracts.pytest_suite.suite as suite\n"
        "def verify(*_): raise RuntimeError('our mistake')\n"
        "suite.verify = verify\n"
    )
    result = project.runpytest_subprocess(*RUN, *select(CA_2))
    result.stdout.fnmatch_lines(["CA-2*: harness error*", "*RuntimeError: our mistake*"])
    result.assert_outcomes(failed=1)


def test_evidence_travels_as_plain_json(project: pytest.Pytester) -> None:
    project.makeconftest(
        """
        import json

        def pytest_runtest_logreport(report):
            if report.when == "call":
                told = dict(report.user_properties)["connect_contract"]
                assert json.loads(json.dumps(told)) == told
                print("told:", told["case"]["id"], told["case"]["evidence"])
        """
    )
    result = project.runpytest_subprocess(*RUN, *select(CA_2), "-s", "-n", "1")
    result.stdout.fnmatch_lines(["*told: CA-2[[]without-the-file] the target saw the alert*"])
    assert result.ret == 0


def test_nothing_is_said_where_no_case_ran(project: pytest.Pytester) -> None:
    project.makepyfile("def test_of_their_own(): pass")
    result = project.runpytest_subprocess()
    result.stdout.no_fnmatch_line("*contract of connect*")

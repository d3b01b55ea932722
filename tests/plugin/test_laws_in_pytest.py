"""The laws, and the folder of capsules, in somebody else's project."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

TEST = """
from connect_contracts import laws
from connect_contracts.search.budget import SearchSettings

little = SearchSettings("little", scenarios=30, parts=1, derandomised=True, ladder=False)
test_reference = laws("connect_contracts.reference.v6_2", settings=little)
test_trusting = laws("client:trusting", settings=little, select=["no-secret"])
"""


@pytest.mark.parametrize("workers", [[], ["-n", "1"]], ids=["serial", "a-worker"])
def test_one_test_for_each_law(project: pytest.Pytester, workers: list[str]) -> None:
    project.makepyfile(TEST)
    result = project.runpytest_subprocess(*workers)
    result.assert_outcomes(passed=7, failed=1)
    result.stdout.fnmatch_lines(["CA-*[[]no-secret]: failed", "capsule   CA-*.json"])
    assert not Path(project.path, ".hypothesis").exists()


MISTAKEN = """
from connect_contracts.execution.loading import load
from connect_contracts import laws
from connect_contracts.search.budget import SearchSettings

class Mistaken(type(load("connect_contracts.reference.v6_2"))):
    def list_tables(self, session):
        return self.no_such_method(session)

mistaken = Mistaken(load("connect_contracts.reference.v6_2").connect)
little = SearchSettings("little", scenarios=20, parts=1, derandomised=True, ladder=False)
test_mistaken = laws(mistaken, settings=little, select=["no-secret", "unmixed", "parity"])
"""


@pytest.mark.parametrize(
    ("options", "failed"), [([], 3), (["-k", "parity"], 1), (["-k", "unmixed"], 1)]
)
def test_each_law_tells_that_scenarios_could_not_be_judged(
    project: pytest.Pytester, options: list[str], failed: int
) -> None:
    project.makepyfile(MISTAKEN)
    result = project.runpytest_subprocess(*options)
    result.assert_outcomes(failed=failed, deselected=3 - failed)
    told = result.stdout.str()
    assert told.count("inconclusive: some scenarios could not be judged") >= failed


CAPSULE = {
    "schema": 1,
    "clause": "CA-2",
    "profile": "0.9.1",
    "signature": {"law": "no-secret", "clause": "CA-2", "step": "connect", "kind": "law"},
    "step": 1,
    "expected": "",
    "observed": "",
    "versions": {"suite": "0.1.0", "implementation": "client:trusting", "python": "3.11"},
    "scenario": {
        "targets": [{"scheme": "https"}],
        "steps": [{"type": "connect", "call": {"authentication": {"type": "basic"}}}],
        "limit": 20,
    },
    "law": "no-secret",
}


@pytest.mark.parametrize("workers", [[], ["-n", "1"]], ids=["serial", "a-worker"])
def test_the_folder_is_replayed_before_the_suite(
    project: pytest.Pytester, workers: list[str]
) -> None:
    folder = project.mkdir("capsules")
    folder.joinpath("CA-2-a.json").write_text(json.dumps(CAPSULE))
    folder.joinpath("CA-2-b.json").write_text(json.dumps(CAPSULE | {"known": "reported"}))
    folder.joinpath("CA-2-c.json").write_text("nonsense")
    project.makeini("[pytest]\nconnect_contract_regressions = capsules\n")
    project.makepyfile(
        """
        from connect_contracts import contracts

        test_trusting = contracts("client:trusting", select=["SIG-1"])
        """
    )
    result = project.runpytest_subprocess("-v", *workers)
    result.assert_outcomes(passed=1, failed=2, xfailed=1)
    if not workers:
        result.stdout.fnmatch_lines(
            [
                "*test_trusting[[]CA-2-a.json[]] FAILED*",
                "*test_trusting[[]CA-2-b.json[]] KNOWN*",
                "*test_trusting[[]CA-2-c.json[]] INCONCLUSIVE*",
                "*test_trusting[[]SIG-1*",
            ]
        )
    result.stdout.fnmatch_lines(["*capsules/CA-2-c.json is no JSON*"])


def test_a_folder_that_is_not_there(project: pytest.Pytester) -> None:
    result = project.runpytest_subprocess("--connect-contract-regressions", "nothing")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: There is no folder *nothing with capsules*"])

"""How deep the plugin goes: by option, by the ini file, by the parameter of ``contracts``."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

DEEPER = """
from dataclasses import replace

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.model.clause import Depth

cases = catalogue().cases
depths = {
    "CA-1[authority-given]": Depth.CORE,
    "CA-1[over-tls-1-2]": Depth.CORE,
    "CA-3[another-authority]": Depth.DEFAULT,
    "CA-3[another-authority-of-the-same-name]": Depth.FULL,
    "CA-2[without-the-file]": Depth.SLOW,
}
for case in [one for one in cases.values() if one.clause.id in ("CA-1", "CA-2", "CA-3")]:
    del cases[case.id]
    if case.id in depths:
        cases[case.id] = replace(case, depth=depths[case.id])
"""
"""A conftest that leaves five cases of CA-1 to CA-3, some of them deeper."""

SUITE = ("--pyargs", "connect_contracts", "--connect-contract", "client")
SELECT = [word for one in ("CA-1", "CA-2", "CA-3") for word in ("--connect-contract-select", one)]
DEPTH = "--connect-contract-depth"


@pytest.fixture
def deeper(project: pytest.Pytester) -> pytest.Pytester:
    """The project with the deeper catalogue."""
    project.makeconftest(DEEPER)
    return project


@pytest.mark.parametrize(
    ("depth", "passed"), [("core", 2), ("default", 3), ("full", 4), ("slow", 5)]
)
def test_by_option(deeper: pytest.Pytester, depth: str, passed: int) -> None:
    result = deeper.runpytest_subprocess(*SUITE, *SELECT, DEPTH, depth)
    result.assert_outcomes(passed=passed, deselected=None)
    told = f"client, profile 0.9.1 (default), depth {depth}: {passed} passed"
    result.stdout.fnmatch_lines([told])


@pytest.mark.parametrize("workers", [[], ["-n", "1"]], ids=["serial", "a-worker"])
def test_by_ini_file_and_option_over_it(deeper: pytest.Pytester, workers: list[str]) -> None:
    deeper.makeini("[pytest]\nconnect_contract_depth = core\n")
    result = deeper.runpytest_subprocess(*SUITE, *SELECT, *workers)
    result.stdout.fnmatch_lines(["client, * depth core: 2 passed"])
    result = deeper.runpytest_subprocess(*SUITE, *SELECT, DEPTH, "full", *workers)
    result.stdout.fnmatch_lines(["client, * depth full: 4 passed"])


def test_the_parameter_wins_for_its_own_function(deeper: pytest.Pytester) -> None:
    deeper.makepyfile(
        """
        import client
        from connect_contracts import contracts

        CLAUSES = ["CA-1", "CA-2", "CA-3"]
        test_connect = contracts(client.connect, select=CLAUSES)
        test_deep = contracts(client.trusting, select=CLAUSES, depth="slow")
        test_named = contracts(client.raising, select=["CA-2[without-the-file]"], depth="core")
        """
    )
    result = deeper.runpytest_subprocess(DEPTH, "core")
    assert result.parseoutcomes()["deselected"] == 3
    result.stdout.fnmatch_lines(
        [
            "client:connect, profile 0.9.1 (default), depth core: 2 passed",
            "client:raising, profile 0.9.1 (default), depth core: 1 inconclusive",
            "client:trusting, profile 0.9.1 (default), depth slow: 2 passed, 3 failed",
        ]
    )


def test_without_any_option_the_default(deeper: pytest.Pytester) -> None:
    deeper.makepyfile(
        """
        import client
        from connect_contracts import contracts

        test_connect = contracts(client.connect, select=["CA-3"])
        """
    )
    result = deeper.runpytest_subprocess()
    result.stdout.fnmatch_lines(["client:connect, * depth default: 1 passed"])


def test_a_test_that_is_named_runs_at_any_depth(deeper: pytest.Pytester) -> None:
    deeper.makepyfile(
        test_of_theirs="""
        import client
        from connect_contracts import contracts

        test_connect = contracts(client.trusting)
        """
    )
    name = "test_of_theirs.py::test_connect[CA-2[without-the-file]]"
    result = deeper.runpytest_subprocess(name)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([f"replay    pytest '{name.replace('[', '[[]')}'"])


def test_no_such_depth(project: pytest.Pytester) -> None:
    result = project.runpytest_subprocess(*SUITE, DEPTH, "deep")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["ERROR: There is no depth 'deep': choose one of core, default, full, slow."]
    )
    assert "Traceback" not in result.stderr.str() + result.stdout.str()

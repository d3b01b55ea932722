"""The suite in somebody else's project: by --pyargs and by two lines of their own."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

SUITE = ("--pyargs", "connect_contracts")
CONNECT = ("--connect-contract", "client")
CA_1 = ("CA-1[authority-given]", "CA-1[over-tls-1-2]")
CA_2 = "CA-2[without-the-file]"


def select(*ids: str) -> list[str]:
    return [word for one in ids for word in ("--connect-contract-select", one)]


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["serial", "two-workers"])
def test_by_pyargs(project: pytest.Pytester, workers: list[str]) -> None:
    result = project.runpytest_subprocess(*SUITE, *CONNECT, *select(*CA_1, CA_2), *workers)
    result.assert_outcomes(passed=3, deselected=0 if workers else None)
    result.stdout.fnmatch_lines(["client, profile 0.9.1 (default), depth default: 3 passed"])
    assert result.ret == 0


def test_ids_are_those_of_the_cases(project: pytest.Pytester) -> None:
    result = project.runpytest_subprocess(*SUITE, *CONNECT, *select(CA_2), "-v")
    result.stdout.fnmatch_lines(["*::test_connect[[]CA-2[[]without-the-file]] PASSED*"])


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["serial", "two-workers"])
def test_by_two_lines(project: pytest.Pytester, workers: list[str]) -> None:
    project.makepyfile(
        """
        from connect_contracts import contracts
        import client

        ONE_AND_TWO = ["CA-1[authority-given]", "CA-1[over-tls-1-2]", "CA-2[without-the-file]"]
        test_connect = contracts(client.connect, select=ONE_AND_TWO)
        test_trusting = contracts(client.trusting, select=ONE_AND_TWO[2:], profile="6.2")
        """
    )
    result = project.runpytest_subprocess(*workers)
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(
        [
            "client:connect, profile 0.9.1 (default), depth default: 3 passed",
            "client:trusting, profile 6.2 (asked for), depth default: 1 failed",
        ]
    )
    assert result.ret == 1


def test_the_option_selects_among_the_cases_of_a_module(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        from connect_contracts import contracts

        test_connect = contracts("client", select=["CA"])

        def test_of_their_own():
            pass
        """
    )
    result = project.runpytest_subprocess(*select("CA-2[without-the-file]"))
    outcomes = result.parseoutcomes()
    assert outcomes["passed"] == 2
    assert outcomes["deselected"] > 10


def test_without_an_implementation(project: pytest.Pytester) -> None:
    result = project.runpytest_subprocess(*SUITE)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: Which implementation*--connect-contract*"])


def test_a_failure_reads_like_a_report(project: pytest.Pytester) -> None:
    result = project.runpytest_subprocess(
        *SUITE, "--connect-contract", "client:trusting", *select(CA_2)
    )
    result.stdout.fnmatch_lines(
        [
            "CA-2[[]without-the-file]: failed",
            "clause    CA-2 (documented): the same target without the file: connect raises*",
            "case      The target's certificate is of a private authority, and no file is given.",
            "scenario  On a secure target over HTTPS: (1) connect to localhost*",
            "expected  of step 1 (connect): it raises; not one HTTP byte reaches the target",
            "seen      of step 1 (connect): it returned a client.*; HTTP reached the target: GET*",
            "wire",
            "*handshake done: TLSv1.3, server name localhost, no client certificate",
            "*> GET /versions/rest",
            "*authorization: Basic (* characters)*",
            "replay    connect-contract run --connect client:trusting --select "
            "'CA-2[[]without-the-file]'",
        ]
    )
    result.stdout.no_fnmatch_line("*passwd*")
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_failure_of_an_object_is_replayed_by_pytest(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import client
        from connect_contracts import contracts

        test_connect = contracts(client.trusting, select=["CA-2[without-the-file]"])
        """
    )
    result = project.runpytest_subprocess()
    result.stdout.fnmatch_lines(
        ["replay    pytest 'test_*.py::test_connect[[]CA-2[[]without-the-file]]'"]
    )

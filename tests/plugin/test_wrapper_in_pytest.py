"""A wrapper around the public client in somebody else's project, with nothing declared."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

CLIENT = """
from connect_contracts.reference import v6_2
from connect_contracts.reference.v6_2 import (
    BasicAuthentication, ClientCertificate, TokenAuthentication
)

class Session(v6_2.Session):
    pass
"""

WRAPPED = """
import atoti

def connect(url, **keywords):
    with open("calls.txt", "a") as file:
        print(url, file=file)
    return atoti.Session.connect(url, **keywords)
"""

IDS = ["SIG-4[a-session]", "MTLS-1[two-files]", "LIVE-12[the-user]"]

SUITE = f"""
    from connect_contracts import contracts
    from wrapped import connect

    test_connect = contracts(connect, select={IDS})
    test_by_name = contracts("wrapped:connect", select={IDS})
"""

SAID = (
    "  its connect returned a session of atoti-client 6.2.2, which gives profile 6.2, server "
    "version 6.2.2, BasicAuthentication, TokenAuthentication, ClientCertificate, Session"
)


@pytest.fixture
def wrapped(project: pytest.Pytester) -> pytest.Pytester:
    """The project, with a public client installed there and a wrapper around it."""
    project.makepyfile(atoti=CLIENT, wrapped=WRAPPED)
    described = project.path / "atoti_client-6.2.2.dist-info"
    described.mkdir()
    (described / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: atoti-client\nVersion: 6.2.2\n"
    )
    return project


def calls(folder: Path) -> int:
    return len((folder / "calls.txt").read_text().splitlines())


@pytest.mark.parametrize("workers", [[], ["-n", "1"]], ids=["serial", "a-worker"])
def test_it_gets_the_verdicts_of_its_client(wrapped: pytest.Pytester, workers: list[str]) -> None:
    wrapped.makepyfile(SUITE)
    result = wrapped.runpytest_subprocess(*workers)
    result.assert_outcomes(passed=6)
    result.stdout.fnmatch_lines(
        [
            "wrapped:connect, profile 6.2 (returned), depth default: 6 passed",
            SAID,
        ]
    )
    assert result.ret == 0


def test_it_connects_once_before_the_first_case(wrapped: pytest.Pytester) -> None:
    wrapped.makepyfile(
        """
        from connect_contracts import contracts
        from wrapped import connect

        test_connect = contracts(connect, select=["SIG-3[left-out-and-none]"])
        """
    )
    result = wrapped.runpytest_subprocess()
    result.assert_outcomes(passed=1)
    # Two are the case's own, and one warms up on the release that the first one told.
    assert calls(wrapped.path) == 2 + 1 + 1


@pytest.mark.parametrize("chosen", [["-k", "own"], ["--collect-only"]], ids=["others", "collect"])
def test_it_is_not_called_where_no_case_is_run(wrapped: pytest.Pytester, chosen: list[str]) -> None:
    wrapped.makepyfile(f"{SUITE}\n    def test_of_my_own(): pass\n")
    result = wrapped.runpytest_subprocess("--connect-contract", "wrapped", *chosen)
    assert result.ret == 0
    assert not (wrapped.path / "calls.txt").exists()


def test_the_fixture_finds_the_names_too(wrapped: pytest.Pytester) -> None:
    wrapped.makepyfile(
        """
        def test_of_my_own(connect_implementation):
            import atoti
            assert connect_implementation.find("BasicAuthentication") is atoti.BasicAuthentication
        """
    )
    result = wrapped.runpytest_subprocess("--connect-contract", "wrapped")
    result.assert_outcomes(passed=1)


def test_a_documented_name_that_is_not_found(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        from connect_contracts import contracts
        from client import connect

        test_connect = contracts(connect, select=["SIG-1", "MTLS-1[two-files]"])
        """
    )
    result = project.runpytest_subprocess()
    result.assert_outcomes(passed=1, skipped=1)
    result.stdout.fnmatch_lines(
        [
            "client:connect, profile 0.9.1 (default), depth default: 1 passed, 1 not testable; "
            "not found: ClientCertificate",
            "  not found, so that its cases are not testable: ClientCertificate",
        ]
    )

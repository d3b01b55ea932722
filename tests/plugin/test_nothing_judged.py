"""A run in which not one case got a verdict is not green, and says why."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

BLOCKS = """
import socket

import pytest

REAL = socket.create_server

class Blocked(RuntimeError):
    pass

def refuse(*_, **__):
    raise Blocked

def pytest_runtest_setup(item):
    if item.get_closest_marker("open") is None:
        socket.create_server = refuse

def pytest_runtest_teardown():
    socket.create_server = REAL

def pytest_configure(config):
    config.addinivalue_line("markers", "open: sockets are left alone")
"""
"""A conftest that takes sockets away from tests, as pytest-socket does."""

BLOCKED = "sockets are blocked here (Blocked)*"

TWO_CASES = """
from connect_contracts import contracts

test_connect = contracts("client", select=["CA-1[authority-given]", "CA-2[without-the-file]"])

def test_of_their_own():
    pass
"""


@pytest.fixture
def blocked(project: pytest.Pytester) -> pytest.Pytester:
    """The project, where sockets are blocked."""
    project.makeconftest(BLOCKS)
    return project


@pytest.mark.parametrize("options", [[], ["-n", "1"], ["-x"], ["-p", "no:terminal"]], ids=" ".join)
def test_cases_that_cannot_be_tested(blocked: pytest.Pytester, options: list[str]) -> None:
    blocked.makepyfile(TWO_CASES)
    result = blocked.runpytest_subprocess(*options)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    if "no:terminal" not in options:
        result.assert_outcomes(passed=1, skipped=2)
        result.stdout.fnmatch_lines(
            [
                "client, profile 0.9.1 (default), depth default: 2 not testable",
                f"client: no case was judged, so the run fails; 2 of 2 are not testable: {BLOCKED}",
            ]
        )


@pytest.mark.parametrize("options", [["--collect-only"], ["--setup-only"]], ids=" ".join)
def test_a_run_that_judges_nothing_on_purpose(blocked: pytest.Pytester, options: list[str]) -> None:
    blocked.makepyfile(TWO_CASES)
    assert blocked.runpytest_subprocess(*options).ret == pytest.ExitCode.OK


def test_cases_that_the_user_deselects(blocked: pytest.Pytester) -> None:
    blocked.makepyfile(TWO_CASES)
    assert blocked.runpytest_subprocess("-k", "own").ret == pytest.ExitCode.OK
    nothing = blocked.runpytest_subprocess("-k", "nothing_of_this_name")
    assert nothing.ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_one_implementation_of_two(blocked: pytest.Pytester) -> None:
    blocked.makepyfile(
        """
        import pytest
        from connect_contracts import contracts

        CASES = ["CA-1[authority-given]", "CA-2[without-the-file]"]
        test_connect = pytest.mark.open(contracts("client", select=CASES))
        test_trusting = contracts("client:trusting", select=CASES)
        """
    )
    result = blocked.runpytest_subprocess()
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(passed=2, skipped=2)
    result.stdout.fnmatch_lines(["client:trusting: no case was judged, so the run fails; 2 of 2*"])
    result.stdout.no_fnmatch_line("client: no case was judged*")


def test_a_profile_that_has_no_such_case(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        from connect_contracts import contracts

        test_connect = contracts("client", profile="0.9.1", select=["LIVE-12[the-user]"])
        """
    )
    result = project.runpytest_subprocess()
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        ["client: no case was judged*1 of 1 is not applicable: it belongs to the profile 6.2"]
    )


LAWS = """
import pytest
from connect_contracts import laws
from connect_contracts.search.budget import SearchSettings

little = SearchSettings("little", scenarios=3, parts=1, derandomised=True, ladder=False)
test_laws = laws("client", settings=little, select=["no-secret", "as-given"])
"""


def test_laws_that_cannot_be_tested(blocked: pytest.Pytester) -> None:
    blocked.makepyfile(LAWS)
    result = blocked.runpytest_subprocess("-v")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(skipped=2)
    result.stdout.fnmatch_lines(
        [
            "*test_laws[[]no-secret[]] NOT TESTABLE *",
            "client, profile 0.9.1 (default), search settings little: 2 not testable",
            f"client: no law was judged, so the run fails; 2 of 2 are not testable: {BLOCKED}",
        ]
    )


def test_laws_that_were_judged(blocked: pytest.Pytester) -> None:
    blocked.makepyfile(f"{LAWS}\ntest_laws = pytest.mark.open(test_laws)")
    result = blocked.runpytest_subprocess()
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(
        ["client, profile 0.9.1 (default), search settings little: 2 passed"]
    )


def test_laws_whose_scenarios_cannot_be_judged(project: pytest.Pytester) -> None:
    project.makepyfile(
        without="""
        import client
        from connect_contracts import Implementation
        from connect_contracts.execution.implementation import PartMissing

        class Without(Implementation):
            subject = client.connect

            def connect(self, *given, **keywords):
                raise PartMissing("connect")
        """,
        test_it=LAWS.replace('"client"', '"without:Without"'),
    )
    result = project.runpytest_subprocess()
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["inconclusive: no scenario was judged: * not *"])


def test_an_implementation_that_ends_the_process_under_a_law(project: pytest.Pytester) -> None:
    project.makepyfile(
        ends="""
        import os
        def connect(url, **_): os._exit(0)
        """,
        test_it=LAWS.replace('"client"', '"ends"'),
    )
    result = project.runpytest_subprocess()
    assert result.ret == 2
    result.stdout.fnmatch_lines(["*(os._exit(0)) while test_it.py::test_laws*"])


def test_a_capsule_that_cannot_be_tested(blocked: pytest.Pytester) -> None:
    folder = blocked.mkdir("capsules")
    folder.joinpath("CA-2.json").write_text("{}")
    blocked.makeini("[pytest]\nconnect_contract_regressions = capsules\n")
    blocked.makepyfile(TWO_CASES)
    result = blocked.runpytest_subprocess("-k", "json")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(skipped=1, deselected=3)
    result.stdout.fnmatch_lines([f"client: no case was judged*1 of 1 is not testable: {BLOCKED}"])


@pytest.mark.parametrize(
    ("workers", "ini", "sentence"),
    [
        (
            [],
            "connect_contract_select = LIVE",
            "All collected cases * are left out: the selection is LIVE, the depth is default. *",
        ),
        (
            ["-n", "1"],
            "connect_contract_depth = core",
            "All collected cases * left out: the depth is core. *",
        ),
    ],
    ids=["select-serial", "depth-a-worker"],
)
def test_options_that_leave_no_case(
    project: pytest.Pytester, workers: list[str], ini: str, sentence: str
) -> None:
    project.makeini(f"[pytest]\n{ini}\n")
    project.makepyfile(
        """
        from connect_contracts import contracts

        test_connect = contracts("client", select=["FAULT-1"])

        def test_of_their_own():
            pass
        """
    )
    result = project.runpytest_subprocess(*workers)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(passed=1, failed=1, deselected=None)
    result.stdout.fnmatch_lines([sentence])


@pytest.mark.parametrize(
    ("options", "ini", "workers"),
    [
        (["--connect-contract-require-all"], "", ["-n", "1"]),
        ([], "connect_contract_require_all = true", []),
    ],
    ids=["option-a-worker", "ini-serial"],
)
def test_require_all(
    blocked: pytest.Pytester, options: list[str], ini: str, workers: list[str]
) -> None:
    blocked.makeini(f"[pytest]\n{ini}\n")
    blocked.makepyfile(
        """
        import pytest
        from connect_contracts import contracts

        test_open = pytest.mark.open(contracts("client", select=["CA-1[authority-given]"]))
        test_blocked = contracts("client", select=["CA-2[without-the-file]"])
        """
    )
    result = blocked.runpytest_subprocess(*options, *workers)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(passed=1, skipped=1)
    result.stdout.fnmatch_lines(
        [
            "client: 1 case is not testable, which connect_contract_require_all forbids: "
            "CA-2[[]without-the-file]: sockets are blocked*"
        ]
    )


def test_without_require_all(blocked: pytest.Pytester) -> None:
    blocked.makepyfile(
        """
        import pytest
        from connect_contracts import contracts

        test_open = pytest.mark.open(contracts("client", select=["CA-1[authority-given]"]))
        test_blocked = contracts("client", select=["CA-2[without-the-file]"])
        """
    )
    result = blocked.runpytest_subprocess()
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["client, * depth default: 1 passed, 1 not testable"])
    result.stdout.no_fnmatch_line("*forbids*")


@pytest.mark.parametrize("first", ["own", "not_applicable", "not_testable"])
def test_each_skip_in_its_own_words(blocked: pytest.Pytester, first: str) -> None:
    tests = {
        "own": "def test_own():\n    pytest.skip('not today')\n",
        "not_applicable": "test_not_applicable = pytest.mark.open("
        "contracts('client', profile='0.9.1', select=['LIVE-12[the-user]', 'SIG-1[by-position]']))",
        "not_testable": "test_not_testable = contracts('client', select=['SIG-1[by-position]'])",
    }
    order = [first, *(name for name in tests if name != first)]
    head = "import pytest\nfrom connect_contracts import contracts\n"
    blocked.makepyfile("\n".join([head, *(tests[name] for name in order)]))
    result = blocked.runpytest_subprocess("-rs", "-p", "no:randomly")
    summary = [line for line in result.outlines if line.startswith(("SKIPPED", "NOT "))]
    assert len(summary) == 3
    assert all(line.startswith("SKIPPED [1] ") for line in summary)
    told = "\n".join(summary)
    assert ": not today" in told
    assert ": not applicable: it belongs to the profile 6.2" in told
    assert ": not testable: sockets are blocked here" in told

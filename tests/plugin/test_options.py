"""Options and ini entries: how deep the suite goes; wrong input is a usage error of a sentence."""

from __future__ import annotations

from typing import Any

import pytest

from user_modules import DEEPER

pytest_plugins = ["pytester"]

# What else is wrong with an adapter: tests/execution/test_adapter.py.
ADAPTER = """
from connect_contracts import Implementation
import client

class NarrowBasic(Implementation):
    subject = client.connect

    def basic(self, username):
        return username
"""

CLIENT = ("--connect-contract", "client")
SELECT = ("--connect-contract-select", "CA-99")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ((), "Which implementation*--connect-contract*"),
        ((*CLIENT, *SELECT, "-n", "1"), "*no clause or case 'CA-99'*did you mean*"),
        (
            ("--connect-contract-regressions", "nothing"),
            "There is no folder *nothing with capsules*",
        ),
        (
            ("--connect-contract", "adapter:NarrowBasic"),
            "*adapter is wrong: NarrowBasic.basic*(username, password)*",
        ),
        (
            ("--connect-contract", "no_such_module"),
            "The module 'no_such_module' of --connect-contract no_such_module is not found: *",
        ),
    ],
)
def test_usage_error(project: Any, options: tuple[str, ...], sentence: str) -> None:
    project.write(adapter=ADAPTER)
    result = project.run("--pyargs", "connect_contracts", *options)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {sentence}"])
    assert "Traceback" not in result.stderr.str() + result.stdout.str()


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        ("contracts(connect)", "*BadImplementation: connect returns a coroutine*"),
        ("contracts(client, select=['sig-1'])", "*UnknownId: *did you mean SIG-1?*"),
        ("contracts(client.connect, profile='7')", "*BadSettings: There is no profile '7'*"),
        ("laws(client.connect, settings='weekly')", "*UnknownBudget: *choose one of ci*"),
    ],
)
def test_a_module_is_not_collected_and_shows_no_line_of_ours(
    project: Any, made: str, sentence: str
) -> None:
    project.write(
        test_it="import client\nfrom connect_contracts import contracts, laws\n"
        f"async def connect(url, **_): ...\ntest_it = {made}\n"
    )
    result = project.run("--tb=long")
    result.assert_outcomes(errors=1)
    assert [each for each in result.outlines if each.startswith(">")] == [f">   test_it = {made}"]
    assert [each.split(":")[:2] for each in result.outlines if ".py:" in each] == [
        ["test_it.py", "4"]
    ]
    result.stdout.fnmatch_lines([f"E   {sentence}"])


# How deep the plugin goes: by option, by the ini file, by the parameter of ``contracts``.

CLAUSES = ("CA-1", "CA-2", "CA-3")


@pytest.fixture
def deeper(project: Any) -> Any:
    """The project with a catalogue of five cases of CA-1 to CA-3, some of them deeper."""
    project.conftest(DEEPER)
    return project


def test_depth_by_ini_file_and_option_over_it(deeper: Any) -> None:
    deeper.ini("connect_contract_depth = core")
    result = deeper.judge(*CLAUSES)
    result.stdout.fnmatch_lines(["client, * depth core: 2 passed"])
    result = deeper.judge(*CLAUSES, options=("--connect-contract-depth", "full"))
    result.stdout.fnmatch_lines(["client, * depth full: 4 passed"])


def test_depth_by_the_parameter_or_the_name_wins_for_its_own_function(deeper: Any) -> None:
    deeper.write(
        test_deeper="""
        import client
        from connect_contracts import contracts

        CLAUSES = ["CA-1", "CA-2", "CA-3"]
        test_connect = contracts(client.connect, select=CLAUSES)
        test_deep = contracts(client.trusting, select=CLAUSES, depth="slow")
        test_named = contracts(client.raising, select=["CA-2[without-the-file]"], depth="core")
        """
    )
    deeper.run("test_deeper.py::test_connect[CA-2[without-the-file]]").assert_outcomes(passed=1)
    result = deeper.run()
    assert result.parseoutcomes()["deselected"] == 2
    result.stdout.fnmatch_lines(
        [
            "client:connect, profile 0.9.1 (default), depth default: 3 passed",
            "client:raising, profile 0.9.1 (default), depth core: 1 failed",
            "client:trusting, profile 0.9.1 (default), depth slow: 2 passed, 3 failed",
        ]
    )

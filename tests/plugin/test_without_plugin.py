"""Without its plugin a test of the suite says that it needs it, once, and judges nothing."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

SENTENCE = "*contracts and laws need the pytest plugin connect_contract, which is not loaded: *"

CONTRACTS = """
from connect_contracts import contracts

test_connect = contracts("client", select=["CA-2"], depth="core")
"""

LAWS = """
from connect_contracts import laws

test_laws = laws("client")
"""


@pytest.mark.parametrize("test", [CONTRACTS, LAWS], ids=["contracts", "laws"])
@pytest.mark.parametrize(
    "options",
    [[], ["-n", "1"], ["--strict-markers"], ["-W", "error"], ["-W", "ignore"]],
    ids=" ".join,
)
def test_the_plugin_is_switched_off(
    project: pytest.Pytester, test: str, options: list[str]
) -> None:
    project.makepyfile(test)
    result = project.runpytest_subprocess("-p", "no:connect_contract", *options)
    assert result.ret != pytest.ExitCode.OK
    result.assert_outcomes(errors=1)
    (told,) = [line for line in result.outlines if line.startswith("contracts and laws need")]
    assert told.endswith("or give `-p connect_contract`.")
    result.stdout.no_fnmatch_line("*Unknown pytest.mark*")


def test_plugins_are_not_loaded_by_themselves(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("PYTEST_ADDOPTS")
    project.makepyfile(CONTRACTS)
    result = project.runpytest_subprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([SENTENCE])
    result = project.runpytest_subprocess("-p", "connect_contract")
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["client, * depth core: * passed"])


def test_the_suite_without_the_plugin(project: pytest.Pytester) -> None:
    result = project.runpytest_subprocess(
        "--pyargs", "connect_contracts", "-p", "no:connect_contract"
    )
    assert result.ret != pytest.ExitCode.OK
    result.stdout.fnmatch_lines([SENTENCE])


def test_a_module_with_contracts_is_imported_by_others(project: pytest.Pytester) -> None:
    project.makepyfile(suite=CONTRACTS)
    result = project.runpython_c("import suite; print('imported')")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["imported"])

"""Surroundings that reach the suite: ini files, conftests, other plugins."""

from __future__ import annotations

import importlib.util

import pytest

pytest_plugins = ["pytester"]

CA_2 = (
    *("--pyargs", "connect_contracts", "--connect-contract", "client"),
    *("--connect-contract-select", "CA-1[authority-given]"),
    *("--connect-contract-select", "CA-1[over-tls-1-2]"),
    *("--connect-contract-select", "CA-2[without-the-file]"),
)


def needs(module: str) -> pytest.MarkDecorator:
    missing = importlib.util.find_spec(module) is None
    return pytest.mark.skipif(missing, reason=f"{module} is not installed")


def test_ini_file_that_names_tests_otherwise(project: pytest.Pytester) -> None:
    project.makeini(
        """
        [pytest]
        python_files = check_*.py
        python_functions = check_*
        python_classes = *Spec
        addopts = --strict-markers --strict-config --doctest-modules
        filterwarnings = error
        xfail_strict = true
        """
    )
    result = project.runpytest_subprocess(*CA_2)
    result.assert_outcomes(passed=3)


def test_ini_file_that_takes_every_file_for_a_test(project: pytest.Pytester) -> None:
    project.makeini("[pytest]\npython_files = *.py\npython_functions = *\npython_classes = *\n")
    result = project.runpytest_subprocess(*CA_2)
    result.assert_outcomes(passed=3)


def test_ini_file_in_place_of_options(project: pytest.Pytester) -> None:
    project.makeini(
        """
        [pytest]
        connect_contract = client:trusting
        connect_contract_profile = 6.2
        connect_contract_select = CA-2[without-the-file]
        connect_contract_expected_failures = known.toml
        """
    )
    project.path.joinpath("known.toml").write_text(
        '[[expected-failure]]\ncase = "CA-2[without-the-file]"\n'
        'reason = "it trusts everybody"\nway = ["it returned", "HTTP reached"]\n'
    )
    result = project.runpytest_subprocess("--pyargs", "connect_contracts")
    result.assert_outcomes(xfailed=1)
    result.stdout.fnmatch_lines(["client:trusting, profile 6.2 (asked for), * 1 known"])


def test_conftest_that_overrides_every_fixture(project: pytest.Pytester) -> None:
    project.makeconftest(
        """
        import pytest

        @pytest.fixture
        def connect_implementation(): raise RuntimeError("overridden")

        @pytest.fixture
        def connect_case(): raise RuntimeError("overridden")

        @pytest.fixture(scope="session")
        def connect_target_factory(): raise RuntimeError("overridden")

        @pytest.fixture(autouse=True)
        def proxies(monkeypatch):
            monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
            monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
        """
    )
    result = project.runpytest_subprocess(*CA_2)
    result.assert_outcomes(passed=3)


IN_A_FRESH_INTERPRETER = "CA-18[in-a-fresh-interpreter]"


def test_a_warning_of_the_implementation_is_no_error(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.makeini("[pytest]\nfilterwarnings = error\n")
    monkeypatch.setenv("PYTHONWARNINGS", "error::DeprecationWarning")
    project.makepyfile(
        old="""
        import warnings, client

        def connect(url, **keywords):
            warnings.warn("use something else", DeprecationWarning)
            return client.connect(url, **keywords)
        """
    )
    select = [*CA_2, "--connect-contract-select", IN_A_FRESH_INTERPRETER]
    result = project.runpytest_subprocess(*select, "--connect-contract", "old")
    result.assert_outcomes(passed=4)


@pytest.mark.parametrize("option", ["no:xdist", "no:terminal"])
def test_without_other_plugins(project: pytest.Pytester, option: str) -> None:
    assert project.runpytest_subprocess(*CA_2, "-p", option).ret == 0


def test_beside_every_plugin_that_is_installed(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTEST_ADDOPTS")
    project.runpytest_subprocess(*CA_2).assert_outcomes(passed=3)


@needs("pytest_rerunfailures")
def test_a_failure_is_not_tried_again(project: pytest.Pytester) -> None:
    result = project.runpytest_subprocess(
        *CA_2, "--connect-contract", "client:trusting", "--reruns", "3"
    )
    result.assert_outcomes(failed=1, passed=2)


@needs("pytest_timeout")
def test_beside_timeouts(project: pytest.Pytester) -> None:
    project.runpytest_subprocess(*CA_2, "--timeout", "60").assert_outcomes(passed=3)


@needs("pytest_socket")
def test_blocked_sockets_are_not_testable(project: pytest.Pytester) -> None:
    result = project.runpytest_subprocess(*CA_2, "--disable-socket", "-rs")
    result.assert_outcomes(skipped=3)
    result.stdout.fnmatch_lines(["*not testable: sockets are blocked here (SocketBlockedError)*"])


@needs("pytest_socket")
def test_sockets_allowed_on_loopback(project: pytest.Pytester) -> None:
    result = project.runpytest_subprocess(*CA_2, "--allow-hosts=127.0.0.1,::1,localhost")
    result.assert_outcomes(passed=3)

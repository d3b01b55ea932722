"""Surroundings that reach the suite: ini files, conftests, plugins, encodings, files of others."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from typing import Any

import pytest

pytest_plugins = ["pytester"]

CASES = ("CA-1[authority-given]", "CA-1[over-tls-1-2]", "CA-2[without-the-file]")
RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def needs(module: str) -> pytest.MarkDecorator:
    missing = importlib.util.find_spec(module) is None
    return pytest.mark.skipif(missing, reason=f"{module} is not installed")


@pytest.mark.parametrize(
    ("entries", "options"),
    [
        pytest.param(
            (
                *("python_files = check_*.py", "python_functions = check_*"),
                *("python_classes = *Spec", "filterwarnings = error", "xfail_strict = true"),
                "addopts = --strict-markers --strict-config --doctest-modules",
            ),
            ("-p", "no:xdist"),
            id="other-names",
        ),
        pytest.param(
            ("python_files = *.py", "python_functions = *", "python_classes = *"),
            ("-p", "no:terminal"),
            id="every-file",
        ),
        pytest.param((), ("--timeout", "60"), id="timeouts", marks=needs("pytest_timeout")),
    ],
)
def test_entries_and_plugins_of_others(
    project: Any, entries: tuple[str, ...], options: tuple[str, ...]
) -> None:
    project.ini(*entries)
    report = f"--junit-xml={project.path / 'done.xml'}"
    assert project.judge(*CASES, options=(*options, report)).ret == 0
    assert 'tests="3"' in (project.path / "done.xml").read_text()


def test_ini_file_in_place_of_options(project: Any) -> None:
    project.ini(
        "connect_contract = client:trusting",
        "connect_contract_profile = 6.2",
        "connect_contract_select = CA-2[without-the-file]",
        "connect_contract_expected_failures = known.toml",
    )
    project.path.joinpath("known.toml").write_text(
        '[[expected-failure]]\ncase = "CA-2[without-the-file]"\n'
        'reason = "it trusts everybody"\nway = ["it returned", "HTTP reached"]\n'
    )
    result = project.run("--pyargs", "connect_contracts")
    result.assert_outcomes(xfailed=1)
    result.stdout.fnmatch_lines(["client:trusting, profile 6.2 (asked for), * 1 known"])


def test_conftest_that_overrides_every_fixture(project: Any) -> None:
    project.conftest(
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
    project.judge(*CASES).assert_outcomes(passed=3)


def test_a_warning_of_the_implementation_is_no_error(
    project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.ini("filterwarnings = error")
    monkeypatch.setenv("PYTHONWARNINGS", "error::DeprecationWarning")
    project.write(
        old="""
        import warnings, client

        def connect(url, **keywords):
            warnings.warn("use something else", DeprecationWarning)
            return client.connect(url, **keywords)
        """
    )
    cases = (CASES[0], "CA-18[in-a-fresh-interpreter]")
    project.judge(*cases, connect="old", fresh=True).assert_outcomes(passed=2)


def test_beside_every_plugin_that_is_installed(
    project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTEST_ADDOPTS")
    project.judge(CASES[0], fresh=True).assert_outcomes(passed=1)


@needs("pytest_rerunfailures")
def test_a_failure_is_not_tried_again(project: Any) -> None:
    result = project.judge(*CASES, connect="client:trusting", options=("--reruns", "3"))
    result.assert_outcomes(failed=1, passed=2)


@needs("pytest_socket")
def test_beside_sockets_that_are_blocked(project: Any) -> None:
    result = project.judge(*CASES, options=("--disable-socket", "-rs"))
    result.assert_outcomes(skipped=3)
    result.stdout.fnmatch_lines(["*not testable: sockets are blocked here (SocketBlockedError)*"])
    allowed = ("--allow-hosts=127.0.0.1,::1,localhost",)
    project.judge(*CASES, options=allowed).assert_outcomes(passed=3)


# Rough surroundings.


def test_a_failure_where_the_output_is_not_utf_8(
    project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write(accented="def connect(url, **_):\n    raise ValueError('refus\u00e9 \u2713')\n")
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    done = project.judge("CA-1[authority-given]", connect="accented")
    assert done.ret == 1
    assert "Traceback" not in done.stdout.str() + done.stderr.str()
    told = ["accented, profile * 1 failed", "expected *", "*ValueError: refus*u2713*"]
    done.stdout.fnmatch_lines(told)


def test_without_docstrings(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONOPTIMIZE", "2")
    done = project.judge(fresh=True)
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines(["ERROR: *PYTHONOPTIMIZE=2*"])
    assert "Traceback" not in done.stderr.str()
    project.write(test_a="from connect_contracts import contracts", test_b=LAWS)
    done = project.run(fresh=True)
    assert done.ret == pytest.ExitCode.INTERRUPTED
    done.stdout.fnmatch_lines(["E *PYTHONOPTIMIZE=2*", "E *PYTHONOPTIMIZE=2*"])


def test_a_mistake_of_our_own_is_no_verdict(project: Any) -> None:
    project.conftest(
        "import connect_contracts.judging.settings as settings\n"
        "def mistaken(*_, **__):\n"
        "    raise LookupError('nobody expected this')\n"
        "settings.read_settings = mistaken\n"
    )
    done = project.judge()
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines(["ERROR: LookupError: nobody expected this: a mistake of *"])


def test_nothing_acts_on_the_terminal(project: Any) -> None:
    project.write(evil="raise RuntimeError('\\x1b[2J\\x9b1m\\u202e\\x07')")
    done = project.judge(connect="evil")
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    (line,) = [line for line in done.errlines if line.startswith("ERROR")]
    assert "\\u001b[2J" in line
    assert RAW.search(line) is None

    (project.path / "capsules").mkdir()
    (project.path / "capsules" / "a\x1b[2J\u202e.json").write_text(
        '{"schema": 1, "scenario": {}, "\\u001b[2J": 1}', encoding="utf-8"
    )
    done = project.judge("SIG-1", options=("--connect-contract-regressions=capsules", "-v"))
    assert done.ret == 1
    assert "a\\x1b[2J" in done.stdout.str()
    assert RAW.search(done.stdout.str()) is None


def test_the_working_folder_in_safe_path_mode(project: Any) -> None:
    suite = ("--pyargs", "connect_contracts", "--connect-contract", "client", "-n", "1")
    command = [sys.executable, "-P", "-m", "pytest", *suite]
    # pytester itself puts the folder into PYTHONPATH.
    done = subprocess.run(command, cwd=project.path, capture_output=True, text=True)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "name the folder in PYTHONPATH" in done.stderr


# Without the plugin a test of the suite says that it needs it, once, and judges nothing. In a fork
# pytest knows the plugin's mark from this run.

SENTENCE = "*contracts and laws need the pytest plugin connect_contract, which is not loaded: *"
CONTRACTS = """
from connect_contracts import contracts

test_connect = contracts("client", select=["CA-2"], depth="core")
"""
LAWS = """
from connect_contracts import laws

test_laws = laws("client")
"""


@pytest.mark.parametrize(
    "options",
    [("-n", "1", "-W", "ignore"), ("--strict-markers", "-W", "error")],
    ids=["a-worker", "strict"],
)
def test_the_plugin_is_switched_off(project: Any, options: tuple[str, ...]) -> None:
    project.write(test_a=CONTRACTS, test_b=LAWS)
    result = project.run("-p", "no:connect_contract", *options, fresh=True)
    assert result.ret != pytest.ExitCode.OK
    result.assert_outcomes(errors=2)
    lines = [line for line in result.outlines if line.startswith("contracts and laws need")]
    assert len(lines) == 2
    assert all(line.endswith("or give `-p connect_contract`.") for line in lines)
    result.stdout.no_fnmatch_line("*Unknown pytest.mark*")


def test_plugins_are_not_loaded_by_themselves(
    project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("PYTEST_ADDOPTS")
    project.write(CONTRACTS)
    result = project.run("--pyargs", "connect_contracts", fresh=True)
    assert result.ret != pytest.ExitCode.OK
    result.stdout.fnmatch_lines([SENTENCE])
    result = project.run("-p", "connect_contract")
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["client, * depth core: * passed"])


def test_a_module_with_contracts_is_imported_by_others(project: Any) -> None:
    project.write(suite=CONTRACTS)
    script = project.path / "script.py"
    script.write_text("import suite; print('imported')")
    assert project.python(script).outlines == ["imported"]

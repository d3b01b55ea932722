"""pytest where its surroundings are rough: encodings, docstrings, files of somebody else."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

pytest_plugins = ["pytester"]

SUITE = ("--pyargs", "connect_contracts", "--connect-contract")
SELECT = ("--connect-contract-select",)

RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

ACCENTED = """
def connect(url, **_):
    raise ValueError("refus\u00e9 \u2713")
"""


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_failure_where_the_output_is_not_utf_8(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    project.makepyfile(accented=ACCENTED)
    monkeypatch.setenv("PYTHONIOENCODING", encoding)
    done = project.runpytest_subprocess(*SUITE, "accented", *SELECT, "CA-1[authority-given]")
    assert done.ret == 1
    assert "Traceback" not in done.stdout.str() + done.stderr.str()
    done.stdout.fnmatch_lines(["*ValueError: refus*u2713*"])
    done.stdout.fnmatch_lines(["expected *"])
    done.stdout.fnmatch_lines(["accented, profile * 1 failed"])


def test_without_docstrings(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONOPTIMIZE", "2")
    done = project.runpytest_subprocess(*SUITE, "client")
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines(["ERROR: *PYTHONOPTIMIZE=2*"])
    assert "Traceback" not in done.stderr.str()


@pytest.mark.parametrize(
    "found", ["connect_contracts import contracts", "connect_contracts import laws"]
)
def test_a_test_module_without_docstrings(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, found: str
) -> None:
    project.makepyfile(f"from {found}")
    monkeypatch.setenv("PYTHONOPTIMIZE", "2")
    done = project.runpytest_subprocess()
    assert done.ret == pytest.ExitCode.INTERRUPTED
    done.stdout.fnmatch_lines(["E *PYTHONOPTIMIZE=2*"])


def test_a_mistake_of_our_own_is_no_verdict(project: pytest.Pytester) -> None:
    project.makeconftest(
        "import connect_contracts.judging.settings as settings\n"
        "def mistaken(*_, **__):\n"
        "    raise LookupError('nobody expected this')\n"
        "settings.read_settings = mistaken\n"
    )
    done = project.runpytest_subprocess(*SUITE, "client")
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines(["ERROR: LookupError: nobody expected this: a mistake of *"])


def test_nothing_acts_on_the_terminal(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.makepyfile(evil="raise RuntimeError('\\x1b[2J\\x9b1m\\u202e\\x07')")
    done = project.runpytest_subprocess(*SUITE, "evil")
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    (told,) = [line for line in done.errlines if line.startswith("ERROR")]
    assert "\\u001b[2J" in told
    assert RAW.search(told) is None


def test_a_capsule_of_somebody_else(project: pytest.Pytester) -> None:
    project.mkdir("capsules").joinpath("a\x1b[2J\u202e.json").write_text(
        '{"schema": 1, "scenario": {}, "\\u001b[2J": 1}', encoding="utf-8"
    )
    done = project.runpytest_subprocess(
        *(*SUITE, "client", *SELECT, "SIG-1"), "--connect-contract-regressions=capsules", "-v"
    )
    assert done.ret == 1
    told = done.stdout.str()
    assert "a\\x1b[2J" in told
    assert RAW.search(told) is None


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["serial", "worker"])
def test_the_working_folder_in_safe_path_mode(
    project: pytest.Pytester, workers: tuple[str, ...]
) -> None:
    command = [sys.executable, "-P", "-m", "pytest", *SUITE, "client", *SELECT, "SIG-1", *workers]
    # pytester itself puts the folder into PYTHONPATH.
    done = subprocess.run(command, cwd=project.path, capture_output=True, text=True)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "name the folder in PYTHONPATH" in done.stderr

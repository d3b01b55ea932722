"""The script beside capsules: one fixed text, which reads them as data and replaces no file."""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from connect_contracts.regressions.folder import SCRIPT, SCRIPT_NAME, NotOurs, write_script
from connect_fixtures.cli.command import run_command

REFERENCE = "connect_contracts.reference.v0_9_1"
LATIN = "connect_contracts.selftest.auth:sends_latin_1.v0_9_1"


def test_it_fails_in_the_same_way_and_not_on_the_reference(
    latin: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    script = str(write_script(latin.parent))
    before = Path(script).stat().st_mtime_ns
    assert write_script(latin.parent).stat().st_mtime_ns == before

    def replayed(*arguments: str) -> tuple[object, str, str]:
        monkeypatch.syspath_prepend(str(latin.parent))
        monkeypatch.setattr(sys, "argv", [script, *arguments])
        with pytest.raises(SystemExit) as ended:
            runpy.run_path(script, run_name="__main__")
        return ended.value.code, *capsys.readouterr()

    status, out, err = replayed(LATIN, str(latin))
    assert status == 1, out + err
    assert "still failing" in out
    assert "geheimnis" not in out + err
    status, out, err = replayed()
    assert (status, err.count("\n")) == (2, 1)
    assert "Which implementation of connect?" in err


def test_it_replays_all_beside_it_and_imports_no_module_there(latin: Path, tmp_path: Path) -> None:
    for name in ("json", "pathlib", "msgspec", "connect_contracts"):
        latin.with_name(f"{name}.py").write_text("raise SystemExit('it was imported')")
    done = subprocess.run(
        [sys.executable, write_script(latin.parent), REFERENCE],
        cwd=tmp_path,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "it was imported" not in done.stdout + done.stderr
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{latin.name}: fixed" in done.stdout


@pytest.mark.parametrize("stem", ["conftest", "__init__"])
def test_the_name_of_a_capsule_is_no_name_of_a_script(
    latin: Path, stem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(latin.parent)
    whole = json.loads(latin.read_text())
    whole["expected"] = whole["observed"] = '"""\nraise SystemExit("it was run")\n"""'
    (hostile := latin.with_name(f"{stem}.json")).write_text(json.dumps(whole))
    latin.unlink()
    assert run_command(["replay", str(hostile), "--connect", REFERENCE, "--script"]) == 0
    assert sorted(path.name for path in latin.parent.iterdir()) == sorted(
        [hostile.name, SCRIPT_NAME]
    )
    assert (latin.parent / SCRIPT_NAME).read_text() == SCRIPT


def test_nothing_of_it_runs_where_it_is_imported(tmp_path: Path) -> None:
    """A pytest that collects all files imports this one, and finds no test in it."""
    names = runpy.run_path(str(write_script(tmp_path)), run_name="collected")
    assert not any(name.startswith(("test", "Test")) for name in names)
    assert not SCRIPT_NAME.removesuffix(".py").isidentifier()


@pytest.mark.parametrize("there", ["file", "older", "link", "dangling link", "folder", "pipe"])
def test_what_is_not_ours_stays_as_it_is(
    latin: Path, tmp_path: Path, there: str, capsys: pytest.CaptureFixture[str]
) -> None:
    place, other = latin.with_name(SCRIPT_NAME), tmp_path / "other.py"
    match there:
        case "file" | "older":
            place.write_text("mine" if there == "file" else f"{SCRIPT}\n")
        case "link" | "dangling link":
            if there == "link":
                other.write_text("mine")
            place.symlink_to(other)
        case "folder":
            place.mkdir()
        case "pipe":
            os.mkfifo(place)
    before = place.lstat()
    with pytest.raises(NotOurs, match=SCRIPT_NAME):
        write_script(latin.parent)
    assert (place.lstat().st_ino, place.lstat().st_mtime) == (before.st_ino, before.st_mtime)
    assert not other.exists() or other.read_text() == "mine"
    command = ["replay", str(latin), "--connect", REFERENCE, "--script"]
    assert run_command(command) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert SCRIPT_NAME in line

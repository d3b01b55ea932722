"""Reports as JSON files: whole or not at all, and read back as what they were."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import msgspec
import pytest

from connect_contracts.model.json_text import indented
from connect_contracts.report import json_file
from connect_contracts.report.json_file import read_report, write_whole
from connect_contracts.report.model import JudgedCase, RunReport, RunReports, judged_case
from hand_written_reports import case, run_of

ALERT = {"evidence": "the target saw the alert unknown_ca", "strength": "client's alert"}
CASES = (
    case("CA-3[another-authority-of-the-same-name]", "failed", observed="é \u2028"),
    case("CA-1[over-tls-1-2]", "passed", transcript=("one", "two")),
    case("CA-2[without-the-file]", "passed", **ALERT),
    case("CA-3[another-authority]", "passed", **ALERT),
    case("CA-5[text-between]", "not testable"),
)


def test_clauses_and_cases_are_in_the_order_of_the_catalogue_and_counted() -> None:
    report = run_of(*CASES)
    clauses = report.clauses
    assert [(clause.id, clause.verdict) for clause in clauses] == [
        ("CA-1", "passed"),
        ("CA-2", "passed"),
        ("CA-3", "failed"),
        ("CA-5", "not testable"),
    ]
    assert [case.id for case in clauses[2].cases] == [
        "CA-3[another-authority]",
        "CA-3[another-authority-of-the-same-name]",
    ]
    summary = report.summary
    assert list(summary.verdicts.items()) == [("passed", 2), ("not testable", 1), ("failed", 1)]
    assert summary.levels == {
        "documented": {"passed": 3, "failed": 1},
        "implied": {"not testable": 1},
    }
    assert summary.cases == {"passed": 3, "not testable": 1, "failed": 1}
    assert summary.evidence == {"client's alert": 2}


@pytest.mark.parametrize("made", [run_of(*CASES), RunReports((run_of(*CASES), run_of()))])
def test_read_back(tmp_path: Path, made: RunReport | RunReports) -> None:
    path = tmp_path / "report.json"
    write_whole(path, indented(made))
    assert read_report(path) == made
    assert json.loads(path.read_text(encoding="utf-8"))
    assert stat.S_IMODE(path.stat().st_mode) & 0o600 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


def test_a_file_stays_as_it_is_if_writing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.json"
    path.write_text("before")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(json_file.os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, indented(run_of()))
    assert path.read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


def test_the_mode_is_that_of_any_new_file_or_of_the_file_that_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(_: int) -> int:
        raise AssertionError("another thread may make a file while the mask is set")

    monkeypatch.setattr(os, "umask", forbidden)
    (tmp_path / "any").touch()
    (tmp_path / "private").touch(0o600)
    for name in ("new", "private"):
        write_whole(tmp_path / name, indented(run_of()))
        assert read_report(tmp_path / name) == run_of()
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {"any": modes["new"], "new": modes["any"], "private": 0o600}


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    place, link = tmp_path / "elsewhere" / "report.json", tmp_path / "report.json"
    place.parent.mkdir()
    link.symlink_to(place)
    for _ in range(2):
        write_whole(link, indented(run_of()))
        assert link.is_symlink()
        assert read_report(place) == run_of()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_what_is_no_regular_file_is_written_to(tmp_path: Path) -> None:
    """A device in /dev, or a pipe, must not become a file."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    # A pipe that is opened for both waits for no other end.
    with open(os.open(pipe, os.O_RDWR), "rb", buffering=0) as reading:
        write_whole(pipe, indented(run_of()))
        assert msgspec.json.decode(reading.read(100_000), type=RunReport) == run_of()
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"runs": [{}]}', "nonsense", "a pipe"])
def test_what_is_no_report(tmp_path: Path, content: str) -> None:
    path = tmp_path / "report.json"
    if content == "a pipe":
        os.mkfifo(path)
        with pytest.raises(OSError, match="it is no regular file"):
            read_report(path)
    else:
        path.write_text(content)
        with pytest.raises(msgspec.DecodeError):
            read_report(path)


def test_a_case_travels_as_plain_json() -> None:
    judged = JudgedCase("client", "0.9.1", "default", CASES[0])
    built = json.loads(json.dumps(msgspec.to_builtins(judged)))
    assert judged_case([("other", 1), ("connect_contract", built)]) == judged
    assert judged_case([("other", 1)]) is None

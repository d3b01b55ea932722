"""Arrow files become rows in wire form, exactly."""

from __future__ import annotations

import datetime as dt
import importlib
import math
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from connect_harness import TargetSession
from connect_harness.protocols.arrow import LARGEST_FILE, ArrowError, FileRefusedError, read_rows
from connect_harness.server import FileRefused

pa = pytest.importorskip("pyarrow")


Write = Callable[..., str]


MOMENT = dt.datetime(2024, 1, 2, 3, 4, 5, 678901)


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (pa.array([True, False, None]), [True, False, None]),
        (pa.array([2**53 + 1, -(2**63), None], pa.int64()), [2**53 + 1, -(2**63), None]),
        (pa.array([1.5, math.inf, None]), [1.5, math.inf, None]),
        (pa.array([0.5, 2.0**24, None], pa.float32()), [0.5, 2.0**24, None]),
        (pa.array(["é\n\"'", "", None]), ["é\n\"'", "", None]),
        (pa.array([[1.5, 2.0], [], None], pa.list_(pa.float64())), [[1.5, 2.0], [], None]),
        (pa.array([[0.5], None], pa.list_(pa.float32())), [[0.5], None]),
        (pa.array([dt.date(1, 1, 1)]), [dt.date(1, 1, 1)]),
        (pa.array([MOMENT, None], pa.timestamp("us")), [MOMENT, None]),
        (pa.array([MOMENT, None], pa.timestamp("ns")), [MOMENT, None]),
        (pa.array([-1], pa.timestamp("s")), [dt.datetime(1969, 12, 31, 23, 59, 59)]),
        (pa.array([dt.time(1, 2, 3, 4), None], pa.time64("ns")), [dt.time(1, 2, 3, 4), None]),
        (pa.array([dt.time(1, 2)], pa.time64("us")), [dt.time(1, 2)]),
        (pa.array([62], pa.time32("s")), [dt.time(0, 1, 2)]),
        (pa.nulls(2), [None, None]),
        (pa.array([math.nan, None]), [math.nan, None]),
        # Within an array of numbers the client writes NaN as null.
        (pa.array([[1.5, None], None], pa.list_(pa.float64())), [[1.5, math.nan], None]),
    ],
    ids=lambda value: str(value.type) if isinstance(value, pa.Array) else "",
)
def test_values_arrive_exactly(
    tmp_path: Path, write: Write, column: Any, expected: list[object]
) -> None:
    arrived = [row["Value"] for row in read_rows(write(column), tmp_path)]
    # It tells 1 from 1.0, and is the same for each NaN.
    assert repr(arrived) == repr(expected)


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("-02:30", "1969-12-31 21:30:00-02:30"),
        ("+0200", "1970-01-01 02:00:00+02:00"),
        ("UTC", "1970-01-01 00:00:00+00:00"),
        ("Europe/Paris", "1970-01-01 01:00:00+01:00"),
    ],
)
def test_a_moment_keeps_its_zone(tmp_path: Path, write: Write, zone: str, text: str) -> None:
    moment, null = read_rows(write(pa.array([0, None], pa.timestamp("us", tz=zone))), tmp_path)
    assert str(moment["Value"]) == text
    assert null["Value"] is None


def test_columns_that_cannot_be_read(tmp_path: Path, write: Write) -> None:
    with pytest.raises(ArrowError, match="columns of the same name"):
        read_rows(write(pa.array([1]), pa.array([2])), tmp_path)
    with pytest.raises(ArrowError, match="No/Where"):
        read_rows(write(pa.array([0], pa.timestamp("us", tz="No/Where"))), tmp_path)


@pytest.mark.parametrize("content", [None, b"", b"no arrow at all", b"ARROW1\0\0"])
def test_what_is_no_arrow_file_is_an_error(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "table.arrow"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ArrowError, match="cannot be read"):
        read_rows(str(path), tmp_path)


def test_without_pyarrow_the_text_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(ArrowError, match=r"install pytest-connect-contract\[arrow\]"):
        read_rows(str(tmp_path / "table.arrow"), tmp_path)


@pytest.fixture
def folder(tmp_path: Path, write: Write) -> Path:
    """The folder of a target, beside another one with an Arrow file in it."""
    (tmp_path / "elsewhere").mkdir()
    write(pa.array([1]), folder=tmp_path / "elsewhere")
    folder = tmp_path / "folder"
    folder.mkdir()
    return folder


@pytest.mark.parametrize(
    "named",
    [
        "elsewhere/table.arrow",
        "elsewhere/nothing.arrow",
        "folder/../elsewhere/table.arrow",
        "folder/link.arrow",
        "folder/linked/table.arrow",
        "folderol.arrow",
    ],
)
def test_only_what_lies_below_the_folder_is_read(tmp_path: Path, folder: Path, named: str) -> None:
    (folder / "link.arrow").symlink_to(tmp_path / "elsewhere" / "table.arrow")
    (folder / "linked").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileRefusedError, match="does not lie below"):
        read_rows(str(tmp_path / named), folder)


def test_a_link_within_the_folder_is_followed(folder: Path, write: Write) -> None:
    write(pa.array([1]), folder=folder)
    (folder / "link.arrow").symlink_to("table.arrow")
    assert read_rows(str(folder / "link.arrow"), folder) == [{"Value": 1}]


@pytest.mark.parametrize("path", ["", ".", "a\0b", "/dev/zero", "/proc/self/environ"])
def test_other_things_are_refused(folder: Path, path: str) -> None:
    with pytest.raises(FileRefusedError):
        read_rows(path, folder)


def test_a_pipe_and_a_file_that_is_too_large_are_not_read(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    with pytest.raises(FileRefusedError, match="no regular file"):
        read_rows(str(folder / "pipe"), folder)
    large = folder / "large"
    large.touch()
    os.truncate(large, LARGEST_FILE + 1)
    with pytest.raises(FileRefusedError, match=f"more than {LARGEST_FILE} bytes"):
        read_rows(str(large), folder)


@pytest.mark.parametrize("folder", ["the file's", "another", "a link to the file's"])
def test_files_of_one_folder_are_read(
    tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    """By default that is the temporary folder; a refusal stands in the journal."""
    path = write(pa.array([7], pa.int32()))
    (tmp_path / "temporary").mkdir()
    (tmp_path / "link").symlink_to(tmp_path)
    own = tmp_path if folder == "the file's" else tmp_path / "temporary"
    monkeypatch.setattr(tempfile, "tempdir", str(own))
    given = {"arrow_folder": tmp_path / "link"} if folder.startswith("a link") else {}
    with TargetSession.start(**given) as session:
        if folder != "another":
            assert session._gateway._read_file(path) == [{"Value": 7}]
            assert not session.journal.of(FileRefused)
            return
        with pytest.raises(FileRefusedError):
            session._gateway._read_file(path)
        (refused,) = session.journal.of(FileRefused)
        assert (refused.target, path in refused.reason) == ("target", True)

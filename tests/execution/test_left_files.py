"""Files that a run leaves behind: how much of them is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from connect_contracts.execution.environment.left_files import LeftFiles


def test_a_large_file_of_somebody_else_leaves_nothing_open(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("connect_contracts.execution.environment.left_files.LARGEST", 100)
    (tmp_path / "old").write_text("x")
    left = LeftFiles([], tmp_path)
    for name in ("old", "new"):
        (tmp_path / name).write_text("y" * 500 + "the end")
    read = {file.path.name: file for file in left.read(())}
    assert {name: file.cut for name, file in read.items()} == {"old": False, "new": False}
    assert all(file.text.endswith("the end") and len(file.text) < 200 for file in read.values())
    own = LeftFiles([tmp_path], None)
    assert {file.path.name: file.cut for file in own.read(())} == {"old": True, "new": True}

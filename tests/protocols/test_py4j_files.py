"""Which files a target session reads for a client of its gateway."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from connect_harness import TargetSession
from connect_harness.protocols.arrow import FileRefusedError
from connect_harness.server import FileRefused

pyarrow = pytest.importorskip("pyarrow")


@pytest.mark.parametrize("folder", ["the file's", "another", "a link to the file's"])
def test_files_of_one_folder_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    """By default that is the temporary folder; a refusal stands in the journal."""
    path = tmp_path / "rows.arrow"
    table = pyarrow.table({"Value": pyarrow.array([7], pyarrow.int32())})
    with pyarrow.OSFile(str(path), "wb") as file, pyarrow.ipc.new_file(file, table.schema) as w:
        w.write_table(table)
    (tmp_path / "temporary").mkdir()
    (tmp_path / "link").symlink_to(tmp_path)
    own = tmp_path if folder == "the file's" else tmp_path / "temporary"
    monkeypatch.setattr(tempfile, "tempdir", str(own))
    given = {"arrow_folder": tmp_path / "link"} if folder.startswith("a link") else {}
    with TargetSession.start(**given) as session:
        if folder != "another":
            assert session._read_file(str(path)) == [{"Value": 7}]
            assert not session.journal.of(FileRefused)
            return
        with pytest.raises(FileRefusedError):
            session._read_file(str(path))
        (refused,) = session.journal.of(FileRefused)
        assert (refused.target, str(path) in refused.reason) == ("target", True)

"""Temporary folders: removed by their process, or, where that was killed, by the next one."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest

from connect_harness.temporary import temporary_folder

MAKE = """
import sys
from connect_harness.temporary import temporary_folder
with temporary_folder() as folder:
    (folder / "key.pem").write_text("secret")
    print(folder, flush=True)
    sys.stdin.read()
"""


@contextmanager
def process(place: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A process that has made a folder in ``place`` and keeps it, and that folder."""
    with subprocess.Popen(
        [sys.executable, "-c", MAKE],
        env={**os.environ, "TMPDIR": str(place)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as started:
        assert started.stdout is not None
        try:
            yield started, Path(started.stdout.readline().strip())
        finally:
            started.kill()


def test_what_a_killed_process_left_goes_with_the_next_one(tmp_path: Path) -> None:
    with process(tmp_path) as (alive, kept):
        with process(tmp_path) as (killed, left):
            killed.send_signal(signal.SIGKILL)
            killed.wait(timeout=30)
            assert (left / "key.pem").exists()
            with process(tmp_path):
                assert not left.exists()
                assert (kept / "key.pem").exists()
        alive.communicate(timeout=30)
    assert alive.returncode == 0


def test_it_is_its_owners_alone_and_nothing_else_is_removed(tmp_path: Path) -> None:
    place = tmp_path / "temporary"
    others = tmp_path / "others"
    for folder in (others, place / "connect-contract-examples", place / "mine.tmp"):
        folder.mkdir(parents=True)
        (folder / "file").touch()
    link = place / "connect-contract-abcdefgh.tmp"
    link.symlink_to(others)
    file = place / "connect-contract-12345678.tmp"
    file.touch()
    if os.getuid() == 0:
        other_users = place / "connect-contract-bcdefghi.tmp"
        other_users.mkdir()
        os.chown(other_users, 12345, 12345)
    before = {path.name for path in place.iterdir()}

    with process(place) as (started, folder):
        assert {path.name for path in place.iterdir()} == before | {folder.name}
        assert folder.stat().st_mode & 0o777 == 0o700
        started.communicate(timeout=30)

    assert started.returncode == 0
    assert {path.name for path in place.iterdir()} == before
    assert (others / "file").exists()


@pytest.mark.parametrize("where", [(os, "mkdir"), (shutil, "rmtree")], ids=["made", "removed"])
def test_an_interrupt_while_it_is_made_or_removed_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: tuple[ModuleType, str]
) -> None:
    really = getattr(*where)

    def interrupted(path: str, *more: int) -> None:
        monkeypatch.setattr(*where, really)
        if where[0] is os:
            really(path, *more)
        raise KeyboardInterrupt

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(*where, interrupted)
    with pytest.raises(KeyboardInterrupt), temporary_folder():
        pass
    assert list(tmp_path.iterdir()) == []

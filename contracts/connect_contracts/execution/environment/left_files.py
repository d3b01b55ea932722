"""Files that a run leaves behind: read while they are still there, so that they can be judged."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator
from pathlib import Path

import msgspec

LARGEST = 16_000_000
"""Bytes of a file that are read."""

MOST_FILES = 10_000
"""Files that are read of one folder."""


class LeftFile(msgspec.Struct, frozen=True):
    """A file that is new, or was written to: its name with what is new, by ``surrogateescape``.

    ``cut``: there is more than was read.
    """

    path: Path
    text: str
    cut: bool


class LeftFiles:
    """What is new in the folders that a run may leave something in.

    Every file in ``folders`` is new. Others use ``shared``, the machine's temporary folder, at the
    same time, so it costs more: what is new on its first level is followed, and so are files that
    were written to; of large ones the end is read.
    """

    def __init__(self, folders: Collection[Path], shared: Path | None) -> None:
        self._folders = folders
        self._shared = shared
        self._before = {} if shared is None else _sizes(shared)

    def read(self, written: Collection[Path]) -> Iterator[LeftFile]:
        """Each file that is new or was written to, without those that the run made itself."""
        for folder in self._folders:
            yield from _content(folder, written)
        if self._shared is None:
            return
        for name, now in sorted(_sizes(self._shared).items()):
            # Those of the run are in a folder of the run's own, which was there before.
            if now == self._before.get(name):
                continue
            path = self._shared / name
            # What was written to may be written anew. No secret of this run was there before.
            found = _content(path, written) if path.is_dir() else _read(path, now[0] - LARGEST)
            # A file that is too large there may be another program's: it leaves nothing open.
            yield from (msgspec.structs.replace(file, cut=False) for file in found)


def _sizes(folder: Path) -> dict[str, tuple[int, int]]:
    """By name how many bytes there are, and when they were written; zeros of what is no file."""
    with os.scandir(folder) as entries:
        return {entry.name: _size(entry) for entry in entries}


def _size(entry: os.DirEntry[str]) -> tuple[int, int]:
    try:
        seen = entry.stat(follow_symlinks=False)
    except OSError:
        return (0, 0)
    # A folder changes with whatever others put into it.
    return (seen.st_size, seen.st_mtime_ns) if stat.S_ISREG(seen.st_mode) else (0, 0)


def _content(folder: Path, written: Collection[Path]) -> Iterator[LeftFile]:
    read = 0
    for parent, folders, names in os.walk(folder):
        for name in folders:
            if (path := Path(parent, name)) not in written:
                yield LeftFile(path, name, cut=False)
        for name in names:
            path = Path(parent, name)
            if path in written or path.is_symlink():
                continue
            read += 1
            if read > MOST_FILES:
                yield LeftFile(path, name, cut=True)
                return
            yield from _read(path)


def _read(path: Path, begin: int = 0) -> Iterator[LeftFile]:
    # Somebody else's may be gone by now, be unreadable, or be no file (opening a pipe would wait).
    try:
        if path.is_file():
            with path.open("rb") as file:
                file.seek(max(0, begin))
                content = file.read(LARGEST).decode("utf-8", "surrogateescape")
                yield LeftFile(path, f"{path.name}\n{content}", bool(file.read(1)))
    except OSError:
        return

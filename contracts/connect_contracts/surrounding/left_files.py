"""Files that a run leaves behind: read while they are still there, so that they can be judged."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path

LARGEST = 1_000_000
"""Bytes of a file that are read; a secret that stands behind them is not found."""

MOST_FILES = 200
"""Files that are read of one folder."""


class LeftFiles:
    """What is new in the folders that a run may leave something in.

    Parameters:
        folders: Folders of the run's own: every file in them is new.
        shared: Whether the temporary folder of this machine is looked at too. Others use it at the
            same time, so it costs more, and only what is new on its first level is followed.
    """

    def __init__(self, folders: Collection[Path], *, shared: bool) -> None:
        self._folders = folders
        self._shared = Path(tempfile.gettempdir()) if shared else None
        self._before = frozenset(_names(self._shared)) if self._shared else frozenset()

    def read(self, written: Collection[Path]) -> Iterator[tuple[Path, str]]:
        """Each new file with its content, its bytes decoded with ``surrogateescape``.

        Parameters:
            written: Files that the run wrote itself, which are left aside.
        """
        for folder in self._folders:
            yield from _content(folder, written)
        if self._shared is None:
            return
        for name in sorted(_names(self._shared) - self._before):
            path = self._shared / name
            # Those of the run are in a folder of the run's own, which was there before.
            yield from _content(path, written) if path.is_dir() else _read(path)


def _names(folder: Path) -> frozenset[str]:
    return frozenset(os.listdir(folder))


def _content(folder: Path, written: Collection[Path]) -> Iterator[tuple[Path, str]]:
    read = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            path = Path(parent, name)
            if path in written or path.is_symlink():
                continue
            read += 1
            if read > MOST_FILES:
                return
            yield from _read(path)


def _read(path: Path) -> Iterator[tuple[Path, str]]:
    # Somebody else's may be gone by now, be unreadable, or be no file (opening a pipe would wait).
    try:
        if path.is_file():
            with path.open("rb") as file:
                yield path, file.read(LARGEST).decode("utf-8", "surrogateescape")
    except OSError:
        return

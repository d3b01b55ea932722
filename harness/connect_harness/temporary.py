"""Temporary folders that private keys lie in: none outlasts its process for long.

A process that is killed removes nothing. So each folder is locked with ``flock`` for as long as it
is used, a lock that the system gives up with the process; and the first folder that a process makes
is the occasion to remove those whose lock is free.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

_PREFIX, _SUFFIX = "connect-contract-", ".tmp"
FOLDER = rf"{_PREFIX}[a-z0-9_]{{8}}\{_SUFFIX}"
"""The pattern of a folder's name: what is recorded of a run takes it out of texts."""

_NAME = re.compile(FOLDER)


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A new folder, which its owner alone may enter; it is removed afterwards with its content.

    Raises:
        OSError: It cannot be made.
    """
    _sweep(tempfile.gettempdir())
    folder, lock = _locked_folder()
    try:
        yield Path(folder.name)
    finally:
        try:
            folder.cleanup()
        finally:
            os.close(lock)


def _locked_folder() -> tuple[tempfile.TemporaryDirectory[str], int]:
    while True:
        folder = tempfile.TemporaryDirectory(prefix=_PREFIX, suffix=_SUFFIX)
        # Before it is locked, a process that sweeps may take it for that of a dead one.
        with suppress(FileNotFoundError):
            lock = _lock(folder.name, wait=True)
            if os.path.isdir(folder.name):
                return folder, lock
            os.close(lock)
        folder.cleanup()


def _lock(path: str, *, wait: bool) -> int:
    """Lock the folder at ``path``; the lock lasts until the descriptor is closed."""
    lock = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BaseException:
        os.close(lock)
        raise
    return lock


@cache
def _sweep(place: str) -> None:
    """Remove this user's folders that dead processes left in ``place``; once in a process."""
    with suppress(OSError), os.scandir(place) as entries:
        for entry in entries:
            if _NAME.fullmatch(entry.name):
                _remove_if_dead(entry.path)


def _remove_if_dead(path: str) -> None:
    # Locked means in use. Anything else that fails: another user's, a link, or gone by now.
    with suppress(OSError):
        lock = _lock(path, wait=False)
        try:
            if os.fstat(lock).st_uid == os.getuid():
                shutil.rmtree(path, ignore_errors=True)
        finally:
            os.close(lock)

"""Temporary folders that private keys lie in: none outlasts its process for long.

A process that is killed removes nothing. So each folder is locked with ``flock`` for as long as it
is used, a lock that the system gives up with the process; and the first folder that a process makes
is the occasion to remove those whose lock is free.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

try:
    import fcntl
except ImportError:
    # Windows has no such lock. Nothing is swept there: what a process that was killed leaves stays.
    LOCKS = False
else:
    LOCKS = True

PREFIX, _SUFFIX = "connect-contract-", ".tmp"
FOLDER = rf"{PREFIX}[a-z0-9_]{{8}}\{_SUFFIX}"
"""The pattern of a folder's name: what is recorded of a run takes it out of texts."""

_NAME = re.compile(FOLDER)


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A new folder, which its owner alone may enter; it is removed afterwards with its content.

    Raises:
        OSError: It cannot be made.
    """
    place = tempfile.gettempdir()
    _sweep(place)
    locks: list[int] = []
    # A signal may interrupt anywhere: the name is known before there is a folder to remove.
    path = _name_in(place)
    try:
        while True:
            try:
                os.mkdir(path, 0o700)
            except FileExistsError:
                path = _name_in(place)
                continue
            if not LOCKS:
                break
            # Before it is locked, a process that sweeps may take it for that of a dead one.
            with suppress(FileNotFoundError):
                locks.append(_lock(path, wait=True))
            if locks:
                if os.path.isdir(path):
                    break
                os.close(locks.pop())
        yield Path(path)
    finally:
        try:
            _remove(path)
        except KeyboardInterrupt:
            _remove(path)
            raise
        finally:
            for lock in locks:
                os.close(lock)


def _name_in(place: str) -> str:
    return os.path.join(place, f"{PREFIX}{secrets.token_hex(4)}{_SUFFIX}")


def _remove(path: str) -> None:
    with suppress(FileNotFoundError):
        try:
            shutil.rmtree(path)
        except PermissionError:
            # What an implementation leaves may lack the rights that removing it needs.
            for folder, names, _ in os.walk(path):
                for within in (os.path.join(folder, name) for name in names):
                    if not os.path.islink(within):
                        os.chmod(within, 0o700)
            shutil.rmtree(path)


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
    if not LOCKS:
        return
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

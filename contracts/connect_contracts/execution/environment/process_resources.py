"""What this process holds: descriptors, threads, child processes, temporary files."""

from __future__ import annotations

import gc
import os
import socket
import stat
import subprocess
import tempfile
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from connect_contracts.model.process_state import Resource

ENDING = 2.0
"""Seconds that threads which are about to end are given; one that ends takes none of them."""

_OURS = ("connect_contracts.execution.", "__main__")
"""Modules whose threads belong to the machinery of a run, by how their names begin; in a process of
its own the main module is one of them."""

_OF_TARGETS = "connect_harness."
"""The same of the targets' threads, which are in this process where it is not a run's own."""


def resources() -> tuple[Resource, ...]:
    """What this process holds that does not belong to the machinery of a run.

    What nothing refers to any more is collected before: it is not left, only late.
    """
    gc.collect()
    found = [*_threads(), *_descriptors(), *_processes(), *_temporary_files()]
    return tuple(sorted(found, key=lambda each: (each.kind, each.name)))


def await_threads(lasting: Collection[threading.Thread]) -> None:
    """Wait until all threads but these have ended, at most ``ENDING`` seconds.

    A client may close a connection in a thread, which has not ended when its call has.
    """
    for thread in threading.enumerate():
        known = thread in lasting or thread in (threading.current_thread(), threading.main_thread())
        if not known and not _is_ours(thread):
            # One that was not started by Python's ``threading`` cannot be joined.
            with suppress(RuntimeError):
                thread.join(ENDING)
            if thread.is_alive():
                # One that goes on says enough.
                return


class Patience:
    """How long threads are waited for in a process that a run shares with others.

    A client that leaves threads in each of hundreds of runs is waited for in vain a few times.
    """

    def __init__(self, seconds: float = 3 * ENDING) -> None:
        self._left = seconds

    def await_threads(self, known: Collection[threading.Thread], most: int) -> tuple[str, ...]:
        """The threads beside ``known`` that go on, as soon as they are no more than ``most``."""
        began = time.monotonic()
        limit = began + max(min(ENDING, self._left), ENDING / 10)
        for thread in (there := _threads_beside(known)):
            if len(there) <= most:
                break
            thread.join(max(0.0, limit - time.monotonic()))
            there = _threads_beside(known)
        if len(there) > most:
            self._left -= time.monotonic() - began
        return tuple(_described(thread) for thread in there)


def _threads_beside(known: Collection[threading.Thread]) -> list[threading.Thread]:
    return [
        thread
        for thread in threading.enumerate()
        if thread not in known and not _is_ours(thread, (*_OURS, _OF_TARGETS))
    ]


def _is_ours(thread: threading.Thread, ours: tuple[str, ...] = _OURS) -> bool:
    target = getattr(thread, "_target", None)
    return str(getattr(target, "__module__", "")).startswith(ours)


def _threads() -> Iterator[Resource]:
    for thread in threading.enumerate():
        if not _is_ours(thread):
            yield Resource("thread", _described(thread))


def _described(thread: threading.Thread) -> str:
    target = getattr(thread, "_target", None) or type(thread)
    made = f"{target.__module__}.{getattr(target, '__qualname__', type(target).__name__)}"
    return f"{_without_number(thread.name)} ({made})"


def _without_number(name: str) -> str:
    """The name that ``threading`` gives has a number, and then that of the target again."""
    first, _, number = name.partition(" (")[0].rpartition("-")
    return first if first and number.isdigit() else name


_FOLDERS = ("/proc/self/fd", "/dev/fd")


def _descriptors() -> Iterator[Resource]:
    folder = next((each for each in _FOLDERS if os.path.isdir(each)), None)
    if folder is None:
        return
    sockets = {each.fileno(): each for each in gc.get_objects() if _is_socket(each)}
    for name in os.listdir(folder):
        # The listing's own is closed by now.
        with suppress(OSError):
            mode = os.fstat(int(name)).st_mode
            if stat.S_ISSOCK(mode):
                yield Resource("socket", _socket(int(name), sockets.get(int(name))))
            else:
                yield Resource("descriptor", _descriptor(f"{folder}/{name}", mode))


def _is_socket(value: object) -> bool:
    # Not isinstance: it asks a proxy for its class, which may load or connect something.
    return issubclass(type(value), socket.socket)


def _socket(number: int, made: socket.socket | None) -> str:
    kind = "a socket" if made is None else f"{type(made).__module__}.{type(made).__qualname__}"
    with socket.socket(fileno=os.dup(number)) as same:
        try:
            peer = same.getpeername()
        except OSError:
            return f"{kind} without a peer"
    return f"{kind} to {peer[0]}:{peer[1]}" if isinstance(peer, tuple) else f"{kind} to {peer!r}"


def _descriptor(path: str, mode: int) -> str:
    for test, kind in ((stat.S_ISREG, ""), (stat.S_ISDIR, ""), (stat.S_ISFIFO, "a pipe")):
        if test(mode):
            return kind or os.path.realpath(path)
    return os.readlink(path) if os.path.islink(path) else "a device"


def _processes() -> Iterator[Resource]:
    if Path("/proc/self/stat").exists():
        for path in Path("/proc").glob("[0-9]*/stat"):
            # Another's may end while this looks.
            with suppress(OSError):
                command, _, rest = path.read_text(errors="replace").rpartition(")")
                if int(rest.split()[1]) == os.getpid():
                    yield Resource("process", command.partition("(")[2])
        return
    with (
        suppress(OSError),
        subprocess.Popen(
            ["ps", "-axo", "ppid=,pid=,comm="], stdout=subprocess.PIPE, text=True
        ) as listing,
    ):
        assert listing.stdout is not None
        for line in listing.stdout:
            parent, number, command = line.split(None, 2)
            if int(parent) == os.getpid() and int(number) != listing.pid:
                yield Resource("process", command.strip())


def _temporary_files() -> Iterator[Resource]:
    for parent, folders, names in os.walk(tempfile.gettempdir()):
        for name in (*folders, *names):
            yield Resource("temporary file", os.path.join(parent, name))

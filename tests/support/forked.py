"""Python code in a fork of this process: a process of its own, with all that is imported here."""

from __future__ import annotations

import gc
import os
import pkgutil
import signal
import subprocess
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from threading import Timer
from typing import IO, Any

import connect_contracts
import connect_fixtures.cli
import connect_harness
from connect_contracts.chapters.catalogue import catalogue
from connect_harness.played import installed_release

LIMIT = 300.0
"""Seconds that a fork may take."""


def forked(
    call: Callable[[], int], environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run ``call`` in a fork, and give what it returned and wrote.

    Parameters:
        environment: Further environment variables; of those that Python reads as it starts, only
            ``PYTHONIOENCODING``.
    """
    return Fork(call, environment).wait()


class Fork:
    """A fork that runs ``call``, as :func:`forked` does; who starts it need not wait at once."""

    def __init__(self, call: Callable[[], int], environment: Mapping[str, str]) -> None:
        import_what_forks_need()
        encoding, _, errors = environment.get("PYTHONIOENCODING", "utf-8").partition(":")
        given = {"encoding": encoding, "errors": errors or None}
        self._streams = [tempfile.TemporaryFile("w+", **given) for _ in range(2)]  # noqa: SIM115
        with warnings.catch_warnings():
            # Threads of targets that wait for their clients hold no lock.
            warnings.simplefilter("ignore", DeprecationWarning)
            self.pid = os.fork()
        if self.pid == 0:
            self._run(call, environment)

    def _run(self, call: Callable[[], int], environment: Mapping[str, str]) -> None:
        status = 70
        try:
            # What this process holds already is no garbage of the fork.
            gc.freeze()
            for number, file in enumerate(self._streams, 1):
                os.dup2(file.fileno(), number)
            sys.stdout = sys.__stdout__ = _written_to(1, self._streams[0])
            sys.stderr = sys.__stderr__ = _written_to(2, self._streams[1])
            warnings.resetwarnings()
            forget_modules_of_tests()
            # It keeps the path that it gives to its workers as it was when it was imported.
            for name in [name for name in sys.modules if name.partition(".")[0] == "xdist"]:
                del sys.modules[name]
            os.environ.update(environment)
            # The variables may name another one.
            tempfile.tempdir = None
            # The project in the fork may have a client of its own.
            installed_release.cache_clear()
            status = call()
        except BaseException:
            traceback.print_exc()
        finally:
            try:
                sys.stdout.flush()
                sys.stderr.flush()
            except (OSError, ValueError):
                # As Python ends where it cannot flush.
                status = 120
            finally:
                os._exit(status)

    def wait(self) -> subprocess.CompletedProcess[str]:
        """What ``call`` returned and wrote, once the fork has ended; it is killed if it hangs."""
        killing = Timer(LIMIT, os.kill, (self.pid, signal.SIGKILL))
        killing.start()
        try:
            status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        finally:
            killing.cancel()
        written = []
        for stream in self._streams:
            with stream:
                stream.seek(0)
                written.append(stream.read())
        return subprocess.CompletedProcess([], status, *written)


@contextmanager
def piped(call: Callable[[], int]) -> Iterator[tuple[Fork, IO[str]]]:
    """A fork, and its standard output, which ends when every process of it has."""
    reading, writing = os.pipe()

    def call_piped() -> int:
        os.dup2(writing, 1)
        os.close(writing)
        return call()

    fork = Fork(call_piped, {})
    os.close(writing)
    with open(reading, encoding="utf-8") as lines:
        yield fork, lines


def _written_to(descriptor: int, file: Any) -> Any:
    return os.fdopen(descriptor, "w", encoding=file.encoding, errors=file.errors, closefd=False)


@cache
def import_what_forks_need() -> None:
    """Import the packages once here, so that no fork has to."""
    for package in (connect_contracts, connect_fixtures.cli, connect_harness):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.rpartition(".")[2].startswith(("__main__", "test_")):
                import_module(module.name)
    catalogue()


def forget_modules_of_tests() -> None:
    """Another test of this process may have imported its own module of such a name."""
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) or ""
        # The environment itself may lie in the temporary folder.
        if file.startswith(tempfile.gettempdir()) and not file.startswith(sys.prefix):
            del sys.modules[name]

"""Steps taken in a fresh interpreter, which has a session and a pseudo-terminal of its own.

OpenSSL asks for a password on the terminal, not on standard input; hangs, process state and caches
made at import need a fresh process too. Targets and journal stay in this process. Two pipes carry
one JSON object a line: a :class:`Task` there, a :class:`Reply` back. Standard input, output and
error of the child are its terminal, and what it writes there is kept.
"""

from __future__ import annotations

import contextlib
import os
import pty
import signal
import subprocess
import sys
import threading
from concurrent.futures import Future

import msgspec

from connect_contracts.arguments import Arguments
from connect_contracts.implementation import Implementation
from connect_contracts.inside import Inside
from connect_contracts.observation import Asked, Result
from connect_contracts.scenario import Use
from connect_contracts.stage import DataTypes

_NOTHING = Inside()

GRACE = 10.0
"""Seconds beyond a step's limit after which a child that says nothing is killed."""

KEPT_OUTPUT = 65536
"""Bytes of what a child writes to its terminal that are kept."""


class Begin(msgspec.Struct, frozen=True, tag="begin"):
    """The first task: which implementation, the data types by table, and what surrounds it."""

    number: int
    reference: str
    data_types: dict[str, dict[str, str]]
    inside: Inside = Inside()


class Take(msgspec.Struct, frozen=True, tag="take"):
    """Take one step of a session."""

    number: int
    session: str
    limit: float
    use: Use | None = None
    arguments: Arguments | None = None


class End(msgspec.Struct, frozen=True, tag="end"):
    """Close what is open, and go."""

    number: int
    limit: float


Task = Begin | Take | End


class Reply(msgspec.Struct, frozen=True):
    """The answer to a task: a result, or what the adapter said against it."""

    number: int
    result: Result | None = None
    asked: tuple[Asked, ...] = ()
    resolved: tuple[str, ...] = ()
    error: str | None = None


class FreshProcessError(Exception):
    """The child could not be used; the text says why."""


class FreshProcess:
    """All sessions of one run, in a child process.

    Parameters:
        implementation: Its ``reference`` is what the child imports.
        data_types: The data type of each column, by table.
        inside: What surrounds the implementation in the child, set before it is imported.

    Raises:
        FreshProcessError: The child does not find the implementation.
    """

    def __init__(
        self, implementation: Implementation, data_types: DataTypes, inside: Inside = _NOTHING
    ) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[int, Future[Reply]] = {}
        self._number = 0
        self._last = Reply(0)
        self._output = bytearray()
        self._terminal, child_terminal = pty.openpty()
        tasks, self._tasks = os.pipe()
        self._replies, replies = os.pipe()
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        try:
            self._child = subprocess.Popen(
                [sys.executable, "-m", "connect_contracts.fresh_child", str(tasks), str(replies)],
                stdin=child_terminal,
                stdout=child_terminal,
                stderr=child_terminal,
                pass_fds=(tasks, replies),
                start_new_session=True,
                env=environment,
            )
        finally:
            for one in (child_terminal, tasks, replies):
                os.close(one)
        self._threads = [
            threading.Thread(target=work, daemon=True) for work in (self._listen, self._watch)
        ]
        for thread in self._threads:
            thread.start()
        begin = Begin(self._next(), implementation.reference or "", data_types, inside)
        try:
            reply = self._ask(begin, GRACE * 6)
        except FreshProcessError:
            self._kill()
            raise
        if reply.error is not None:
            self._kill()
            raise FreshProcessError(reply.error)

    @property
    def asked(self) -> tuple[Asked, ...]:
        """What callables were asked; complete after :meth:`end`."""
        return self._last.asked

    @property
    def resolved(self) -> tuple[str, ...]:
        """The names of which the redirected resolution was asked; complete after :meth:`end`."""
        return self._last.resolved

    @property
    def output(self) -> str:
        """What was written to the child's terminal."""
        return self._output.decode(errors="replace")

    def take(self, session: str, step: Use | Arguments, limit: float) -> Result:
        """Take a step of ``session`` in the child; see :meth:`Stage.take`."""
        use, arguments = (step, None) if isinstance(step, Use) else (None, step)
        task = Take(self._next(), session, limit, use, arguments)
        try:
            reply = self._ask(task, limit + GRACE)
        except FreshProcessError as error:
            self._kill()
            return Result((), session, "", "hung", stack=(str(error),))
        if reply.result is None:
            raise FreshProcessError(reply.error or "the child gave no result")
        return reply.result

    def end(self, limit: float) -> None:
        """Close the sessions, and end the child."""
        if self._child.poll() is None:
            with contextlib.suppress(FreshProcessError):
                self._ask(End(self._next(), limit), limit + GRACE)
        self._kill()

    def _next(self) -> int:
        with self._lock:
            self._number += 1
            return self._number

    def _ask(self, task: Task, limit: float) -> Reply:
        future: Future[Reply] = Future()
        self._waiting[task.number] = future
        try:
            os.write(self._tasks, msgspec.json.encode(task) + b"\n")
            return future.result(limit)
        except TimeoutError:
            raise FreshProcessError("the fresh interpreter said nothing by its limit") from None
        except OSError as error:
            raise FreshProcessError(f"the fresh interpreter is gone: {error}") from error

    def _listen(self) -> None:
        with open(self._replies, "rb") as lines:
            for line in lines:
                reply = msgspec.json.decode(line, type=Reply)
                self._last = reply
                self._waiting.pop(reply.number).set_result(reply)
        for future in list(self._waiting.values()):
            future.set_exception(
                FreshProcessError(f"the fresh interpreter ended: {self.output[-400:].strip()}")
            )

    def _watch(self) -> None:
        # A terminal whose other side is gone raises instead of giving no bytes.
        with contextlib.suppress(OSError):
            while chunk := os.read(self._terminal, 4096):
                self._output += chunk[: max(0, KEPT_OUTPUT - len(self._output))]

    def _kill(self) -> None:
        if self._child.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()
        for thread in self._threads:
            thread.join(GRACE)
        for one in (self._tasks, self._terminal):
            with contextlib.suppress(OSError):
                os.close(one)

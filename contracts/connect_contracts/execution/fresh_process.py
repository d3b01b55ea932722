"""Steps executed in a fresh interpreter, which has a session and a pseudo-terminal of its own.

OpenSSL asks for a password on the terminal, not on standard input; hangs, process state and caches
made at import need a fresh process too. Targets and journal stay in this process.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import Future

import msgspec

from connect_contracts.execution.call.arguments import Arguments
from connect_contracts.execution.capture.terminal import Terminal
from connect_contracts.execution.environment.process_environment import ProcessEnvironment
from connect_contracts.execution.fresh_child import Begin, End, Reply, Take, Task
from connect_contracts.execution.implementation import Implementation
from connect_contracts.execution.in_process import Noted
from connect_contracts.execution.loading import fresh_environment
from connect_contracts.execution.session_thread import DataTypes
from connect_contracts.model.observation import Place, Result, Said
from connect_contracts.model.scenario import Use

GRACE = 10.0
"""Seconds beyond a step's limit after which a child that says nothing is killed."""


class FreshProcessError(Exception):
    """The child could not be used; the text says why."""


class FreshProcess:
    """All sessions of one run, in a child process.

    The child imports the implementation by its ``reference``, else by its ``import_name``, after
    ``process_environment`` is set. ``FreshProcessError`` is raised if it does not find it.
    """

    def __init__(
        self,
        implementation: Implementation,
        data_types: DataTypes,
        process_environment: ProcessEnvironment,
    ) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[int, Future[Reply]] = {}
        self._number = 0
        self._gone: str | None = None
        self._last = Reply(0)
        self._listens = process_environment.listens
        self._said: list[Said] = []
        self._terminal = Terminal()
        if process_environment.inspects:
            self._terminal.type_ahead()
        tasks, self._tasks = os.pipe()
        self._replies, replies = os.pipe()
        try:
            # Without -P, -m puts the working folder first.
            run = [sys.executable, "-P", "-m", "connect_contracts.execution.fresh_child"]
            self._child = subprocess.Popen(
                [*run, str(tasks), str(replies)],
                stdin=self._terminal.child,
                stdout=self._terminal.child,
                stderr=self._terminal.child,
                pass_fds=(tasks, replies),
                start_new_session=True,
                env=fresh_environment(),
            )
        finally:
            for descriptor in (tasks, replies):
                os.close(descriptor)
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        name = implementation.reference or implementation.import_name or ""
        begin = Begin(
            self._next(),
            name,
            data_types,
            process_environment,
            implementation.identity,
            (process_environment.inspects and implementation.imported_by_connect) or (),
        )
        try:
            reply = self._ask(begin, GRACE * 6)
            if reply.error is not None:
                raise FreshProcessError(reply.error)
        except FreshProcessError:
            self._kill()
            raise
        self._terminal.forget()

    def noted(self) -> Noted:
        """What was noted until now; complete after :meth:`end`."""
        noted, written = self._last.noted, self._terminal.written()
        return msgspec.structs.replace(noted, said=(*noted.said, *self._said), terminal=written)

    @property
    def spent(self) -> bool:
        """Whether it is of no more use: its child is gone, or its terminal has hung up."""
        return self._gone is not None or self._terminal.hung_up

    def warm_up(self, arguments: Arguments, limit: float) -> tuple[str, ...]:
        """Connect once, unjudged: what connect imports is not to be blamed on its limit.

        Returns the names of the modules that it imported.
        """
        task = Take(self._next(), "warm-up", limit, arguments, unjudged=True)
        modules: tuple[str, ...] = ()
        with contextlib.suppress(FreshProcessError), self._terminal.attended():
            modules = self._ask(task, limit + GRACE).modules
        self._terminal.forget()
        return modules

    def interrupt(self) -> None:
        """Send ``SIGINT`` to the child, which interrupts a step that is interruptible.

        A child that has ended, as one that took too long has, is not there to be interrupted.
        """
        self._child.send_signal(signal.SIGINT)

    def execute(
        self,
        session: str,
        step: Use | Arguments,
        limit: float,
        place: Place = (),
        *,
        interruptible: bool = False,
    ) -> Result:
        """Take a step of ``session`` in the child; see :meth:`InProcessExecutor.execute`."""
        task = Take(self._next(), session, limit, step, place, interruptible=interruptible)
        before = self._terminal.count()
        try:
            with self._terminal.attended():
                reply = self._ask(task, limit + GRACE)
        except FreshProcessError as error:
            self._kill()
            return Result((), session, "", "hung", stack=(str(error),))
        except KeyboardInterrupt:
            # It is not asked to close anything: it may hang.
            self._kill()
            raise
        finally:
            written = self._terminal.written(before)
            if self._listens and written:
                self._said.append(Said("the terminal", written, place))
        if reply.result is None:
            raise FreshProcessError(reply.error or "the child gave no result")
        return reply.result

    def end(self, limit: float) -> None:
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
        with self._lock:
            if self._gone is not None:
                raise FreshProcessError(self._gone)
            self._waiting[task.number] = future
        try:
            os.write(self._tasks, msgspec.json.encode(task) + b"\n")
            return future.result(limit)
        except TimeoutError:
            raise FreshProcessError("the fresh interpreter said nothing by its limit") from None
        except OSError as error:
            raise FreshProcessError(f"the fresh interpreter is gone: {error}") from error

    def _listen(self) -> None:
        mistake: Exception | None = None
        with open(self._replies, "rb") as lines:
            try:
                for line in lines:
                    reply = msgspec.json.decode(line, type=Reply)
                    self._last = reply
                    self._waiting.pop(reply.number).set_result(reply)
            except Exception as error:
                # No hang of the implementation: those who wait get the mistake itself.
                mistake = error
        last = self._terminal.written()[-400:].strip()
        with self._lock:
            # Nobody will answer what is asked from now on.
            self._gone = f"the fresh interpreter ended: {last}"
        for future in list(self._waiting.values()):
            future.set_exception(mistake or FreshProcessError(self._gone))

    def _kill(self) -> None:
        if self._child.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()
        self._thread.join(GRACE)
        with self._lock:
            tasks, self._tasks = self._tasks, -1
        if tasks >= 0:
            os.close(tasks)
            self._terminal.close()

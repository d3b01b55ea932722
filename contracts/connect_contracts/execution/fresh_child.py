"""The child process of ``fresh_process``: it executes tasks from one pipe and answers on another.

Run as ``python -m connect_contracts.execution.fresh_child TASKS REPLIES``: the pipes' numbers.
Both pipes carry one JSON object a line. Standard input, output and error are its terminal.
"""

from __future__ import annotations

import fcntl
import importlib
import os
import signal
import sys
import termios
import threading
import traceback
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import msgspec

from connect_contracts.execution.call.arguments import Arguments
from connect_contracts.execution.environment.process_environment import (
    Captured,
    ProcessEnvironment,
    applied,
)
from connect_contracts.execution.identity import Identity
from connect_contracts.execution.implementation import BadImplementation
from connect_contracts.execution.in_process import InProcessExecutor, Noted
from connect_contracts.execution.loading import load
from connect_contracts.model.json_text import json_of
from connect_contracts.model.observation import Place, Result
from connect_contracts.model.scenario import Use


class Begin(msgspec.Struct, frozen=True, tag="begin"):
    """The first task: the implementation, and what the session that it returned said of it.

    ``modules`` are imported before any step is taken: those that a connect imports.
    """

    number: int
    reference: str
    data_types: dict[str, dict[str, str]]
    process_environment: ProcessEnvironment = ProcessEnvironment()
    identity: Identity | None = None
    modules: tuple[str, ...] = ()


class Take(msgspec.Struct, frozen=True, tag="take"):
    """Take one step of a session; nothing is noted of one that is ``unjudged``.

    It is taken in the main thread, where ``SIGINT`` interrupts it, if it is ``interruptible``: then
    no other task is taken meanwhile, and nothing but the parent ends it at its limit.
    """

    number: int
    session: str
    limit: float
    step: Use | Arguments
    place: Place = ()
    unjudged: bool = False
    interruptible: bool = False


class End(msgspec.Struct, frozen=True, tag="end"):
    """Close what is open, and go."""

    number: int
    limit: float


Task = Begin | Take | End


class Reply(msgspec.Struct, frozen=True):
    """The answer to a task: a result, what was noted so far, or why there is no result.

    ``modules`` are those that an unjudged step imported.
    """

    number: int
    result: Result | None = None
    noted: Noted = Noted()
    error: str | None = None
    modules: tuple[str, ...] = ()


class Child:
    """Executes tasks; each reply, on the pipe ``replies``, has its task's number."""

    def __init__(self, replies: int) -> None:
        self._replies = open(replies, "wb")  # noqa: SIM115
        self._lock = threading.Lock()
        self._executor: InProcessExecutor | None = None
        self._captured = Captured()
        self._stack = ExitStack()

    def do(self, task: Task) -> None:
        match task:
            case Begin():
                self._begin(task)
            case Take(interruptible=True):
                with _interruptible():
                    self._execute(task)
            case Take():
                # A step may hang: the next task must be read all the same.
                threading.Thread(target=self._execute, args=(task,), daemon=True).start()
            case End():
                if self._executor is not None:
                    self._executor.end(task.limit)
                self._stack.close()
                self._answer(task)

    def _begin(self, task: Begin) -> None:
        # Entered first: trust that is built at import is built here.
        self._captured = self._stack.enter_context(applied(task.process_environment))
        try:
            implementation = load(task.reference, task.identity)
            _import(task.modules)
            inspection = None
            if task.process_environment.inspects:
                # Imported here alone: a process of its own is a process of Unix.
                from connect_contracts.execution.inspection import Inspection

                inspection = Inspection(own=True)
            self._executor = InProcessExecutor(
                implementation, task.data_types, self._captured, inspection
            )
        except BadImplementation as error:
            self._answer(task, error=str(error))
        else:
            self._answer(task)

    def _execute(self, task: Take) -> None:
        step = task.step
        try:
            if self._executor is None:
                self._answer(task, error="the task came before the first one")
            elif task.unjudged:
                aside = InProcessExecutor(self._executor.implementation, {})
                there = set(sys.modules)
                result = aside.execute(task.session, step, task.limit)
                aside.end(task.limit)
                self._captured.resolution.forget()
                imported = tuple(name for name in list(sys.modules) if name not in there)
                self._answer(task, result, modules=imported)
            else:
                limit = None if task.interruptible else task.limit
                result = self._executor.execute(task.session, step, limit, task.place)
                self._answer(task, result)
        except Exception:
            # Without an answer the step would count as a hang of the implementation.
            self._answer(task, error=traceback.format_exc(limit=-6))

    def _answer(
        self,
        task: Task,
        result: Result | None = None,
        error: str | None = None,
        modules: tuple[str, ...] = (),
    ) -> None:
        with self._lock:
            # Read under the lock: each reply holds at least what those before it held.
            noted = Noted() if self._executor is None else self._executor.noted()
            reply = Reply(task.number, result, noted, error, modules)
            self._replies.write(json_of(reply, enc_hook=_no_json) + b"\n")
            self._replies.flush()


def _import(modules: tuple[str, ...]) -> None:
    """Import what a connect imported in another process, in the same order."""
    for name in modules:
        # A module may be one that can only be imported where the connect does.
        with suppress(Exception):
            importlib.import_module(name)


@contextmanager
def _interruptible() -> Iterator[None]:
    """Have ``SIGINT`` raise ``KeyboardInterrupt``, and do nothing after: it may come late."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _no_json(value: Any) -> str:
    """A value that an implementation returned, or gave to a callable, in place of plain data."""
    return str.__str__(value) if isinstance(value, str) else repr(value)


def main(tasks: int, replies: int) -> None:
    """Execute tasks until the last one, or until the pipe is closed."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    # A terminal that hangs up ends what reads from it, and not the process with its last word.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    child = Child(replies)
    decoder = msgspec.json.Decoder(Task)
    with open(tasks, "rb") as lines:
        for line in lines:
            task = decoder.decode(line)
            child.do(task)
            if isinstance(task, End):
                break
    # Threads that hang would keep an ordinary exit waiting.
    os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))

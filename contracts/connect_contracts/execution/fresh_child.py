"""The child of ``fresh``: takes tasks from one pipe, answers on another, on a terminal of its own.

Run as ``python -m connect_contracts.execution.fresh_child TASKS REPLIES``: the pipes' numbers.
"""

from __future__ import annotations

import fcntl
import os
import signal
import sys
import termios
import threading
import traceback
from contextlib import ExitStack
from typing import Any

import msgspec

from connect_contracts.execution.environment.process_environment import Captured, applied
from connect_contracts.execution.fresh_tasks import Begin, End, Reply, Take, Task
from connect_contracts.execution.implementation import BadImplementation, Implementation, load
from connect_contracts.execution.in_process import InProcessExecutor
from connect_contracts.model.json_text import json_of
from connect_contracts.model.observation import Result


class Child:
    """Takes tasks, each answered by its number.

    Parameters:
        replies: The number of the pipe on which replies go.
    """

    def __init__(self, replies: int) -> None:
        self._replies = open(replies, "wb")  # noqa: SIM115
        self._lock = threading.Lock()
        self._stage: InProcessExecutor | None = None
        self._implementation: Implementation | None = None
        self._noted = Captured()
        self._surrounded = ExitStack()

    def do(self, task: Task) -> None:
        """Do ``task`` and answer; a step is left to a thread."""
        match task:
            case Begin():
                self._begin(task)
            case Take():
                # A step may hang: the next task must be read all the same.
                threading.Thread(target=self._take, args=(task,), daemon=True).start()
            case End():
                if self._stage is not None:
                    self._stage.end(task.limit)
                self._surrounded.close()
                self._answer(task)

    def _begin(self, task: Begin) -> None:
        # Entered first: trust that is built at import is built here.
        self._noted = self._surrounded.enter_context(applied(task.process_environment))
        try:
            self._implementation = load(task.reference, task.identity)
            self._stage = InProcessExecutor(self._implementation, task.data_types, self._noted)
        except BadImplementation as error:
            self._answer(task, error=str(error))
        else:
            self._answer(task)

    def _take(self, task: Take) -> None:
        try:
            self._answer(task, *self._taken(task))
        except Exception:
            # Without an answer the step would count as a hang of the implementation.
            self._answer(task, error=traceback.format_exc(limit=-6))

    def _taken(self, task: Take) -> tuple[Result | None, str | None]:
        step = task.use or task.arguments
        if self._stage is None or self._implementation is None or step is None:
            return None, "the task has no step, or came before the first one"
        if task.unjudged:
            aside = InProcessExecutor(self._implementation, {})
            result = aside.execute(task.session, step, task.limit)
            aside.end(task.limit)
            self._noted.resolution.forget()
        else:
            result = self._stage.execute(task.session, step, task.limit, task.place)
        return result, None

    def _answer(self, task: Task, result: Result | None = None, error: str | None = None) -> None:
        with self._lock:
            # Looked at here: each reply tells at least what those before it told.
            stage = self._stage
            seen = (stage.asked, stage.resolved, stage.said) if stage else ((), (), ())
            reply = Reply(task.number, result, *seen, error)
            self._replies.write(json_of(reply, enc_hook=_no_json) + b"\n")
            self._replies.flush()


def _no_json(value: Any) -> str:
    """A value that an implementation returned, or gave to a callable, in place of plain data."""
    return str.__str__(value) if isinstance(value, str) else repr(value)


def main(tasks: int, replies: int) -> None:
    """Take tasks until the last one, or until nobody sends any."""
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

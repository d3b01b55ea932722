"""Where steps are taken on the implementation: each session in a thread of its own.

Every step has a limit. A step that has not ended by then is a hang: where it stood is noted, its
thread is left behind (a daemon), and nothing more is taken by that session.
"""

from __future__ import annotations

import threading
from typing import Any

import msgspec

from connect_contracts.execution.adapter_errors import raised_by_adapter
from connect_contracts.execution.call.arguments import Arguments
from connect_contracts.execution.capture.exceptions import KEPT, all_texts, raised
from connect_contracts.execution.environment.process_environment import Captured
from connect_contracts.execution.environment.process_trust import altered, trust_of_process
from connect_contracts.execution.implementation import Implementation, PartMissing
from connect_contracts.execution.session_thread import DataTypes, SessionThread
from connect_contracts.model.observation import Asked, Frame, Place, Result, Said
from connect_contracts.model.scenario import Use

_NOTHING = Captured()


class InProcessExecutor:
    """All sessions of one run, in this process.

    Parameters:
        data_types: The data type of each column, by table.
        captured: Where names that are asked for, and what is said, are noted.
    """

    def __init__(
        self,
        implementation: Implementation,
        data_types: DataTypes,
        captured: Captured = _NOTHING,
    ) -> None:
        self._implementation = implementation
        self._data_types = data_types
        self._captured = captured
        self._threads: dict[str, SessionThread] = {}
        self._exceptions: list[Said] = []
        self._lock = threading.Lock()

    def execute(
        self, session: str, step: Use | Arguments, limit: float, place: Place = ()
    ) -> Result:
        """Take a step of ``session`` and wait for its end, at most ``limit`` seconds.

        May be called from several threads at once, for different sessions. The result carries no
        place: that is the caller's to add.

        Parameters:
            place: Where the step stands, for what is said meanwhile.
        """
        thread, output_capture = self._thread_of(session), self._captured.output_capture
        if output_capture is None:
            return self._taken(thread, step, limit, place)
        with output_capture.during(place, thread.ident):
            return self._taken(thread, step, limit, place)

    def _taken(
        self, thread: SessionThread, step: Use | Arguments, limit: float, place: Place
    ) -> Result:
        before = trust_of_process()
        result = self._ended(thread, step, limit, place)
        changed = altered(before, trust_of_process())
        return msgspec.structs.replace(result, altered=changed) if changed else result

    def _ended(
        self, thread: SessionThread, step: Use | Arguments, limit: float, place: Place
    ) -> Result:
        if isinstance(step, Use):
            future = thread.start(lambda: thread.use(step))
        else:
            future = thread.start(lambda: thread.connect(step))
        try:
            error = future.exception(limit)
        except TimeoutError:
            thread.hung = True
            return Result((), thread.name, "", "hung", stack=thread.stack())
        except KeyboardInterrupt:
            # Nobody waits for it when all is put away.
            thread.hung = True
            raise
        if error is not None:
            self._hear(error, place)
        if error is not None and raised_by_adapter(error, self._implementation):
            return Result((), thread.name, "", "adapter wrong", raised=raised(error))
        return ended(thread.name, error, None if error else future.result())

    def _hear(self, error: BaseException, place: Place) -> None:
        """Keep all that an exception says: that costs nothing, so no scenario has to ask for it."""
        output_capture = self._captured.output_capture
        if output_capture is not None:
            output_capture.hear_exception(error, place)
            return
        self._exceptions += [
            Said("an exception", text[:KEPT], place, len(text) > KEPT)
            for text in dict.fromkeys(all_texts(error))
        ]

    @property
    def asked(self) -> tuple[Asked, ...]:
        """What callables were asked, session by session."""
        return tuple(one for thread in list(self._threads.values()) for one in thread.asked)

    @property
    def resolved(self) -> tuple[str, ...]:
        """The names of which the redirected resolution was asked."""
        return self._captured.resolution.asked

    @property
    def said(self) -> tuple[Said, ...]:
        """What was said, if somebody listens; what exceptions said in any case."""
        output_capture = self._captured.output_capture
        return tuple(self._exceptions) if output_capture is None else output_capture.said

    @property
    def terminal(self) -> str:
        """Nothing: this process's terminal is not the implementation's alone."""
        return ""

    def end(self, limit: float) -> None:
        """Close what is left open, unjudged, and end the threads."""
        for thread in self._threads.values():
            thread.end(limit)

    def _thread_of(self, name: str) -> SessionThread:
        with self._lock:
            if name not in self._threads:
                self._threads[name] = SessionThread(
                    name, self._implementation, self._data_types, self._captured.output_capture
                )
            return self._threads[name]


def ended(session: str, error: BaseException | None, value: Any) -> Result:
    """The result of a step that returned ``value`` or raised ``error``."""
    if isinstance(error, PartMissing):
        return Result((), session, "", "part missing", part=error.part)
    if error is not None:
        return Result((), session, "", "raised", raised=raised(error))
    if isinstance(value, Frame):
        return Result((), session, "", "returned", frame=value)
    return Result((), session, "", "returned", value=value)

"""Steps are executed in this process: each session in a thread of its own.

Every step has a limit. A step that has not ended by then is a hang: where it stood is noted, its
daemon thread is left behind, and that session executes nothing more.
"""

from __future__ import annotations

import threading
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial

import msgspec

from connect_contracts.execution.adapter_checks import raised_by_adapter
from connect_contracts.execution.call.arguments import Arguments
from connect_contracts.execution.capture.output_capture import KEPT, all_texts, raised
from connect_contracts.execution.environment.process_environment import Captured
from connect_contracts.execution.environment.trust import altered, trust_of_process
from connect_contracts.execution.implementation import Implementation, PartMissing
from connect_contracts.execution.session_thread import DataTypes, SessionThread
from connect_contracts.model.observation import Asked, Frame, Place, Result, Said
from connect_contracts.model.scenario import Use

_NOTHING = Captured()


class Noted(msgspec.Struct, frozen=True):
    """What is noted of a run beside the results of its steps; fields as of ``Observation``."""

    asked: tuple[Asked, ...] = ()
    resolved: tuple[str, ...] = ()
    said: tuple[Said, ...] = ()
    terminal: str = ""


@dataclass(eq=False, repr=False)
class InProcessExecutor:
    """All sessions of one run, in this process."""

    implementation: Implementation
    data_types: DataTypes
    captured: Captured = _NOTHING
    _threads: dict[str, SessionThread] = field(default_factory=dict)
    _exceptions: list[Said] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def execute(
        self, session: str, step: Use | Arguments, limit: float, place: Place = ()
    ) -> Result:
        """Execute a step of ``session`` and wait for its end, at most ``limit`` seconds.

        Several threads may call it at once, for different sessions. The result carries no place.
        """
        thread, output_capture = self._thread_of(session), self.captured.output_capture
        before = trust_of_process()
        with output_capture.during(place, thread.ident) if output_capture else nullcontext():
            result = self._ended(thread, step, limit, place)
        return msgspec.structs.replace(result, altered=altered(before, trust_of_process()))

    def _ended(
        self, thread: SessionThread, step: Use | Arguments, limit: float, place: Place
    ) -> Result:
        future = thread.start(step)
        result = partial(Result, (), thread.name, "")
        try:
            error = future.exception(limit)
        except TimeoutError:
            thread.hung = True
            return result("hung", stack=thread.stack())
        except KeyboardInterrupt:
            # Nothing waits for the thread when the run is put away.
            thread.hung = True
            raise
        if error is None:
            value = future.result()
            named = "frame" if isinstance(value, Frame) else "value"
            return result("returned", **{named: value})
        self._keep(error, place)
        if isinstance(error, PartMissing):
            return result("part missing", part=error.part)
        wrong = raised_by_adapter(error, self.implementation)
        return result("adapter wrong" if wrong else "raised", raised=raised(error))

    def _keep(self, error: BaseException, place: Place) -> None:
        """Keep all that an exception says, also where the scenario does not listen."""
        if (output_capture := self.captured.output_capture) is not None:
            output_capture.keep_exception(error, place)
            return
        for text in dict.fromkeys(all_texts(error)):
            self._exceptions.append(Said("an exception", text[:KEPT], place, len(text) > KEPT))

    def noted(self) -> Noted:
        """What was noted until now; this process's terminal is not the implementation's alone."""
        output_capture = self.captured.output_capture
        return Noted(
            tuple(asked for thread in list(self._threads.values()) for asked in thread.asked),
            self.captured.resolution.asked,
            tuple(self._exceptions) if output_capture is None else output_capture.said,
        )

    def end(self, limit: float) -> None:
        """Close what is left open, unjudged, and end the threads."""
        for thread in self._threads.values():
            thread.end(limit)

    def _thread_of(self, name: str) -> SessionThread:
        with self._lock:
            if name not in self._threads:
                self._threads[name] = SessionThread(
                    name, self.implementation, self.data_types, self.captured.output_capture
                )
            return self._threads[name]

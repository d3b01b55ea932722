"""Steps are executed in this process: each session in a thread of its own.

Every step has a limit. A step that has not ended by then is a hang: where it stood is noted, its
daemon thread is left behind, and that session executes nothing more.
"""

from __future__ import annotations

import threading
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import msgspec

from connect_contracts.execution.adapter_checks import raised_by_adapter
from connect_contracts.execution.call.arguments import Arguments
from connect_contracts.execution.capture.output_capture import KEPT, all_texts, raised
from connect_contracts.execution.environment.process_environment import Captured
from connect_contracts.execution.environment.trust import altered, trust_of_process
from connect_contracts.execution.implementation import Implementation, PartMissing, PartNotFound
from connect_contracts.execution.own_code import lines_of_stack, origin_of
from connect_contracts.execution.returned import WrongReturn
from connect_contracts.execution.session_thread import DataTypes, SessionThread
from connect_contracts.model.actions import ACTIONS
from connect_contracts.model.cause import NOWHERE, Origin
from connect_contracts.model.observation import Asked, Frame, Place, Result, Said
from connect_contracts.model.parts import part_of_action, wrong_part
from connect_contracts.model.scenario import Use

if TYPE_CHECKING:
    from connect_contracts.execution.inspection import Inspection

_NOTHING = Captured()


class Noted(msgspec.Struct, frozen=True):
    """What is noted of a run beside the results of its steps; fields as of ``Observation``."""

    asked: tuple[Asked, ...] = ()
    resolved: tuple[str, ...] = ()
    said: tuple[Said, ...] = ()
    terminal: str = ""


class InProcessExecutor:
    """All sessions of one run, in this process."""

    def __init__(
        self,
        implementation: Implementation,
        data_types: DataTypes,
        captured: Captured = _NOTHING,
        inspection: Inspection | None = None,
    ) -> None:
        self.implementation = implementation
        self._data_types = data_types
        self._captured = captured
        self._inspection = inspection
        self._threads: dict[str, SessionThread] = {}
        self._open: set[str] = set()
        self._exceptions: list[Said] = []
        self._lock = threading.Lock()

    def execute(
        self,
        session: str,
        step: Use | Arguments,
        limit: float | None,
        place: Place = (),
    ) -> Result:
        """Execute a step of ``session`` and wait for its end, at most ``limit`` seconds.

        Without a limit it is executed in the thread that calls. Several threads may call it at
        once, for different sessions. The result carries no place.
        """
        thread, inspection = self._thread_of(session), self._inspection
        begun = None if inspection is None else inspection.begin()
        before = trust_of_process()
        result = self._captured_result(thread, step, limit, place)
        result = msgspec.structs.replace(result, altered=altered(before, trust_of_process()))
        if inspection is None or begun is None or result.how == "hung":
            return result
        thread.forget()
        self._note_end(session, step, result)
        # Branches that are taken together have a place within a place, and threads of their own.
        quiet = len(place) == 1 and not self._open
        return inspection.end(begun, result, opens=isinstance(step, Arguments), quiet=quiet)

    def _note_end(self, session: str, step: Use | Arguments, result: Result) -> None:
        if result.how != "returned":
            return
        if isinstance(step, Arguments):
            self._open.add(session)
        elif ACTIONS[step.action].ends:
            self._open.discard(session)

    def _captured_result(
        self, thread: SessionThread, step: Use | Arguments, limit: float | None, place: Place
    ) -> Result:
        output_capture = self._captured.output_capture
        with output_capture.during(place, thread.ident) if output_capture else nullcontext():
            if limit is None or self.implementation.debugged:
                return self._ended_here(thread, step, place)
            return self._ended(thread, step, limit, place)

    def _ended_here(self, thread: SessionThread, step: Use | Arguments, place: Place) -> Result:
        try:
            value = thread.execute(step)
        except BaseException as error:
            return self._raised(thread, error, step, place)
        return ended(thread.name, None, value)

    def _ended(
        self, thread: SessionThread, step: Use | Arguments, limit: float, place: Place
    ) -> Result:
        future = thread.start(step)
        try:
            error = future.exception(limit)
        except TimeoutError:
            thread.hung = True
            stack, frame = thread.stack()
            where = lines_of_stack(frame, self.implementation)
            return Result((), thread.name, "", "hung", stack=stack, where=where)
        except KeyboardInterrupt:
            # Nothing waits for the thread when the run is put away.
            thread.hung = True
            raise
        if error is None:
            return ended(thread.name, None, future.result())
        return self._raised(thread, error, step, place)

    def _raised(
        self, thread: SessionThread, error: BaseException, step: Use | Arguments, place: Place
    ) -> Result:
        self._keep(error, place)
        if self.implementation.debugged:
            self.implementation.raised = error
        origin = origin_of(error, self.implementation)
        if raised_by_adapter(error, self.implementation):
            shown = TypeError(str(error)) if isinstance(error, WrongReturn) else error
            return Result((), thread.name, "", "adapter wrong", raised=raised(shown, origin))
        return ended(thread.name, error, None, origin, step)

    def _keep(self, error: BaseException, place: Place) -> None:
        """Keep all that an exception says, also where the scenario does not listen."""
        if (output_capture := self._captured.output_capture) is not None:
            output_capture.keep_exception(error, place)
            return
        for text in dict.fromkeys(all_texts(error)):
            self._exceptions.append(Said("an exception", text[:KEPT], place, len(text) > KEPT))

    def noted(self) -> Noted:
        """What was noted until now; this process's terminal is not the implementation's alone."""
        output_capture = self._captured.output_capture
        return Noted(
            tuple(asked for thread in list(self._threads.values()) for asked in thread.asked),
            self._captured.resolution.asked,
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
                    name, self.implementation, self._data_types, self._captured.output_capture
                )
            return self._threads[name]


def ended(
    session: str,
    error: BaseException | None,
    value: Any,
    origin: Origin = NOWHERE,
    step: Use | Arguments | None = None,
) -> Result:
    """The result of a step that returned ``value`` or raised ``error`` of this ``origin``."""
    if isinstance(error, PartMissing):
        by_adapter = not isinstance(error, PartNotFound)
        within = part_of_action(step.action) if isinstance(step, Use) else None
        if by_adapter and (why := wrong_part(error.part, within or "connect")) is not None:
            wrong = raised(ValueError(f"PartMissing({error.part!r}): {why}"), origin)
            return Result((), session, "", "adapter wrong", raised=wrong)
        return Result((), session, "", "part missing", part=error.part, declared_missing=by_adapter)
    if error is not None:
        return Result((), session, "", "raised", raised=raised(error, origin))
    if isinstance(value, Frame):
        return Result((), session, "", "returned", frame=value)
    return Result((), session, "", "returned", value=value)

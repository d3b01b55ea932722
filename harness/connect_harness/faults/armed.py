"""The faults that are armed on one target session."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from types import TracebackType
from typing import Self

from connect_harness.exchange import Answer, Request
from connect_harness.faults.fault import Fault
from connect_harness.faults.registry import AnswerFault, Honest, WireFault
from connect_harness.misbehaviour import (
    Act,
    Held,
    Misbehaviour,
    Named,
    Outgoing,
    OwnFaultError,
    Part,
    Phase,
    Release,
)
from connect_harness.refusals import check_type


class UnmetFault(UserWarning):
    """A fault did nothing in its block, or in its test; the text says what came instead."""


class Armed:
    """A fault that is armed on a target session; as a context manager, until its block ends.

    The warning ``UnmetFault`` says at the end of the block that the fault did nothing.

        >>> from connect_harness import Requests, TargetSession
        >>> with TargetSession.start() as target:
        ...     armed = target.arm("status 503", on=Requests("POST", times=1))
        >>> armed
        <armed fault 'status 503' on POST * (1 time), met 0 so far>

    Attributes:
        fault: The fault.
        number: Which of the faults of its target it is, from 1.
        met: How many requests or connections it was to meet so far, those before ``first`` and
            after ``times`` included.
    """

    def __init__(
        self,
        fault: Fault,
        number: int,
        disarm: Callable[[Armed], None],
        unmet: Callable[[], str],
    ) -> None:
        self.fault = fault
        self.met = 0
        self.number = number
        self._disarm = disarm
        self._unmet = unmet
        self._lock = threading.Lock()
        self._release = Release()
        # Whether it meets a connection, by the connection's number.
        self._connections: dict[int, bool] = {}

    def __repr__(self) -> str:
        fault = self.fault
        return f"<armed fault {fault.name!r} on {fault.meets}, met {self.met} so far>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # What raises may have ended the block before the fault's requests.
        text = self._unmet() if error is None and not self._acted else ""
        self.disarm()
        if text and not self._acted:
            warnings.warn(text, UnmetFault, stacklevel=2)

    def disarm(self) -> None:
        """Let it meet no further request, and release what it holds."""
        self._disarm(self)
        self.release()

    def release(self) -> None:
        """Let go out what it holds, now and from now on; may be called again."""
        self._release.happen()

    def wait_until_held(self, number: int, limit: float) -> bool:
        """Wait until it holds so many answers at once; whether it does.

        Parameters:
            limit: Seconds that this may take at most; it ends at once when the fault is released.
        """
        return self._release.wait_until_awaited(number, limit)

    def meets(self, request: Request) -> bool:
        """Whether it meets this request; to be asked once for each."""
        try:
            if not self.fault.includes(request):
                return False
        except OwnFaultError:
            # It did something: the journal has its mistake.
            with self._lock:
                self.met += 1
            raise
        with self._lock:
            return self._counted()

    def meets_command(self, lines: tuple[str, ...]) -> bool:
        """Whether it meets this command of the gateway; to be asked once for each."""
        if not self.fault.requests.include_command(lines):
            return False
        with self._lock:
            return self._counted()

    def meets_connection(self, number: int) -> bool:
        """Whether it meets the connection with this number in the journal."""
        with self._lock:
            if number not in self._connections:
                self._connections[number] = self._counted()
            return self._connections[number]

    @property
    def _acted(self) -> bool:
        return self.met >= self.fault.requests.first

    def _counted(self) -> bool:
        on = self.fault.requests
        self.met += 1
        at = self.met - on.first
        return at >= 0 and (on.times is None or at < on.times)

    def parts(self, outgoing: Outgoing) -> Iterable[Part]:
        """What goes out in the place of ``outgoing``."""
        assert isinstance(self.fault.made, WireFault)
        yield Named(self.fault.name)
        with self.fault.answerable():
            for part in self.fault.made.parts(outgoing.data):
                check_type("WireFault", "parts", part, (bytes, Act))
                yield Held(self._release) if part is Act.HOLD else part


class ArmedFaults:
    """What answers in the application's place, or changes what goes out.

    Of several faults that meet a request, or a connection before its first request, the one that
    was armed first fires. Every method may be called from any thread.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._armed: tuple[Armed, ...] = ()
        self._count = 0

    def misbehaviour(self, *, gateway: bool) -> Misbehaviour | None:
        """What changes the bytes that go out; ``None`` if nothing does.

        Parameters:
            gateway: To clients of the Py4J gateway; else to those of HTTP.
        """
        misbehave = self._misbehave_as_gateway if gateway else self._misbehave
        return misbehave if any(self._of_the_wire(gateway=gateway)) else None

    def _of_the_wire(self, *, gateway: bool) -> Iterator[tuple[Armed, WireFault]]:
        for armed in self._armed:
            made = armed.fault.made
            if isinstance(made, WireFault) and armed.fault.requests.gateway is gateway:
                yield armed, made

    def arm(self, fault: Fault, changed: Callable[[], None], unmet: Callable[[], str]) -> Armed:
        """Arms a fault.

        Parameters:
            changed: Called when it is armed, and when it is disarmed.
            unmet: Waits for what is under way, and says that the fault did nothing.
        """

        def disarm(armed: Armed) -> None:
            with self._lock:
                self._armed = tuple(other for other in self._armed if other is not armed)
            changed()

        with self._lock:
            self._count += 1
            armed = Armed(fault, self._count, disarm, unmet)
            self._armed = (*self._armed, armed)
        changed()
        return armed

    def disarm(self) -> None:
        """Disarms all faults, and releases what they hold."""
        for armed in self._armed:
            armed.disarm()

    def answer(self, request: Request, honest: Honest) -> Answer:
        """The answer of the fault that fires, which bears its name; else the true answer.

        It is the true one also where a fault of the wire fires: that changes it on its way out.
        """
        for armed in self._armed:
            fault = armed.fault
            if fault.requests.gateway or not fault.acts_on_answers or not armed.meets(request):
                continue
            if isinstance(fault.made, WireFault):
                return replace(honest(), answered_by=armed.number)
            answer = _answer(fault, fault.made, request, honest)
            return replace(answer, fault=fault.name, answered_by=armed.number)
        return honest()

    def _misbehave(self, outgoing: Outgoing) -> Iterable[Part]:
        for armed, made in self._of_the_wire(gateway=False):
            if made.phase is outgoing.phase and _acts(armed, outgoing):
                # Of one that acts on the other layer, these bytes are not yet, or no longer, its.
                return armed.parts(outgoing) if made.layer is outgoing.layer else (outgoing.data,)
        return (outgoing.data,)

    def _misbehave_as_gateway(self, outgoing: Outgoing) -> Iterable[Part]:
        for armed, made in self._of_the_wire(gateway=True):
            here = made.phase is outgoing.phase and made.layer is outgoing.layer
            if here and _meets_gateway(armed, outgoing):
                return armed.parts(outgoing)
        return (outgoing.data,)


def _answer(fault: Fault, made: AnswerFault, request: Request, honest: Honest) -> Answer:
    raised: list[BaseException] = []

    def watched() -> Answer:
        try:
            return honest()
        except BaseException as error:
            raised.append(error)
            raise

    with fault.answerable(raised):
        answer = made.answer(request, watched)
        if not isinstance(answer, Answer):
            raise TypeError(
                f"AnswerFault(answer=...) gives an Answer, not {type(answer).__name__}."
            )
    return answer


def _meets_gateway(armed: Armed, outgoing: Outgoing) -> bool:
    if outgoing.phase is Phase.ACCEPTED:
        return armed.meets_connection(outgoing.connection)
    return armed.meets_command(outgoing.command)


def _acts(armed: Armed, outgoing: Outgoing) -> bool:
    """Whether an armed fault, of the phase that it is, acts now."""
    match outgoing.phase:
        case Phase.ANSWER | Phase.IDLE:
            return armed.number == outgoing.answered_by
        case Phase.REQUEST:
            # Asked with no data, once for each request; what else goes out is not about one.
            request = outgoing.request if not outgoing.data else None
            return request is not None and armed.meets(request)
        case _:
            return armed.meets_connection(outgoing.connection)

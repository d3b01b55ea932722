"""The faults that are armed on one target session."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import replace

from connect_harness.exchange import Answer, Request
from connect_harness.faults.registry import FaultKind, Honest, WireFault, named_fault
from connect_harness.misbehaviour import Act, Misbehaviour, Named, Outgoing


class ArmedFaults:
    """What answers in the application's place, or changes what goes out.

    Of several faults that match a request, or a connection before its first request, the one that
    was armed first fires. Every method may be called from any thread.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._armed: tuple[FaultKind, ...] = ()

    @property
    def misbehaviour(self) -> Misbehaviour | None:
        """What changes the bytes that go out; ``None`` while no fault of the wire is armed."""
        changes = any(isinstance(kind.fault, WireFault) for kind in self._armed)
        return self._misbehave if changes else None

    def arm(self, name: str) -> None:
        """Arms a fault, until all are disarmed; ``ValueError`` is raised if there is none."""
        kind = named_fault(name)
        with self._lock:
            self._armed = (*self._armed, kind)

    def disarm(self) -> None:
        with self._lock:
            self._armed = ()

    def answer(self, request: Request, honest: Honest) -> Answer:
        """The answer of the fault that fires, which bears its name; else the true answer.

        It is the true one also where a fault of the wire fires: that changes it on its way out.
        """
        for kind in self._armed:
            if kind.fault.matches(request):
                if isinstance(kind.fault, WireFault):
                    break
                return replace(kind.fault.answer(request, honest), fault=kind.name)
        return honest()

    def _misbehave(self, outgoing: Outgoing) -> Iterable[bytes | Act | Named]:
        for kind in () if outgoing.fault else self._armed:
            fault = kind.fault
            if isinstance(fault, WireFault) and fault.concerns(outgoing):
                if fault.layer is not outgoing.layer:
                    break
                return (Named(kind.name), *fault.parts(outgoing.data))
        return (outgoing.data,)

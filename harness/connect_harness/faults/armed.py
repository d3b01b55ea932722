"""The faults that are armed on one target session, and how often each of them fired."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from connect_harness.exchange import Answer, Request
from connect_harness.faults.registry import Fault, Honest, named_fault
from connect_harness.faults.wire import WireFault
from connect_harness.server.misbehaviour import Act, Misbehaviour, Named, Outgoing


@dataclass
class _Armed:
    name: str
    fault: Fault | WireFault
    left: int | None


class ArmedFaults:
    """What answers in the application's place, or changes what goes out.

    Of several faults that match a request, or a connection before its first request, the one that
    was armed first fires. Every method may be called from any thread.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._armed: list[_Armed] = []
        self._fired: Counter[str] = Counter()

    @property
    def fired(self) -> Mapping[str, int]:
        """How often each fault fired, by name, those disarmed since included; a snapshot."""
        with self._lock:
            return dict(self._fired)

    @property
    def armed(self) -> tuple[str, ...]:
        """The names of what is armed and not spent, in the order in which it was armed."""
        with self._lock:
            return tuple(each.name for each in self._armed if each.left != 0)

    @property
    def misbehaviour(self) -> Misbehaviour | None:
        """What changes the bytes that go out; ``None`` while no fault of the wire is armed."""
        with self._lock:
            changes = any(isinstance(each.fault, WireFault) for each in self._armed)
        return self._misbehave if changes else None

    def arm(self, fault: str | Fault | WireFault, *, name: str = "fault") -> None:
        """Arms a fault, until it is spent or disarmed.

        Parameters:
            fault: The name of one, or one of the caller's own.
            name: What one of the caller's own is known by.

        Raises:
            ValueError: There is no fault of this name.
        """
        if isinstance(fault, str):
            name, fault = fault, named_fault(fault).make()
        with self._lock:
            times = None if isinstance(fault, WireFault) else fault.times
            self._armed.append(_Armed(name, fault, times))

    def disarm(self, name: str | None = None) -> None:
        """Disarms the faults of this name, or all; what is not armed stays so."""
        with self._lock:
            self._armed = [each for each in self._armed if name not in (None, each.name)]

    def answer(self, request: Request, honest: Honest) -> Answer:
        """The answer of the fault that fires, which bears its name; else the true answer.

        It is the true one also where a fault of the wire fires: that changes it on its way out.
        """
        with self._lock:
            name, fault = self._choose(request)
        if fault is None:
            return honest()
        return replace(fault.answer(request, honest), fault=name)

    def _choose(self, request: Request) -> tuple[str, Fault | None]:
        for each in self._armed:
            if each.left != 0 and each.fault.matches(request):
                if isinstance(each.fault, WireFault):
                    break
                each.left = None if each.left is None else each.left - 1
                self._fired[each.name] += 1
                return each.name, each.fault
        return "", None

    def _misbehave(self, outgoing: Outgoing) -> Iterable[bytes | Act | Named]:
        if not outgoing.fault:
            with self._lock:
                name, fault = self._choose_on_the_wire(outgoing)
            if fault is not None:
                return (Named(name), *fault.parts(outgoing.data))
        return (outgoing.data,)

    def _choose_on_the_wire(self, outgoing: Outgoing) -> tuple[str, WireFault | None]:
        for each in self._armed:
            if isinstance(each.fault, WireFault) and each.fault.concerns(outgoing):
                if each.fault.layer is not outgoing.layer:
                    break
                self._fired[each.name] += 1
                return each.name, each.fault
        return "", None

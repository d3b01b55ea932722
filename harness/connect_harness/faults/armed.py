"""The faults that are armed on one target session, and how often each of them fired."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from connect_harness.exchange import Answer, Request
from connect_harness.faults.registry import Fault, Honest, named_fault


@dataclass
class _Armed:
    name: str
    fault: Fault
    left: int | None


class ArmedFaults:
    """What answers in the application's place. Every method may be called from any thread.

    Of several faults that match a request, the one that was armed first fires.
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

    def arm(self, fault: str | Fault, *, name: str = "fault") -> None:
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
            self._armed.append(_Armed(name, fault, fault.times))

    def disarm(self, name: str | None = None) -> None:
        """Disarms the faults of this name, or all; what is not armed stays so."""
        with self._lock:
            self._armed = [each for each in self._armed if name not in (None, each.name)]

    def answer(self, request: Request, honest: Honest) -> Answer:
        """The answer of the fault that fires, which bears its name; else the true answer."""
        with self._lock:
            chosen = self._choose(request)
        if chosen is None:
            return honest()
        return replace(chosen.fault.answer(request, honest), fault=chosen.name)

    def _choose(self, request: Request) -> _Armed | None:
        for each in self._armed:
            if each.left != 0 and each.fault.matches(request):
                each.left = None if each.left is None else each.left - 1
                self._fired[each.name] += 1
                return each
        return None

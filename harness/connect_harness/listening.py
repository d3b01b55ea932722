"""What a target session and an issuer have in common: a listener, a journal, and armed faults."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from connect_harness.faults import AnswerFault, Armed, ArmedFaults, Fault, Requests, WireFault
from connect_harness.refusals import OfKnownAttributes
from connect_harness.server import Journal, OwnerActed
from connect_harness.transcript import printable, short_line

if TYPE_CHECKING:
    from connect_harness.server.listener import Listener


MOST_TOLD = 3
"""Requests that the text on a fault that did nothing names."""


class TargetClosed(RuntimeError):
    """A target is closed for good: it has no URL, takes no change, and is not restarted."""


class Listening(OfKnownAttributes):
    """What a target and an issuer do with their listener."""

    name: str
    journal: Journal
    _kind: ClassVar[str]
    _listener: Listener
    _faults: ArmedFaults

    _meets: ClassVar[Requests | None] = None
    """What a fault that names no request meets, where it is not what a fault meets of itself."""

    @property
    def port(self) -> int:
        """The TCP port; 0 once it is closed."""
        return self._listener.port

    @property
    def closed(self) -> bool:
        """Whether it was closed, by its owner or by a client that shut it down."""
        return self.port == 0

    def arm(
        self,
        fault: str | Fault | AnswerFault | WireFault,
        *,
        on: Requests | None = None,
        location: str | None = None,
    ) -> Armed:
        """Arm a fault, until it is disarmed.

        It fires from now on, on open connections too; of several that meet a request, the one that
        was armed first. As a context manager it is armed for its block, and the warning
        ``UnmetFault`` says at the end of the block that it did nothing::

            with target.arm("status 503", on=Requests(changes=True, times=1)):
                ...

        Parameters:
            fault: Its name (all are in ``connect_harness.fault_kinds()``), a fault as a value, or
                what it does, if it is your own.
            on: The requests that it meets; by default those for the versions document, and at an
                issuer any.
            location: Where a redirect leads, see ``Fault``.

        Raises:
            TargetClosed: It is closed, and receives nothing any more.
            ValueError: There is no such fault, or it cannot meet these requests; the text says why.
        """
        if self.closed:
            text = f"The {self._kind} {self.name!r} is closed: arm faults before that."
            raise TargetClosed(text)
        if isinstance(fault, Fault) and (on, location) != (None, None):
            raise ValueError("This Fault says itself which requests it meets: leave on= out.")
        value = fault if isinstance(fault, Fault) else Fault(fault, on, location)
        if value.on is None and self._meets is not None:
            value = replace(value, on=self._meets)
        self._check_place(value)
        began = self._note(f"has the fault {value.name!r} armed on {value.meets}")
        return self._faults.arm(value, self._misbehave, partial(self._unmet, value, began.number))

    def disarm(self) -> None:
        """Disarm whatever is armed."""
        self._faults.disarm()

    def _check_place(self, fault: Fault) -> None:
        """Raise ``ValueError`` if nothing that it receives can be what the fault meets."""

    def _note(self, text: str) -> OwnerActed:
        return self.journal.record(OwnerActed(target=self.name, text=text))

    def _unmet(self, fault: Fault, began: int) -> str:
        """That ``fault`` did nothing, and what was received since it was armed."""
        self.journal.wait_until_quiet()
        received = (
            f"{each.method} {each.path}" + (f", which met {each.fault!r}" if each.fault else "")
            for each in self.journal
            if each.target == self.name and each.number > began
        )
        each = list(dict.fromkeys(received)) or ["nothing"]
        more = f", and {len(each) - MOST_TOLD} more" if len(each) > MOST_TOLD else ""
        text = (
            f"The fault {fault.name!r} of {self.name!r} did nothing: it was armed on "
            f"{fault.meets}, and the {self._kind} received {', '.join(each[:MOST_TOLD])}{more}."
        )
        return short_line(printable(self.journal.redaction()(text)))

    def _misbehave(self) -> None:
        self._listener.misbehaviour = self._faults.misbehaviour(gateway=False)

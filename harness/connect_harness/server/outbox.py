"""The way out of a connection, where an armed fault may change what is sent."""

from __future__ import annotations

from collections.abc import Callable

from connect_harness.exchange import Request
from connect_harness.server.events import FaultFired
from connect_harness.server.journal import Journal
from connect_harness.server.misbehaviour import (
    Act,
    Layer,
    Misbehaviour,
    Named,
    Outgoing,
    Phase,
)


class FaultError(Exception):
    """An armed fault ends the connection.

    Attributes:
        act: How.
    """

    def __init__(self, act: Act) -> None:
        super().__init__(act)
        self.act = act


class Outbox:
    """Asks the strategy before anything is sent, and records what it changes.

    Parameters:
        misbehaviour: Gives the strategy of the moment; ``None`` changes nothing.
        journal: Where a change is recorded.
        target: The name of the target.
        connection: The connection's number.

    Attributes:
        phase: The phase that the connection is in.
        request: The request that is being answered.
        order: Which request of its connection that is; 0 before the first.
        fault: The name of the armed fault that its answer is already; empty if it is none.
    """

    def __init__(
        self,
        misbehaviour: Callable[[], Misbehaviour | None],
        journal: Journal,
        target: str,
        connection: int,
    ) -> None:
        self.phase = Phase.ACCEPTED
        self.request: Request | None = None
        self.order = 0
        self.fault = ""
        self._misbehaviour = misbehaviour
        self._journal = journal
        self._target = target
        self._connection = connection

    def send(self, layer: Layer, data: bytes, deliver: Callable[[bytes], None]) -> None:
        """Deliver ``data``, or what the strategy sends in its place.

        Parameters:
            layer: Where in the way out this is.
            data: What is to be sent.
            deliver: Takes it further.

        Raises:
            FaultError: The strategy ends the connection.
        """
        misbehaviour = self._misbehaviour()
        if misbehaviour is None:
            deliver(data)
            return
        name = ""
        untouched = not data
        changed = False
        for part in misbehaviour(self._outgoing(layer, data)):
            if isinstance(part, Named):
                name = part.name
                continue
            if part is data:
                untouched = True
            elif not changed:
                changed = True
                self._fired(name, layer, part if isinstance(part, Act) else None)
            if isinstance(part, Act):
                raise FaultError(part)
            deliver(part)
        if not untouched and not changed:
            self._fired(name, layer, None)

    def _outgoing(self, layer: Layer, data: bytes) -> Outgoing:
        return Outgoing(
            self._connection, self.phase, layer, data, self.request, self.order, self.fault
        )

    def _fired(self, name: str, layer: Layer, act: Act | None) -> None:
        self._journal.record(
            FaultFired(
                target=self._target,
                connection=self._connection,
                fault=name,
                layer=layer,
                phase=self.phase,
                act=act,
            )
        )

"""A connection, from accepted to closed; the subclasses say what happens in between."""

from __future__ import annotations

import socket
import sys
import traceback
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from connect_harness.exchange import Request
from connect_harness.misbehaviour import (
    Act,
    Held,
    Layer,
    Misbehaviour,
    Named,
    Outgoing,
    OwnFaultError,
    Phase,
)
from connect_harness.server.events import (
    ConnectionAccepted,
    ConnectionClosed,
    Ending,
    Event,
    FaultFired,
    HarnessError,
    Service,
)
from connect_harness.server.journal import Journal
from connect_harness.server.tls import Channel, PlainChannel
from connect_harness.server.wire import CutError, Wire

T = TypeVar("T")
E = TypeVar("E", bound=Event)


class FaultError(Exception):
    """An armed fault ends the connection, by ``act``."""

    def __init__(self, act: Act) -> None:
        super().__init__(act)
        self.act = act


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The port to which a connection came, and what changes the bytes that go out there."""

    target: str
    journal: Journal
    port: int
    misbehaviour: Callable[[], Misbehaviour | None]


class Connection(ABC):
    """A connection, served by a thread of its own.

    Before anything is sent, the armed fault may change it; the journal records each change.

    Parameters:
        endpoint: Where it came to.
        connected: Its socket, which belongs to the connection from now on.

    Attributes:
        in_application: Whether it runs code that is not the server's own, which may take its time.
    """

    service: ClassVar[Service]

    def __init__(
        self, endpoint: Endpoint, connected: socket.socket, client: tuple[str, int]
    ) -> None:
        self.number = endpoint.journal.next_connection()
        self.in_application = False
        self.channel: Channel = PlainChannel(self.receive_raw, self.send_raw)
        self.alert: str | None = None
        self._endpoint = endpoint
        self._journal = endpoint.journal
        self._wire = Wire(connected, endpoint.journal.activities)
        self._phase = Phase.ACCEPTED
        # The request that is being answered, which one of its connection that is, and the number
        # of the armed fault that met it.
        self._request: Request | None = None
        self._order = 0
        self._answered_by = 0
        # The lines of the Py4J command that is being replied to.
        self._command: tuple[str, ...] = ()
        self.record(ConnectionAccepted(service=self.service, port=endpoint.port, client=client))
        self._journal.activities.add(self._wire)

    def record(self, event: E) -> E:
        # No copy, as in ``Journal.record``: every client waits for it.
        object.__setattr__(event, "target", self._endpoint.target)
        object.__setattr__(event, "connection", self.number)
        return self._journal.record(event)

    def serve(self) -> None:
        """Go through the phases to the end. Raises nothing."""
        ending = Ending.HARNESS_ERROR
        try:
            ending = self._until_fault()
        except CutError:
            ending = Ending.TARGET_CUT
        except OSError:
            ending = Ending.CLIENT_RESET
        except Exception:
            self.harness_error()
        finally:
            self._closed(ending)

    def cut(self) -> None:
        """End it at once, from another thread: nothing more is sent or answered."""
        self._wire.cut()

    def _until_fault(self) -> Ending:
        try:
            # Nothing is to be sent yet, but a fault may send something now.
            self.send_raw(b"")
            ending = self.talk()
            self._phase = Phase.CLOSED
            if ending is not Ending.HANDSHAKE_FAILED:
                self.channel.notify()
            self._wire.end()
        except FaultError as fault:
            self._misbehave(fault.act)
            return Ending.FAULT
        return ending

    @abstractmethod
    def talk(self) -> Ending:
        """Do what comes between accepted and closed; an exception is an ending as well."""

    def _misbehave(self, act: Act) -> None:
        self._phase = Phase.CLOSED
        if act is Act.RESET:
            self._wire.reset()
            return
        if act is Act.STALL:
            self._wire.stall()
        if act is Act.NOTIFY_AND_CLOSE:
            self.channel.notify()
        self._wire.end()

    def _closed(self, ending: Ending) -> None:
        self.record(
            ConnectionClosed(
                ending=ending,
                alert=self.alert,
                requests=self._order,
                received=self._wire.received.kept(),
                sent=self._wire.sent.kept(),
                application_received=self.channel.received.kept(),
                application_sent=self.channel.sent.kept(),
            )
        )
        self._wire.close()
        self._journal.activities.remove(self._wire)

    def receive_raw(self) -> bytes:
        """The next bytes of the wire, none at its end."""
        return self._wire.receive()

    def send_raw(self, data: bytes) -> None:
        """Send bytes to the wire, or what the armed fault sends in their place."""
        self._send(Layer.WIRE, data, self._wire.send)

    def send(self, data: bytes) -> None:
        """Send bytes of the application, or what the armed fault sends in their place."""
        self._send(Layer.APPLICATION, data, self.channel.write)

    def ask(self) -> None:
        """Let the armed fault act where the target itself sends nothing."""
        if self._endpoint.misbehaviour() is not None:
            self._send(Layer.APPLICATION, b"", self.channel.write)

    def _send(self, layer: Layer, data: bytes, deliver: Callable[[bytes], None]) -> None:
        misbehaviour = self._endpoint.misbehaviour()
        if misbehaviour is None:
            deliver(data)
            return
        outgoing = Outgoing(
            self.number,
            self._phase,
            layer,
            data,
            self._request,
            self._order,
            self._answered_by,
            self._command,
        )
        name = ""
        untouched = not data
        changed = False
        for part in misbehaviour(outgoing):
            if isinstance(part, Named):
                name = part.name
                continue
            if part is data:
                untouched = True
            elif not changed:
                changed = True
                act = Act.HOLD if isinstance(part, Held) else part
                self._fired(name, layer, act if isinstance(act, Act) else None)
            if isinstance(part, Act):
                raise FaultError(part)
            if isinstance(part, Held):
                self._wire.hold(part.release)
            elif part:
                deliver(part)
        if not untouched and not changed:
            self._fired(name, layer, None)

    def _fired(self, name: str, layer: Layer, act: Act | None) -> None:
        self.record(FaultFired(fault=name, layer=layer, phase=self._phase, act=act))

    def call(self, application: Callable[[], T], instead: T) -> T:
        """Run code that is not the server's own.

        Parameters:
            application: The code. What it raises is recorded as an error of the harness.
            instead: What is returned then.

        Raises:
            CutError: The connection was cut before or meanwhile.
        """
        self.in_application = True
        try:
            # After the flag: a thread that cuts either sees the flag or is seen here.
            self._wire.check()
            result = application()
        except CutError:
            raise
        except BaseException:
            self.harness_error()
            result = instead
        finally:
            self.in_application = False
        self._wire.check()
        return result

    def harness_error(self) -> None:
        """Record the exception that is being handled."""
        error = sys.exception()
        if isinstance(error, OwnFaultError):
            self.record(HarnessError(text=str(error), fault=error.of))
        else:
            self.record(HarnessError(text=traceback.format_exc()))

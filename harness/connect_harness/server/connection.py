"""One connection, from accepted to closed; what is said in between is up to the subclasses."""

from __future__ import annotations

import socket
import traceback
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from connect_harness.server.causes import Ending
from connect_harness.server.channels import Channel, PlainChannel
from connect_harness.server.events import (
    ConnectionAccepted,
    ConnectionClosed,
    HarnessError,
    Service,
)
from connect_harness.server.journal import Journal
from connect_harness.server.misbehaviour import Act, Layer, Misbehaviour, Phase
from connect_harness.server.outbox import FaultError, Outbox
from connect_harness.server.wire import CutError, Wire

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a connection came to.

    Parameters:
        target: The name of the target.
        journal: Where to record what happens.
        port: The port.
        misbehaviour: Gives what changes the bytes that go out, if a fault is armed.
    """

    target: str
    journal: Journal
    port: int
    misbehaviour: Callable[[], Misbehaviour | None]


class Connection(ABC):
    """A connection, served by a thread of its own.

    Parameters:
        endpoint: Where it came to.
        connected: Its socket, which belongs to the connection from now on.
        client: Address and port of the client.

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
        self._outbox = Outbox(endpoint.misbehaviour, endpoint.journal, endpoint.target, self.number)
        self._journal.record(
            ConnectionAccepted(
                target=endpoint.target,
                connection=self.number,
                service=self.service,
                port=endpoint.port,
                client=client,
            )
        )
        self._journal.activities.add(self._wire)

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
            self._accepted()
            ending = self.talk()
            self._outbox.phase = Phase.CLOSED
            if ending is not Ending.HANDSHAKE_FAILED:
                self.channel.notify()
            self._wire.end()
        except FaultError as fault:
            self._misbehave(fault.act)
            return Ending.FAULT
        return ending

    def _accepted(self) -> None:
        self._outbox.send(Layer.WIRE, b"", self._wire.send)

    @abstractmethod
    def talk(self) -> Ending:
        """What is said between accepted and closed.

        Returns:
            How it ended. An exception is an ending as well.
        """

    def _misbehave(self, act: Act) -> None:
        self._outbox.phase = Phase.CLOSED
        if act is Act.RESET:
            self._wire.reset()
            return
        if act is Act.STALL:
            self._wire.stall()
        if act is Act.NOTIFY_AND_CLOSE:
            self.channel.notify()
        self._wire.end()

    def _closed(self, ending: Ending) -> None:
        self._journal.record(
            ConnectionClosed(
                target=self._endpoint.target,
                connection=self.number,
                ending=ending,
                alert=self.alert,
                requests=self._outbox.order,
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
        """Send bytes to the wire, as far as the armed fault lets them."""
        self._outbox.send(Layer.WIRE, data, self._wire.send)

    def send(self, data: bytes) -> None:
        """Send bytes of the application, as far as the armed fault lets them."""
        self._outbox.send(Layer.APPLICATION, data, self.channel.write)

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
            # After the flag: whoever cuts either sees the flag or is seen here.
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
        self._journal.record(
            HarnessError(
                target=self._endpoint.target,
                connection=self.number,
                text=traceback.format_exc(),
            )
        )

"""The Py4J gateway of a target, which few clients ask for: it listens when one does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from connect_harness.misbehaviour import Misbehaviour
from connect_harness.protocols.routing import GatewayAddress, Target
from connect_harness.server import FileRefused, Journal
from connect_harness.server.listener import Listener

if TYPE_CHECKING:
    from connect_harness.protocols.py4j import Gateway


class GatewayPort:
    """The port of the gateway; closed until a client asks for its address.

    Parameters:
        name: The name of the target.
        arrow_folder: The folder below which the files are that clients may name.
        misbehaviour: Gives what changes the bytes that go out.
        shut_down: Called with the name of a user who shuts the target down.
    """

    def __init__(
        self,
        name: str,
        journal: Journal,
        target: Target,
        *,
        host: str,
        arrow_folder: Path,
        misbehaviour: Callable[[], Misbehaviour | None],
        shut_down: Callable[[str], None],
    ) -> None:
        self._name = name
        self._journal = journal
        self._target = target
        self._host = host
        self._arrow_folder = arrow_folder
        self._misbehaviour = misbehaviour
        self._shut_down = shut_down
        self._lock = threading.Lock()
        self._gateway: Gateway | None = None
        self._listener: Listener | None = None

    def address(self, username: str) -> GatewayAddress:
        """The port, which listens from now on, and a new token for the user of this name."""
        from connect_harness.protocols.py4j import Gateway

        with self._lock:
            if self._gateway is None or self._listener is None:
                self._gateway = Gateway(
                    self._target,
                    may_change=self._target.may_change,
                    read_file=self._read_file,
                    shut_down=self._shut_down,
                )
                self._listener = Listener(
                    self._name, self._journal, self._gateway, host=self._host
                ).start()
                self._listener.misbehaviour = self._misbehaviour()
            return GatewayAddress(self._listener.port, self._gateway.issue_token(username))

    def misbehave(self) -> None:
        """Let the faults that are armed by now meet its connections."""
        with self._lock:
            if self._listener is not None:
                self._listener.misbehaviour = self._misbehaviour()

    def stop(self) -> None:
        """Close the port; the next client that asks gets another one."""
        with self._lock:
            listener, self._listener, self._gateway = self._listener, None, None
        if listener is not None:
            listener.stop()

    def _read_file(self, path: str) -> list[dict[str, object]]:
        """The rows of the Arrow file that a client names; a refusal stands in the journal."""
        from connect_harness.protocols.arrow import FileRefusedError, read_rows

        try:
            return read_rows(path, self._arrow_folder)
        except FileRefusedError as error:
            self._journal.record(FileRefused(target=self._name, reason=str(error)))
            raise

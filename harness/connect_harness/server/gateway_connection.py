"""A connection to a target's Py4J port: lines in, replies out."""

from __future__ import annotations

import socket
from functools import partial
from typing import ClassVar, Protocol

from connect_harness.misbehaviour import Phase
from connect_harness.server.connection import Connection, Endpoint
from connect_harness.server.events import Ending, GatewayCommand, RequestRejected, Service

LONGEST_COMMAND = 16 * 1024 * 1024
"""How many bytes a command may have; a longer one ends the connection and is not kept."""

# What a line costs besides its text: a command may have very many empty ones.
_LINE_COST = 64
_FAILED: str | None = "!x"
_KEPT = 64 * 1024
_TOO_LONG = f"the command is longer than {LONGEST_COMMAND} bytes"


class Conversation(Protocol):
    """The commands of one Py4J client."""

    @property
    def closed(self) -> bool:
        """Whether it is over: the connection is closed after the last reply."""

    def line(self, text: str) -> str | None:
        """Take a line without its line feed; the reply, if that completes a command."""


class Gateway(Protocol):
    """Talks with Py4J clients."""

    def conversation(self) -> Conversation:
        """The conversation of a new connection."""


class GatewayConnection(Connection):
    """A connection of a Py4J client; ``gateway`` talks with it."""

    service: ClassVar[Service] = "gateway"

    def __init__(
        self,
        endpoint: Endpoint,
        connected: socket.socket,
        client: tuple[str, int],
        gateway: Gateway,
    ) -> None:
        super().__init__(endpoint, connected, client)
        self._gateway = gateway
        self._lines: list[str] = []
        self._line = bytearray()
        self._length = 0

    def talk(self) -> Ending:
        try:
            return self._converse()
        finally:
            if self._lines:
                self._record(None)

    def _converse(self) -> Ending:
        conversation = self._gateway.conversation()
        while True:
            self._phase = Phase.REQUEST
            data = self.channel.read()
            if not data:
                return Ending.CLIENT_CLOSED
            *ends, rest = data.split(b"\n")
            for end in ends:
                if not self._fits(end):
                    return self._refuse()
                line, self._line = self._line, bytearray()
                if self._is_last(conversation, line.decode("utf-8", "replace")):
                    return Ending.TARGET_CLOSED
            if not self._fits(rest):
                return self._refuse()

    def _fits(self, data: bytes) -> bool:
        """Take a piece of a line, unless the command would become too long."""
        self._length += len(data)
        if self._length > LONGEST_COMMAND:
            return False
        self._line += data
        return True

    def _refuse(self) -> Ending:
        self._lines.clear()
        kept = bytes(self._line[:_KEPT])
        self.record(RequestRejected(reason=_TOO_LONG, data=kept, answered=None))
        self._phase = Phase.CLOSED
        self.send(f"!zs{_TOO_LONG}\n".encode())
        return Ending.TARGET_CLOSED

    def _is_last(self, conversation: Conversation, text: str) -> bool:
        self._length += _LINE_COST
        self._lines.append(text)
        reply: str | None = self.call(partial(conversation.line, text), _FAILED)
        if reply is not None:
            self._command = tuple(self._lines)
            self._record(reply)
            self._phase = Phase.ANSWER
            self.send(f"{reply}\n".encode())
        return conversation.closed

    def _record(self, reply: str | None) -> None:
        self._order += 1
        self.record(GatewayCommand(lines=tuple(self._lines), reply=reply))
        self._lines.clear()
        self._length = 0

"""One connection of a Py4J client: authentication, then commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from connect_harness.protocols.py4j.commands import (
    LINES_BEFORE_END,
    Commands,
    failure,
    fatal_failure,
)

_AUTHENTICATE = "A"
_SHUT_DOWN = "s"
_RELEASE = "m"
_END = "e"


class GatewayServices(Protocol):
    """What a conversation needs of the gateway that it belongs to."""

    commands: Commands
    may_change: Callable[[str], bool]
    shut_down: Callable[[str], None]

    def user_of(self, token: str) -> str | None:
        """The user to whom ``token`` was issued, or ``None``."""


class Conversation:
    """What one connection says, line by line.

    Attributes:
        user: Whose token opened the conversation; ``None`` before.
        closed: Whether it is over: once true, the connection is to be closed after the last reply.
    """

    def __init__(self, gateway: GatewayServices) -> None:
        self.user: str | None = None
        self.closed = False
        self._gateway = gateway
        self._lines: list[str] = []

    def line(self, text: str) -> str | None:
        """Takes one line and answers when it completes a command.

        Parameters:
            text: The line, decoded as UTF-8, without its line feed.

        Returns:
            The reply, without its line feed; ``None`` if the command is not complete, has no
            reply, or the conversation is closed.
        """
        if self.closed:
            return None
        self._lines.append(text)
        name = self._lines[0]
        if name == _AUTHENTICATE:
            return self._authenticate() if len(self._lines) == 2 else None
        if self.user is None:
            return self._close("Authentication error: unexpected command.")
        if name == _SHUT_DOWN:
            self._shut_down(self.user)
            return None
        if name not in LINES_BEFORE_END:
            self.closed = True
            return fatal_failure(f"Unknown command received: {name}")
        if text != _END or len(self._lines) <= LINES_BEFORE_END[name]:
            return None
        return self._execute(self.user)

    def _authenticate(self) -> str:
        token, self._lines = self._lines[1], []
        self.user = self._gateway.user_of(token)
        if self.user is None:
            return self._close("Authentication error: bad auth token received.")
        return "!yv"

    def _execute(self, user: str) -> str:
        lines, self._lines = self._lines[:-1], []
        # Whoever lost the right must still be able to let go of what it holds.
        if lines[0] != _RELEASE and not self._gateway.may_change(user):
            return failure(f"Access is denied: {user} may not change this session")
        return self._gateway.commands.execute(lines)

    def _shut_down(self, user: str) -> None:
        self.closed = True
        if self._gateway.may_change(user):
            self._gateway.shut_down(user)

    def _close(self, text: str) -> str:
        self.closed = True
        return failure(text)

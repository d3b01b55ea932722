"""The Py4J gateway of a target session, and the conversation of one connection."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable

from connect_harness.protocols.py4j.api import Api, EntryPoint, GatewayServer, ReadFile
from connect_harness.protocols.py4j.commands import LINES_BEFORE_END, Commands, failure, is_fatal
from connect_harness.protocols.py4j.objects import Registry
from connect_harness.protocols.routing import Target

_AUTHENTICATE, _SHUT_DOWN, _RELEASE, _END = "A", "s", "m", "e"


class Gateway:
    """Plays Py4J's ``GatewayServer`` for one target session.

    A token is issued to a user, so that the rule about who may change the session is checked again
    for every command: a user who loses the role loses the gateway.

    Parameters:
        may_change: The project's one rule: whether the user of this name may change the session.
        read_file: Gives the rows of a file that a client names, or refuses it.
        shut_down: Called with the name of the user who sent Py4J's shutdown command and may.
    """

    def __init__(
        self,
        target: Target,
        *,
        may_change: Callable[[str], bool],
        read_file: ReadFile,
        shut_down: Callable[[str], None],
    ) -> None:
        self.may_change = may_change
        self.shut_down = shut_down
        self._tokens: dict[str, str] = {}
        self._lock = threading.Lock()
        self.commands = Commands(
            Registry(),
            {"t": EntryPoint(Api(target, read_file)), "GATEWAY_SERVER": GatewayServer()},
            target.not_served,
        )

    def issue_token(self, user: str) -> str:
        """The token with which ``user`` may open conversations; always the same for one user."""
        with self._lock:
            return self._tokens.setdefault(user, secrets.token_urlsafe(32))

    def user_of(self, token: str) -> str | None:
        with self._lock:
            return next((user for user, own in self._tokens.items() if own == token), None)

    def conversation(self) -> Conversation:
        return Conversation(self)


class Conversation:
    """The lines of one connection: authentication, then commands.

    Attributes:
        user: Whose token opened the conversation; ``None`` before.
        closed: Whether it is over: once true, the connection is to be closed after the last reply.
    """

    def __init__(self, gateway: Gateway) -> None:
        self.user: str | None = None
        self.closed = False
        self._gateway = gateway
        self._lines: list[str] = []

    def line(self, text: str) -> str | None:
        """Takes a line and answers when it completes a command; both without their line feed.

        Returns:
            The reply; ``None`` if the command is not complete, has no reply, or the conversation
            is closed.
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
            self.closed = True
            if self._gateway.may_change(self.user):
                self._gateway.shut_down(self.user)
            return None
        if name not in LINES_BEFORE_END:
            self.closed = True
            return failure(f"Unknown command received: {name}", fatal=True)
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
        # A user who lost the right must still be able to let go of what the client holds.
        if lines[0] != _RELEASE and not self._gateway.may_change(user):
            return failure(f"Access is denied: {user} may not change this session")
        reply = self._gateway.commands.execute(lines)
        self.closed = is_fatal(reply)
        return reply

    def _close(self, text: str) -> str:
        self.closed = True
        return failure(text)

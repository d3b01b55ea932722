"""The Py4J gateway of a target session: who may come in, and what all conversations share."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable

from connect_harness.protocols.py4j.api import Api, ReadFile, Session
from connect_harness.protocols.py4j.commands import Commands
from connect_harness.protocols.py4j.conversation import Conversation
from connect_harness.protocols.py4j.entry_point import EntryPoint, GatewayServer
from connect_harness.protocols.py4j.registry import Registry


class Gateway:
    """Plays Py4J's ``GatewayServer`` for one target session.

    A token is issued to a user, so that the rule about who may change the session is checked again
    for every command: a user who loses the role loses the gateway.

    Parameters:
        session: What the gateway may do to the target session.
        may_change: The project's one rule: whether the user of this name may change the session.
        read_file: Gives the rows of a file that a client names, or refuses it.
        on_shutdown: Called with the name of the user who sent Py4J's shutdown command and may.
    """

    def __init__(
        self,
        session: Session,
        *,
        may_change: Callable[[str], bool],
        read_file: ReadFile,
        on_shutdown: Callable[[str], None],
    ) -> None:
        self.may_change = may_change
        self.shut_down = on_shutdown
        self._tokens: dict[str, str] = {}
        self._lock = threading.Lock()
        self._registry = Registry()
        self.commands = Commands(
            self._registry,
            {"t": EntryPoint(Api(session, read_file)), "GATEWAY_SERVER": GatewayServer()},
        )

    def issue_token(self, user: str) -> str:
        """The token with which ``user`` may open conversations; always the same for one user."""
        with self._lock:
            return self._tokens.setdefault(user, secrets.token_urlsafe(32))

    def user_of(self, token: str) -> str | None:
        """The user to whom ``token`` was issued, or ``None``."""
        with self._lock:
            return next((user for user, own in self._tokens.items() if own == token), None)

    def conversation(self) -> Conversation:
        """The conversation of a new connection."""
        return Conversation(self)

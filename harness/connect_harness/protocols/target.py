"""What the protocols serve: the state of one target session, and the one rule about changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from connect_harness.releases import Release
from connect_harness.state import Accounts, Database


@dataclass(frozen=True)
class GatewayAddress:
    """Where the Py4J gateway listens, for one caller.

    Parameters:
        port: Its TCP port, on the host of the session.
        token: What that caller has to say first; ``None`` for a gateway without tokens.
    """

    port: int
    token: str | None = None

    def __repr__(self) -> str:
        return f"GatewayAddress(port={self.port})"


@dataclass
class Target:
    """A target session, as the protocols see it.

    Parameters:
        accounts: Its users.
        database: Its tables.
        release: The public release that it plays.
        ready: Whether users without ``ROLE_ADMIN`` are let in.
        enforces_roles: Whether changes are refused to those who may not make them; without it,
            every change is let through, and a client must refuse by itself.
        gateway: Starts the Py4J gateway if need be, and says where it is for the user of this
            name; ``None`` for a session without one.
        sets_cookie: Whether the answer to a caller who brings no cookie sets one.
    """

    accounts: Accounts
    database: Database
    release: Release
    ready: bool = True
    enforces_roles: bool = True
    gateway: Callable[[str], GatewayAddress] | None = None
    sets_cookie: bool = False

    def may_change(self, username: str) -> bool:
        """The one rule that every change is held to, by whatever door it comes."""
        return not self.enforces_roles or self.accounts.may_change(username)

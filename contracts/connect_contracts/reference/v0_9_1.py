"""``connect`` as the documentation of 0.9.1 has it.

The Live Extension (listing, reading and changing tables) needs a target that requires
authentication, credentials that grant ``ROLE_ADMIN``, and a server of the version that 0.9.1 comes
with. Whether the target grants it is what ``py4j/configuration`` answers. Without it ``connect``
succeeds, and the first use of ``tables`` raises; no request for a change is ever sent.
"""

from __future__ import annotations

from connect_contracts.reference._authentication import (
    Authenticate,
    BasicAuthentication,
    TokenAuthentication,
)
from connect_contracts.reference._session import ConnectedSession, Link
from connect_contracts.reference._tables import Column, Table, Tables
from connect_contracts.reference._transport import Transport, UnexpectedAnswer
from connect_contracts.reference._trust import ClientCertificate
from connect_contracts.reference._versions import Versions

__all__ = [
    "Authenticate",
    "BasicAuthentication",
    "ClientCertificate",
    "Column",
    "Link",
    "LiveExtensionUnavailableError",
    "Session",
    "Table",
    "Tables",
    "TokenAuthentication",
    "UnexpectedAnswer",
    "connect",
]

SERVER_VERSION = "6.1.1"
"""The server that sessions of 0.9.1 are started with."""

__connect_contract__ = {
    "profile": "0.9.1",
    "server_version": SERVER_VERSION,
    "trust_store": "ssl",
}


class LiveExtensionUnavailableError(RuntimeError):
    """The target does not grant what was asked for."""

    def __init__(self) -> None:
        super().__init__(
            "Live extension is not available: it needs a target session that requires "
            "authentication, credentials that grant ROLE_ADMIN, and the server version "
            f"{SERVER_VERSION}."
        )


class Session(ConnectedSession):
    """A session that is connected to a target session; used by one thread at a time."""

    _PIVOT_VERSIONS = ("9", "8")

    def __init__(self, transport: Transport, versions: Versions) -> None:
        self._live_extension = _has_live_extension(transport, versions)
        super().__init__(transport, versions)

    @property
    def tables(self) -> Tables:
        """The tables of the target session, by name.

        Raises:
            LiveExtensionUnavailableError: The Live Extension is not available.
            RuntimeError: The session is closed.
        """
        if not self._live_extension:
            raise LiveExtensionUnavailableError
        return self._all_tables()


def _has_live_extension(transport: Transport, versions: Versions) -> bool:
    if versions.server_version != SERVER_VERSION or "atoti" not in versions.apis:
        return False
    configuration = f"{versions.rest_path('atoti', '1', '0')}/py4j/configuration"
    answer = transport.get(configuration)
    # An error says that it is not there for this caller; whatever else is no success is a mistake.
    return answer.status < 400 and bool(answer.successful())


connect = Session.connect

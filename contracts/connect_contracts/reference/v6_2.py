"""``connect`` as the documentation of 6.2 has it.

Whoever is let in may read tables, and it is the target that refuses a change to those who lack
``ROLE_ADMIN``, and to everyone where it requires no authentication. On a server of another version
than the one that 6.2.2 comes with, no more than the link is available.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet

from connect_contracts.reference._authentication import (
    Authenticate,
    BasicAuthentication,
    TokenAuthentication,
)
from connect_contracts.reference._graphql import GraphQL, GraphQLClientHttpError, User
from connect_contracts.reference._oauth2 import OAuth2ResourceOwnerPasswordAuthentication
from connect_contracts.reference._security import IndividualRoles, Security
from connect_contracts.reference._session import ConnectedSession, Link
from connect_contracts.reference._tables import Column, Table, Tables
from connect_contracts.reference._transport import UnexpectedAnswer
from connect_contracts.reference._trust import ClientCertificate

__all__ = [
    "Authenticate",
    "BasicAuthentication",
    "ClientCertificate",
    "Column",
    "GraphQLClientHttpError",
    "Link",
    "OAuth2ResourceOwnerPasswordAuthentication",
    "Security",
    "Session",
    "Table",
    "Tables",
    "TokenAuthentication",
    "UnexpectedAnswer",
    "User",
    "connect",
]

SERVER_VERSION = "6.2.2"
"""The server that sessions of 6.2.2 are started with."""

__connect_contract__ = {
    "profile": "6.2",
    "server_version": SERVER_VERSION,
    "trust_store": "ssl",
}


class Session(ConnectedSession):
    """A session that is connected to a target session; used by one thread at a time."""

    _PIVOT_VERSIONS = ("10", "9", "8")

    @property
    def tables(self) -> Tables:
        """The tables of the target session, by name.

        Raises:
            RuntimeError: The session is closed, or the target's server is of another version.
        """
        self._require_same_server()
        return self._all_tables()

    def create_table(
        self,
        name: str,
        *,
        data_types: Mapping[str, str],
        keys: Collection[str] = (),
    ) -> Table:
        """Create a table.

        Parameters:
            name: Its name.
            data_types: Documented data types by the name of the column, in order.
            keys: The columns that tell its rows apart; those of a set in the order of the columns.

        Raises:
            GraphQLClientHttpError: The target refused.
            ValueError: There is no such data type.
            RuntimeError: As for :attr:`tables`.
        """
        if isinstance(keys, AbstractSet):
            # What is no column stays, for the target to refuse.
            order = list(data_types)
            keys = sorted(keys, key=lambda key: order.index(key) if key in order else len(order))
        self._graphql().create_table(name, data_types, keys)
        return self.tables[name]

    @property
    def user(self) -> User:
        """Whoever is connected."""
        return self._graphql().current_user()

    @property
    def security(self) -> Security:
        """The management of users; each use of it may be refused.

        Raises:
            RuntimeError: As for :attr:`tables`.
        """
        return Security(IndividualRoles(self._graphql()))

    @property
    def ready(self) -> bool:
        """Whether users without ``ROLE_ADMIN`` are let in.

        Setting it raises :class:`GraphQLClientHttpError` where the target refuses.
        """
        return self._graphql().ready()

    @ready.setter
    def ready(self, ready: bool) -> None:
        self._graphql().update_readiness(ready=ready)

    def _graphql(self) -> GraphQL:
        self._require_same_server()
        return GraphQL(self._transport, self._versions.rest_path("graphql", "1"))

    def _require_same_server(self) -> None:
        if self._versions.server_version != SERVER_VERSION:
            raise RuntimeError(
                f"This is not available on a server of the version {self._versions.server_version}:"
                f" it needs {SERVER_VERSION}."
            )


connect = Session.connect

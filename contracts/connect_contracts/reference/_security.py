"""The users of a target session, as someone who may change them sees them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, MutableMapping
from dataclasses import dataclass

from connect_contracts.reference._graphql import GraphQL


class IndividualRoles(MutableMapping[str, Collection[str]]):
    """The roles that were granted to users, by name; read back as ``frozenset``.

    Every use asks the target, and raises :class:`GraphQLClientHttpError` where it refuses.
    """

    def __init__(self, graphql: GraphQL) -> None:
        self._graphql = graphql

    def __getitem__(self, username: str) -> frozenset[str]:
        return self._graphql.individual_roles()[username]

    def __setitem__(self, username: str, roles: Collection[str]) -> None:
        self._graphql.create_individual_roles_item(username, roles)

    def __delitem__(self, username: str) -> None:
        if username not in self:
            raise KeyError(username)
        self._graphql.delete_individual_roles_item(username)

    def __iter__(self) -> Iterator[str]:
        return iter(self._graphql.individual_roles())

    def __len__(self) -> int:
        return len(self._graphql.individual_roles())


@dataclass(frozen=True)
class Security:
    """The management of a session's users.

    Parameters:
        individual_roles: Roles by user name.
    """

    individual_roles: IndividualRoles

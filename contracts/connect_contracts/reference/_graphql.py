"""The GraphQL API of a target session: who is connected, readiness, new tables.

Arguments are written out in the document, so that nothing is needed but the documented names of
operations and fields: not those of the types of their input.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from connect_contracts.reference._transport import Transport, UnexpectedAnswer

_OK = 200
_DATA_TYPES = (
    *("boolean", "double", "double[]", "float", "float[]", "int", "int[]", "LocalDate"),
    *("LocalDateTime", "LocalTime", "long", "long[]", "Object", "String", "ZonedDateTime"),
)


class GraphQLClientHttpError(Exception):
    """The target answered a GraphQL operation with an error status, as it does when it refuses."""

    def __init__(self, status_code: int) -> None:
        super().__init__(f"HTTP status code: {status_code}")
        self.status_code = status_code


@dataclass(frozen=True)
class User:
    """Someone whom the target knows, with all roles that they were granted."""

    name: str
    roles: frozenset[str]


class GraphQL:
    """The GraphQL API at ``path`` of a target.

    Every method raises :class:`GraphQLClientHttpError` for an error status, and
    :class:`UnexpectedAnswer` for an answer that is none to what was asked.
    """

    def __init__(self, transport: Transport, path: str) -> None:
        self._transport = transport
        self._path = path

    def current_user(self) -> User:
        """Whoever is connected."""
        match self._execute("query GetCurrentUser { currentUser { name roles } }"):
            case {"currentUser": {"name": str(name), "roles": list(roles)}}:
                return User(name, frozenset(roles))
        raise UnexpectedAnswer("The target does not say who is connected.")

    def ready(self) -> bool:
        """Whether users who are no administrators are let in."""
        match self._execute("query GetReadiness { readiness }"):
            case {"readiness": "READY" | "UNREADY" as readiness}:
                return bool(readiness == "READY")
        raise UnexpectedAnswer("The target does not say whether it is ready.")

    def update_readiness(self, *, ready: bool) -> None:
        """Let users who are no administrators in, or keep them out."""
        readiness = "READY" if ready else "UNREADY"
        self._mutate("UpdateReadiness", f"{{readiness: {readiness}}}")

    def individual_roles(self) -> dict[str, frozenset[str]]:
        """The roles that were granted to users, by name."""
        items = "individualRolesItems { username individualRoles }"
        match self._execute(f"query GetIndividualRolesItems {{ security {{ {items} }} }}"):
            case {"security": {"individualRolesItems": list(found)}}:
                return {each["username"]: frozenset(each["individualRoles"]) for each in found}
        raise UnexpectedAnswer("The target does not say who has which roles.")

    def create_individual_roles_item(self, username: str, roles: Collection[str]) -> None:
        """Grant a user roles, in place of those that were granted before."""
        granted = ", ".join(map(_text, sorted(roles)))
        self._mutate(
            "CreateIndividualRolesItem",
            f"{{username: {_text(username)}, individualRoles: [{granted}]}}",
        )

    def delete_individual_roles_item(self, username: str) -> None:
        """Take all roles from a user."""
        self._mutate("DeleteIndividualRolesItem", f"{{username: {_text(username)}}}")

    def create_table(self, name: str, data_types: Mapping[str, str], keys: Collection[str]) -> None:
        """Create a table whose rows are kept in memory.

        Raises:
            ValueError: There is no such data type; nothing was sent.
        """
        columns = ", ".join(
            f"{{columnName: {_text(column)}, dataType: {_enum(data_type)}}}"
            for column, data_type in data_types.items()
        )
        primary_index = ", ".join(_text(key) for key in keys)
        self._mutate(
            "CreateInMemoryTable",
            f"{{tableName: {_text(name)}, columns: [{columns}], primaryIndex: [{primary_index}]}}",
        )

    def _mutate(self, operation: str, given: str) -> None:
        field = operation[0].lower() + operation[1:]
        self._execute(f"mutation {operation} {{ {field}(input: {given}) {{ __typename }} }}")

    def _execute(self, document: str) -> Any:
        answer = self._transport.post(self._path, {"query": document})
        if answer.status != _OK:
            raise GraphQLClientHttpError(answer.status)
        match answer.json():
            case {"errors": [{"message": str(message)}, *_]}:
                raise UnexpectedAnswer(f"The target answered: {message}")
            case {"data": dict(data)}:
                return data
        raise UnexpectedAnswer("The answer to a GraphQL operation has no data.")


def _text(value: str) -> str:
    """A text as GraphQL writes it, which is how JSON does."""
    return json.dumps(value, ensure_ascii=False)


def _enum(data_type: str) -> str:
    """``LOCAL_DATE`` for ``LocalDate``, ``DOUBLE_ARRAY`` for ``double[]``."""
    if data_type not in _DATA_TYPES:
        known = ", ".join(_DATA_TYPES)
        raise ValueError(f"There is no data type {data_type!r}; there are: {known}.")
    return re.sub("(?<=[a-z])(?=[A-Z])", "_", data_type.replace("[]", "Array")).upper()

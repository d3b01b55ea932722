"""The mutations of the GraphQL schema. Whether the caller may change anything was asked before."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from connect_harness.protocols.graphql_root import IndividualRolesItem, TableNode
from connect_harness.protocols.target import Target
from connect_harness.state import DATA_TYPES, NoSuchTable, WrongTable

_DOCUMENTED_NAMES = {each.graphql_name: name for name, each in DATA_TYPES.items()}


@dataclass(frozen=True)
class Readiness:
    """Whether users who are no administrators are let in."""

    readiness: str


@dataclass(frozen=True)
class Created:
    """A table that was created."""

    table: TableNode


@dataclass(frozen=True)
class CredentialsCreated:
    """Somebody who was given a password."""

    username: str


@dataclass(frozen=True)
class RolesCreated:
    """Somebody who was given roles."""

    individual_roles_item: IndividualRolesItem


@dataclass(frozen=True)
class Deleted:
    """Whether there was something to delete."""

    status: str


_GONE, _ABSENT = Deleted("DELETED"), Deleted("NOT_FOUND")


class Changes:
    """What can be changed; each method is one mutation, and takes its ``input``."""

    def __init__(self, target: Target) -> None:
        self._target = target

    def update_readiness(self, input: dict[str, Any]) -> Readiness:
        """Lets users who are no administrators in, or keeps them out."""
        self._target.ready = input["readiness"] == "READY"
        return Readiness(input["readiness"])

    def create_in_memory_table(self, input: dict[str, Any]) -> Created:
        """Creates a table.

        Raises:
            WrongTable: It cannot be made as asked for.
        """
        columns = input["columns"]
        data_types = {each["columnName"]: _DOCUMENTED_NAMES[each["dataType"]] for each in columns}
        if len(data_types) < len(columns):
            raise WrongTable("Two columns have one name.")
        default_values = {
            each["columnName"]: each["defaultValue"].get("value")
            for each in columns
            if each.get("defaultValue") is not None
        }
        table = self._target.database.create_table(
            input["tableName"], data_types, input["primaryIndex"], default_values, by="connected"
        )
        return Created(TableNode(table))

    def delete_table(self, input: dict[str, Any]) -> Deleted:
        """Deletes a table with its rows."""
        try:
            self._target.database.drop_table(input["tableName"], by="connected")
        except NoSuchTable:
            return _ABSENT
        return _GONE

    def create_basic_authentication_credentials(self, input: dict[str, Any]) -> CredentialsCreated:
        """Gives somebody a password."""
        self._target.accounts.credentials[input["username"]] = input["password"]
        return CredentialsCreated(input["username"])

    def delete_basic_authentication_credentials(self, input: dict[str, Any]) -> Deleted:
        """Takes somebody's password away."""
        return _delete(self._target.accounts.credentials, input["username"])

    def create_individual_roles_item(self, input: dict[str, Any]) -> RolesCreated:
        """Gives somebody roles, instead of those that there were."""
        self._target.accounts.individual_roles[input["username"]] = input["individualRoles"]
        return RolesCreated(IndividualRolesItem(input["username"], input["individualRoles"]))

    def delete_individual_roles_item(self, input: dict[str, Any]) -> Deleted:
        """Takes somebody's roles away."""
        return _delete(self._target.accounts.individual_roles, input["username"])


def _delete(mapping: MutableMapping[str, Any], username: str) -> Deleted:
    try:
        del mapping[username]
    except KeyError:
        return _ABSENT
    return _GONE

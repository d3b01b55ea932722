"""The objects behind the GraphQL schema: a field ``dataModel`` is the attribute ``data_model``."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from connect_harness.protocols.target import Target
from connect_harness.state import DATA_TYPES, Table, User
from connect_harness.state import Column as StateColumn

if TYPE_CHECKING:
    from graphql import GraphQLResolveInfo


MOST_FIELDS = 100_000
"""How many fields an answer may have: tables have columns, and columns their table, and so on."""


class TooManyFields(BaseException):
    """The answer would have too many fields. No ``Exception``, which would be one field's error."""


def resolver() -> Callable[..., object]:
    """What gives the values of the fields of one answer.

    It raises ``TooManyFields`` when there are more than ``MOST_FIELDS``.
    """
    fields = itertools.count(1)

    def resolve(source: object, info: GraphQLResolveInfo[Any], **arguments: Any) -> object:
        if next(fields) > MOST_FIELDS:
            raise TooManyFields(f"The answer would have more than {MOST_FIELDS} fields.")
        return _value(source, info, **arguments)

    return resolve


def _value(source: object, info: GraphQLResolveInfo[Any], **arguments: Any) -> object:
    """The attribute of the same name in snake case, called if it can be."""
    value = getattr(source, _snake(info.field_name))
    if not callable(value):
        return value
    result: object = value(**{_snake(name): each for name, each in arguments.items()})
    return result


def _snake(name: str) -> str:
    return re.sub(r"([A-Z])", r"_\1", name).lower()


class Query:
    """What can be read."""

    def __init__(self, target: Target, user: User) -> None:
        self._target = target
        self.current_user = CurrentUser(user)
        self.security = Security(target)

    @property
    def readiness(self) -> str:
        """Whether users who are no administrators are let in."""
        return "READY" if self._target.ready else "UNREADY"

    def data_model(self, **_transaction: str | None) -> DataModel:
        """The tables as they are now, whichever transaction is named."""
        return DataModel(self._target.database.tables.values())


class CurrentUser:
    """Whoever asks."""

    def __init__(self, user: User) -> None:
        self.name = user.name
        self.roles = sorted(user.roles)


class DataModel:
    """The tables; there are no cubes. Releases before 0.9.6 skip the database in between."""

    def __init__(self, tables: Iterable[Table]) -> None:
        self.database = TablesByName(tables)
        self.tables = self.database.tables
        self.table = self.database.table
        self.cubes: list[object] = []

    def cube(self, name: str) -> None:
        """No cube, whatever its ``name``."""


class TablesByName:
    """The database."""

    def __init__(self, tables: Iterable[Table]) -> None:
        self.tables = [TableNode(each) for each in tables]

    def table(self, name: str) -> TableNode | None:
        """The table of this name, or ``None``."""
        return next((each for each in self.tables if each.name == name), None)


class TableNode:
    """A table."""

    def __init__(self, table: Table) -> None:
        self.name = table.name
        self.columns = [ColumnNode(self, column) for column in table.columns]
        self.primary_index = [column for key in table.keys if (column := self.column(key))]
        self.joins: list[object] = []

    def column(self, name: str) -> ColumnNode | None:
        """The column of this name, or ``None``."""
        return next((each for each in self.columns if each.name == name), None)


class ColumnNode:
    """A column."""

    def __init__(self, table: TableNode, column: StateColumn) -> None:
        self.table = table
        self.name = column.name
        self.data_type = DATA_TYPES[column.data_type].graphql_name
        # Every release since 0.9.1 takes this form; a bare value only the newest do.
        self.default_value = (
            None
            if column.default is None
            else {"dataType": self.data_type, "value": column.default}
        )


class Security:
    """The users that the session itself knows."""

    def __init__(self, target: Target) -> None:
        self.basic_authentication = BasicAuthentication(sorted(target.accounts.credentials))
        self.individual_roles_items = [
            IndividualRolesItem(name, sorted(roles))
            for name, roles in target.accounts.individual_roles.items()
        ]


@dataclass(frozen=True)
class BasicAuthentication:
    """Users with a password."""

    usernames: list[str]


@dataclass(frozen=True)
class IndividualRolesItem:
    """A user with the roles that were granted."""

    username: str
    individual_roles: list[str]

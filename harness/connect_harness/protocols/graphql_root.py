"""The objects behind the GraphQL schema: what can be read, and the mutations.

A field ``dataModel`` is the attribute ``data_model``, or the item ``dataModel`` of a dict.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, MutableMapping, Sequence
from typing import TYPE_CHECKING, Any

from connect_harness.protocols.routing import Target
from connect_harness.state import (
    DATA_TYPES,
    Accounts,
    Cube,
    DataError,
    Level,
    NoSuchTable,
    Table,
    User,
    WrongTable,
)
from connect_harness.state import Column as StateColumn

if TYPE_CHECKING:
    from graphql import GraphQLResolveInfo

Fields = dict[str, Any]

MOST_FIELDS = 100_000
"""How many fields an answer may have: tables have columns, and columns their table, and so on."""

DOCUMENTED_NAMES = {kind.graphql_name: name for name, kind in DATA_TYPES.items()}
"""The documented data types by their names in GraphQL."""


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
        name = info.field_name
        value = source[name] if isinstance(source, dict) else getattr(source, _snake(name))
        if not callable(value):
            return value
        result: object = value(**{_snake(name): given for name, given in arguments.items()})
        return result

    return resolve


def _snake(name: str) -> str:
    return re.sub(r"([A-Z])", r"_\1", name).lower()


class Query:
    """What can be read."""

    def __init__(self, target: Target, user: User) -> None:
        self._target = target
        self.current_user = {"name": user.name, "roles": sorted(user.roles)}

    @property
    def readiness(self) -> str:
        """Whether users who are no administrators are let in."""
        return "READY" if self._target.ready else "UNREADY"

    @property
    def security(self) -> Fields:
        """The users that the session itself knows."""
        accounts = self._target.accounts
        items = [
            _roles_item(name, sorted(roles)) for name, roles in accounts.individual_roles.items()
        ]
        return {
            "basicAuthentication": {"usernames": sorted(accounts.credentials)},
            "individualRolesItems": items,
            # A field that takes an argument.
            "individualRolesItem": lambda username: next(
                (item for item in items if item["username"] == username), None
            ),
        }

    def data_model(self, **_transaction: str | None) -> DataModel:
        """The tables as they are now, whichever transaction is named."""
        target = self._target
        return DataModel(target.database.tables.values(), target.cubes.all())


class DataModel:
    """Tables and cubes. Releases before 0.9.6 skip the database in between."""

    def __init__(self, tables: Iterable[Table], cubes: Iterable[Cube] = ()) -> None:
        self.database = self
        self.tables = [TableNode(table) for table in tables]
        self.cubes = [_cube(cube) for cube in cubes]

    def table(self, name: str) -> TableNode | None:
        return next((table for table in self.tables if table.name == name), None)

    def cube(self, name: str) -> Fields | None:
        return _named(self.cubes)(name)


def _cube(cube: Cube) -> Fields:
    measures = [{"name": name} for name in cube.measures]
    dimensions = [_dimension(name, found) for name, found in cube.dimensions.items()]
    return {
        "name": cube.name,
        "measures": measures,
        "measure": _named(measures),
        "dimensions": dimensions,
        "dimension": _named(dimensions),
    }


def _dimension(name: str, of: Sequence[Sequence[Level]]) -> Fields:
    hierarchies = [_hierarchy(levels) for levels in of]
    dimension = {"name": name, "hierarchies": hierarchies, "hierarchy": _named(hierarchies)}
    for hierarchy in hierarchies:
        hierarchy["dimension"] = dimension
    return dimension


def _hierarchy(levels: Sequence[Level]) -> Fields:
    named: list[Fields] = [{"name": "ALL", "type": "ALL"}]
    named += [{"name": level.name, "type": "REGULAR"} for level in levels]
    hierarchy = {"name": levels[0].hierarchy, "levels": named, "level": _named(named)}
    for level in named:
        level["hierarchy"] = hierarchy
    return hierarchy


def _named(items: Sequence[Fields]) -> Callable[[str], Fields | None]:
    """A field that takes a name: the item of this name, or null."""
    return lambda name: next((item for item in items if item["name"] == name), None)


class TableNode:
    def __init__(self, table: Table) -> None:
        self.name = table.name
        self.columns = [ColumnNode(self, column) for column in table.columns]
        self.primary_index = [column for key in table.keys if (column := self.column(key))]
        self.joins: list[object] = []

    def column(self, name: str) -> ColumnNode | None:
        return next((column for column in self.columns if column.name == name), None)


class ColumnNode:
    def __init__(self, table: TableNode, column: StateColumn) -> None:
        self.table = table
        self.name = column.name
        self.data_type = DATA_TYPES[column.data_type].graphql_name
        # Every release since 0.9.1 takes this form; a bare value only the newest do.
        default = {"dataType": self.data_type, "value": column.default}
        self.default_value = None if column.default is None else default


class Changes:
    """The mutations, by their ``input``. Whether the caller may change anything was asked before.

    A mutation that cannot be made as asked for raises ``DataError``.
    """

    def __init__(self, target: Target) -> None:
        self._target = target

    def update_readiness(self, input: Fields) -> Fields:
        self._target.ready = input["readiness"] == "READY"
        return {"readiness": input["readiness"]}

    def create_in_memory_table(self, input: Fields) -> Fields:
        columns = input["columns"]
        data_types = {
            column["columnName"]: DOCUMENTED_NAMES[column["dataType"]] for column in columns
        }
        if len(data_types) < len(columns):
            raise WrongTable("Two columns have one name.")
        default_values = {
            # Null is the default of a column that takes it.
            column["columnName"]: (column["defaultValue"] or {}).get("value")
            for column in columns
            if "defaultValue" in column
        }
        table = self._target.database.create_table(
            input["tableName"], data_types, input["primaryIndex"], default_values, by="connected"
        )
        return {"table": TableNode(table)}

    def create_table(self, input: Fields) -> Fields:
        """Creates a table that is described as releases 0.9.4 to 0.9.7 do it."""
        named = input.get("tableIdentifier") or {"tableName": input.get("tableName")}
        columns = [dict(column) for column in input.get("columns") or input.get("dataTypes") or []]
        defaults = {each["columnName"]: each["value"] for each in input.get("defaultValues") or []}
        for column in columns:
            if column["columnName"] in defaults:
                column["defaultValue"] = defaults[column["columnName"]]
        return self.create_in_memory_table(
            {**named, "columns": columns, "primaryIndex": input["primaryIndex"]}
        )

    def delete_table(self, input: Fields) -> Fields:
        database = self._target.database
        name = str((input.get("tableIdentifier") or input).get("tableName"))
        try:
            database.drop_table(name, by="connected")
            status = "DELETED"
        except NoSuchTable:
            status = "NOT_FOUND"
        return {"status": status, "tables": DataModel(database.tables.values()).tables}

    @property
    def _accounts(self) -> Accounts:
        if not self._target.release.manages_security:
            raise DataError("The users of this session are managed by its application.")
        return self._target.accounts

    def create_basic_authentication_credentials(self, input: Fields) -> Fields:
        self._accounts.credentials[input["username"]] = input["password"]
        return {"username": input["username"]}

    create_basic_authentication_user = create_basic_authentication_credentials

    def delete_basic_authentication_credentials(self, input: Fields) -> Fields:
        return _delete(self._accounts.credentials, input["username"])

    delete_basic_authentication_user = delete_basic_authentication_credentials

    def create_individual_roles_item(self, input: Fields) -> Fields:
        """Gives a user roles, instead of those that there were."""
        username, roles = input["username"], input["individualRoles"]
        self._accounts.individual_roles[username] = roles
        return {"individualRolesItem": _roles_item(username, roles)}

    def delete_individual_roles_item(self, input: Fields) -> Fields:
        return _delete(self._accounts.individual_roles, input["username"])


def _roles_item(username: str, roles: list[str]) -> Fields:
    return {"username": username, "individualRoles": roles}


def _delete(mapping: MutableMapping[str, Any], username: str) -> Fields:
    try:
        del mapping[username]
    except KeyError:
        return {"status": "NOT_FOUND"}
    return {"status": "DELETED"}

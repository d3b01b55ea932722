"""What is the owner's: users, tables and cubes of a target session as its owner changes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Self

from connect_harness.refusals import check_type, no_such
from connect_harness.state import (
    ANONYMOUS,
    Accounts,
    Cube,
    Cubes,
    Database,
    NoSuchTable,
    Result,
    Row,
    Table,
    User,
    WrongTable,
    cell_set,
)

if TYPE_CHECKING:
    from connect_harness.protocols.routing import Target

_NONE: Result = MappingProxyType({})


@dataclass(frozen=True)
class BasicAuthentication:
    """The passwords of a session's users, as ``session.security.basic_authentication``."""

    credentials: MutableMapping[str, str]


@dataclass(frozen=True)
class Security:
    """The users of a session, as ``session.security`` (documentation of ``Session.security``).

    Passwords are read back redacted, and roles as ``frozenset``, by user names. Both mappings are
    changed in place: ``individual_roles["admin"] = {"ROLE_USER"}``.
    """

    basic_authentication: BasicAuthentication
    individual_roles: MutableMapping[str, Iterable[str]]

    @classmethod
    def of(cls, accounts: Accounts) -> Self:
        return cls(BasicAuthentication(accounts.credentials), accounts.individual_roles)


class OwnerTable:
    """A table in its owner's hands (documentation of ``Table``).

        >>> from connect_harness import TargetSession
        >>> with TargetSession.start() as target:
        ...     table = target.create_table("Cities", data_types={"City": "String"})
        ...     table += ("Paris",)
        ...     table.rows
        [('Paris',)]

    The owner's changes outlast a restart. ``table += row`` and ``append`` add rows, as
    documented; ``rows`` and ``add`` are this project's own.
    """

    def __init__(self, database: Database, table: Table) -> None:
        self._database = database
        self._table = table

    def __repr__(self) -> str:
        return f"<table {self.name!r}: {self.row_count} rows>"

    @property
    def name(self) -> str:
        return self._table.name

    @property
    def keys(self) -> tuple[str, ...]:
        return self._table.keys

    @property
    def data_types(self) -> Mapping[str, str]:
        """The documented data types of its columns, in order."""
        return {column.name: column.data_type for column in self._table.columns}

    @property
    def row_count(self) -> int:
        return self._table.size

    @property
    def rows(self) -> list[Row]:
        """All its rows: JSON values of the columns' types."""
        return self._table.rows

    def __iter__(self) -> Iterator[str]:
        return iter(self.data_types)

    def __len__(self) -> int:
        return len(self._table.columns)

    def __contains__(self, column: object) -> bool:
        return column in self.data_types

    def add(self, *rows: tuple[object, ...] | Mapping[str, object]) -> int:
        """Add rows, all or none, and return how many; one with the keys of another replaces it.

        Raises:
            WrongRow: A row does not fit the columns; nothing is stored.
        """
        return self._database.add(self.name, rows)

    def append(self, *rows: tuple[object, ...] | Mapping[str, object]) -> None:
        """Add rows, as documented; see :meth:`add`."""
        self.add(*rows)

    def __iadd__(self, row: tuple[object, ...] | Mapping[str, object]) -> Self:
        self.add(row)
        return self

    def drop(self) -> None:
        """Remove all rows."""
        self._database.remove(self.name)


class OwnerCube:
    """A cube in its owner's hands.

    There is no engine: results are registered for queries::

        >>> from connect_harness import TargetSession
        >>> with TargetSession.start() as target:
        ...     cube = target.create_cube("Sales", measures=["Amount.SUM"], levels=["City"])
        ...     mdx = "SELECT [Measures].[Amount.SUM] ON COLUMNS FROM [Sales]"
        ...     cube.register(mdx, {"Amount.SUM": [42.0]})
        ...     # Here an application does session.query_mdx(mdx).
    """

    def __init__(self, cubes: Cubes, cube: Cube) -> None:
        self._cubes = cubes
        self._cube = cube

    @property
    def name(self) -> str:
        return self._cube.name

    def register(self, mdx: str | Callable[[str], Result | None], result: Result = _NONE) -> None:
        """Answer a query with a result.

        Parameters:
            mdx: The query, exactly as a client sends it; or a callable that is given each query
                and gives its result, or ``None``.
            result: The columns by name: the levels that are shown, from the top of each
                hierarchy, and the measures.

        Raises:
            WrongCube: The result does not fit the cube.
        """
        if isinstance(mdx, str):
            cell_set(self._cube, result)
            self._cubes.register(self._cube, lambda asked: result if asked == mdx else None)
        else:
            self._cubes.register(self._cube, mdx)


class NoTable(KeyError):
    """There is no table of this name; the text says which there are."""

    def __str__(self) -> str:
        # A ``KeyError`` shows its text as ``repr`` does.
        return str(self.args[0])


class OwnerTables(Mapping[str, OwnerTable]):
    """The tables of a session by name, in its owner's hands."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def __getitem__(self, name: str) -> OwnerTable:
        try:
            return OwnerTable(self._database, self._database.table(name))
        except NoSuchTable:
            raise NoTable(no_such("table", name, self)) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._database.tables)

    def __len__(self) -> int:
        return len(self._database.tables)

    def __setitem__(self, name: str, table: OwnerTable) -> None:
        # Python assigns back what ``session.tables["Example"] += row`` gave.
        if table.name != name or name not in self:
            raise TypeError("Tables are created by create_table, not assigned.")


class OwnerSide:
    """What the owner of a target session sees and makes there, in the documented words."""

    _database: Database
    _target: Target

    @property
    def tables(self) -> OwnerTables:
        return OwnerTables(self._database)

    def create_table(
        self,
        name: str,
        *,
        data_types: Mapping[str, str] | None = None,
        types: Mapping[str, str] | None = None,
        keys: Iterable[str] = frozenset(),
        default_values: Mapping[str, object] = MappingProxyType({}),
    ) -> OwnerTable:
        """Create a table (documentation of ``Session.create_table``).

        Parameters:
            data_types: Documented data types by column, in order; called ``types`` in 0.9.1.
            keys: The key columns; given as a set, they are ordered as the columns are.
            default_values: What stands for a missing value, by column.

        Raises:
            TypeError: Both or neither of ``data_types`` and ``types`` are given, or no mapping.
            WrongTable: The name is taken, or a type, a key or a default is wrong.
        """
        if (data_types is None) == (types is None):
            raise TypeError("Give either data_types or types.")
        columns = types if data_types is None else data_types
        check_type("create_table", "data_types", columns, Mapping, 'As {"Id": "String"}.')
        if name == "":
            raise WrongTable("A table has a name.")
        if not columns:
            raise WrongTable("A table has a column.")
        created = self._database.create_table(
            name, columns, keys=keys, default_values=default_values
        )
        return OwnerTable(self._database, created)

    def create_cube(
        self, name: str, *, measures: Iterable[str], levels: Iterable[str | Sequence[str]] = ()
    ) -> OwnerCube:
        """Create a cube that clients list and query; no engine is behind it.

        Parameters:
            measures: The names of its measures.
            levels: The name of each level, or its key: dimension, hierarchy, level.

        Raises:
            WrongCube: The name is taken, there is no measure, or a level is no name and no key.
        """
        cube = self._target.cubes.create(name, measures, levels)
        return OwnerCube(self._target.cubes, cube)

    @property
    def user(self) -> User:
        """The owner, as the session knows it: the anonymous administrator."""
        return ANONYMOUS

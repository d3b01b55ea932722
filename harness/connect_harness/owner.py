"""What is the owner's: users, tables and cubes of a target session as its owner changes them."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Self, TypeVar

from connect_harness.listening import Listening, TargetClosed
from connect_harness.refusals import NoSuchName, OfKnownAttributes, check_type, no_such
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
    nearly_documented,
)

if TYPE_CHECKING:
    from connect_harness.protocols.routing import Target

_NONE: Result = MappingProxyType({})
_Given = TypeVar("_Given")


class UnlikelyRole(UserWarning):
    """A user got a role whose name is nearly a documented one; it is kept as it is written."""


class OwnedByUser(MutableMapping[str, _Given]):
    """Values by user name in the owner's hands; clients change the same ones in other ways.

    Parameters:
        check_open: Raises ``TargetClosed`` before a change of a closed target.
    """

    def __init__(self, kept: MutableMapping[str, _Given], check_open: Callable[[], None]) -> None:
        self._kept = kept
        self._check_open = check_open

    def __getitem__(self, username: str) -> _Given:
        if username not in self._kept:
            raise NoSuchName(no_such("user", username, self._kept))
        return self._kept[username]

    def __setitem__(self, username: str, value: _Given) -> None:
        self._check_open()
        self._kept[username] = value

    def __delitem__(self, username: str) -> None:
        self._check_open()
        if username not in self._kept:
            raise NoSuchName(no_such("user", username, self._kept))
        del self._kept[username]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)

    def __repr__(self) -> str:
        return repr(self._kept)


class OwnedPasswords(OwnedByUser[str]):
    """Passwords by user name, of users that Basic authentication can name."""

    def __setitem__(self, username: str, password: str) -> None:
        if ":" in str(username):
            raise ValueError(
                f"Basic authentication ends a user name at its first colon (RFC 7617 section 2): "
                f"{username!r} can have roles, and tokens of issue_token, but no password."
            )
        super().__setitem__(username, password)


class OwnedRoles(OwnedByUser[Iterable[str]]):
    """Roles by user name; of one that is nearly a documented role, ``UnlikelyRole`` warns."""

    def __setitem__(self, username: str, roles: Iterable[str]) -> None:
        super().__setitem__(username, roles)
        for role in sorted(self[username]):
            # Any name may be a role of the user's own, so that none can be refused.
            if near := nearly_documented(role):
                text = f"The user {username!r} has the role {role!r}: is {near!r} meant?"
                warnings.warn(text, UnlikelyRole, stacklevel=_level_of_test())


def _level_of_test() -> int:
    """Which frame above the caller's gave the roles: past fixtures, and ``update`` of mappings."""
    frame, level = sys._getframe(1), 1
    while frame.f_back and frame.f_globals["__name__"].startswith(("connect_", "collections.")):
        frame, level = frame.f_back, level + 1
    return level


@dataclass(frozen=True)
class BasicAuthentication:
    """The passwords of a session's users, as ``session.security.basic_authentication``.

    A user whose name has a colon can have none: ``ValueError`` is raised.
    """

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
    def of(cls, accounts: Accounts, check_open: Callable[[], None]) -> Self:
        return cls(
            BasicAuthentication(OwnedPasswords(accounts.credentials, check_open)),
            OwnedRoles(accounts.individual_roles, check_open),
        )


class OwnerTable(OfKnownAttributes):
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

    def __init__(self, database: Database, table: Table, check_open: Callable[[], None]) -> None:
        self._database = database
        self._table = table
        self._check_open = check_open

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
            TargetClosed: The target is closed.
            WrongRow: A row does not fit the columns; nothing is stored.
        """
        self._check_open()
        return self._database.add(self.name, rows)

    def append(self, *rows: tuple[object, ...] | Mapping[str, object]) -> None:
        """Add rows, as documented; see :meth:`add`."""
        self.add(*rows)

    def __iadd__(self, row: tuple[object, ...] | Mapping[str, object]) -> Self:
        self.add(row)
        return self

    def drop(self) -> None:
        """Remove all rows. ``TargetClosed`` is raised if the target is closed."""
        self._check_open()
        self._database.remove(self.name)


class OwnerCube(OfKnownAttributes):
    """A cube in its owner's hands.

    There is no engine: results are registered for queries::

        >>> from connect_harness import TargetSession
        >>> with TargetSession.start() as target:
        ...     cube = target.create_cube("Sales", measures=["Amount.SUM"], levels=["City"])
        ...     mdx = "SELECT [Measures].[Amount.SUM] ON COLUMNS FROM [Sales]"
        ...     cube.register(mdx, {"Amount.SUM": [42.0]})
        ...     # Here an application does session.query_mdx(mdx).
        >>> cube
        <cube 'Sales': measures Amount.SUM; levels City>
    """

    def __init__(self, cubes: Cubes, cube: Cube, check_open: Callable[[], None]) -> None:
        self._cubes = cubes
        self._cube = cube
        self._check_open = check_open

    def __repr__(self) -> str:
        levels = ", ".join(level.name for level in self._cube.levels) or "none"
        measures = ", ".join(self._cube.measures)
        return f"<cube {self.name!r}: measures {measures}; levels {levels}>"

    @property
    def name(self) -> str:
        return self._cube.name

    def register(self, mdx: str | Callable[[str], Result | None], result: Result = _NONE) -> None:
        """Answer a query of this cube with a result.

        A query is answered from the cube that its FROM names, and from no other. The result that
        was registered for this very text comes first, then those that callables give; of each,
        the last registered.

        Parameters:
            mdx: The query, exactly as a client sends it; or a callable that is given each other
                query of this cube and gives its result, or ``None``.
            result: The columns by name: the levels that are shown, from the top of each
                hierarchy, and the measures. A cell is ``None``, a bool, a number, a text, or a
                list of these; numbers may be those of numpy.

        Raises:
            TargetClosed: The target is closed.
            TypeError: The query is no text and no callable, or the result no mapping; or there is
                a result beside a callable.
            WrongCube: The query is of another cube, or the result does not fit this one.
        """
        self._check_open()
        if not callable(mdx):
            check_type("register", "mdx", mdx, str, "Or a callable that is given each query.")
        elif result:
            raise TypeError("A callable gives the result itself: leave result= out.")
        check_type("register", "result", result, Mapping, 'As {"Amount.SUM": [42.0]}.')
        self._cubes.register(self._cube, mdx, result)


class OwnerTables(Mapping[str, OwnerTable]):
    """The tables of a session by name, in its owner's hands."""

    def __init__(self, database: Database, check_open: Callable[[], None]) -> None:
        self._database = database
        self._check_open = check_open

    def __getitem__(self, name: str) -> OwnerTable:
        try:
            table = self._database.table(name)
        except NoSuchTable:
            raise NoSuchName(no_such("table", name, self)) from None
        return OwnerTable(self._database, table, self._check_open)

    def __iter__(self) -> Iterator[str]:
        return iter(self._database.tables)

    def __len__(self) -> int:
        return len(self._database.tables)

    def __setitem__(self, name: str, table: OwnerTable) -> None:
        # Python assigns back what ``session.tables["Example"] += row`` gave.
        if table.name != name or name not in self:
            raise TypeError("Tables are created by create_table, not assigned.")


class OwnerSide(Listening):
    """What the owner of a target session sees and makes there, in the documented words."""

    _kind = "target"
    _database: Database
    _target: Target

    def _check_open(self) -> None:
        if self.closed:
            raise TargetClosed(f"The target {self.name!r} is closed for good: start another one.")

    @property
    def tables(self) -> OwnerTables:
        return OwnerTables(self._database, self._check_open)

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
            TargetClosed: The target is closed.
            TypeError: Both or neither of ``data_types`` and ``types`` are given, or no mapping.
            WrongTable: The name is taken, or a type, a key or a default is wrong.
        """
        self._check_open()
        check_type("create_table", "keys", keys, Iterable)
        check_type("create_table", "default_values", default_values, Mapping)
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
        return OwnerTable(self._database, created, self._check_open)

    def create_cube(
        self, name: str, *, measures: Iterable[str], levels: Iterable[str | Sequence[str]] = ()
    ) -> OwnerCube:
        """Create a cube that clients list and query; no engine is behind it.

        Parameters:
            measures: The names of its measures.
            levels: The name of each level, or its key: dimension, hierarchy, level. Those of one
                hierarchy stand together, from the top.

        Raises:
            TargetClosed: The target is closed.
            WrongCube: The name is taken, there is no measure, a level is no name and no key, or a
                name is not that of one measure or level alone.
        """
        self._check_open()
        check_type("create_cube", "measures", measures, Iterable, 'As ["Amount.SUM"].')
        check_type("create_cube", "levels", levels, Iterable, 'As ["City"].')
        cube = self._target.cubes.create(name, measures, levels)
        return OwnerCube(self._target.cubes, cube, self._check_open)

    @property
    def user(self) -> User:
        """The owner, as the session knows it: the anonymous administrator."""
        return ANONYMOUS

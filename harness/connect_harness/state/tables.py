"""Tables and their rows.

There are two versions of the data: what there is, and what there would be if only the owner had
acted. A change by the owner goes into both, one by a connected session only into the first, and a
restart takes up the second again. (The documentation of ``Session.connect``: what a connected
session changes is lost when the target restarts.)
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from types import MappingProxyType
from typing import Literal

from connect_harness.state.data_types import (
    NoSuchTable,
    Value,
    WrongEpoch,
    WrongRow,
    WrongTable,
    WrongValue,
    data_type,
)

Row = tuple[Value, ...]
By = Literal["owner", "connected"]
Given = Sequence[object] | Mapping[str, object]
Matches = Callable[[Row], bool]


@dataclass(frozen=True)
class Column:
    """A column of a table; null that is added becomes ``default``, which may be null itself."""

    name: str
    data_type: str
    default: Value = None


class Rows:
    """Rows in the order in which they arrived; one that replaces another takes its place.

    Parameters:
        keys: Positions of the key values; without any, every row is a new one.
    """

    def __init__(self, keys: tuple[int, ...]) -> None:
        self._keys = keys
        self._rows: dict[Hashable, Row] = {}
        self._numbers: Iterator[int] = count()

    def __len__(self) -> int:
        return len(self._rows)

    def all(self) -> list[Row]:
        return list(self._rows.values())

    def add(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self._rows[self._identity(row)] = row

    def remove(self, matches: Callable[[Row], bool] | None) -> None:
        if matches is None:
            self._rows = {}
        else:
            self._rows = {key: row for key, row in self._rows.items() if not matches(row)}

    def copy(self) -> Rows:
        """The same rows, apart from these."""
        twin = Rows(self._keys)
        twin._rows = dict(self._rows)
        twin._numbers = count(next(self._numbers))
        return twin

    def _identity(self, row: Row) -> Hashable:
        if not self._keys:
            return next(self._numbers)
        # Python has one key for 1, 1.0 and True, and none for NaN; Java tells them apart.
        return tuple((type(row[i]), "NaN" if row[i] != row[i] else row[i]) for i in self._keys)


class Table:
    """A table; made by ``Database.create_table``, and changed through the database alone."""

    def __init__(
        self, name: str, columns: tuple[Column, ...], keys: tuple[str, ...], lock: threading.RLock
    ) -> None:
        self.name = name
        self.columns = columns
        self.keys = keys
        self._lock = lock
        names = [column.name for column in columns]
        positions = tuple(names.index(key) for key in keys)
        self._rows = Rows(positions)
        self._kept = Rows(positions)

    def __repr__(self) -> str:
        return f"<table {self.name!r}: {self.size} rows>"

    @property
    def rows(self) -> list[Row]:
        """Its rows, in the order in which they arrived; a snapshot."""
        with self._lock:
            return self._rows.all()

    @property
    def size(self) -> int:
        with self._lock:
            return len(self._rows)

    def row(self, given: Given) -> Row:
        """The row that ``given`` stands for, in wire form, with defaults in place of null.

        Parameters:
            given: Values in the order of the columns, or by the names of columns; then a column
                that is not named is null.

        Raises:
            WrongRow: It has another width, a column that the table has not, a value of another
                type, or null in a key.
        """
        pairs = zip(self.columns, self._in_order(given), strict=True)
        return tuple(self._value(column, value) for column, value in pairs)

    def _in_order(self, given: Given) -> Sequence[object]:
        if isinstance(given, Mapping):
            unknown = [
                name for name in given if name not in {column.name for column in self.columns}
            ]
            if unknown:
                raise WrongRow(f"Table {self.name!r} has no column {unknown[0]!r}.")
            return [given.get(column.name) for column in self.columns]
        if isinstance(given, str | bytes) or not isinstance(given, Sequence):
            raise WrongRow(f"A row of table {self.name!r} is a sequence of values.")
        if len(given) != len(self.columns):
            raise WrongRow(
                f"Table {self.name!r} has {len(self.columns)} columns, and a row {len(given)}."
            )
        return given

    def _value(self, column: Column, value: object) -> Value:
        try:
            checked = data_type(column.data_type).check(value)
        except WrongValue as error:
            raise WrongRow(f"Column {column.name!r} of table {self.name!r}: {error}") from None
        if checked is None:
            checked = column.default
        if checked is None and column.name in self.keys:
            raise WrongRow(f"Column {column.name!r} of table {self.name!r}: a key is never null.")
        return checked

    def _add(self, rows: Sequence[Row], by: By) -> None:
        for version in self._versions(by):
            version.add(rows)

    def _remove(self, matches: Matches | None, by: By) -> int:
        before = len(self._rows)
        for version in self._versions(by):
            version.remove(matches)
        return before - len(self._rows)

    def _restart(self) -> None:
        self._rows = self._kept.copy()

    def _versions(self, by: By) -> list[Rows]:
        return [self._rows, self._kept] if by == "owner" else [self._rows]


class Database:
    """The tables of a session. Every method may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._tables: dict[str, Table] = {}
        self._kept: dict[str, Table] = {}
        self._epoch = 1

    @property
    def tables(self) -> Mapping[str, Table]:
        """The tables by name, in the order in which they were created; a snapshot."""
        with self._lock:
            return MappingProxyType(dict(self._tables))

    @property
    def epoch(self) -> int:
        """The number of the present version of the data; it grows with each change."""
        with self._lock:
            return self._epoch

    def table(self, name: str) -> Table:
        """The table of this name; ``NoSuchTable`` is raised if there is none."""
        with self._lock:
            if name not in self._tables:
                raise NoSuchTable(f"There is no table {name!r}.")
            return self._tables[name]

    def create_table(
        self,
        name: str,
        data_types: Mapping[str, str],
        keys: Iterable[str] = (),
        default_values: Mapping[str, object] = MappingProxyType({}),
        by: By = "owner",
    ) -> Table:
        """Creates an empty table.

        Parameters:
            data_types: The documented data types by the names of the columns, in order.
            keys: The key columns, in order; a set takes the columns' order.
            default_values: What null becomes, by column; elsewhere it is the data type's own.

        Raises:
            WrongTable: The name is taken, there is no such data type, a key or a default is of no
                column, a default is not of its column's type, or a key's default is null.
        """
        _check_names(name, *data_types)
        columns = _columns(data_types, default_values)
        ordered = _keys(data_types, keys)
        for key in ordered:
            if key in default_values and default_values[key] is None:
                raise WrongTable(f"Column {key!r} is a key: its default cannot be null.")
        with self._lock:
            if name in self._tables:
                raise WrongTable(f"There is a table {name!r} already.")
            table = Table(name, columns, ordered, self._lock)
            self._tables[name] = table
            if by == "owner":
                self._kept[name] = table
            self._epoch += 1
        return table

    def drop_table(self, name: str, by: By = "owner") -> None:
        """Removes a table with its rows; ``NoSuchTable`` is raised if there is none."""
        with self._lock:
            del self._tables[self.table(name).name]
            if by == "owner":
                self._kept.pop(name, None)
            self._epoch += 1

    def add(self, table: str, rows: Iterable[Given], by: By = "owner") -> int:
        """Adds rows to one table, all or none, and returns how many were given.

        A row, which is what ``Table.row`` takes, replaces the one with equal keys.

        Raises:
            NoSuchTable: There is no such table.
            WrongRow: A row does not fit; nothing is stored.
        """
        return self.add_all([(table, rows)], by=by).get(table, 0)

    def add_all(
        self,
        additions: Iterable[tuple[str, Iterable[Given]]],
        *,
        by: By = "owner",
        expected_epoch: int | None = None,
    ) -> dict[str, int]:
        """Adds rows to several tables in one transaction, all or none; returns how many, by table.

        Parameters:
            additions: Names of tables with rows, taken in this order.
            expected_epoch: The epoch that the change is meant for; ``None`` for any.

        Raises:
            NoSuchTable, WrongRow: As ``add``.
            WrongEpoch: The data has another epoch.
        """
        taken: dict[str, int] = {}
        with self._lock:
            if expected_epoch not in (None, self._epoch):
                raise WrongEpoch(f"The epoch is {self._epoch}, not {expected_epoch}.")
            checked = [
                (table, [table.row(row) for row in rows])
                for table, rows in ((self.table(name), rows) for name, rows in additions)
            ]
            for table, rows in checked:
                table._add(rows, by)
                taken[table.name] = taken.get(table.name, 0) + len(rows)
            self._epoch += 1
        return taken

    def remove(self, table: str, matches: Matches | None = None, by: By = "owner") -> int:
        """Removes the rows of one table that ``matches`` says, or all; returns how many went.

        Raises:
            NoSuchTable: There is no such table.
        """
        with self._lock:
            removed = self.table(table)._remove(matches, by)
            self._epoch += 1
        return removed

    def restart(self) -> None:
        """Takes back what connected sessions did."""
        with self._lock:
            self._tables = dict(self._kept)
            for table in self._tables.values():
                table._restart()
            self._epoch += 1


def _check_names(*names: str) -> None:
    for name in names:
        try:
            data_type("String").check(name)
        except WrongValue:
            raise WrongTable(f"{name!r} is no name of a table or a column.") from None


def _columns(
    data_types: Mapping[str, str], default_values: Mapping[str, object]
) -> tuple[Column, ...]:
    for name in default_values:
        if name not in data_types:
            raise WrongTable(f"There is a default for {name!r}, which is no column.")
    columns = []
    for name, type_name in data_types.items():
        kind = data_type(type_name)
        try:
            default = kind.check(default_values[name]) if name in default_values else kind.default
        except WrongValue as error:
            raise WrongTable(f"The default of column {name!r}: {error}") from None
        columns.append(Column(name, type_name, default))
    return tuple(columns)


def _keys(data_types: Mapping[str, str], keys: Iterable[str]) -> tuple[str, ...]:
    if isinstance(keys, str):
        raise WrongTable("Keys are names of columns, not one text.")
    given = tuple(keys)
    for key in given:
        if key not in data_types or given.count(key) > 1:
            raise WrongTable(f"{key!r} is no column, or twice among the keys.")
    if isinstance(keys, set | frozenset):
        return tuple(name for name in data_types if name in keys)
    return given

"""One version of the rows of a table."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from itertools import count

from connect_harness.state.data_types import Value

Row = tuple[Value, ...]


class Rows:
    """Rows in the order in which they arrived; one that replaces another takes its place.

    Parameters:
        keys: Positions of the values by which rows are told apart; without any, every row is
            another one.
    """

    def __init__(self, keys: tuple[int, ...]) -> None:
        self._keys = keys
        self._rows: dict[Hashable, Row] = {}
        self._numbers: Iterator[int] = count()

    def __len__(self) -> int:
        return len(self._rows)

    def all(self) -> list[Row]:
        """The rows."""
        return list(self._rows.values())

    def add(self, rows: Iterable[Row]) -> None:
        """Adds rows."""
        for row in rows:
            self._rows[self._identity(row)] = row

    def remove(self, matches: Callable[[Row], bool] | None) -> None:
        """Removes the rows that ``matches`` says, or all."""
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

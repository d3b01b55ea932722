"""Tables of the model: what they hold, who added it, and what a restart leaves of it.

Where a step may or may not have added its rows, a table has several possible contents; where
nothing more can be said of them, it has none.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from connect_contracts.checks.expectation import Alternative, GivesRows, Returns
from connect_contracts.checks.wire_checks import StoredAsSaid
from connect_contracts.model.scenario import Row, TableSpec
from connect_contracts.oracle.decision import Alternatives, only
from connect_contracts.oracle.values import Fit, fit, identity, worst
from connect_harness.state import DATA_TYPES

MOST_CONTENTS = 16
"""More possible contents than these are as good as unknown ones."""

HEAD = 5
"""How many rows ``head()`` asks for without an argument."""

Rows = tuple[Row, ...]


@dataclass(frozen=True)
class Contents:
    """Rows of one table; ``kept`` are those if only the owner had acted: what a restart leaves."""

    rows: Rows = ()
    kept: Rows = ()


class TableModel:
    """A table of a target.

    Attributes:
        of_owner: Whether the owner created it, so that it outlasts a restart.
        certain: Whether it is known to be there, and to have these columns.
        contents: What it may hold; empty if that is unknown.
        as_said: Whether it holds then what the steps that added rows say that it does.
    """

    def __init__(self, spec: TableSpec, *, of_owner: bool = True, certain: bool = True) -> None:
        self.name = spec.name
        self.types = dict(spec.data_types)
        self.columns = tuple(self.types)
        self.keys = spec.keys
        self.of_owner = of_owner
        self.certain = certain
        self.contents: tuple[Contents, ...] = (Contents(),)
        self.as_said = False
        self._defaults = dict(spec.default_values)
        self.add_by_owner(spec.rows)

    # What it takes.

    def fit(self, row: Row) -> Fit:
        """Whether it takes ``row``; what is of the wrong width or type is refused (LIVE-7)."""
        if len(row) != len(self.columns):
            return "wrong"
        full = zip(self.columns, self._full(row), strict=True)
        return worst(self._fit(name, value) for name, value in full)

    def _fit(self, name: str, value: Any) -> Fit:
        if value is None:
            return "open" if name in self.keys else "right"
        return fit(value, self.types[name])

    def _full(self, row: Row) -> Row:
        """The row with defaults in place of null, and nothing in it that can change."""
        return tuple(
            self._default(name) if value is None else _frozen(value)
            for name, value in zip(self.columns, row, strict=True)
        )

    def _default(self, name: str) -> Any:
        given = self._defaults.get(name)
        return DATA_TYPES[self.types[name]].default if given is None else _frozen(given)

    # What comes in, and what goes.

    def add_by_owner(self, rows: Rows) -> bool:
        """The owner adds rows, all or none; whether the documentation decides that it works."""
        if any(self.fit(row) != "right" for row in rows):
            self.forget()
            return False
        self.contents = tuple(
            Contents(self._with(each.rows, rows), self._with(each.kept, rows))
            for each in self.contents
        )
        return True

    def add(self, rows: Rows) -> None:
        """A session adds rows that fit."""
        self.contents = tuple(
            Contents(self._with(each.rows, rows), each.kept) for each in self.contents
        )

    def perhaps_add(self, rows: Rows) -> None:
        """A session adds rows one after the other, and may be stopped before any of them."""
        fits = [self.fit(row) for row in rows]
        rows = rows[: fits.index("wrong")] if "wrong" in fits else rows
        if "open" in fits:
            self.forget()
        possible = {
            Contents(self._with(each.rows, rows[:count]), each.kept): None
            for each in self.contents
            for count in range(len(rows) + 1)
        }
        self.contents = tuple(possible) if len(possible) <= MOST_CONTENTS else ()
        self.as_said = self.as_said and not any(None in row for row in rows)

    def doubt(self, rows: Rows) -> None:
        """Sessions add rows at once, and each may be refused: what is stored is what they said.

        Parameters:
            rows: What they add, of which no two have one key.
        """
        self.as_said = bool(self.contents) and all(
            self.fit(row) == "right" and None not in row for row in rows
        )
        self.contents = ()

    def forget(self) -> None:
        """From now on it may hold whatever."""
        self.contents, self.as_said = (), False

    def restart(self) -> None:
        """What came from sessions is gone; what the owner did stays."""
        self.as_said = False
        self.contents = tuple(
            dict.fromkeys(Contents(each.kept, each.kept) for each in self.contents)
        )

    def _with(self, held: Rows, added: Rows) -> Rows:
        if not self.keys:
            return (*held, *(self._full(row) for row in added))
        by_key = {self.key(row): row for row in held}
        return tuple((by_key | {self.key(row): self._full(row) for row in added}).values())

    def key(self, row: Row) -> Hashable:
        """The key of ``row``, in a table with keys."""
        values = dict(zip(self.columns, self._full(row), strict=True))
        return tuple(identity(values[name], self.types[name]) for name in self.keys)

    # What is seen of it.

    def rows(self) -> Alternatives:
        """What its owner sees."""
        if self.as_said and not self.contents:
            return only(Returns(), StoredAsSaid())
        return self._given(self.columns, of_owner=True)

    def head(self, n: int | None) -> Alternatives:
        """What ``head`` gives: at most ``n`` rows, indexed by the keys if it has any."""
        columns = tuple(name for name in self.columns if name not in self.keys)
        return self._given(columns, index=self.keys, at_most=HEAD if n is None else n)

    def query(self, column: str) -> Alternatives:
        """What a query of one column gives, which is never indexed by a key."""
        return self._given((column,))

    def _given(
        self, columns: tuple[str, ...], index: tuple[str, ...] = (), **more: Any
    ) -> Alternatives:
        """Rows with these columns, for each of the possible contents."""
        names = (*index, *columns)
        places = [self.columns.index(name) for name in names]
        types = tuple(self.types[name] for name in names)
        possible = dict.fromkeys(
            tuple(tuple(row[place] for place in places) for row in each.rows)
            for each in self.contents
        )
        return tuple(
            Alternative(GivesRows(columns, types, rows, index, **more)) for rows in possible
        )


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list | tuple) else value

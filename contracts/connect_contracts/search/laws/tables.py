"""A table as a list of rows: what each session that may look, and the owner, must see of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from connect_contracts.checks.expectation import GivesRows
from connect_contracts.model.scenario import Own, Row, TableSpec, Use
from connect_contracts.model.values import same
from connect_contracts.oracle.tables import HEAD
from connect_contracts.oracle.values import fit

Rows = list[Row]


@dataclass
class TableModel:
    """The rows of one table, as far as they are known.

    Unlike the oracle's model it decides nothing: what is added is there.

    Attributes:
        rows: What was added; ``None`` once that is not known any more.
        kept: What the owner added: a restart leaves it. ``None`` as for ``rows``.
        refused: Whether a change was refused since the beginning.
    """

    spec: TableSpec
    rows: Rows | None = field(default_factory=list)
    kept: Rows | None = field(default_factory=list)
    refused: bool = False

    def __post_init__(self) -> None:
        self.names = tuple(name for name, _ in self.spec.data_types)
        self.types = tuple(kind for _, kind in self.spec.data_types)
        self.add(self.spec.rows, by_owner=True)

    def fits(self, rows: Iterable[Row]) -> bool:
        """Whether rows read back as they are written: no default steps in, none is converted."""
        return all(
            len(row) == len(self.types)
            and all(
                value is not None and fit(value, kind) == "right"
                for value, kind in zip(row, self.types, strict=True)
            )
            for row in rows
        )

    def add(self, rows: Sequence[Row], *, by_owner: bool) -> None:
        """Rows come in; if one does not fit, it is not known any more what is there."""
        self.rows = self._with(self.rows, rows)
        if by_owner:
            self.kept = self._with(self.kept, rows)

    def _with(self, held: Rows | None, rows: Sequence[Row]) -> Rows | None:
        if held is None or not self.fits(rows):
            return None
        for row in rows:
            held = [*(other for other in held if not self._replaces(row, other)), row]
        return held

    def _replaces(self, row: Row, other: Row) -> bool:
        places = [self.names.index(key) for key in self.spec.keys]
        return bool(places) and all(
            same(row[place], other[place], self.types[place]) for place in places
        )

    def restart(self) -> None:
        """What sessions added is gone."""
        self.rows = self.kept

    def expected(self, step: Use | Own) -> GivesRows | None:
        """What ``head`` of a session or ``rows`` of the owner gives; ``None`` if that is open."""
        if self.rows is None:
            return None
        if isinstance(step, Own):
            return GivesRows(self.names, self.types, tuple(self.rows), of_owner=True)
        keys = self.spec.keys
        rest = tuple(name for name in self.names if name not in keys)
        order = [self.names.index(name) for name in (*keys, *rest)]
        rows = tuple(tuple(row[place] for place in order) for row in self.rows)
        asked = HEAD if step.n is None else step.n
        fewer = asked if asked < len(rows) else None
        return GivesRows(rest, tuple(self.types[place] for place in order), rows, keys, fewer)

"""A table as a plain list of rows: what everybody who may look must see of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from connect_contracts.checks.expectation import GivesRows
from connect_contracts.model.scenario import Row, TableSpec

HEAD = 5
"""How many rows ``head`` gives, if it is not told."""

INTEGERS = {"int": 2**31, "long": 2**63}


@dataclass
class PlainTable:
    """The rows of one table of texts and integers.

    Attributes:
        rows: What is there.
        before: What a restart leaves: the rows as if only the owner had acted.
    """

    spec: TableSpec
    rows: list[Row] = field(default_factory=list)
    before: list[Row] = field(default_factory=list)

    @classmethod
    def knows(cls, spec: TableSpec) -> bool:
        """Whether the model knows tables of this kind, and these rows: nothing is converted."""
        names = tuple(name for name, _ in spec.data_types)
        keys_first = names[: len(spec.keys)] == spec.keys
        types = {kind for _, kind in spec.data_types}
        plain = spec.name.isalnum() and keys_first and not spec.default_values
        return plain and types <= {"String", *INTEGERS} and cls(spec)._fit(spec.rows)

    @classmethod
    def of(cls, spec: TableSpec) -> PlainTable:
        """The table as its owner made it."""
        table = cls(spec)
        table.add(spec.rows, by_owner=True)
        return table

    def add(self, rows: Sequence[Row], *, by_owner: bool) -> bool:
        """Rows come in, one after the other; false, and nothing changes, if one does not fit."""
        if not self._fit(rows):
            return False
        keys = len(self.spec.keys)
        for held in (self.rows, self.before) if by_owner else (self.rows,):
            for row in rows:
                if keys:
                    held[:] = [one for one in held if one[:keys] != row[:keys]]
                held.append(row)
        return True

    def head(self, n: int | None) -> GivesRows:
        """What a session must see."""
        wanted = HEAD if n is None else n
        rest = tuple(name for name, _ in self.spec.data_types if name not in self.spec.keys)
        fewer = wanted if wanted < len(self.rows) else None
        return GivesRows(rest, self._types, tuple(self.rows), self.spec.keys, at_most=fewer)

    def of_owner(self) -> GivesRows:
        """What the owner must see."""
        columns = tuple(name for name, _ in self.spec.data_types)
        return GivesRows(columns, self._types, tuple(self.rows), of_owner=True)

    @property
    def _types(self) -> tuple[str, ...]:
        return tuple(kind for _, kind in self.spec.data_types)

    def _fit(self, rows: Sequence[Row]) -> bool:
        return all(
            len(row) == len(self._types) and all(map(_fits, row, self._types)) for row in rows
        )


def _fits(value: Any, kind: str) -> bool:
    if kind == "String":
        return isinstance(value, str)
    most = INTEGERS[kind]
    return type(value) is int and -most <= value < most

"""The tables of a target session, by its Database REST API. Nothing is remembered between calls."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from connect_contracts.reference._address import segment
from connect_contracts.reference._frames import frame
from connect_contracts.reference._transport import Transport, UnexpectedAnswer
from connect_contracts.reference._values import wire_row

if TYPE_CHECKING:
    from pandas import DataFrame

_NOT_FOUND = 404
_MOST_ROWS = 2147483646


@dataclass(frozen=True)
class Column:
    """A column of a table, with its documented data type, for instance ``LocalDate``."""

    name: str
    data_type: str


class Tables(Mapping[str, "Table"]):
    """The tables of a target session, by name."""

    def __init__(self, transport: Transport, database: str) -> None:
        self._transport = transport
        self._database = database

    @property
    def schema(self) -> str:
        """The tables with their columns, as an entity relationship diagram of Mermaid."""
        lines = ["erDiagram"]
        for name, table in self.items():
            columns = (f"{kind} {json.dumps(column)}" for column, kind in table._columns().items())
            lines.append(f"  {json.dumps(name)} {{ {'; '.join(columns)} }}")
        return "\n".join(lines)

    def __getitem__(self, name: object) -> Table:
        if isinstance(name, str):
            table = Table(name, self._transport, self._database)
            if table._exists():
                return table
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __len__(self) -> int:
        return len(self._names())

    def _names(self) -> list[str]:
        names = self._transport.get(f"{self._database}/discovery/tableNames").successful().json()
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise UnexpectedAnswer("The target's list of tables is no list of names.")
        return names


class Table:
    """A table of a target session; a mapping from names of columns to columns."""

    def __init__(self, name: str, transport: Transport, database: str) -> None:
        self._name = name
        self._transport = transport
        self._database = database

    @property
    def name(self) -> str:
        return self._name

    @property
    def keys(self) -> tuple[str, ...]:
        """The names of the columns that tell its rows apart; none if equal rows are kept."""
        return self._schema()[1]

    @property
    def row_count(self) -> int:
        size = self._transport.get(f"{self._discovery}/size").successful().json()
        if not isinstance(size, int):
            raise UnexpectedAnswer(f"The size of the table {self._name!r} is no number.")
        return size

    def __getitem__(self, name: str) -> Column:
        return Column(name, self._columns()[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns())

    def __len__(self) -> int:
        return len(self._columns())

    def __contains__(self, name: object) -> bool:
        return name in self._columns()

    def __iadd__(self, row: tuple[Any, ...] | Mapping[str, Any]) -> Self:
        """Add one row; see :meth:`append`."""
        self.append(row)
        return self

    def append(self, *rows: tuple[Any, ...] | Mapping[str, Any]) -> None:
        """Add rows, all or none. A row replaces the one with the same keys, if the table has keys.

        Parameters:
            rows: Each a tuple in the order of the columns, or a mapping from their names.

        Raises:
            httpx.HTTPStatusError: The target refused them.
            TypeError, ValueError: They cannot be sent.
        """
        if not rows:
            return
        columns = tuple(self._columns())
        lines = [wire_row(row, columns) for row in rows]
        actions = [{"baseTable": self._name, "lines": lines}]
        path = f"{self._database}/data/branches/master"
        self._transport.post(path, {"actions": actions}).successful()

    def head(self, n: int = 5) -> DataFrame:
        """At most ``n`` rows, indexed by the keys if there are any.

        Raises:
            ImportError: pandas is not installed.
        """
        columns, keys = self._schema()
        return frame(columns, self._rows(columns, n), keys)

    def query(self, *columns: Column, max_rows: int = _MOST_ROWS) -> DataFrame:
        """At most ``max_rows`` rows of some columns, of all if none is given; counted from 0.

        Raises:
            ImportError: pandas is not installed.
        """
        chosen = {column.name: column.data_type for column in columns} or self._columns()
        return frame(chosen, self._rows(chosen, max_rows))

    def _exists(self) -> bool:
        answer = self._transport.get(self._discovery)
        return answer.status != _NOT_FOUND and bool(answer.successful())

    @property
    def _discovery(self) -> str:
        return f"{self._database}/discovery/tables/{segment(self._name)}"

    def _columns(self) -> dict[str, str]:
        return self._schema()[0]

    def _schema(self) -> tuple[dict[str, str], tuple[str, ...]]:
        """Data types by the name of the column, in order, and the keys."""
        description = self._transport.get(self._discovery).successful().json()
        try:
            fields = sorted(description["fields"], key=lambda field: field["index"])
            names = {field["index"]: field["name"] for field in fields}
            columns = {field["name"]: field["type"] for field in fields}
            return columns, tuple(names[index] for index in description["keyFields"])
        except (KeyError, TypeError) as error:
            raise UnexpectedAnswer(
                f"The target does not describe the table {self._name!r} as it should."
            ) from error

    def _rows(self, columns: Mapping[str, str], n: int) -> list[list[Any]]:
        if n < 0:
            raise ValueError("The number of rows is not negative.")
        path = f"{self._database}/data/tables/{segment(self._name)}?pageSize={n:d}"
        body: dict[str, object] = {"branch": None, "conditions": {}, "fields": list(columns)}
        match self._transport.post(path, body).successful().json():
            case {"rows": list(rows)} if all(isinstance(row, list) for row in rows):
                return rows[:n]
        raise UnexpectedAnswer(f"The rows of the table {self._name!r} are no list of lists.")

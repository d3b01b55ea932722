"""Rows below the pivot API, for :mod:`other_implementations.on_aiohttp`."""

from __future__ import annotations

import importlib
import json
import math
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from typing import Any
from urllib.parse import quote

MOMENTS: Mapping[str, Callable[[str], Any]] = {
    "LocalDate": date.fromisoformat,
    "LocalDateTime": datetime.fromisoformat,
    "LocalTime": time.fromisoformat,
    "ZonedDateTime": datetime.fromisoformat,
}


class Table:
    """A table as it was described when the tables were asked for."""

    def __init__(self, channel: Any, data: str, described: Mapping[str, Any]) -> None:
        self._channel, self._data = channel, data
        self.name = described["name"]
        self.types = {one["name"]: one["type"] for one in described["fields"]}
        self.keys = tuple(list(self.types)[place] for place in described["keyFields"])

    def __iter__(self) -> Iterator[str]:
        return iter(self.types)

    def __iadd__(self, row: tuple[Any, ...]) -> Table:
        line = [for_json(value) for value in row]
        body = {"actions": [{"baseTable": self.name, "lines": [line]}]}
        self._channel.json("POST", f"{self._data}/data/branches/master", json=body)
        return self

    def head(self, n: int = 5) -> Any:
        """The first rows, as a frame of pandas."""
        path = f"{self._data}/data/tables/{quote(self.name, safe='')}"
        answer = self._channel.json("POST", path, json={"pageSize": n})
        names = [one["name"] for one in answer["headers"]]
        columns = {
            one["name"]: [from_json(row[place], one["type"]) for row in answer["rows"]]
            for place, one in enumerate(answer["headers"])
        }
        pandas = importlib.import_module("pandas")
        frame = pandas.DataFrame(columns, columns=names, dtype=object)
        return frame.set_index(list(self.keys)) if self.keys else frame


def from_json(value: Any, kind: str) -> Any:
    """A value of the data type ``kind``, in Python's own type."""
    if value is None:
        return None
    if kind in MOMENTS:
        return MOMENTS[kind](value)
    return float(value) if kind in ("double", "float") else value


def for_json(value: Any) -> Any:
    """A value as JSON of the target has it."""
    if isinstance(value, float):
        return value if math.isfinite(value) else json.dumps(value)
    if isinstance(value, list | tuple):
        return [for_json(one) for one in value]
    return value.isoformat() if hasattr(value, "isoformat") else value

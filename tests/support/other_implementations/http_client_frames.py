"""Frames without pandas, for :mod:`other_implementations.on_http_client`."""

from __future__ import annotations

import datetime as dt
import math

from connect_contracts import Implementation
from connect_contracts.model import values
from connect_contracts.model.observation import Frame as PlainFrame


class Frame:
    """Rows with the names of their columns, and the columns by which they are told apart."""

    def __init__(self, names, rows, keys):
        self.names, self.rows, self.keys = names, rows, keys

    def taken(self, names):
        places = [self.names.index(name) for name in names]
        return [tuple(values.to_json(row[place]) for place in places) for row in self.rows]


def to_json(value):
    if isinstance(value, float) and not math.isfinite(value):
        return str(value).replace("inf", "Infinity").replace("nan", "NaN")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    return [to_json(one) for one in value] if isinstance(value, (list, tuple)) else value


_PARSE = {
    "double": float,
    "float": float,
    "LocalDate": dt.date.fromisoformat,
    "LocalDateTime": dt.datetime.fromisoformat,
    "LocalTime": dt.time.fromisoformat,
    "ZonedDateTime": lambda text: dt.datetime.fromisoformat(text.partition("[")[0]),
}


def from_json(value, kind):
    if value is None:
        return None
    if kind.endswith("[]"):
        return [from_json(one, kind[:-2]) for one in value]
    return _PARSE.get(kind, lambda same: same)(value)


class ReadsFrames(Implementation):
    """Reads the frames."""

    def frame(self, value):
        others = [name for name in value.names if name not in value.keys]
        labels = value.taken(value.keys) or [(place,) for place in range(len(value.rows))]
        if not value.keys:
            labels = [(place,) for place in range(len(value.rows))]
        return PlainFrame(
            columns=tuple(others),
            index=tuple(value.keys) or (None,),
            labels=tuple(labels),
            rows=tuple(value.taken(others)),
        )

"""Values of the documented data types: which ones a column must take, and which it must refuse.

Values are in the JSON form of scenarios. The documentation names the types and no rule of
conversion, so between the values that plainly are of a type and those that plainly are not, some
are left open: a whole float for an integer, a truth value for a number.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Hashable, Iterable
from functools import partial
from typing import Any, Literal

from connect_contracts.model.values import MOMENTS, READ_BY_PYTHON, moment

Fit = Literal["right", "wrong", "open"]

_INTEGERS = {"int": 32, "long": 64}
_WITHOUT_A_NUMBER = ("NaN", "Infinity", "-Infinity")
_FINER_THAN_PYTHON = re.compile(r"\.\d{7}")


def worst(fits: Iterable[Fit]) -> Fit:
    """What several values make of their row or array."""
    return max(fits, key=("right", "open", "wrong").index, default="right")


def fit(value: Any, data_type: str) -> Fit:
    """Whether a column of ``data_type`` takes ``value``, which is not null."""
    if data_type.endswith("[]"):
        if not isinstance(value, list | tuple):
            return "wrong"
        element = data_type.removesuffix("[]")
        return worst("open" if each is None else fit(each, element) for each in value)
    if isinstance(value, list | tuple):
        return "open" if data_type == "Object" else "wrong"
    match data_type:
        case "String":
            return "right" if isinstance(value, str) else "wrong"
        case "boolean" if isinstance(value, bool):
            return "right"
        case "boolean":
            return "wrong" if isinstance(value, str) else "open"
        case "int" | "long":
            return _fit_integer(value, _INTEGERS[data_type])
        case "double" | "float":
            return _fit_number(value, data_type)
        case _ if data_type in MOMENTS:
            return _fit_moment(value, data_type)
        case _:
            return "open"


def _fit_integer(value: Any, bits: int) -> Fit:
    if isinstance(value, str):
        return "wrong"
    if isinstance(value, bool | float):
        return "open"
    return "right" if -(2 ** (bits - 1)) <= value < 2 ** (bits - 1) else "wrong"


def _fit_number(value: Any, data_type: str) -> Fit:
    if isinstance(value, str):
        # No page speaks of infinity and NaN, and JSON has neither.
        return "open" if value in _WITHOUT_A_NUMBER else "wrong"
    if isinstance(value, bool):
        return "open"
    try:
        struct.pack("<d" if data_type == "double" else "<f", value)
    except (OverflowError, struct.error):
        return "open"
    # An integer that the type cannot hold exactly comes back as another number.
    precise = isinstance(value, float) or abs(value) <= 2 ** (53 if data_type == "double" else 24)
    return "right" if precise else "open"


def _fit_moment(value: Any, data_type: str) -> Fit:
    if not isinstance(value, str):
        return "wrong"
    if _FINER_THAN_PYTHON.search(value):
        return "open"
    if _reads(partial(moment, data_type=data_type), value):
        return "right"
    # The documentation names no form of text; another that Python knows is left open.
    return "open" if _reads(READ_BY_PYTHON[data_type], value) else "wrong"


def _reads(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


def identity(value: Any, data_type: str) -> Hashable:
    """What two values of a key have in common if they are the same key."""
    if data_type in MOMENTS and isinstance(value, str):
        return moment(value, data_type).isoformat()
    if data_type in ("double", "float"):
        return str(float(value))
    return type(value), value

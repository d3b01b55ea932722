"""The conditions of a request for rows, in JSON (documentation of the Database REST API).

``{"Size": {"$gt": 1}}``, ``{"Size": 1}`` for equality, ``$and`` and ``$or`` with a list, ``$not``
with one condition; of several in one object each must hold. ``$like`` is not served: no public
source says what its patterns are.
"""

from __future__ import annotations

from collections.abc import Mapping

from connect_harness.protocols.bodies import bad_request, not_served
from connect_harness.state import DataError, Matches, Table, comparison

_OPERATORS: Mapping[str, str] = {
    "$eq": "EQ",
    "$gt": "GT",
    "$gte": "GE",
    "$in": "ISIN",
    "$lt": "LT",
    "$lte": "LE",
}


def read_conditions(given: object, table: Table) -> Matches:
    """Says of a row of ``table`` whether it meets what is given.

    Raises:
        Refusal: It cannot be read, or names a column that the table has not (400).
    """
    try:
        return _read(given, table)
    except RecursionError:
        raise bad_request("The conditions are nested too deeply.") from None
    except DataError as error:
        raise bad_request(str(error)) from None


def _read(given: object, table: Table) -> Matches:
    if not isinstance(given, dict):
        raise bad_request("A condition is a JSON object.")
    each = [_one(name, value, table) for name, value in given.items()]
    return lambda row: all(holds(row) for holds in each)


def _one(name: str, value: object, table: Table) -> Matches:
    match name, value:
        case (("$and" | "$or"), list()):
            inner = [_read(condition, table) for condition in value]
            of_them = all if name == "$and" else any
            return lambda row: of_them(holds(row) for holds in inner)
        case "$not", dict():
            holds = _read(value, table)
            return lambda row: not holds(row)
        case str(), dict() if not name.startswith("$"):
            each = [_compared(name, word, constant, table) for word, constant in value.items()]
            return lambda row: all(holds(row) for holds in each)
        case str(), _ if not name.startswith("$"):
            return comparison(table, name, "EQ", value)
    raise not_served(f"The condition {name!r} is not served by this session.")


def _compared(column: str, word: str, constant: object, table: Table) -> Matches:
    if word not in _OPERATORS or (word == "$in") != isinstance(constant, list):
        raise not_served(f"The condition {word!r} is not served by this session.")
    return comparison(table, column, _OPERATORS[word], constant)

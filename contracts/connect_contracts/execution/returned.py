"""What methods of an adapter must return, where the suite goes on with it itself."""

from __future__ import annotations

from typing import Any

from connect_contracts.execution.implementation import Implementation

_NAMES = 'a list of names, such as ["Example"]'

MUST_RETURN = {
    "list_tables": _NAMES,
    "columns": _NAMES,
    "keys": _NAMES,
    "user": 'a name and a list of roles, such as ("admin", ["ROLE_USER"])',
}
"""By method."""


def wrong_return(implementation: Implementation, method: str, value: Any) -> str | None:
    """That the adapter's own ``method`` must not return ``value``, as a sentence, or ``None``."""
    kind = type(implementation)
    if method not in MUST_RETURN or getattr(kind, method) is getattr(Implementation, method):
        return None
    if method == "user":
        pair = isinstance(value, tuple | list) and len(value) == 2
        right = pair and _is_listed(value[1])
    else:
        right = _is_listed(value)
    if right:
        return None
    given = type(value).__qualname__
    article = "an" if given[0] in "aeiou" else "a"
    what = "None" if value is None else f"{article} {given}"
    return f"{kind.__qualname__}.{method} returned {what}: it must return {MUST_RETURN[method]}"


def _is_listed(value: Any) -> bool:
    try:
        iter(value)
    except TypeError:
        return False
    return not isinstance(value, str | bytes)

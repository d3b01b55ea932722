"""What methods of an adapter must return, where the suite goes on with it itself."""

from __future__ import annotations

from typing import Any

from connect_contracts.execution.implementation import Implementation

_AUTHENTICATION = "what connect takes as authentication"
_FRAME = "a data frame"
_NAMES = 'a list of names, such as ["Example"]'

MUST_RETURN = {
    "connect": "the session",
    "session_type": "the class Session",
    "connect_of_subclass": "a connect and its class",
    "basic": _AUTHENTICATION,
    "token": _AUTHENTICATION,
    "client_certificate": _AUTHENTICATION,
    "password_grant": _AUTHENTICATION,
    "list_tables": _NAMES,
    "table": "the table",
    "columns": _NAMES,
    "keys": _NAMES,
    "head": _FRAME,
    "query": _FRAME,
    "user": 'a name and a list of roles, such as ("admin", ["ROLE_USER"])',
    "url": "the URL of the session",
    "link": "the link of the session",
}
"""By method."""


class WrongReturn(TypeError):
    """A method of the adapter returned what it must not: the mistake is in that method.

    Parameters:
        text: What it returned and what it must return, as a sentence.
        method: Its name.
    """

    def __init__(self, text: str, method: str) -> None:
        super().__init__(text)
        self.method = method


def wrong_return(implementation: Implementation, method: str, value: Any) -> str | None:
    """That the adapter's own ``method`` must not return ``value``, as a sentence, or ``None``."""
    kind = type(implementation)
    if method not in MUST_RETURN or getattr(kind, method) is getattr(Implementation, method):
        return None
    right = value is not None
    if method == "user":
        pair = isinstance(value, tuple | list) and len(value) == 2
        right = pair and _is_listed(value[1])
    elif MUST_RETURN[method] == _NAMES:
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

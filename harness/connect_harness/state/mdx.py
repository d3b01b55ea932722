"""What is read of a query of MDX: no more than which cube it is of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

_TOKEN = re.compile(
    r"""
    "(?:[^"]|"")*" | '(?:[^']|'')*' | //[^\n]* | --[^\n]* | /\*.*?\*/  # texts and comments
    | \[ (?P<quoted> (?: [^\]] | \]\] )* ) \]
    | (?P<word> \w+ )
    | (?P<sign> \S )
    """,
    re.VERBOSE | re.DOTALL,
)


def cube_of(mdx: str) -> str | None:
    """The name of the cube that a query is of, or ``None`` if it names none.

    It is the last ``FROM`` that a name follows: the innermost of sub-selects.
    """
    named = [
        found["word"] or found["quoted"].replace("]]", "]")
        for before, found in pairwise(_tokens(mdx))
        if (before["word"] or "").upper() == "FROM" and found["sign"] is None
    ]
    return named[-1] if named else None


def _tokens(mdx: str) -> Iterator[re.Match[str]]:
    return (found for found in _TOKEN.finditer(mdx) if found.lastgroup)

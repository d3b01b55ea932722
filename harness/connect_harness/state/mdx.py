"""What is read of a query of MDX: which cube it is of, and whether it asks for totals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise, takewhile

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


def asks_for_totals(mdx: str) -> bool:
    """Whether the rows or columns of a query have the members above a level too.

    So does ``include_totals=True`` of the public client, seen from 0.9.1 to 6.2.2:
    ``Descendants({[A].[B].[ALL].[AllMember]}, 1, SELF_AND_BEFORE)``. Sub-selects only filter.
    """
    words = ((found["word"] or "").upper() for found in _tokens(mdx))
    return "SELF_AND_BEFORE" in takewhile(lambda word: word != "FROM", words)


def _tokens(mdx: str) -> Iterator[re.Match[str]]:
    return (found for found in _TOKEN.finditer(mdx) if found.lastgroup)

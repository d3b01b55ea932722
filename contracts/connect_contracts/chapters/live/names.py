"""LIVE: tables and columns whose names a path cannot hold as they are."""

from __future__ import annotations

from connect_contracts.chapters.builder import (
    AS_ADMIN,
    add,
    connect,
    head,
    list_tables,
    must,
    owner_rows,
    secure,
    story,
    table,
)
from connect_contracts.chapters.case import Story, row
from connect_contracts.chapters.live.chapter import CHAPTER, owned, shown
from connect_contracts.checks.expectation import Gives, Returns
from connect_contracts.model.clause import Level

LIVE_14 = CHAPTER.clause(
    14,
    "table and column names with /, spaces, quotes and non-ASCII letters",
    "RFC 3986 2.1",
    Level.IMPLIED,
)


def _listed_read_and_written(name: str) -> Story:
    return story(
        secure(tables=(table(name, ("before",)),)),
        connect(AS_ADMIN),
        must(list_tables(), Gives([name])),
        must(head(name), shown(("before",))),
        must(add(("added",), table=name), Returns()),
        must(owner_rows(name), owned(("before",), ("added",))),
    )


CHAPTER.table(
    LIVE_14,
    _listed_read_and_written,
    row(
        "a-slash", "The name of a table has a slash, which is no end of a segment there.", "2024/25"
    ),
    row("spaces", "The name of a table has spaces.", "Sales by region"),
    row("quotes", "The name of a table has quotes of both kinds.", 'The "best" of \'24'),
    row(
        "letters-beyond-ascii",
        "The name of a table has letters beyond ASCII, and beyond latin-1.",
        "Größe_寸法",
    ),
)


@CHAPTER.case(LIVE_14)
def columns() -> Story:
    """The names of the columns have a slash, spaces, quotes and letters beyond ASCII."""
    names = ("price/unit", "per region", "so-called \"net\" 'sum'", "größe")
    before, added = ("a", "b", "c", "d"), ("e", "f", "g", "h")
    special = table("Example", before, data_types=tuple((name, "String") for name in names))
    return story(
        secure(tables=(special,)),
        connect(AS_ADMIN),
        must(head(), shown(before, columns=names)),
        must(add(added), Returns()),
        must(owner_rows(), owned(before, added, types=("String",) * len(names))),
    )

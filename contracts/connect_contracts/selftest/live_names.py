"""LIVE: names of tables and columns that do not arrive as they are."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, quote_plus

from connect_contracts.selftest.reference_copy import ReferenceCopy
from connect_contracts.selftest.registry import broken


@broken(fails=("LIVE-14[a-slash]",))
def takes_a_slash_for_two_names(reference: ReferenceCopy) -> None:
    """Of the name of a table only what comes before a slash is asked for."""
    segment = reference["_address.segment"]
    reference["_address.segment"] = lambda name: segment(name.partition("/")[0])


@broken(
    fails=("LIVE-14[spaces]",),
    because="names with spaces stand in other cases too",
)
def writes_a_space_as_a_plus(reference: ReferenceCopy) -> None:
    """The name of a table is written as a form would, with a plus for each space."""
    reference["_address.segment"] = quote_plus


@broken(fails=("LIVE-14[quotes]",))
def leaves_out_quotes(reference: ReferenceCopy) -> None:
    """Quotes in the name of a table are not asked for."""
    segment = reference["_address.segment"]
    reference["_address.segment"] = lambda name: segment(
        name.translate(str.maketrans("", "", "'\""))
    )


@broken(fails=("LIVE-14[letters-beyond-ascii]",))
def writes_question_marks_beyond_latin_1(reference: ReferenceCopy) -> None:
    """The name of a table is percent-encoded in latin-1, with a question mark for what is none."""
    reference["_address.segment"] = lambda name: quote(
        name, safe="", encoding="latin-1", errors="replace"
    )


@broken(fails=("LIVE-14[columns]",))
def makes_identifiers_of_columns(reference: ReferenceCopy) -> None:
    """Columns of a frame are named so that they can be attributes of it."""
    head = reference["_tables.Table.head"]

    def renamed(table: Any, *given: Any, **named: Any) -> Any:
        frame = head(table, *given, **named)
        return frame.rename(columns=lambda name: "".join(c if c.isalnum() else "_" for c in name))

    reference["_tables.Table.head"] = renamed

"""LIVE: every documented data type; names that a path cannot hold as they are."""

from __future__ import annotations

from typing import Any

from connect_contracts.chapters.builder import (
    AS_ADMIN,
    add,
    as_admin,
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
from connect_contracts.chapters.live.chapter import CHAPTER, ONLY_6_2, owned, shown
from connect_contracts.checks.expectation import Gives, GivesRows, Raises, Returns
from connect_contracts.model.clause import Depth, Level
from connect_contracts.model.scenario import Row, TableSpec, Use

LIVE_7 = CHAPTER.clause(
    7,
    "rows of every data type but Object (observe), non-ASCII text, empty text, extremes "
    "(infinity and NaN: observe, for no page speaks of them and JSON has none); duplicate rows "
    "kept without keys, replaced with keys (documented); a row of the wrong width or type is "
    "refused and nothing is stored (implied); read values are compared by value, in whatever "
    "Python or pandas type compares equal",
    "documentation of tables and data types",
    Level.DOCUMENTED,
)


def _typed(data_type: str, *values: Any) -> Story:
    """Rows of one data type, each with a text that names it, added and read back."""
    types = ("String", data_type)
    rows = tuple((f"row {number}", value) for number, value in enumerate(values))
    spec = TableSpec("Example", (("Id", "String"), ("Value", data_type)))
    return as_admin(
        must(add(*rows), Returns()),
        must(owner_rows(), owned(*rows, types=types)),
        must(head(n=len(rows)), shown(*rows, columns=("Id", "Value"), types=types)),
        target=secure(tables=(spec,)),
    )


@CHAPTER.case(LIVE_7, depth=Depth.CORE)
def strings() -> Story:
    """Text: empty, beyond ASCII, beyond the basic plane, quotes, line ends, long."""
    return _typed("String", "", "été", "日本語", "🦊", "\"'\\", "two\nlines", "x" * 5000)


@CHAPTER.case(LIVE_7)
def booleans() -> Story:
    """``boolean``: both of them."""
    return _typed("boolean", True, False)


@CHAPTER.case(LIVE_7)
def ints() -> Story:
    """``int``: zero, and the extremes of 32 bits."""
    return _typed("int", 0, 1, -(2**31), 2**31 - 1)


@CHAPTER.case(LIVE_7)
def longs() -> Story:
    """``long``: beyond what a double holds exactly, and the extremes of 64 bits."""
    return _typed("long", 0, 2**53 + 1, -(2**63), 2**63 - 1)


@CHAPTER.case(LIVE_7)
def floats() -> Story:
    """``float``: values that 32 bits hold exactly."""
    return _typed("float", 0.0, 1.5, -2.25, 1e30)


@CHAPTER.case(LIVE_7)
def doubles() -> Story:
    """``double``: zero, a third, the largest, and the smallest."""
    return _typed("double", 0.0, 1 / 3, 1.7976931348623157e308, 5e-324)


def _not_finite(data_type: str) -> Story:
    spec = TableSpec("Example", (("Id", "String"), ("Value", data_type)))
    rows = [add((value, value)) for value in ("Infinity", "-Infinity", "NaN")]
    return as_admin(*rows, owner_rows(), head(), target=secure(tables=(spec,)))


CHAPTER.table(
    LIVE_7,
    _not_finite,
    row("floats-that-are-not-finite", "``float``: both infinities, and NaN.", "float"),
    row("doubles-that-are-not-finite", "``double``: both infinities, and NaN.", "double"),
    level=Level.OBSERVE,
)


@CHAPTER.case(LIVE_7)
def arrays() -> Story:
    """``double[]``: one element, several."""
    return _typed("double[]", [0.5], [1.0, -2.5, 1e300])


@CHAPTER.case(LIVE_7)
def float_arrays() -> Story:
    """``float[]``: one element, several."""
    return _typed("float[]", [0.5], [1.0, -2.5, 4096.0])


@CHAPTER.case(LIVE_7)
def int_arrays() -> Story:
    """``int[]``: one element, several."""
    return _typed("int[]", [0], [1, -(2**31), 2**31 - 1])


@CHAPTER.case(LIVE_7)
def long_arrays() -> Story:
    """``long[]``: one element, several, beyond what a double holds exactly."""
    return _typed("long[]", [0], [2**53 + 1, -(2**63), 2**63 - 1])


@CHAPTER.case(LIVE_7)
def dates() -> Story:
    """``LocalDate``: a leap day, and days long past."""
    return _typed("LocalDate", "2024-02-29", "1970-01-01", "1900-01-01")


@CHAPTER.case(LIVE_7)
def dates_and_times() -> Story:
    """``LocalDateTime``: midnight, and a fraction of a second."""
    return _typed("LocalDateTime", "2024-02-29T00:00:00", "2024-02-29T23:59:59.123000")


@CHAPTER.case(LIVE_7)
def times() -> Story:
    """``LocalTime``: midnight, the last second, and a fraction of one."""
    return _typed("LocalTime", "00:00:00", "23:59:59", "12:34:56.789000")


@CHAPTER.case(LIVE_7)
def moments_with_a_zone() -> Story:
    """``ZonedDateTime``: in UTC, and elsewhere."""
    return _typed("ZonedDateTime", "2024-02-29T12:00:00+00:00", "2024-02-29T12:00:00+05:30")


@CHAPTER.case(LIVE_7, level=Level.OBSERVE)
def objects() -> Story:
    """``Object``: a text."""
    spec = TableSpec("Example", (("Id", "String"), ("Value", "Object")))
    return as_admin(add(("row", "text")), head(), target=secure(tables=(spec,)))


@CHAPTER.case(LIVE_7)
def duplicates_without_keys() -> Story:
    """The same row twice, in a table without keys: both are there."""
    return as_admin(
        must(add(("foo",), ("foo",)), Returns()),
        must(owner_rows(), owned(("foo",), ("foo",))),
        must(head(), shown(("foo",), ("foo",))),
    )


@CHAPTER.case(LIVE_7)
def duplicates_with_keys() -> Story:
    """Two rows with the same key: the later one is there."""
    spec = TableSpec("Example", (("City", "String"), ("Count", "int")), ("City",))
    types = ("String", "int")
    return as_admin(
        must(add(("Paris", 1), ("Paris", 2)), Returns()),
        must(owner_rows(), owned(("Paris", 2), types=types)),
        must(head(), GivesRows(("Count",), types, (("Paris", 2),), index=("City",))),
        target=secure(tables=(spec,)),
    )


ONE_OF_EACH = (
    *(("A", "String", "text"), ("B", "boolean", True), ("C", "int", 1), ("D", "long", 2**53 + 1)),
    *(("E", "float", 0.5), ("F", "double", 1 / 3), ("G", "LocalDate", "2024-02-29")),
    *(("H", "LocalDateTime", "2024-02-29T12:30:00"), ("I", "LocalTime", "12:30:00")),
    *(("J", "ZonedDateTime", "2024-02-29T12:00:00+05:30"), ("K", "int[]", [1, 2])),
    *(("L", "long[]", [2**53 + 1]), ("M", "float[]", [0.5]), ("N", "double[]", [1 / 3, 2.0])),
)


@CHAPTER.case(LIVE_7, profiles=ONLY_6_2)
def a_table_of_every_type_created() -> Story:
    """A table with a column of each type is created, like another target's, and takes a row."""
    names, types, values = zip(*ONE_OF_EACH, strict=True)
    spec = TableSpec("New", tuple(zip(names, types, strict=True)))
    return story(
        (secure(), secure(name="other", tables=(spec,))),
        connect(AS_ADMIN),
        must(Use("create table", "New"), Returns()),
        must(add(values, table="New"), Returns()),
        must(head("New"), shown(values, columns=names, types=types)),
    )


def _refused_row(row: Row) -> Story:
    spec = TableSpec("Example", (("City", "String"), ("Count", "int")), rows=(("Paris", 1),))
    target = secure(tables=(spec,))
    return as_admin(
        must(add(row), Raises()),
        must(owner_rows(), owned(("Paris", 1), types=("String", "int"))),
        target=target,
        twin=as_admin(add(("Rome", 2)), owner_rows(), target=target),
    )


CHAPTER.table(
    LIVE_7,
    _refused_row,
    row("too-narrow-a-row", "A row with a value too few.", ("Rome",)),
    row("too-wide-a-row", "A row with a value too many.", ("Rome", 2, "more")),
    row("a-value-of-another-type", "A row with a text where an ``int`` belongs.", ("Rome", "two")),
    level=Level.IMPLIED,
)


LIVE_14 = CHAPTER.clause(
    14,
    "table and column names with /, spaces, quotes and non-ASCII letters",
    "RFC 3986 2.1",
    Level.IMPLIED,
)


def _listed_read_and_written(name: str) -> Story:
    return as_admin(
        must(list_tables(), Gives([name])),
        must(head(name), shown(("before",))),
        must(add(("added",), table=name), Returns()),
        must(owner_rows(name), owned(("before",), ("added",))),
        target=secure(tables=(table(name, ("before",)),)),
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
    return as_admin(
        must(head(), shown(before, columns=names)),
        must(add(added), Returns()),
        must(owner_rows(), owned(before, added, types=("String",) * len(names))),
        target=secure(tables=(special,)),
    )

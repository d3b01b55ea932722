"""LIVE: values and rows that are not what was added."""

from __future__ import annotations

from typing import Any

from connect_contracts.selftest.reference_copy import ReferenceCopy
from connect_contracts.selftest.registry import broken


def _sending(reference: ReferenceCopy, change: Any) -> None:
    """Have each value changed on its way to the target."""
    wire = reference["_values._wire"]
    reference["_values._wire"] = lambda value: change(wire(value))


@broken(fails=("LIVE-7[strings]",))
def takes_empty_text_for_nothing(reference: ReferenceCopy) -> None:
    """An empty text is sent as a missing value."""
    _sending(reference, lambda value: None if value == "" else value)


@broken(fails=("LIVE-7[longs]", "LIVE-7[long-arrays]"))
def sends_longs_as_doubles(reference: ReferenceCopy) -> None:
    """A whole number goes through a double."""

    def rounded(value: Any) -> Any:
        whole = isinstance(value, int) and not isinstance(value, bool)
        return int(float(value)) if whole else value

    _sending(reference, rounded)


@broken(fails=("LIVE-7[doubles]",))
def sends_seven_digits(reference: ReferenceCopy) -> None:
    """Floats are sent with the seven digits that single precision has."""
    _sending(reference, lambda value: float(f"{value:.7g}") if isinstance(value, float) else value)


@broken(fails=("LIVE-7[dates-and-times]", "LIVE-7[times]"))
def cuts_fractions_of_seconds(reference: ReferenceCopy) -> None:
    """Times are sent in whole seconds."""

    def whole(value: Any) -> Any:
        is_time = isinstance(value, str) and ":" in (value[2:3], value[13:14])
        return value.partition(".")[0] if is_time else value

    _sending(reference, whole)


@broken(fails=("LIVE-7[moments-with-a-zone]",))
def forgets_the_zone(reference: ReferenceCopy) -> None:
    """What is read in a time zone is shown without one."""
    zoned = reference["_frames._zoned"]
    reads = reference["_frames._READ"]
    reference["_frames._READ"] = {
        **reads,
        "ZonedDateTime": lambda text: zoned(text).replace(tzinfo=None),
    }


@broken(
    fails=("LIVE-7[arrays]", "LIVE-7[float-arrays]", "LIVE-7[int-arrays]", "LIVE-7[long-arrays]")
)
def shows_arrays_as_text(reference: ReferenceCopy) -> None:
    """Arrays are shown as text."""
    reference["_frames._each"] = lambda _read: str


@broken(fails=("LIVE-7[duplicates-without-keys]",))
def adds_a_row_once(reference: ReferenceCopy) -> None:
    """A row that is there already is not added again."""
    wire_row = reference["_values.wire_row"]

    @reference.around("_tables.Table.append")
    def once(append: Any, table: Any, *rows: Any) -> None:
        columns = table._columns()
        there = table._rows(columns, 1000)
        append(table, *[row for row in rows if wire_row(row, tuple(columns)) not in there])


@broken(fails=("LIVE-7[duplicates-with-keys]",))
def keeps_the_first_of_a_key(reference: ReferenceCopy) -> None:
    """A row whose keys are there already is not added."""

    @reference.around("_tables.Table.append")
    def first(append: Any, table: Any, *rows: Any) -> None:
        columns, keys = table._schema()
        at = [list(columns).index(key) for key in keys]
        there = [[row[place] for place in at] for row in table._rows(columns, 1000)]
        append(table, *[row for row in rows if not at or [row[i] for i in at] not in there])


@broken(
    fails=(
        *("LIVE-7[too-narrow-a-row]", "LIVE-7[too-wide-a-row]"),
        "LIVE-7[a-value-of-another-type]",
    ),
    because="a case of AUTH-12 demands the refusal of a row",
)
def does_not_mind_a_refused_row(reference: ReferenceCopy) -> None:
    """A row that does not fit, and that the target refuses, is passed over."""

    @reference.around("_transport.Answer.successful")
    def lenient(successful: Any, answer: Any) -> Any:
        return answer if answer.status == 400 else successful(answer)


@broken(fails=("LIVE-7[booleans]",))
def shows_booleans_as_text(reference: ReferenceCopy) -> None:
    """Booleans are shown as text."""
    reference["_frames._READ"] = {**reference["_frames._READ"], "boolean": str}
    reference["_frames._DTYPES"] = {**reference["_frames._DTYPES"], "boolean": "object"}


@broken(fails=("LIVE-7[ints]", "LIVE-7[int-arrays]"))
def knows_no_negative_ints(reference: ReferenceCopy) -> None:
    """An ``int`` is shown without its sign, in an array too."""
    reference["_frames._READ"] = {**reference["_frames._READ"], "int": abs}


@broken(fails=("LIVE-7[dates]",))
def knows_no_days_before_1970(reference: ReferenceCopy) -> None:
    """A day before 1970 is sent as a missing value."""

    def young(value: Any) -> Any:
        is_day = isinstance(value, str) and len(value) == 10 and value[4] == "-"
        return None if is_day and value < "1970" else value

    _sending(reference, young)

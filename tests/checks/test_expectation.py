"""Outcomes and alternatives, held against results that are written by hand."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from connect_contracts.checks.expectation import (
    Alternative,
    Expectation,
    Finding,
    FindingKind,
    Gives,
    GivesRows,
    GivesSession,
    Outcome,
    Passed,
    Raises,
    Returns,
    check,
)
from connect_contracts.checks.wire_checks import (
    FaultFired,
    NoChange,
    NoHttpByte,
    NothingArrived,
    RefusedWith,
)
from connect_contracts.model.evidence import CLIENT_ERROR_ALONE, Evidence, Strength
from connect_contracts.model.observation import Result

Written = Any


def result(how: str = "returned", **more: Any) -> Result:
    fields = {"place": (0,), "who": "session", "what": "head", "how": how, **more}
    return msgspec.convert(fields, Result)


def raised(kind: str = "builtins.KeyError", text: str = "no", *chain: tuple[str, str]) -> Result:
    names = (kind.rpartition(".")[2], "Exception")
    exception = {"type": kind, "names": names, "text": text, "chain": chain}
    return result("raised", raised=exception)


NO = "raised builtins.KeyError: no"
SESSION = {"type": "some.Session", "is session": True}
HUNG = "had not ended at its limit"


@pytest.mark.parametrize(
    ("outcome", "given", "why"),
    [
        (Returns(), result(value=5), None),
        (Returns(), raised(), NO),
        (Returns(), result("hung"), HUNG),
        (Gives(["a"]), result(value=["a"]), None),
        (Gives(("a",)), result(value=["a"]), None),
        (Gives(["a"]), result(value=("a",)), None),
        (Gives(["a", "b"]), result(value=["b", "a"]), "returned ['b', 'a']"),
        (Gives(None), result(), None),
        (Gives(None), result(value=[]), "returned []"),
        (Gives(None), raised(), NO),
        (GivesSession(), result(value=SESSION), None),
        (GivesSession(), result(value="no session at all"), None),
        (GivesSession(), result(value={**SESSION, "is session": False}), "returned a some.Session"),
        (GivesSession(), raised(), NO),
        (Raises(), result("raised"), "raised None"),
        (Raises(), result(value=5), "returned 5"),
        (Raises(), result("hung"), HUNG),
    ],
)
def test_an_outcome(outcome: Outcome, given: Result, why: str | None) -> None:
    assert outcome.mismatch(given) == why


@pytest.mark.parametrize(
    ("given", "part"),
    [
        (result(value={"is session": None}), "Session"),
        (result(value="no session at all"), "Session"),
        (result(value={"is session": False}), None),
        (raised(), None),
    ],
)
def test_an_implementation_without_a_documented_class(given: Result, part: str | None) -> None:
    assert GivesSession().part_missing(given) == part


# Rows.

ROWS = GivesRows(("Id", "Count"), ("String", "int"), (("a", 1), ("b", 2), ("a", 1)))
INDEXED = GivesRows(("Count",), ("String", "int"), (("a", 1), ("b", 2)), ("Id",))


OWNED = msgspec.structs.replace(ROWS, of_owner=True)
A_FRAME = "returned a frame"


def frame(*rows: tuple[Any, ...], **more: Any) -> Result:
    fields = {
        "columns": ("Id", "Count"),
        "index": (None,),
        "labels": tuple((number,) for number in range(len(rows))),
        "rows": rows,
        **more,
    }
    return result(frame=fields)


def indexed(*rows: tuple[Any, ...], **more: Any) -> Result:
    labels, values = tuple(row[:1] for row in rows), tuple(row[1:] for row in rows)
    return frame(*values, **{"columns": ("Count",), "index": ("Id",), "labels": labels, **more})


@pytest.mark.parametrize(
    ("rows", "given", "seen"),
    [
        (ROWS, frame(("b", 2), ("a", 1), ("a", 1)), None),
        (INDEXED, indexed(("b", 2), ("a", 1)), None),
        (ROWS, frame(("b", 2), ("a", 1)), "returned 2 rows: [('b', 2), ('a', 1)]"),
        (ROWS, frame(("b", 2), ("a", 1), ("a",)), "returned the rows [('b', 2), ('a', 1), ('a',)]"),
        (ROWS, frame(("b", "2")), "returned the rows [('b', '2')]"),
        (ROWS, frame(), "returned 0 rows: []"),
        (ROWS, frame(columns=("Count", "Id")), f"{A_FRAME} with the columns ['Count', 'Id']"),
        (ROWS, frame(index=("Id",)), f"{A_FRAME} indexed by ['Id']"),
        (ROWS, frame(*ROWS.rows[:2], labels=((1,), (2,))), f"{A_FRAME} with the index [1, 2]"),
        (INDEXED, indexed(("a", 1), ("b", 2), index=(None,)), f"{A_FRAME} indexed by [None]"),
        (ROWS, result(value=5), "returned 5"),
        (ROWS, raised(), NO),
        (OWNED, result(value=[["b", 2], ["a", 1], ["a", 1]]), None),
        (OWNED, result(value=[["b", 2]]), "returned 1 rows: [('b', 2)]"),
        (OWNED, result(), "returned 0 rows: []"),
        (OWNED, raised(), NO),
        (GivesRows(("Id",), ("String",), (), of_owner=True), result(), None),
    ],
)
def test_rows(rows: GivesRows, given: Result, seen: str | None) -> None:
    assert rows.mismatch(given) == seen


@pytest.mark.parametrize(
    ("at_most", "number", "holds"),
    [(1, 1, True), (1, 2, False), (2, 1, False), (5, 2, True), (5, 1, False), (0, 0, True)],
)
def test_some_of_the_rows(at_most: int, number: int, holds: bool) -> None:
    some = msgspec.structs.replace(INDEXED, at_most=at_most)
    given = indexed(*(("b", 2), ("a", 1))[:number])
    assert (some.mismatch(given) is None) == holds


def test_rows_are_described_with_what_is_special_about_them() -> None:
    some = msgspec.structs.replace(INDEXED, at_most=1, index=("Id", "Day"))
    assert "at most 1 of" in some.describe()
    assert "indexed by Id, Day" in some.describe()
    assert "('a', 1)" in some.describe()
    assert "of Id, Count" in ROWS.describe()
    assert "at most" not in ROWS.describe()
    assert "indexed" not in ROWS.describe()
    assert OWNED.describe() == "the owner has the rows [('a', 1), ('b', 2), ('a', 1)]"


# Exceptions.


KEY_ERROR = "raised a.b.KeyError: no access"


@pytest.mark.parametrize(
    ("outcome", "seen"),
    [
        (Raises(), None),
        (Raises("KeyError"), None),
        (Raises("Exception"), None),
        (Raises(text="no ac"), None),
        (Raises(within="KeyError"), None),
        (Raises(within="SSLError"), None),
        (Raises("ValueError"), KEY_ERROR),
        (Raises("a.b.KeyError"), KEY_ERROR),
        (Raises(text="access"), KEY_ERROR),
        (Raises(within="OSError"), f"{KEY_ERROR}, without OSError in its chain"),
    ],
)
def test_an_exception(outcome: Raises, seen: str | None) -> None:
    given = raised("a.b.KeyError", "no access", ("c.d.SSLError", "why"))
    assert outcome.mismatch(given) == seen


def test_an_exception_is_described_with_what_is_special_about_it() -> None:
    assert Raises().describe() == "it raises"
    whole = Raises("KeyError", "no", "OSError").describe()
    assert whole == "it raises KeyError (no ...), with OSError in its chain"


# Alternatives.

REFUSED = Alternative(Raises(), (NoHttpByte(),))


def met(text: str) -> Passed:
    return Passed(Evidence(Strength.TARGET, text))


def of(*alternatives: Alternative) -> Expectation:
    return Expectation(0, alternatives)


def test_the_first_of_the_strongest_evidence_is_given(written: Written) -> None:
    written.accepted().request().answer(401, fault="a fault")
    view = written.end("raised", raised=raised().raised).view()
    both = (FaultFired(), RefusedWith(401), NoChange())
    assert check(of(Alternative(Raises(), both)), view) == met("the target gave the wrong answer")
    assert check(of(Alternative(Raises(), both[1:])), view) == met("the target answered 401")
    assert check(of(Alternative(Raises())), view) == Passed(CLIENT_ERROR_ALONE)


def test_the_first_alternative_that_holds(written: Written) -> None:
    view = written.end("raised", raised=raised().raised).view()
    unsent = Alternative(Raises(), (NothingArrived(),))
    found = check(of(Alternative(Returns()), REFUSED, unsent), view)
    assert found == met("the target saw no connection")


def test_a_violation_lists_all_that_is_wrong(written: Written) -> None:
    view = written.accepted().request().closed(count=9).end(value=5).view()
    two = Alternative(Raises(), (NothingArrived(), NoHttpByte()))
    assert check(of(two), view) == Finding(
        FindingKind.VIOLATION,
        two.describe(),
        "it returned 5; 1 connection reached the target; "
        "HTTP reached the target: GET /versions/rest",
        (
            "it returned 5",
            "1 connection reached the target",
            "HTTP reached the target: GET /versions/rest",
        ),
    )


def test_what_is_wrong_with_an_outcome_is_seen(written: Written) -> None:
    view = written.end("raised", raised=raised().raised).view()
    found = check(of(Alternative(Raises(within="OSError"))), view)
    assert isinstance(found, Finding)
    assert found.seen.endswith("without OSError in its chain")


def test_of_several_violations_each_is_given_once(written: Written) -> None:
    view = written.accepted().request().closed(count=9).end(value=5).view()
    several = of(REFUSED, Alternative(Raises("KeyError"), (NothingArrived(),)))
    found = check(several, view)
    assert isinstance(found, Finding)
    assert found.expected == several.describe()
    assert found.seen == (
        "it returned 5; HTTP reached the target: GET /versions/rest; "
        "1 connection reached the target"
    )


def test_the_right_end_does_not_excuse_what_was_sent(written: Written) -> None:
    view = written.accepted().request().end("raised", raised=raised().raised).view()
    found = check(of(Alternative(Raises(), (NothingArrived(),))), view)
    assert isinstance(found, Finding)
    assert found.kind is FindingKind.VIOLATION
    assert found.seen == "it raised builtins.KeyError: no; 1 connection reached the target"


def test_missing_evidence_is_no_violation(written: Written) -> None:
    view = written.end("raised", raised=raised().raised).view()
    found = check(of(Alternative(Returns()), REFUSED), view)
    assert found == Finding(
        FindingKind.EVIDENCE, REFUSED.describe(), "no connection reached the target"
    )


def test_a_missing_part_is_no_violation(written: Written) -> None:
    view = written.accepted().end(value={"is session": None}).view()
    session = Alternative(GivesSession(), (NothingArrived(),))
    found = check(of(session), view)
    assert found == Finding(
        FindingKind.PART, session.describe(), "the implementation has no Session", part="Session"
    )


def test_alternatives_are_described_apart() -> None:
    described = of(REFUSED, Alternative(Returns())).describe()
    assert described == f"{REFUSED.describe()}, or it returns"
    assert REFUSED.describe() == "it raises; not one HTTP byte reaches the target"

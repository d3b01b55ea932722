"""A case that is wrong in several steps has the causes of all, each finding its own."""

from __future__ import annotations

import pytest

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
)
from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.checks.expectation import Gives, GivesRows, GivesSession, Returns
from connect_contracts.execution.loading import load
from connect_contracts.judging.expected_failures import ExpectedFailure, expected
from connect_contracts.judging.verify import verify
from connect_contracts.model.clause import Profile
from connect_contracts.model.verdict import Verdict
from hand_written_cases import case_of, judge, result, seen

CASE = case_of(
    story(
        secure(),
        must(connect(AS_ADMIN), GivesSession()),
        must(list_tables(), Gives(["Example"])),
        must(list_tables(), Returns()),
    )
)
NO_SESSION = result(0, value={"is session": False, "type": "int"})
EMPTY, RAISED = (
    result(index, how, what="list tables", value=[])
    for index, how in ((1, "returned"), (2, "raised"))
)
KEYS = (
    "X-1, connect | another GivesSession",
    "X-1, list tables | another Gives",
    "list tables raised ValueError (list tables returns)",
)


def test_each_step_that_is_wrong_has_its_cause() -> None:
    judged = judge(CASE, seen(CASE, NO_SESSION, EMPTY, RAISED))
    assert tuple(cause.key for cause in judged.causes) == KEYS
    assert judged.of_findings == tuple((key,) for key in KEYS)
    assert len(judged.findings) == 3


def test_it_is_known_when_all_are() -> None:
    judged = judge(CASE, seen(CASE, NO_SESSION, EMPTY, RAISED))
    entries = {key: ExpectedFailure(reason="why", cause=key) for key in KEYS}
    assert expected(judged, None, entries).verdict is Verdict.KNOWN
    del entries[KEYS[2]]
    assert expected(judged, None, entries).verdict is Verdict.FAILED


@pytest.mark.parametrize("name", ["CA-20[of-another-authority]", "CLEAN-4[one-of-them-refused]"])
def test_what_is_wrong_twice_in_one_way_is_one_cause(name: str) -> None:
    """A second listing on the connection of the first one; a call beside others, after it alone."""
    unsound = load("connect_contracts.selftest.ca:verifies_nothing.v0_9_1")
    judgement = verify(catalogue().cases[name], unsound, Profile.V0_9_1).judgement
    assert [cause.key for cause in judgement.causes] == ["NoHttpByte | violated"]
    assert len(judgement.findings) > 1


@pytest.mark.parametrize("demanded", [True, False], ids=["demanded", "only-sets-up"])
def test_what_is_not_there_to_be_read_has_the_cause_of_the_change_that_raised(
    demanded: bool,
) -> None:
    adds = add(("foo",))
    change = must(adds, Returns()) if demanded else adds
    other = must(owner_rows("Other"), Gives([["bar"]]))
    of = case_of(story(secure(), connect(AS_ADMIN), change, must(head(), Gives([["foo"]])), other))
    ends = [result(0, value={"is session": True, "type": "Session"})]
    ends += [result(1, "raised", what="add")]
    ends += [result(index, what=what, value=[]) for index, what in ((2, "head"), (3, "rows"))]
    judged = judge(of, seen(of, *ends))
    assert [cause.key for cause in judged.causes] == [
        "add raised ValueError (add returns)",
        "X-1, rows | another Gives",
    ]


def test_what_no_session_could_add_has_the_cause_of_its_connect() -> None:
    added = must(owner_rows(), GivesRows(("Id",), ("String",), (("foo",),), of_owner=True))
    of = case_of(story(secure(), must(connect(AS_ADMIN), Returns()), add(("foo",)), added))
    judged = judge(of, seen(of, result(0, "raised"), result(2, what="rows", value=[])))
    assert [cause.key for cause in judged.causes] == ["connect raised ValueError (connect returns)"]
    assert len(judged.findings) == 2

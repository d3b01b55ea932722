"""Each wrapper is noticed by its clause; what is not noticed, or says nothing, is told apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from connect_contracts.execution.implementation import Implementation, PartNotFound
from connect_contracts.execution.loading import load
from connect_contracts.judging.judgement import Judgement
from connect_contracts.model.clause import Profile
from connect_contracts.model.verdict import Verdict
from connect_contracts.selftest.wrapped_proof import Tried, WrapperProved, prove_wrapper
from connect_contracts.selftest.wrapping import Wrapper, by_name, every_wrapper, wrapper

WRAPPERS = every_wrapper()
REFERENCES = {
    Profile.V0_9_1: "connect_contracts.reference.v0_9_1",
    Profile.V6_2: "connect_contracts.reference.v6_2",
}
IN_EVERY_RUN = ("gives_no_credentials", "tells_the_password_in_its_exception", "adds_a_row_twice")

EACH = [
    pytest.param(
        name,
        profile,
        marks=() if name in IN_EVERY_RUN else pytest.mark.matrix,
        id=f"{name}-{profile}",
    )
    for name, each in WRAPPERS.items()
    for profile in REFERENCES
    if each.cases(profile)
]


@pytest.mark.parametrize(("name", "profile"), EACH)
def test_each_is_noticed_by_each_of_its_clauses(name: str, profile: Profile) -> None:
    proved = prove_wrapper(WRAPPERS[name], load(REFERENCES[profile]), profile)
    assert [tried.id for tried in proved.tried if not tried.noticed] == []
    assert proved.noticed


def test_each_has_cases_in_some_profile() -> None:
    assert len(WRAPPERS) >= 20
    for each in WRAPPERS.values():
        found = [cases for profile in Profile for cases in each.cases(profile).values()]
        assert {name.rpartition(":")[2] for name in each.notices} == {
            name for profile in Profile for name in each.cases(profile)
        }, each.name
        assert all(found), each.name


def test_a_fresh_interpreter_finds_it_by_its_name() -> None:
    reference = REFERENCES[Profile.V0_9_1]
    wrapped = load(by_name("adds_nothing", reference))
    assert wrapped.reference == by_name("adds_nothing", reference)
    assert wrapped.add("no table", ("row",)) is None  # type: ignore[func-returns-value]
    import connect_contracts.selftest.wrapping as module

    for unknown in ("__path__", "adds_nothing", "no_such_wrapper__00"):
        with pytest.raises(AttributeError, match=unknown):
            getattr(module, unknown)


def test_what_is_given_stays_as_it_is() -> None:
    implementation = load(REFERENCES[Profile.V0_9_1])
    before = dict(vars(implementation))
    for each in WRAPPERS.values():
        assert each.around(implementation) is not implementation
    assert vars(implementation) == before


def test_a_wrapper_has_a_name_of_its_own_and_a_sentence() -> None:
    with pytest.raises(ValueError, match="adds_nothing is there twice"):
        wrapper(notices=())(WRAPPERS["adds_nothing"].change)

    def says_nothing(_calls: Any) -> None:
        pass

    with pytest.raises(ValueError, match="has no docstring"):
        wrapper(notices=())(says_nothing)


# What is told apart.


def proved(of: Wrapper, connect: Callable[..., Any] | None = None, **parts: Any) -> WrapperProved:
    """``of`` around the reference, or around ``connect`` in its place, with other ``parts``."""
    found = load(REFERENCES[Profile.V0_9_1])
    if connect is not None:
        found = Implementation(connect, module=found.module, reference="client")
    vars(found).update(parts)
    return prove_wrapper(of, found, Profile.V0_9_1)


def test_a_judge_that_sees_nothing_does_not_notice_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "connect_contracts.judging.verify.judge", lambda *_: Judgement(Verdict.PASSED)
    )
    found = proved(WRAPPERS["adds_nothing"])
    assert found.tested
    assert not found.noticed
    assert {"LIVE-2[seen-by-head]", "LIVE-2[seen-by-the-owner]"} <= set(found.tried[0].verdicts)


def test_a_failure_that_no_exit_status_tells_of_is_not_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert proved(WRAPPERS["gives_no_credentials"]).noticed
    monkeypatch.setattr("connect_contracts.selftest.wrapped_proof.exit_status", lambda _: 0)
    assert not proved(WRAPPERS["gives_no_credentials"]).noticed


def test_another_clause_is_not_the_right_one() -> None:
    """A secret in an exception is a failure of AUTH-12, whatever the case is about."""
    telling = replace(
        WRAPPERS["tells_the_password_in_its_exception"], notices=("AUTH-4[wrong-password]",)
    )
    found = proved(telling)
    assert (found.noticed, found.tried[0].elsewhere) == (False, ("AUTH-12",))


def test_what_the_implementation_fails_itself_proves_nothing() -> None:
    def raising(*_: Any, **__: Any) -> Any:
        raise RuntimeError("not today")

    (tried,) = proved(WRAPPERS["always_raises"], raising).tried
    assert tried == Tried("SIG-1", aside={"SIG-1[by-position]": "failed"})


def test_a_part_that_is_missing_is_not_testable_and_never_noticed() -> None:
    def no_tables(_session: Any) -> list[str]:
        raise PartNotFound("Session.tables")

    found = proved(WRAPPERS["lists_no_tables"], list_tables=no_tables)
    assert (found.tested, found.noticed) == (False, False)
    said = found.tried[0].untestable
    assert "Session.tables" in said["LIVE-1[names-of-the-tables]"]
    # Taking one table does not list them.
    assert said["LIVE-1[one-table]"] == "what is wrong is not called"
    # Without tables connect can still be judged, and nothing can be made wrong with them.
    found = proved(WRAPPERS["adds_a_row_when_it_connects"], list_tables=no_tables)
    assert (found.tested, found.noticed) == (False, False)
    assert found.tried[0].aside == {}


def test_what_stands_in_for_a_part_that_is_missing_is_not_wrong() -> None:
    def no_class(_token: str, _token_type: str | None) -> Any:
        raise PartNotFound("TokenAuthentication")

    found = proved(WRAPPERS["forgets_the_type_of_a_token"], token=no_class)
    untestable = {"AUTH-9[a-type-of-its-own]": "what is wrong is not called"}
    assert (found.tested, found.tried[0].untestable) == (False, untestable)


def test_the_next_case_of_a_clause_is_tried_where_one_says_nothing() -> None:
    """A client whose connections end with each answer has none that ``close()`` could leave."""
    closing, kept = WRAPPERS["closes_nothing"], load(REFERENCES[Profile.V0_9_1])
    first = closing.cases(Profile.V0_9_1)["KEEP-4"][0]
    assert first.id == "KEEP-4[connections-closed]"

    def ended(list_tables: Any, session: Any) -> Any:
        listed = list_tables(session)
        session._transport._client._transport.close()
        return listed

    vars(kept)["list_tables"] = partial(ended, kept.list_tables)
    found = prove_wrapper(closing, kept, Profile.V0_9_1)
    assert found.noticed
    assert found.tried[0].verdicts == {first.id: "passed", "KEEP-4[used-after-close]": "failed"}


def test_one_clause_that_does_not_notice_it_is_enough() -> None:
    noticed, missed = Tried("A", {"a": "failed"}, noticed=True), Tried("B", {"b": "passed"})
    untested = Tried("C", untestable={"c": "why"})
    assert WrapperProved("name", (noticed, untested)).noticed
    assert not WrapperProved("name", (noticed, missed)).noticed
    assert not WrapperProved("name", (untested,)).noticed
    assert not WrapperProved("name", ()).noticed

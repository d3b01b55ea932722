"""A new defect of a call needs a case, and the oracle must know it: a test fails by its name."""

from __future__ import annotations

import pytest

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.checks.expectation import Raises
from connect_contracts.execution.call_defects import CALL_DEFECTS, met_by
from connect_contracts.execution.call_defects.registry import call_defect
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import calls_of
from connect_contracts.oracle import oracle
from connect_contracts.oracle.caller import OTHER_CALLERS


@pytest.mark.parametrize("name", CALL_DEFECTS)
def test_a_case_has_the_defect_and_the_oracle_says_what_is_declared(name: str) -> None:
    defect = CALL_DEFECTS[name]
    found = [
        (case, place[0])
        for case in catalogue().cases.values()
        for place, call in calls_of(case.scenario)
        if call.defect == name
    ]
    assert found, f"no case has the defect {name!r}"
    clauses = {case.clause.id for case, _ in found}
    assert defect.clause is None or defect.clause in clauses, f"{name!r} is a case of {clauses}"
    case, index = found[0]
    expectations = oracle(case.scenario, Profile.V0_9_1)
    expected = next(expectation for expectation in expectations if expectation.step == index)
    raises = {isinstance(alternative.outcome, Raises) for alternative in expected.alternatives}
    assert raises == ({True} if defect.expectation == "refused" else {True, False})


def test_the_oracle_knows_who_calls_in_place_of_another() -> None:
    met = met_by("caller", "refused") + met_by("caller", "observe")
    assert set(met) == set(OTHER_CALLERS)


def test_a_name_is_given_once_and_its_texts_are_needed() -> None:
    with pytest.raises(ValueError, match="'no url' is there twice"):
        call_defect("no url", "without a URL")(CALL_DEFECTS["nothing listens"].apply)
    with pytest.raises(ValueError, match="'new' has no docstring"):
        call_defect("new", "with a new one")(lambda arguments, _: arguments)
    with pytest.raises(ValueError, match="'new' has no text of what is given"):
        call_defect("new", "")(CALL_DEFECTS["nothing listens"].apply)

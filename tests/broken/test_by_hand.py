"""The verifier that is written by hand leaves nothing out unless it is told to."""

from __future__ import annotations

import pytest

from connect_contracts.chapters.case import Case
from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.execution.implementation import Implementation
from connect_contracts.judging.verify import verify
from connect_contracts.model.clause import Depth, Profile
from connect_contracts.model.verdict import Verdict
from connect_contracts.selftest.ca_certificates import judging_by_hand
from connect_contracts.selftest.reference_copy import ReferenceCopy

CASES = [
    case
    for case in catalogue().select(["CA"], Depth.FULL)
    if case.scenario.isolation == "call" and case.recipe
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_with_all_its_checks_it_passes_every_recipe(case: Case) -> None:
    copy = ReferenceCopy(Profile.V0_9_1)
    judging_by_hand(copy)
    implementation = Implementation(copy.module.Session, module=copy.module)
    verdict = verify(case, implementation, Profile.V0_9_1).judgement.verdict
    assert verdict in (Verdict.PASSED, Verdict.OBSERVED)

"""The law of what was given, looked at in runs that are written by hand."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import pytest

from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import Basic, Call, Connect, Scenario, TargetSpec
from connect_contracts.search.laws.as_given import look

Written = Any

SCENARIO = Scenario((TargetSpec(),), (Connect(Call(authentication=Basic("zoë", "p"))),))


def basic(text: str, encoding: str = "utf-8") -> str:
    return "Basic " + base64.b64encode(text.encode(encoding)).decode()


@pytest.mark.parametrize(
    ("authorization", "clause"),
    [
        (basic("zoë:p"), None),
        (basic("zoë:p", "latin-1"), "AUTH-3"),
        ("Basic YQ", "AUTH-3"),
        ("Basic zo\xeb:p", "AUTH-3"),
    ],
)
def test_a_pair_arrives_as_it_was_given(
    written: Written, authorization: str, clause: str | None
) -> None:
    written.request(headers={"authorization": authorization}).end()
    observation = replace(written.view().observation, scenario=SCENARIO)
    found = next(iter(look(SCENARIO, observation, Profile.V6_2)), None)
    assert (found and found.signature.clause) == clause

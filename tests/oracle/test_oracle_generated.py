"""What generated scenarios taught the oracle."""

from __future__ import annotations

import pytest

from connect_contracts.checks.expectation import Alternative, Raises
from connect_contracts.checks.wire_checks import BelowBasePath, FirstRequest, FollowsLink
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import (
    AuthorityFile,
    Basic,
    Call,
    Connect,
    Own,
    Scenario,
    Step,
    TargetSpec,
    Use,
)
from connect_contracts.oracle import oracle
from connect_harness.certificates import Chain

ODD = TargetSpec(base_path="/a b")
PLAIN = TargetSpec("another")
HTTPS = TargetSpec(scheme="https")


def call(**special: object) -> Connect:
    return Connect(Call(authentication=Basic(), **special))  # type: ignore[arg-type]


def said(step: int, targets: tuple[TargetSpec, ...], *steps: Step) -> tuple[Alternative, ...]:
    found = {one.step: one for one in oracle(Scenario(targets, steps), Profile.V6_2)}
    return found[step].alternatives


def demands(alternatives: tuple[Alternative, ...]) -> set[type]:
    return {type(demand) for one in alternatives for demand in one.wire}


def test_requests_so_far_are_compared_where_every_base_path_is_written_one_way() -> None:
    both = demands(said(0, (ODD, PLAIN), call(target="another")))
    assert FirstRequest in both
    assert BelowBasePath not in both
    assert BelowBasePath in demands(said(0, (PLAIN,), call(target="another")))
    assert FirstRequest not in demands(said(0, (ODD,), call()))


@pytest.mark.parametrize(
    ("host", "demanded"), [("localhost", True), ("::1", True), ("target.example.test", False)]
)
def test_a_link_is_followed_where_its_host_is_known_to_lead_here(host: str, demanded: bool) -> None:
    found = demands(said(1, (TargetSpec(),), call(host=host), Use("follow link")))
    assert (FollowsLink in found) == demanded


def test_what_a_session_knows_of_itself_may_be_refused_behind_an_impostor() -> None:
    impostor = Own("replace certificate", chain=Chain(authority="impostor"))
    steps = (call(authority_file=AuthorityFile()), impostor, Use("user"))
    outcomes = [type(one.outcome) for one in said(2, (HTTPS,), *steps)]
    assert Raises in outcomes
    assert len(outcomes) == 2

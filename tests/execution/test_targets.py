"""Targets of a run: what they play, whether they still answer, and that none stays behind."""

from __future__ import annotations

import gc
import json
import urllib.request
from pathlib import Path

import msgspec
import pytest

import connect_harness.session
from connect_contracts.chapters.builder import secure
from connect_contracts.execution.call.resources import CallResources
from connect_contracts.execution.implementation import Implementation
from connect_contracts.execution.run import run
from connect_contracts.execution.targets import execute_own, start_target
from connect_contracts.model.actions import OwnerAction
from connect_contracts.model.clause import Profile
from connect_contracts.model.observation import Result
from connect_contracts.model.scenario import Own, Scenario, TableSpec, TargetSpec, User
from connect_harness import TargetSession
from connect_harness.certificates import default_authorities
from connect_harness.played import played_for
from connect_harness.releases import NEWEST
from connect_harness.server import Journal, ListenerStarted, ListenerStopped
from connect_harness.state import WrongTable


def implementation() -> Implementation:
    """One that is never called here."""
    return Implementation(lambda url: None)


def owned(step: Own, target: TargetSpec) -> Result:
    scenario = Scenario((target,), (step,))
    observation = run(scenario, implementation(), Profile.V6_2)
    assert observation.harness_error is None
    return observation.results[0]


def pinged(target: TargetSpec) -> Result:
    return owned(Own("ping"), target)


@pytest.mark.parametrize("action", ["rows", "add"])
def test_a_table_that_no_session_created_is_no_mistake_of_the_harness(action: OwnerAction) -> None:
    looked = owned(Own(action, table="absent", rows=(("foo",),)), TargetSpec())
    assert (looked.how, looked.raised and looked.raised.text) == (
        "raised",
        "the target has no table 'absent'",
    )


def test_a_user_whose_name_basic_cannot_carry_has_tokens_all_the_same() -> None:
    spec = secure(users=(User("ad:min", "a-secret-4711"),))
    journal, authorities = Journal(), default_authorities()
    with start_target(spec, journal, authorities, implementation(), Profile.V6_2) as target:
        assert target.issue_token("ad:min")
        assert "4711" not in journal.redaction()("a-secret-4711")


@pytest.mark.parametrize("base_path", ["", "/a b", "/d'\u00e9t\u00e9/50%"])
def test_it_reaches_a_target_below_any_base_path(base_path: str) -> None:
    assert pinged(TargetSpec(base_path=base_path)).value == 401


def test_a_target_that_requires_a_client_certificate_refuses_and_nothing_stays_open() -> None:
    refused = pinged(TargetSpec(scheme="https", client_certificate="required"))
    assert refused.how == "raised"
    # A socket that was left open is a warning when it is collected, and warnings are errors.
    gc.collect()


@pytest.mark.parametrize(
    ("declared", "profile", "played"),
    [
        (None, Profile.V0_9_1, "6.1.1"),
        (None, Profile.V6_2, NEWEST),
        ("6.1.20", Profile.V6_2, "6.1.20"),
        ("99.0.0", Profile.V6_2, "99.0.0"),
        ("6.1.99", Profile.V6_2, NEWEST),
        ("none", Profile.V0_9_1, "6.1.1"),
    ],
)
def test_what_targets_play(
    monkeypatch: pytest.MonkeyPatch, declared: str | None, profile: Profile, played: str
) -> None:
    monkeypatch.setattr(connect_harness.session, "default_release", lambda: played_for("0.9.16"))
    declaring = implementation()
    declaring.server_version = declared
    spec = TargetSpec(secure=False)
    with (
        start_target(spec, Journal(), default_authorities(), declaring, profile) as target,
        urllib.request.urlopen(f"{target.url}/versions/rest") as answer,
    ):
        assert json.load(answer)["serverVersion"] == played


def test_a_target_that_cannot_be_furnished_is_not_left_running() -> None:
    spec = msgspec.structs.replace(secure(), tables=(TableSpec(keys=("NoColumn",)),))
    journal = Journal()
    with pytest.raises(WrongTable):
        start_target(spec, journal, default_authorities(), implementation(), Profile.V0_9_1)
    assert len(journal.of(ListenerStarted)) == len(journal.of(ListenerStopped)) == 1


@pytest.mark.parametrize(
    "own",
    [Own("arm", fault="status 503"), Own("arm", "open", fault="redirected by 307", to="target")],
)
def test_nothing_is_armed_on_or_towards_a_target_that_a_client_shut_down(
    tmp_path: Path, own: Own
) -> None:
    journal = Journal()
    with TargetSession.start(name="open", journal=journal) as still_open:
        with TargetSession.start(journal=journal) as target:
            targets = {"target": target, "open": still_open}
            specs = {name: TargetSpec(name=name) for name in targets}
            resources = CallResources(tmp_path, default_authorities(), targets, specs)
        execute_own(own, resources, [])
    assert not any("armed" in line for line in journal.transcript())

"""The suite's targets play what the implementation declares, whatever client is installed."""

from __future__ import annotations

import json
import urllib.request

import pytest

import connect_harness.session
from connect_contracts.execution.implementation import Implementation
from connect_contracts.execution.targets import start_target
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import TargetSpec
from connect_harness import Journal
from connect_harness.certificates import default_authorities
from connect_harness.played import played_for


def connect(url: str) -> None:
    """Never called here."""


@pytest.mark.parametrize(
    ("declared", "profile", "played"),
    [
        (None, Profile.V0_9_1, "6.1.1"),
        (None, Profile.V6_2, "6.2.2"),
        ("6.1.20", Profile.V6_2, "6.1.20"),
        ("6.2.9", Profile.V6_2, "6.2.9"),
        ("6.1.99", Profile.V6_2, "6.2.2"),
        ("none", Profile.V0_9_1, "6.1.1"),
    ],
)
def test_what_targets_play(
    monkeypatch: pytest.MonkeyPatch, declared: str | None, profile: Profile, played: str
) -> None:
    monkeypatch.setattr(connect_harness.session, "default_release", lambda: played_for("0.9.16"))
    implementation = Implementation(connect)
    implementation.server_version = declared
    spec = TargetSpec(secure=False)
    with (
        start_target(spec, Journal(), default_authorities(), implementation, profile) as target,
        urllib.request.urlopen(f"{target.url}/versions/rest") as answer,
    ):
        assert json.load(answer)["serverVersion"] == played

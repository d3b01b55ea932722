"""Has one capsule of each of a few broken implementations."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def latin(tmp_path: Path) -> Path:
    """A capsule of who sends credentials in latin-1."""
    from connect_contracts.broken.auth import sends_latin_1
    from connect_contracts.capsules.capsule import capsule_of
    from connect_contracts.capsules.folder import write_capsule
    from connect_contracts.clauses import Profile
    from connect_contracts.properties import LAWS
    from connect_contracts.properties.examine import examine
    from connect_contracts.scenario import Basic, Call, Connect, Scenario, TargetSpec
    from connect_contracts.settings import under_test

    subject = under_test(sends_latin_1.implementation(Profile.V0_9_1), None)
    call = Call(authentication=Basic(password="geheimnisé"))
    examined = examine(Scenario((TargetSpec(),), (Connect(call),), limit=10.0), subject, LAWS)
    return write_capsule(tmp_path / "capsules", capsule_of(examined, examined.breaches[0], subject))

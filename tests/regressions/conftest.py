"""Has one capsule of each of a few broken implementations."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def latin(tmp_path: Path) -> Path:
    """A capsule of who sends credentials in latin-1."""
    from connect_contracts.judging.settings import under_test
    from connect_contracts.model.clause import Profile
    from connect_contracts.model.scenario import Basic, Call, Connect, Scenario, TargetSpec
    from connect_contracts.regressions.capsule import capsule_of
    from connect_contracts.regressions.folder import write_capsule
    from connect_contracts.search.laws.every_law import LAWS
    from connect_contracts.search.laws.examine import examine
    from connect_contracts.selftest.auth import sends_latin_1

    subject = under_test(sends_latin_1.implementation(Profile.V0_9_1), None)
    call = Call(authentication=Basic(password="geheimnisé"))
    examined = examine(Scenario((TargetSpec(),), (Connect(call),), limit=10.0), subject, LAWS)
    return write_capsule(tmp_path / "capsules", capsule_of(examined, examined.breaches[0], subject))

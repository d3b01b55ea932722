"""Has one capsule of a broken implementation."""

from __future__ import annotations

from pathlib import Path

import pytest

from connect_contracts.judging.settings import under_test
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import Basic, Call, Connect, Scenario, TargetSpec
from connect_contracts.regressions.capsule import capsule_of
from connect_contracts.regressions.folder import write_capsule
from connect_contracts.search.laws.every_law import LAWS
from connect_contracts.search.laws.examine import examine
from connect_contracts.selftest.auth import sends_latin_1


@pytest.fixture(scope="session")
def latin_capsule(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A capsule of an implementation that sends credentials in latin-1."""
    subject = under_test(sends_latin_1.implementation(Profile.V0_9_1), None)
    call = Call(authentication=Basic(password="geheimnisé"))
    examined = examine(Scenario((TargetSpec(),), (Connect(call),), limit=10.0), subject, LAWS)
    capsule = capsule_of(examined, examined.breaches[0], subject)
    return write_capsule(tmp_path_factory.mktemp("capsules"), capsule)


@pytest.fixture
def latin(latin_capsule: Path, tmp_path: Path) -> Path:
    """The same in a folder of the test's own."""
    path = tmp_path / "capsules" / latin_capsule.name
    path.parent.mkdir()
    path.write_bytes(latin_capsule.read_bytes())
    return path

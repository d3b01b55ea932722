"""A clause that is newer than what is pinned is reported, and fails nothing."""

from __future__ import annotations

import pytest
from msgspec import structs
from packaging.version import Version

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.execution.implementation import Implementation
from connect_contracts.judging.judgement import Judgement
from connect_contracts.judging.newer import unless_newer
from connect_contracts.judging.settings import BadSettings, Settings, UnderTest, read_settings
from connect_contracts.model.clause import Profile
from connect_contracts.model.verdict import Verdict

OLD = catalogue().clauses["CA-2"]
NEW = structs.replace(OLD, since="0.2.0")


@pytest.mark.parametrize(
    ("clause", "pinned", "verdict", "becomes"),
    [
        (NEW, "0.1.0", Verdict.FAILED, Verdict.OBSERVED),
        (NEW, "0.1.0", Verdict.HANG, Verdict.OBSERVED),
        (NEW, "0.1.0", Verdict.INCONCLUSIVE, Verdict.OBSERVED),
        (NEW, "0.1.0", Verdict.PASSED, Verdict.PASSED),
        (NEW, "0.1.0", Verdict.HARNESS_ERROR, Verdict.HARNESS_ERROR),
        (NEW, "0.2.0", Verdict.FAILED, Verdict.FAILED),
        (NEW, "0.10.0", Verdict.FAILED, Verdict.FAILED),
        (NEW, None, Verdict.FAILED, Verdict.FAILED),
        (OLD, "0.1.0", Verdict.FAILED, Verdict.FAILED),
    ],
)
def test_what_becomes_of_a_verdict(
    clause: object, pinned: str | None, verdict: Verdict, becomes: Verdict
) -> None:
    version = None if pinned is None else Version(pinned)
    judged = unless_newer(Judgement(verdict, seen="that"), clause, version)  # type: ignore[arg-type]
    assert judged.verdict is becomes
    if becomes is not verdict:
        assert judged.would_be is verdict
        assert judged.seen == (
            f"CA-2 came with 0.2.0, and 0.1.0 is pinned; it would be {verdict.word}: that"
        )


def test_the_broken_clause_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    case = catalogue().cases["CA-2[without-the-file]"]
    settings = Settings(since=Version("0.1.0"))
    subject = UnderTest(Implementation(lambda url: None), Profile.V0_9_1, "default")
    monkeypatch.setitem(catalogue().clauses, "AUTH-12", structs.replace(NEW, id="AUTH-12"))
    own, other = (
        settings.judge(case, Judgement(Verdict.FAILED, broken=broken), subject)
        for broken in (None, "AUTH-12")
    )
    assert (own.verdict, other.verdict) == (Verdict.FAILED, Verdict.OBSERVED)


def test_what_is_no_version() -> None:
    with pytest.raises(BadSettings, match="'new' of --since is no version"):
        read_settings(since="new")

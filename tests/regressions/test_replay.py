"""Replay: fixed, still failing, failing otherwise, known, or not judged."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.execution.implementation import Implementation
from connect_contracts.execution.loading import load
from connect_contracts.judging.settings import UnderTest, under_test
from connect_contracts.judging.verify import verify
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import Basic, Connect, Use
from connect_contracts.regressions.capsule import Capsule, versions
from connect_contracts.regressions.folder import read_capsule, write_capsule
from connect_contracts.regressions.replay import Outcome, replay, signature_of_case
from connect_contracts.regressions.report import replay_report
from connect_contracts.search.laws.every_law import LAWS
from connect_contracts.search.laws.examine import breaches_of
from connect_contracts.search.laws.law import Signature
from connect_contracts.selftest.auth import sends_latin_1
from connect_contracts.selftest.sig import always_raises

REFERENCE = "connect_contracts.reference.v6_2"


def subject(implementation: Implementation) -> UnderTest:
    return under_test(implementation, None)


LATIN = sends_latin_1.v0_9_1


def pin(path: Path, **fields: object) -> Capsule:
    """The capsule at ``path``, once it is written again with these fields."""
    capsule = msgspec.structs.replace(read_capsule(path), **fields)
    path.write_bytes(capsule.text())
    return capsule


def test_another_failure_than_the_one_that_is_known(latin: Path) -> None:
    other = Signature("oracle-holds", "AUTH-3", "connect", "hang")
    pin(latin, signature=other, law="oracle-holds", known="it hangs at times")
    replayed = replay(latin, subject(LATIN))
    assert (replayed.outcome, replayed.outcome.verdict.status) == (Outcome.FAILING_OTHERWISE, 1)


def test_what_is_known_is_no_failure_as_long_as_it_fails_as_pinned(latin: Path) -> None:
    pin(latin, known="until the next release")
    report = replay_report(replay(latin, subject(LATIN)), subject(LATIN))
    assert (report.outcome, report.why) == ("known", "until the next release")
    assert replay(latin, subject(load(REFERENCE))).outcome is Outcome.FIXED


def test_what_fails_besides_what_is_known_is_told(
    latin: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    capsule = read_capsule(latin)
    (first,) = capsule.scenario.steps
    assert isinstance(first, Connect)
    ascii_only = msgspec.structs.replace(first.call, authentication=Basic())
    more = (first, Connect(ascii_only, "second"), Use("list tables", session="second"))

    scenario = msgspec.structs.replace(capsule.scenario, steps=more)
    known = pin(latin, scenario=scenario, known="until the next release")
    assert replay(latin, subject(LATIN)).outcome is Outcome.KNOWN
    monkeypatch.setattr(LATIN, "list_tables", lambda _session: ["Another"])
    replayed = replay(latin, subject(LATIN))
    assert replayed.outcome is Outcome.FAILING_OTHERWISE
    assert "besides: " in replayed.why
    assert "Another" in replayed.why
    assert replayed.verified is not None
    *_, last = breaches_of(replayed.verified.observation, subject(LATIN), LAWS, [known.signature])
    assert last.step == 2
    pinned_too = last.signature
    other = msgspec.structs.replace(
        known, law=pinned_too.law, clause=pinned_too.clause, signature=pinned_too, step=3
    )
    (latin.parent / "other.json").write_bytes(other.text())
    assert replay(latin, subject(LATIN)).outcome is Outcome.KNOWN


@pytest.mark.parametrize(
    ("text", "why"),
    [("nonsense", "is no JSON"), (None, "its twin did not end as it must")],
    ids=["no JSON", "an implementation that always raises"],
)
def test_what_is_not_judged(latin: Path, text: str | None, why: str) -> None:
    if text is not None:
        latin.write_text(text)
    replayed = replay(latin, subject(always_raises.v0_9_1))
    assert (replayed.outcome, replayed.outcome.verdict.status) == (Outcome.NOT_JUDGED, 2)
    assert why in replayed.why


def test_why_it_is_not_judged_tells_no_secret(latin: Path) -> None:
    # Too short to be judged as a leak, and a secret all the same.
    latin.write_text(latin.read_text().replace("geheimnisé", "geheimé"))

    def raising(*_: object, **__: object) -> None:
        raise ValueError("not sent: geheimé")

    judged = subject(Implementation(raising))
    report = replay_report(replay(latin, judged), judged)
    assert report.outcome == "not judged"
    assert "not sent: **REDACTED**" in report.why


def test_a_capsule_of_a_case(tmp_path: Path) -> None:
    judged = subject(LATIN)
    verified = verify(catalogue().cases["AUTH-3[latin-1]"], judged.implementation, judged.profile)
    signature = signature_of_case(verified)
    assert signature is not None
    capsule = Capsule(
        schema=1,
        clause="AUTH-3",
        profile=Profile.V0_9_1,
        signature=signature,
        step=1,
        expected="",
        observed="",
        versions=versions(judged),
        scenario=verified.case.scenario,
        case=verified.case.id,
    )
    path = write_capsule(tmp_path, capsule)
    assert replay(path, judged).outcome is Outcome.STILL_FAILING
    assert replay(path, subject(load(REFERENCE))).outcome is Outcome.FIXED


@pytest.mark.parametrize(
    "case",
    ["SIG-5[unknown-keyword]", "LIVE-3[without-keys]"],
    ids=["of its twin", "of what sets it up"],
)
def test_a_failure_by_another_clause_is_known_again(case: str) -> None:
    found = verify(catalogue().cases[case], always_raises.v0_9_1, Profile.V0_9_1)
    known = Signature(case, "AUTH-2", "connect", "raised", "RuntimeError")
    assert signature_of_case(found) == known

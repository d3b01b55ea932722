"""``selftest`` says whether verdicts can be trusted, and by which lines they cannot."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from connect_contracts.chapters.case import Case
from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.model.clause import Profile
from connect_contracts.selftest import Broken, every_broken_implementation
from connect_contracts.selftest.auth import sends_latin_1 as latin
from connect_contracts.selftest.ca import believes_no_intermediate, trusts_at_first_sight
from connect_contracts.selftest.matrix import OF_ITS_CLAUSE, PINNED, Row
from connect_contracts.selftest.proof import Difference, Proved, a_few, proofs, prove
from run_reports import Command, run_selftest

PROFILE = Profile.V0_9_1


def test_what_is_as_pinned_can_be_trusted(command: Command) -> None:
    done = command("selftest", "sends_latin_1", "connects_to_nobody", "-n", "1")
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 broken implementations, a few cases each" in done.stdout
    assert "2 implementations: every one as it must be" in done.stdout
    assert "can be trusted; exit status 0" in done.stdout


def test_every_case_in_each_profile_is_another_option(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def proofs(
        keys: Any, *, whole: bool, workers: int | None, select: tuple[str, ...]
    ) -> Sequence[Proved]:
        asked.append((keys, whole, workers, select))
        return [Proved(latin.name, PROFILE, 1, {}, caught=True, differences=())]

    monkeypatch.setattr("connect_contracts.selftest.proof.proofs", proofs)
    assert (
        run_selftest("sends_latin_1")[0]
        == run_selftest("sends_latin_1", "--matrix", "-n", "3")[0]
        == 0
    )
    each = [("sends_latin_1", profile) for profile in Profile]
    assert run_selftest("sends_latin_1", "--matrix", "--select", "SIG-1", "--select", "CA")[0] == 0
    assert asked == [
        (each[:1], False, None, ()),
        (each, True, 3, ()),
        (each, True, None, ("SIG-1", "CA")),
    ]


def test_of_the_matrix_some_cases_alone() -> None:
    """What is pinned of the other cases stays."""
    (proved,) = proofs([(latin.name, PROFILE)], whole=True, workers=1, select=("AUTH-3[latin-1]",))
    assert (proved.cases, proved.differences) == (1, ())
    assert proved.row == PINNED.row(latin, PROFILE)


def test_the_matrix_is_published_as_a_table_and_as_a_page(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    status, table = run_selftest("--table", "--html", str(page), COLUMNS="200")
    assert status == 0
    for broken in every_broken_implementation():
        assert broken.name in table
        assert broken.name in page.read_text(encoding="utf-8")
    assert "clauses that no implementation fails: none; survivors: none" in table
    # Names choose rows, and show what is passed.
    _, table = run_selftest("sends_latin_1", "--table", COLUMNS="200")
    assert "always_raises" not in table
    assert {"AUTH-3", "SIG-1", "CA-2"} <= set(table.partition("sends_latin_1")[2].split())


def cases_of(*ids: str) -> list[Case]:
    """These cases."""
    return [catalogue().cases[name] for name in ids]


def test_a_verdict_that_is_another_than_is_pinned_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"SIG-1[by-position]": "inconclusive", "AUTH-3[non-ascii]": "failed"}
    monkeypatch.setattr(PINNED, "row", lambda *_: row)
    cases = cases_of("SIG-1[by-position]", "AUTH-3[latin-1]", "AUTH-3[empty-password]")
    assert set(prove(latin, PROFILE, cases).differences) == {
        Difference(latin.name, PROFILE, "SIG-1[by-position]", "inconclusive", "passed"),
        Difference(latin.name, PROFILE, "AUTH-3[latin-1]", "passed", "failed"),
    }


def test_a_twin_that_is_not_looked_at_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = a_few(believes_no_intermediate, PROFILE)
    assert prove(believes_no_intermediate, PROFILE, cases).differences == ()
    monkeypatch.setattr(
        "connect_contracts.judging.verify.with_twin", lambda judgement, *_: judgement
    )
    differences = prove(believes_no_intermediate, PROFILE, cases).differences
    assert ("failed by CA-6", "passed") in {(each.pinned, each.found) for each in differences}


def test_each_that_leaves_clauses_undecided_meets_a_case_of_them() -> None:
    known = catalogue().cases
    for broken in every_broken_implementation():
        row = PINNED.row(broken, broken.profiles[0])
        undecided = {
            case
            for case, verdict in row.items()
            if verdict not in OF_ITS_CLAUSE and known[case].scenario.isolation == "call"
        }
        met = {case.id for case in a_few(broken, broken.profiles[0])}
        assert not undecided or met & undecided, broken.name


def test_a_failure_that_no_exit_status_tells_of_is_not_caught(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cases = cases_of("AUTH-3[latin-1]")
    assert prove(latin, PROFILE, cases).caught
    monkeypatch.setattr("connect_contracts.selftest.proof.exit_status", lambda *_, **__: 0)
    assert not prove(latin, PROFILE, cases).caught


DIFFERENT = (
    *(Difference(latin.name, PROFILE, f"CA-2[{n}]", "passed", "failed") for n in range(15)),
    Difference(latin.name, PROFILE, "CA-1[x]", "failed", "passed"),
)


def proved(cases: int, *, caught: bool = True, **more: Any) -> Proved:
    return Proved(latin.name, PROFILE, cases, {}, **{"caught": caught, "differences": (), **more})


OUTCOMES = {
    "differences of one implementation are one line": (
        proved(20, differences=DIFFERENT),
        1,
        (
            "CA-2[11] and 3 more are failed, not passed",
            f"{latin.name} (0.9.1): CA-1[x] is passed, not failed",
            "20 verdicts on 1 implementation: 16 other than they must be",
            "cannot be trusted",
        ),
    ),
    "one that is not caught is named": (
        proved(3, caught=False),
        1,
        (f"not caught: {latin.name}",),
    ),
    "where nothing can be tested nothing is trusted": (
        proved(2, untested=("SIG-1[by-position]", "AUTH-3[latin-1]")),
        2,
        ("no case can be tested on this machine",),
    ),
    "what cannot be tested is left aside": (
        proved(3, untested=("AUTH-3[empty-password]", "AUTH-3[latin-1]")),
        0,
        (
            "left aside: AUTH-3[empty-password], AUTH-3[latin-1]",
            "1 verdict on 1 implementation",
        ),
    ),
}


@pytest.mark.parametrize("name", OUTCOMES)
def test_the_status_and_the_lines(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    outcome, status, lines = OUTCOMES[name]
    monkeypatch.setattr("connect_contracts.selftest.proof.proofs", lambda *_, **__: [outcome])
    found, output = run_selftest(latin.name)
    assert found == status
    assert [line for line in lines if line not in output] == []
    assert ("installation can be trusted" in output) == (status == 0)


def test_what_a_broken_implementation_warns_of_is_not_shown() -> None:
    with warnings.catch_warnings(record=True) as shown:
        prove(trusts_at_first_sight, PROFILE, cases_of("CA-19[serial-zero]"))
    assert [warning for warning in shown if "serial number" in str(warning.message)] == []


def test_what_cannot_be_tested_here_is_no_difference_and_no_pass(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lost = {"AUTH-3[latin-1]", "AUTH-3[empty-password]"}

    def verdicts(_broken: Broken, _profile: Profile, given: Sequence[Case]) -> Row:
        return {case.id: "not testable" if case.id in lost else "passed" for case in given}

    monkeypatch.setattr("connect_contracts.selftest.proof.judged_anew", verdicts)
    found = prove(latin, PROFILE, cases_of(*sorted(lost), "AUTH-2[a-user]"))
    assert found.differences == ()
    assert set(found.untested) == lost
    # Nothing that it must fail could be tested: it did not escape. What is pinned of it stays.
    assert found.caught
    assert found.row == {"AUTH-3[latin-1]": "failed"}


def test_an_implementation_that_fails_nothing_is_not_pinned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    proved = [
        Proved("caught", PROFILE, 1, {"CA-2": "failed"}, caught=True, differences=()),
        Proved("sound", PROFILE, 1, {}, caught=False, differences=()),
    ]
    rows: list[Any] = []
    monkeypatch.setattr("connect_contracts.selftest.proof.proofs", lambda *_, **__: proved)
    monkeypatch.setattr(PINNED, "pin", rows.append)
    status, output = run_selftest("sends_latin_1", "--matrix", "--pin")
    assert (status, rows) == (1, [{("caught", PROFILE): proved[0].row}])
    assert "sound (0.9.1) fails no case, so it is not pinned: mend it first" in output

"""``selftest`` says whether verdicts can be trusted, and by which lines they cannot."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from connect_contracts.chapters.case import Case
from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.model.clause import Profile
from connect_contracts.model.verdict import Verdict
from connect_contracts.selftest import every_broken_implementation
from connect_contracts.selftest.matrix import PINNED, Row
from connect_contracts.selftest.proof import Difference, Proved, a_few, prove
from connect_contracts.selftest.registry import Broken
from connect_fixtures.cli.selftest import selftest

LATIN = next(one for one in every_broken_implementation() if one.name == "sends_latin_1")
PROFILE = Profile.V0_9_1


def test_what_is_as_pinned_can_be_trusted(command) -> None:
    done = command("selftest", "sends_latin_1", "connects_to_nobody")
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 broken implementations, a few cases each" in done.stdout
    assert "2 implementations: every one as it must be" in done.stdout
    assert "can be trusted; exit status 0" in done.stdout


def test_every_case_of_one_is_another_option(command) -> None:
    few = command("selftest", "sends_latin_1")
    whole = command("selftest", "sends_latin_1", "--matrix")
    assert whole.returncode == 0
    verdicts = [int(one.stdout.split(" verdicts on ")[0].split()[-1]) for one in (few, whole)]
    assert verdicts[1] > 10 * verdicts[0]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("no_such_thing",), "There is no broken implementation 'no_such_thing'"),
        (("no_such_thing", "--table"), "There is no broken implementation 'no_such_thing'"),
        (("--pin",), "give --matrix with it"),
        (("--html", "no/such/folder/page.html"), "cannot be written"),
        (("-n", "0"), "0 is not in the range x>=1"),
    ],
)
def test_bad_input_is_told_in_a_sentence(command, arguments: tuple[str, ...], told: str) -> None:
    done = command("selftest", *arguments)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_the_matrix_is_published_as_a_table_and_as_a_page(command, folder: Path) -> None:
    done = command("selftest", "--table", "--html", "page.html", COLUMNS="200")
    assert done.returncode == 0
    page = (folder / "page.html").read_text(encoding="utf-8")
    for one in every_broken_implementation():
        assert one.name in done.stdout
        assert one.name in page
    assert "clauses that nobody fails: none; survivors: none" in done.stdout


def test_names_choose_rows_of_the_table_and_show_what_is_passed(command) -> None:
    done = command("selftest", "sends_latin_1", "--table", COLUMNS="200")
    assert done.returncode == 0
    assert "always_raises" not in done.stdout
    row = done.stdout.partition("sends_latin_1")[2]
    assert {"AUTH-3", "SIG-1", "CA-2"} <= set(row.split())


@pytest.fixture
def otherwise_pinned(monkeypatch: pytest.MonkeyPatch) -> None:
    """The row of one implementation is another than what it does."""
    row = PINNED.row

    def other(one: Broken, profile: Profile) -> Row:
        pinned = dict(row(one, profile))
        pinned.pop("AUTH-3[latin-1]", None)
        return {**pinned, "SIG-1[by-position]": Verdict.INCONCLUSIVE}

    monkeypatch.setattr(PINNED, "row", other)


@pytest.mark.usefixtures("otherwise_pinned")
def test_a_verdict_that_is_another_than_is_pinned_is_found() -> None:
    cases = cases_of("SIG-1[by-position]", "AUTH-3[latin-1]", "AUTH-3[empty-password]")
    assert set(prove(LATIN, PROFILE, cases).differences) == {
        Difference(LATIN.name, PROFILE, "SIG-1[by-position]", "inconclusive", "passed"),
        Difference(LATIN.name, PROFILE, "AUTH-3[latin-1]", "passed", "failed"),
    }


def cases_of(*ids: str) -> list[Case]:
    """These cases."""
    return [catalogue().cases[one] for one in ids]


def tell(monkeypatch: pytest.MonkeyPatch, *proved: Proved) -> tuple[int, str]:
    """What the command says where this came of the broken implementations."""
    monkeypatch.setattr("connect_contracts.selftest.proof.proofs", lambda *_, **__: iter(proved))
    done = CliRunner().invoke(selftest, [LATIN.name], standalone_mode=False)
    assert done.exception is None
    return done.return_value, done.output


def test_a_twin_that_is_not_looked_at_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    one = next(
        one for one in every_broken_implementation() if one.name == "believes_no_intermediate"
    )
    cases = a_few(one, PROFILE)
    assert prove(one, PROFILE, cases).differences == ()
    monkeypatch.setattr(
        "connect_contracts.judging.verify.with_twin", lambda judgement, *_: judgement
    )
    assert ("inconclusive", "passed") in {
        (each.pinned, each.found) for each in prove(one, PROFILE, cases).differences
    }


def test_each_that_leaves_cases_undecided_meets_one_of_them() -> None:
    for one in every_broken_implementation():
        row = PINNED.row(one, one.profiles[0])
        undecided = {
            case
            for case, verdict in row.items()
            if verdict is Verdict.INCONCLUSIVE
            and catalogue().cases[case].scenario.isolation == "call"
        }
        met = {case.id for case in a_few(one, one.profiles[0])}
        assert not undecided or met & undecided, one.name


def test_a_failure_that_no_exit_status_tells_of_is_not_caught(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cases = cases_of("AUTH-3[latin-1]")
    assert prove(LATIN, PROFILE, cases).caught
    monkeypatch.setattr("connect_contracts.selftest.proof.exit_status", lambda *_, **__: 0)
    assert not prove(LATIN, PROFILE, cases).caught


def test_differences_of_one_implementation_are_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = tuple(
        Difference(LATIN.name, PROFILE, f"CA-2[{number}]", "passed", "failed")
        for number in range(15)
    )
    other = Difference(LATIN.name, PROFILE, "CA-1[x]", "failed", "passed")
    status, told = tell(
        monkeypatch, Proved(LATIN.name, PROFILE, 20, {}, caught=True, differences=(*wrong, other))
    )
    assert status == 1
    assert "CA-2[11] and 3 more are failed, not passed" in told
    assert f"{LATIN.name} (0.9.1): CA-1[x] is passed, not failed" in told
    assert "20 verdicts on 1 implementation: 16 other than they must be" in told
    assert "cannot be trusted" in told


def test_one_that_is_not_caught_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    status, told = tell(
        monkeypatch, Proved(LATIN.name, PROFILE, 3, {}, caught=False, differences=())
    )
    assert status == 1
    assert f"not caught: {LATIN.name}" in told


def test_what_a_broken_implementation_warns_of_is_not_shown() -> None:
    warning = next(
        one for one in every_broken_implementation() if one.name == "trusts_at_first_sight"
    )
    with warnings.catch_warnings(record=True) as shown:
        prove(warning, PROFILE, cases_of("CA-19[serial-zero]"))
    assert [one for one in shown if "serial number" in str(one.message)] == []


def test_what_cannot_be_tested_here_is_no_difference_and_no_pass(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cases = cases_of("AUTH-3[latin-1]", "AUTH-3[empty-password]", "AUTH-2[a-user]")
    lost = {"AUTH-3[latin-1]", "AUTH-3[empty-password]"}

    def verdicts(one: Broken, profile: Profile, given: Sequence[Case]) -> Row:
        return {
            case.id: Verdict.NOT_TESTABLE if case.id in lost else Verdict.PASSED for case in given
        }

    monkeypatch.setattr("connect_contracts.selftest.proof.judged_anew", verdicts)
    proved = prove(LATIN, PROFILE, cases)
    assert proved.differences == ()
    assert set(proved.untested) == lost
    # Nothing that it must fail could be tested: it did not escape. What is pinned of it stays.
    assert proved.caught
    assert proved.row == {"AUTH-3[latin-1]": Verdict.FAILED}
    status, told = tell(monkeypatch, proved)
    assert status == 0
    assert "left aside: AUTH-3[empty-password], AUTH-3[latin-1]" in told
    assert "1 verdict on 1 implementation" in told


def test_where_nothing_can_be_tested_nothing_is_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    untested = ("SIG-1[by-position]", "AUTH-3[latin-1]")
    status, told = tell(
        monkeypatch,
        Proved(LATIN.name, PROFILE, 2, {}, caught=True, differences=(), untested=untested),
    )
    assert status == 2
    assert "no case can be tested on this machine" in told
    assert "can be trusted" not in told

"""Expected failures: what a file may say, and what becomes of a verdict."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.judging.expected_failures import (
    BadExpectedFailures,
    ExpectedFailure,
    ExpectedFailures,
    expected,
    read_expected_failures,
)
from connect_contracts.judging.judgement import Judgement
from connect_contracts.model.cause import Cause
from connect_contracts.model.verdict import Verdict

CASE = "CA-2[without-the-file]"
ENTRY = f'[[expected-failure]]\ncase = "{CASE}"\nreason = "why"\nway = "in this way"\n'
KEY = "leak | a password appeared in the authentication"
BY_CAUSE = f'[[expected-failure]]\ncause = "{KEY}"\nreason = "why"\n'
TODAY = dt.date(2030, 6, 15)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "known.toml"


def test_every_key(path: Path) -> None:
    path.write_text(
        ENTRY + 'verdict = "hang"\nflaky = true\nowner = "data"\nissue = "17"\n'
        "expires = 2030-06-15\n"
    )
    found = read_expected_failures(path, today=TODAY)
    assert found.by_case == {
        CASE: ExpectedFailure(
            reason="why",
            way="in this way",
            case=CASE,
            verdict="hang",
            flaky=True,
            owner="data",
            issue="17",
            expires=TODAY,
        )
    }


def test_a_clause_stands_for_its_cases(path: Path) -> None:
    path.write_text('[[expected-failure]]\nclause = "KEEP-1"\nreason = "why"\nway = "so"\n')
    cases = {case for case in catalogue().cases if case.startswith("KEEP-1[")}
    assert len(cases) > 1
    assert set(read_expected_failures(path).by_case) == cases


def test_an_empty_file(path: Path) -> None:
    path.write_text("")
    assert read_expected_failures(path, today=TODAY) == ExpectedFailures(today=TODAY)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("[[expected-failure]", "is not as it must be"),
        ("deep = " + "[" * 5000 + "]" * 5000, "nested too deeply"),
        ("[[expected]]\n", "unknown field `expected`: write each entry under [[expected-failure]]"),
        (ENTRY.replace("[[", "[").replace("]]", "]"), "write each entry under"),
        (ENTRY + 'wya = "x"\n', f"entry 1 ({CASE}): contains unknown field `wya`; give a case,"),
        (ENTRY.replace("reason", "because"), "because"),
        (BY_CAUSE + "[[expected-failure]]\n", "entry 2: missing required field `reason`; give"),
        (
            '[[expected-failure]]\nreason = "why"\nway = "so"\n',
            "either a case, a clause or a cause",
        ),
        (ENTRY + 'clause = "CA-2"\n', "either a case, a clause or a cause"),
        (ENTRY.replace("in this way", " "), "must give a reason and a way that are not empty"),
        (ENTRY + 'verdict = "passed"\n', "Invalid enum value 'passed'"),
        (ENTRY + 'expires = "2031-01-31"\n', "got `str` in `expires`; give"),
        (ENTRY + ENTRY, f"two entries are about {CASE}"),
        (
            ENTRY + '[[expected-failure]]\nclause = "CA-2"\nreason = "why"\nway = "so"\n',
            f"two entries are about {CASE}",
        ),
        (ENTRY.replace("CA-2[", "CA-99["), "matches nothing: There is no clause or case"),
        (ENTRY.replace(CASE, "no-secret"), "a law that it breaks, are declared by the cause"),
        (ENTRY.replace(CASE, "CA-2"), 'CA-2 is a clause: write clause = "CA-2"'),
        (ENTRY.replace("case =", "clause ="), f'{CASE} is a case: write case = "{CASE}"'),
        (
            ENTRY.replace("case =", "clause =").replace(CASE, "CA"),
            "CA is a chapter: write an entry for each of its clauses that fails",
        ),
        (ENTRY.replace("case =", "clause =").replace(CASE, "CA-8"), "CA-8 is only observed"),
        (ENTRY.replace("way =", "cause ="), "either a case, a clause or a cause"),
        (BY_CAUSE + 'way = "so"\n', "leave `way` out"),
        (BY_CAUSE.replace(KEY, " "), "( ) must give a cause and a reason that are not empty"),
        (BY_CAUSE.replace("why", " "), "must give a cause and a reason that are not empty"),
        (BY_CAUSE + BY_CAUSE, f"two entries are about {KEY}"),
        # A line end in a key begins no line.
        ('"a\\n::error::x" = 1\n', "::error::x"),
    ],
)
def test_what_is_wrong_with_a_file(path: Path, content: str, sentence: str) -> None:
    path.write_text(content)
    with pytest.raises(BadExpectedFailures) as caught:
        read_expected_failures(path, today=TODAY)
    told = str(caught.value)
    assert str(path) in told
    assert sentence in told
    assert "\n" not in told


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(path := tmp_path / "expected.toml")
    with pytest.raises(BadExpectedFailures, match="it is no regular file"):
        read_expected_failures(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadExpectedFailures, match="cannot be read: No such file"):
        read_expected_failures(tmp_path / "none.toml")


STRICT = ExpectedFailure(reason="why", way="in this way", case=CASE)
FLAKY = ExpectedFailure(reason="why", way="in this way", case=CASE, flaky=True)
UNDECIDED = ExpectedFailure(reason="why", way="in this way", case=CASE, verdict="inconclusive")
HANGING = ExpectedFailure(reason="why", way="in this way", case=CASE, verdict="hang")
DECLARED = "it fails in this way"
OTHERWISE = "it fails in another way"


@pytest.mark.parametrize(
    ("entry", "verdict", "seen", "becomes"),
    [
        (None, Verdict.FAILED, DECLARED, Verdict.FAILED),
        (STRICT, Verdict.FAILED, DECLARED, Verdict.KNOWN),
        (STRICT, Verdict.FAILED, OTHERWISE, Verdict.FAILED),
        (STRICT, Verdict.HANG, DECLARED, Verdict.FAILED),
        (STRICT, Verdict.PASSED, "", Verdict.FAILED),
        (FLAKY, Verdict.FAILED, DECLARED, Verdict.FLAKY),
        (FLAKY, Verdict.FAILED, OTHERWISE, Verdict.FAILED),
        (FLAKY, Verdict.PASSED, "", Verdict.FLAKY),
        (HANGING, Verdict.HANG, DECLARED, Verdict.KNOWN),
        (HANGING, Verdict.FAILED, DECLARED, Verdict.FAILED),
        (STRICT, Verdict.INCONCLUSIVE, DECLARED, Verdict.INCONCLUSIVE),
        (STRICT, Verdict.NOT_APPLICABLE, "", Verdict.NOT_APPLICABLE),
        (STRICT, Verdict.NOT_TESTABLE, "", Verdict.NOT_TESTABLE),
        (STRICT, Verdict.HARNESS_ERROR, DECLARED, Verdict.HARNESS_ERROR),
        (UNDECIDED, Verdict.INCONCLUSIVE, DECLARED, Verdict.KNOWN),
    ],
)
def test_what_becomes_of_a_verdict(
    entry: ExpectedFailure | None, verdict: Verdict, seen: str, becomes: Verdict
) -> None:
    assert expected(Judgement(verdict, "what must be", seen), entry).verdict is becomes


def test_two_errors_have_two_texts() -> None:
    judged = expected(Judgement(Verdict.PASSED), STRICT)
    assert [cause.seen for cause in judged.causes] == ["the entry is stale: the case passes"]
    stale = judged.seen
    otherwise = expected(Judgement(Verdict.FAILED, seen=OTHERWISE), STRICT).seen
    assert "stale: remove the entry" in stale
    assert "it fails otherwise than expected" in otherwise
    of_clause = ExpectedFailure(reason="why", way="in this way", clause="CA-2")
    stale = expected(Judgement(Verdict.PASSED), of_clause).seen
    assert "remove the entry, or, if other cases of CA-2 still fail, name these" in stale


# Several findings of one case.

LEAK = "a password appeared in an exception (AUTH-12)"
SEVERAL = Judgement(Verdict.FAILED, "what must be", f"{DECLARED}; besides, {LEAK}").with_findings(
    [(DECLARED, ()), (LEAK, ())]
)


@pytest.mark.parametrize(
    ("way", "becomes"),
    [
        ("in this way", Verdict.FAILED),
        ("a password appeared", Verdict.FAILED),
        (("in this way", "a password appeared"), Verdict.KNOWN),
        (("in this way", "a password appeared", "a third"), Verdict.FAILED),
    ],
)
def test_what_is_not_declared_fails(way: str | tuple[str, ...], becomes: Verdict) -> None:
    entry = ExpectedFailure(reason="why", way=way, case=CASE)
    assert expected(SEVERAL, entry).verdict is becomes
    assert (LEAK in expected(SEVERAL, STRICT).seen) is True


def test_what_is_not_declared_is_shown_as_it_is_declared() -> None:
    also = "of step 1 (connect): HTTP reached the target: GET /x"
    failed = Judgement(Verdict.FAILED).with_findings([(DECLARED, ()), (also, ())])
    judged = expected(failed, STRICT)
    assert 'write way = ["in this way", "HTTP reached the target"]' in judged.seen
    ways = ExpectedFailure(reason="why", way=("in this way", "HTTP reached the target"), case=CASE)
    assert expected(failed, ways).verdict is Verdict.KNOWN


def test_what_fails_otherwise_keeps_its_causes() -> None:
    judged = expected(failing((OTHERWISE, RETURNED), (SHOWN, REPR)), STRICT, KNOWN_CAUSES)
    keys = [cause.key for cause in judged.causes]
    assert keys == [f"not as declared | {CASE}", RETURNED.key, KEY]
    assert [cause.known for cause in judged.causes] == [None, "why", "why"]


def test_a_file_with_a_byte_order_mark(path: Path) -> None:
    path.write_text(ENTRY, encoding="utf-8-sig")
    assert CASE in read_expected_failures(path).by_case


def test_several_ways_in_a_file(path: Path) -> None:
    path.write_text(ENTRY.replace('"in this way"', '["in this way", "and so"]'))
    assert read_expected_failures(path, today=TODAY).by_case[CASE].ways == ("in this way", "and so")
    for nothing in ("[]", '["in this way", " "]'):
        path.write_text(ENTRY.replace('"in this way"', nothing))
        with pytest.raises(BadExpectedFailures, match="not empty"):
            read_expected_failures(path, today=TODAY)


# Entries of causes.

SHOWN = "a password appeared in the authentication"
RETURNED = Cause("NoHttpByte | returned", "it raises", "it returned")
REPR = Cause(KEY, "no secret", SHOWN)
LOGGED = Cause("leak | a password appeared in a log record", "no secret", "it is logged")
IN_LOG = "a password appeared in a log record (AUTH-12)"
KNOWN_CAUSES = {
    cause.key: ExpectedFailure(reason="why", cause=cause.key) for cause in (REPR, RETURNED)
}


def failing(*findings: tuple[str, *tuple[Cause, ...]]) -> Judgement:
    failed = Judgement(Verdict.FAILED, seen=findings[0][0])
    return failed.with_findings([(text, tuple(causes)) for text, *causes in findings])


@pytest.mark.parametrize(
    ("entry", "judgement", "becomes"),
    [
        (None, failing((SHOWN, REPR)), Verdict.KNOWN),
        (None, failing((DECLARED, RETURNED)), Verdict.KNOWN),
        (None, failing((DECLARED, RETURNED), (SHOWN, REPR)), Verdict.KNOWN),
        (None, failing((SHOWN, REPR), (IN_LOG, LOGGED)), Verdict.FAILED),
        (None, failing((f"{SHOWN}; {IN_LOG}", REPR, LOGGED)), Verdict.FAILED),
        # What a later step did has causes of its own, and is not hidden by those of the first.
        (None, failing((DECLARED, RETURNED), (OTHERWISE, LOGGED)), Verdict.FAILED),
        (None, failing((DECLARED, RETURNED), (OTHERWISE, RETURNED)), Verdict.KNOWN),
        (None, failing((DECLARED, RETURNED), (OTHERWISE,)), Verdict.FAILED),
        (None, failing((DECLARED,)), Verdict.FAILED),
        (None, Judgement(Verdict.PASSED), Verdict.PASSED),
        (None, Judgement(Verdict.HANG, seen=DECLARED, causes=(RETURNED,)), Verdict.HANG),
        (STRICT, failing((DECLARED, LOGGED), (SHOWN, REPR)), Verdict.KNOWN),
        (STRICT, failing((DECLARED, RETURNED), (IN_LOG, LOGGED)), Verdict.FAILED),
        (STRICT, failing((SHOWN, REPR)), Verdict.FAILED),
    ],
)
def test_a_case_is_known_by_its_causes(
    entry: ExpectedFailure | None, judgement: Judgement, becomes: Verdict
) -> None:
    assert expected(judgement, entry, KNOWN_CAUSES).verdict is becomes


def test_a_cause_that_is_known_in_some_clauses_hides_no_failure_of_another(path: Path) -> None:
    path.write_text(BY_CAUSE + 'clauses = ["AUTH-12", "AUTH-14"]\n')
    known = read_expected_failures(path, today=TODAY)
    failed = failing((SHOWN, REPR))
    # A secret that appeared breaks the clause about secrets, whatever the case is about.
    assert known.judge(CASE, failed, clause="CA-2").verdict is Verdict.KNOWN
    path.write_text(BY_CAUSE.replace(KEY, RETURNED.key) + 'clauses = ["CA-3"]\n')
    known, failed = read_expected_failures(path, today=TODAY), failing((DECLARED, RETURNED))
    assert known.judge(CASE, failed, clause="CA-3").verdict is Verdict.KNOWN
    assert known.judge(CASE, failed, clause="CA-2") == failed


def test_a_cause_that_is_flaky(path: Path) -> None:
    path.write_text(BY_CAUSE + "flaky = true\n")
    known = read_expected_failures(path, today=TODAY)
    assert known.judge(CASE, failing((SHOWN, REPR))).verdict is Verdict.FLAKY


@pytest.mark.parametrize("expires", [dt.date(2030, 6, 14), TODAY])
@pytest.mark.parametrize("entry", [ENTRY, BY_CAUSE, ENTRY + "flaky = true\n"])
def test_an_expired_entry_fails_its_cases_alone(path: Path, entry: str, expires: dt.date) -> None:
    path.write_text(entry + f'owner = "data"\nissue = "17"\nexpires = {expires}\n')
    known = read_expected_failures(path, today=TODAY)
    shown = DECLARED if CASE in entry else SHOWN
    judged = known.judge(CASE, failing((shown, REPR)))
    if expires == TODAY:
        assert judged.verdict in (Verdict.KNOWN, Verdict.FLAKY)
    else:
        assert judged.verdict is Verdict.FAILED
        assert f"expired on {expires}: fix what fails, or decide anew" in judged.seen
        assert "ask data, see 17" in judged.seen
        # What a list of causes, an annotation and a file for CI have of it.
        told = f"its entry expired on {expires}, ask data, see 17 (why): {SHOWN}"
        assert [cause.seen for cause in judged.causes] == [told]
    other = "CA-2[another]"
    assert known.judge(other, Judgement(Verdict.PASSED)).verdict is Verdict.PASSED


def test_an_expired_entry_of_what_passes_now_and_then_is_a_cause(path: Path) -> None:
    path.write_text(f"{ENTRY}flaky = true\nexpires = 2030-06-14\n")
    judged = read_expected_failures(path, today=TODAY).judge(CASE, Judgement(Verdict.PASSED))
    assert [cause.key for cause in judged.causes] == [f"expired | {CASE}"]

"""``connect-contract expected``: a file of expected failures is written, pruned, and kept."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path

import msgspec
import pytest

from connect_contracts.judging.expected_failures import ExpectedFailure, ExpectedFailures
from connect_contracts.model.cause import Cause
from connect_contracts.model.clause import Depth
from connect_contracts.report.model import CaseReport
from connect_fixtures.cli.expected import changes_of, meets_every_cause
from connect_fixtures.cli.expected_file import UneditableFile, edited
from run_reports import Command, verdicts

CA_1, CA_2, CA_3 = "CA-1[authority-given]", "CA-2[without-the-file]", "CA-3[another-authority]"
KEY = "NoHttpByte | violated"
SELECT = ("--connect", "client:trusting", "--select", CA_2, "--select", CA_3)
FILE = f"""\
# Known of the client.

# This one passes now.
[[expected-failure]]
case = "{CA_1}"  # core
reason = "once"
way = "once"

# [[expected-failure]] of before:
[[expected-failure]]
case = "CA-10[wrong-ip]"
reason = '''
[[expected-failure]]
'''
way = ["it returned",
       "HTTP"]
# The end.
"""


def test_a_file_is_written_and_the_run_is_green(command: Command, folder: Path) -> None:
    new = command("expected", "new.toml", *SELECT, "--update")
    assert (new.returncode, new.stderr) == (0, ""), new.stdout
    assert f"new: {KEY}" in new.stdout
    text = (folder / "new.toml").read_text()
    assert text.count("[[expected-failure]]") == 1
    assert f'cause = "{KEY}"' in text
    assert 'clauses = ["CA-2", "CA-3"]' in text
    run = command("run", *SELECT, "--expected-failures", "new.toml", "--json", "now.json")
    assert run.returncode == 0, run.stdout
    assert set(verdicts(folder / "now.json").values()) == {"known"}
    same = command("expected", "new.toml", *SELECT)
    assert (same.returncode, same.stdout.splitlines()[-1]) == (0, "new.toml is as it must be")


def test_without_update_it_says_what_it_would_change(command: Command, folder: Path) -> None:
    (folder / "known.toml").write_text(FILE)
    select = (*SELECT, "--select", CA_1)
    told = command("expected", "known.toml", *select)
    assert told.returncode == 1
    assert f"stale: {CA_1}\nnew: {KEY}\n" in told.stdout
    assert (folder / "known.toml").read_text() == FILE
    assert command("expected", "known.toml", *select, "--update").returncode == 0
    text = (folder / "known.toml").read_text()
    kept = FILE[FILE.index("# [[expected-failure]] of before") :]
    assert text.startswith(f"# Known of the client.\n\n# This one passes now.\n\n{kept}")
    assert CA_1 not in text


def test_a_stale_entry_is_no_broken_contract_and_an_expired_one_is_named(
    command: Command, folder: Path
) -> None:
    entry = '[[expected-failure]]\n{}\nreason = "once"\n'
    stale = entry.format(f'case = "{CA_1}"\nway = "once"')
    (folder / "stale.toml").write_text(stale)
    args = ("--select", CA_1, "--expected-failures", "stale.toml", "--markdown", "run.md")
    done = command("run", "--connect", "client:trusting", *args)
    assert done.returncode == 1
    *lines, last = done.stdout.splitlines()
    assert last.endswith(f"1 failed; 1 expected failure is stale: {CA_1}; exit status 1")
    assert "seen      the entry is stale: the case passes" in lines
    assert "wire" not in lines
    (replay,) = (text for text in lines if text.startswith("replay "))
    assert "--select 'CA-1[authority-given]'" in replay
    assert "--expected-failures stale.toml" in replay
    assert "**The contract holds where" in (folder / "run.md").read_text(encoding="utf-8")
    late = entry.format(f'cause = "{KEY}"\nexpires = 2001-02-03\nowner = "ops"')
    (folder / "late.toml").write_text(stale + late)
    args = ("--select", CA_1, "--expected-failures", "late.toml", "--junit", "late.xml")
    done = command("run", *SELECT, *args)
    assert done.stdout.splitlines()[-1].endswith(
        "the contract is broken in 2 cases (1 cause); the expected failure of 2 cases has expired; "
        f"1 expected failure is stale: {CA_1}; exit status 1"
    )
    message = 'message="its entry expired on 2001-02-03, ask ops (once): it returned; demanded'
    assert (folder / "late.xml").read_text(encoding="utf-8").count(message) == 2


def test_entries_in_line_are_left_to_who_wrote_them(command: Command, folder: Path) -> None:
    text = f'expected-failure = [{{case = "{CA_1}", reason = "x", way = "y"}}]\n'
    (folder / "inline.toml").write_text(text)
    done = command("expected", "inline.toml", *SELECT, "--update")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "Write each entry as a table" in done.stderr
    assert (folder / "inline.toml").read_text() == text


def test_comments_stay_where_the_last_entry_goes() -> None:
    assert edited(FILE, [CA_1, "CA-10[wrong-ip]"], []).endswith("# The end.\n")
    assert edited("", [], []) == ""
    windows = edited(
        "\ufeff" + FILE.replace("\n", "\r\n"), [CA_1], [(OTHER, "failed", ("AUTH-12",))]
    )
    assert windows == "\ufeff" + windows[1:].replace("\r\n", "\n").replace("\n", "\r\n")
    assert windows[1:].startswith("# Known of the client.")
    with pytest.raises(UneditableFile):
        edited("expected-failure = [{}]\n", [], [])


# What is stale, new, and for a person to decide.

TODAY = dt.date(2030, 6, 15)
RETURNED = Cause(KEY, "it raises", "it returned")
OTHER = Cause("leak | a token appeared in a warning", "no secret", "it appeared")


def case(name: str, verdict: str, *causes: Cause) -> CaseReport:
    return CaseReport(name, name.partition("[")[0], "implied", "what", verdict, causes=causes)


def by_cause(**more: object) -> ExpectedFailures:
    entry = ExpectedFailure(reason="why", cause=KEY, **more)  # type: ignore[arg-type]
    return ExpectedFailures({}, {KEY: entry}, TODAY)


def of_clause() -> ExpectedFailures:
    entry = ExpectedFailure(reason="why", clause="CA-2", way="it")
    return ExpectedFailures(dict.fromkeys((CA_2, "CA-2[b]"), entry), {}, TODAY)


def of_both() -> ExpectedFailures:
    return ExpectedFailures(of_clause().by_case, by_cause().by_cause, TODAY)


FAILED = ("failed", RETURNED)
STALE = Cause("stale | CA-2", "it fails", "it passed")
OTHERWISE = Cause("not as declared | CA-2", "it fails", "it fails otherwise")


@pytest.mark.parametrize(
    ("entries", "cases", "stale", "new", "by_hand"),
    [
        (by_cause(), [case(CA_2, "known", RETURNED)], [], [], 0),
        (by_cause(), [case(CA_2, "passed")], [KEY], [], 0),
        (by_cause(), [case(CA_2, "harness error")], [], [], 1),
        (by_cause(flaky=True), [case(CA_2, "passed")], [], [], 0),
        (by_cause(), [case(CA_2, "failed", RETURNED, OTHER)], [], [OTHER.key], 0),
        # Every cause has its entry, and it is not known: a later step did more.
        (by_cause(), [case(CA_2, "failed", RETURNED)], [], [], 1),
        (by_cause(clauses=("CA-3",)), [case(CA_2, "failed", RETURNED)], [], [], 1),
        # However many clauses, a cause is one line.
        (by_cause(clauses=("CA-9",)), [case(CA_2, *FAILED), case(CA_3, *FAILED)], [], [], 1),
        (by_cause(clauses=("CA-2",)), [case(CA_2, "known", RETURNED)], [], [], 0),
        (by_cause(expires=dt.date(2030, 6, 14)), [case(CA_2, "failed", RETURNED)], [], [], 1),
        (of_clause(), [case(CA_2, "failed", STALE), case("CA-2[b]", "known")], [], [], 1),
        (of_clause(), [case(CA_2, "failed", STALE), case("CA-2[b]", "not run")], ["CA-2"], [], 0),
        (of_clause(), [case(CA_2, "failed", OTHERWISE)], [], [], 1),
        # The causes of what fails otherwise are met, and others are stale all the same.
        (of_both(), [case(CA_2, "failed", OTHERWISE, RETURNED)], [], [], 1),
        (of_both(), [case(CA_2, "failed", OTHERWISE)], [KEY], [], 1),
    ],
)
def test_what_is_to_change(
    entries: ExpectedFailures,
    cases: list[CaseReport],
    stale: list[str],
    new: list[str],
    by_hand: int,
) -> None:
    found = changes_of(entries, cases)
    assert (found.stale, list(found.new), len(found.by_hand)) == (stale, new, by_hand)


def test_an_entry_that_no_person_completed_gets_the_clauses_that_it_lacks() -> None:
    text = edited("", [], [(RETURNED, "failed", ("CA-2",))])
    entry = tomllib.loads(text)["expected-failure"][0]
    entries = ExpectedFailures({}, {KEY: msgspec.convert(entry, ExpectedFailure)}, TODAY)
    found = changes_of(entries, [case(CA_3, *FAILED), case(CA_1, *FAILED)])
    assert (found.wider, found.by_hand) == ({KEY: ["CA-1", "CA-2", "CA-3"]}, [])
    assert 'clauses = ["CA-1", "CA-2", "CA-3"]' in edited(text, [], [], found.wider)


@pytest.mark.parametrize(
    ("select", "depth", "search", "whole"),
    [
        ((), "default", None, True),
        ((), "full", "ci", True),
        ((), "core", None, False),
        ((), "default", "nightly", False),
        (("CA-2",), "default", "ci", False),
    ],
)
def test_an_entry_of_a_cause_is_stale_only_where_its_cause_would_have_been_met(
    select: tuple[str, ...], depth: str, search: str | None, whole: bool
) -> None:
    assert meets_every_cause(select, Depth(depth), search) is whole

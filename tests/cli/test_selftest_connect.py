"""``selftest --connect`` says whether a green run of one implementation says anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from connect_contracts.judging.settings import UnderTest
from connect_contracts.selftest.wrapped_proof import Tried, WrapperProved, prove_wrapper
from connect_contracts.selftest.wrapping import every_wrapper
from run_reports import Command, run_selftest

REFERENCE = "connect_contracts.reference.v0_9_1"
PROOFS = "connect_contracts.selftest.wrapped_proof.wrapper_proofs"


def test_wrappers_of_a_sound_implementation_are_noticed(command: Command, folder: Path) -> None:
    text = f"from {REFERENCE} import *\nfrom {REFERENCE} import connect\nprint('welcome')\n"
    folder.joinpath("welcoming.py").write_text(text)
    names = ("gives_no_credentials", "adds_nothing", "names_another_user")
    done = command(*("selftest", "--connect", "welcoming", "--profile", "0.9.1", "-n", "1"), *names)
    assert (done.returncode, done.stderr) == (0, "")
    # Each process imports it, and none shows what it prints.
    assert "welcome" not in done.stdout
    assert "profile 0.9.1 (asked for), 3 wrappers" in done.stdout
    assert "not testable (no case in the profile 0.9.1): names_another_user" in done.stdout
    assert "2 verdicts on 2 wrappers of 3: each is noticed" in done.stdout
    assert "exit status 0" in done.stdout


def test_an_implementation_that_ends_its_process_is_told(command: Command) -> None:
    done = command("selftest", "--connect", "client:crashing", "-n", "1", "gives_no_credentials")
    assert done.returncode == 2
    assert "A process ended before it was done" in done.stderr


@pytest.fixture
def without_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wrappers are judged in this process."""

    def here(
        subject: UnderTest, names: Sequence[str], _workers: int | None
    ) -> Iterator[WrapperProved]:
        for name in names:
            yield prove_wrapper(every_wrapper()[name], subject.implementation, subject.profile)

    monkeypatch.setattr(PROOFS, here)


def test_where_nothing_can_be_tested_the_status_is_2(
    folder: Path, own_modules: None, without_workers: None
) -> None:
    status, said = run_selftest("--connect", "client:raising", "always_raises")
    assert status == 2
    assert "not testable (the implementation itself does not pass the cases)" in said
    assert "does not pass them: SIG-1[by-position] (failed)" in said
    assert "0 verdicts on 0 wrappers of 1" in said


def test_a_judge_that_is_broken_is_found(
    monkeypatch: pytest.MonkeyPatch, without_workers: None
) -> None:
    assert run_selftest("--connect", REFERENCE, "takes_no_url_by_keyword")[0] == 0
    # What is said of a connect that raises is what is said of one that returns.
    monkeypatch.setattr("connect_contracts.judging.judge.check", passed)
    status, said = run_selftest("--connect", REFERENCE, "takes_no_url_by_keyword")
    assert status == 1
    assert "takes_no_url_by_keyword: not noticed: SIG-7[by-keyword] is passed" in said
    assert "1 not noticed as it must be" in said


def passed(*_: object) -> object:
    from connect_contracts.checks.expectation import Passed

    return Passed()


OUTCOMES = {
    "another clause": (
        Tried("LIVE-1", {"LIVE-1[one-table]": "failed"}, elsewhere=("AUTH-12", "AUTH-12")),
        1,
        "adds_nothing: noticed by AUTH-12, not by LIVE-1",
    ),
    "one clause cannot be tested": (
        Tried("LIVE-1", untestable={"LIVE-1[one-table]": "it has no tables"}),
        0,
        "not testable (it has no tables): adds_nothing by LIVE-1",
    ),
    "many are left aside": (
        Tried("LIVE-1", aside={f"LIVE-1[{number}]": "failed" for number in range(15)}),
        0,
        "LIVE-1[11] (failed) and 3 more",
    ),
}


@pytest.mark.parametrize("name", OUTCOMES)
def test_the_lines(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    tried, status, sentence = OUTCOMES[name]
    noticed = Tried("LIVE-2", {"LIVE-2[seen-by-head]": "failed"}, noticed=True)
    monkeypatch.setattr(PROOFS, lambda *_: [WrapperProved("adds_nothing", (noticed, tried))])
    found, said = run_selftest("--connect", REFERENCE, "adds_nothing")
    assert found == status
    assert sentence in said


def test_every_wrapper_is_judged_where_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[list[str], int | None]] = []

    def proofs(
        _subject: UnderTest, names: list[str], workers: int | None
    ) -> Iterator[WrapperProved]:
        asked.append((names, workers))
        yield from ()

    monkeypatch.setattr(PROOFS, proofs)
    assert run_selftest("--connect", REFERENCE, "--profile", "6.2", "-n", "3")[0] == 2
    run_selftest("--connect", REFERENCE, "adds_nothing", "always_raises")
    assert asked == [(list(every_wrapper()), 3), (["always_raises", "adds_nothing"], None)]

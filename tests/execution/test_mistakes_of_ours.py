"""A mistake of the harness is a harness error, wherever in a run it happens."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from connect_contracts.chapters.builder import connect, list_tables, unsecure
from connect_contracts.execution import in_process, run
from connect_contracts.execution.implementation import Implementation, PartMissing
from connect_contracts.execution.loading import load
from connect_contracts.model.clause import Profile
from connect_contracts.model.observation import Observation
from connect_contracts.model.scenario import Scenario, Together, Use

TWO = Together(((connect(session="a"),), (connect(session="b"), list_tables("b"))))

CLIENT = """
import os, sys, threading

class Session:
    tables = {}

    @property
    def url(self):
        return object()

def connect(url, **_):
    return Session()

def connect_of_garbage(url, **_):
    os.write(int(sys.argv[2]), b"garbage\\n")
    threading.Event().wait()
"""

BREAKS_ITS_EXECUTOR = """
from connect_contracts.execution import in_process

def mistaken():
    raise RuntimeError("a mistake of ours")

if hasattr(sys.modules["__main__"], "Child"):
    in_process.trust_of_process = mistaken
"""


class Session:
    def __init__(self) -> None:
        self.tables: dict[str, Any] = {}


def observed(*steps: Any, connect: Any = None, **scenario: Any) -> Observation:
    implementation = connect or Implementation(lambda _url, **_: Session())
    return run.run(Scenario((unsecure(),), steps, **scenario), implementation, Profile.V0_9_1)


def adapted(**methods: Callable[..., Any]) -> Implementation:
    kind = type("Adapted", (Implementation,), methods)
    return kind(lambda _url, **_: Session())


def mistaken(*_: object) -> None:
    raise RuntimeError("a mistake of ours")


@pytest.mark.parametrize("step", [TWO, connect()])
def test_in_a_step_or_a_branch(monkeypatch: pytest.MonkeyPatch, step: Any) -> None:
    monkeypatch.setattr(in_process, "trust_of_process", mistaken)
    assert "RuntimeError: a mistake of ours" in (observed(step).harness_error or "")


def test_in_the_later_step_of_one_branch_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_process, "raised_by_adapter", mistaken)
    seen = observed(TWO, connect=adapted(list_tables=mistaken))
    assert "RuntimeError: a mistake of ours" in (seen.harness_error or "")


@pytest.mark.parametrize("step", [TWO, connect()])
def test_in_a_fresh_process(module: Callable[[str], str], step: Any) -> None:
    name = module(CLIENT + BREAKS_ITS_EXECUTOR)
    seen = observed(step, connect=load(name), isolation="process", limit=5.0)
    assert "RuntimeError: a mistake of ours" in (seen.harness_error or "")


def test_what_is_no_json_comes_out_of_a_fresh_process(module: Callable[[str], str]) -> None:
    steps = (connect(), Use("url"))
    implementation = load(module(CLIENT))
    seen = observed(*steps, connect=implementation, isolation="process", limit=5.0)
    assert seen.harness_error is None
    assert [result.how for result in seen.results] == ["returned", "returned"]
    assert "object object at" in seen.results[1].value


def test_a_reply_that_cannot_be_read(module: Callable[[str], str]) -> None:
    name = module(CLIENT.replace("connect(url", "sound(url").replace("_of_garbage", ""))
    seen = observed(connect(), connect=load(name), isolation="process", limit=5.0)
    assert "DecodeError" in (seen.harness_error or "")


def test_a_close_that_hangs_when_nothing_is_judged_any_more(
    monkeypatch: pytest.MonkeyPatch, hang: Callable[..., Any]
) -> None:
    monkeypatch.setattr(run, "ENDING_LIMIT", 0.2)
    seen = observed(TWO, connect=adapted(close=hang))
    assert seen.harness_error is None
    assert {result.how for result in seen.results} == {"returned"}


def test_a_hang_in_a_branch_is_waited_for_once(hang: Callable[..., Any]) -> None:
    branch = (connect(session="a"), *[list_tables("a")] * 5)
    together = Together((branch, (connect(session="b"),)))
    seen = observed(together, connect=adapted(list_tables=hang), limit=0.3)
    assert [result.place for result in seen.results if result.how == "hung"] == [(0, 0, 1), (0,)]


def test_a_part_that_is_missing_in_a_branch_ends_no_other() -> None:
    missed = threading.Event()

    def missing(*_: Any) -> Any:
        missed.set()
        raise PartMissing("tables")

    def url(*_: Any) -> str:
        missed.wait()
        return "a url"

    other = (connect(session="b"), Use("url", session="b"), Use("url", session="b"))
    together = Together(((connect(session="a"), list_tables("a"), list_tables("a")), other))
    seen = observed(together, connect=adapted(list_tables=missing, url=url))
    assert [result.place for result in seen.results if result.how == "part missing"] == [
        (0, 0, 1),
        (0,),
    ]
    assert [result.how for result in seen.results if result.who == "b"] == ["returned"] * 3

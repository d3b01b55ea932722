"""A run, from the scenario to what was seen, in this process and in a fresh one."""

from __future__ import annotations

import os
import threading
import warnings
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from connect_contracts.chapters.builder import AS_ADMIN, connect, list_tables, ping, secure, story
from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.execution.environment.process_environment import ProcessEnvironment
from connect_contracts.execution.fresh_process import FreshProcess, FreshProcessError
from connect_contracts.execution.implementation import Implementation
from connect_contracts.execution.loading import load
from connect_contracts.execution.run import run
from connect_contracts.judging.judge import judge
from connect_contracts.judging.verify import verify
from connect_contracts.model.clause import Profile
from connect_contracts.model.observation import Observation
from connect_contracts.model.scenario import Scenario
from connect_contracts.model.verdict import Verdict
from connect_harness.server import ConnectionAccepted

REFERENCE = "connect_contracts.reference.v0_9_1"
ONE_CONNECT = story(secure(), connect(AS_ADMIN)).scenario


def observed(scenario: Scenario, implementation: object) -> Observation:
    return run(scenario, Implementation(implementation), Profile.V0_9_1)


def in_a_fresh_process(scenario: Scenario, **changed: Any) -> Scenario:
    return msgspec.structs.replace(scenario, isolation="process", **changed)


@pytest.mark.parametrize(
    "name",
    [
        "CA-2[without-the-file]",
        "LIVE-2[seen-by-head]",
        "AUTH-7[asked-for-each-request]",
        "AUTH-11[each-in-its-thread]",
        "MTLS-1[key-with-a-password]",
    ],
)
def test_a_fresh_process_sees_what_this_one_sees(name: str) -> None:
    case, reference = catalogue().cases[name], load(REFERENCE)
    here = run(case.scenario, reference, Profile.V0_9_1)
    there = run(in_a_fresh_process(case.scenario), reference, Profile.V0_9_1)
    assert judge(case, here, Profile.V0_9_1).verdict is Verdict.PASSED
    assert judge(case, there, Profile.V0_9_1) == judge(case, here, Profile.V0_9_1)
    assert [result.how for result in there.results] == [result.how for result in here.results]
    # The connect that is not judged leaves nothing in what was seen.
    ports = {event.port for event in there.events if isinstance(event, ConnectionAccepted)}
    assert ports == {target.port for target in there.targets}
    for part in ("asked", "resolved", "said", "terminal"):
        assert len(getattr(there, part)) == len(getattr(here, part))


def test_a_warning_of_the_implementation_is_no_error() -> None:
    def connect(url: str, **keywords: Any) -> Any:
        warnings.warn("use something else", DeprecationWarning, stacklevel=2)
        return load(REFERENCE).connect(url, **keywords)

    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("error")
        seen = observed(ONE_CONNECT, connect)
        with pytest.raises(DeprecationWarning, match="use something else"):
            connect("")
    assert [result.how for result in seen.results] == ["returned"]
    # It would stand between the lines of a report.
    assert given == []


def test_an_implementation_given_as_an_object_is_not_testable_in_a_fresh_process() -> None:
    seen = observed(in_a_fresh_process(ONE_CONNECT), lambda url: None)
    assert seen.not_testable == "a fresh interpreter needs the implementation as module[:attribute]"
    assert seen.results == ()


@pytest.mark.parametrize("case", ["CA-9[symbolic-link]", "CA-7[loop-of-links]"])
def test_where_links_are_forbidden_a_link_is_not_testable(
    monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise OSError("A required privilege is not held by the client")

    monkeypatch.setattr(os, "symlink", forbidden)
    seen = observed(catalogue().cases[case].scenario, load(REFERENCE).connect)
    assert seen.not_testable == "this system lets this user make no symbolic links"
    assert seen.harness_error is None


def test_a_hang_shows_its_place_and_ends_the_run(hang: Callable[..., Any]) -> None:
    def hanging_connect(url: str, **_: object) -> None:
        hang()

    steps = (connect(AS_ADMIN), list_tables(), ping())
    seen = observed(msgspec.structs.replace(ONE_CONNECT, steps=steps, limit=0.2), hanging_connect)
    (result,) = seen.results
    assert result.how == "hung"
    assert any("hanging_connect (test_run.py:" in call for call in result.stack)


@pytest.mark.parametrize(
    ("imported", "call", "seen"),
    [
        ("threading", "threading.Event().wait()", "connect ("),
        ("os", "os._exit(3)", "the fresh interpreter"),
    ],
    ids=["hangs", "dies"],
)
def test_a_fresh_process_that_hangs_or_dies_is_a_hang(
    module: Callable[[str], str], imported: str, call: str, seen: str
) -> None:
    name = module(f"import {imported}\n\ndef connect(url, **_):\n    {call}\n")
    (result,) = run(in_a_fresh_process(ONE_CONNECT, limit=0.5), load(name), Profile.V0_9_1).results
    assert result.how == "hung"
    assert any(line.startswith(seen) for line in result.stack)


def test_an_implementation_that_the_fresh_process_does_not_find() -> None:
    lost = Implementation(lambda url: None, reference="no_such_module_anywhere")
    with pytest.raises(FreshProcessError, match="no_such_module_anywhere"):
        FreshProcess(lost, {}, ProcessEnvironment())


def test_surroundings_are_set_and_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere")
    before = dict(os.environ)
    seen: dict[str, str | None] = {}

    def looking_connect(url: str, **_: object) -> None:
        for name in ("HTTPS_PROXY", "SSL_CERT_FILE", "HOME", "OF_THE_CASE"):
            seen[name] = os.environ.get(name)

    scenario = msgspec.structs.replace(ONE_CONNECT, surroundings=(("OF_THE_CASE", "yes"),))
    observed(scenario, looking_connect)
    assert (seen["HTTPS_PROXY"], seen["SSL_CERT_FILE"]) == (None, None)
    assert seen["OF_THE_CASE"] == "yes"
    assert seen["HOME"] != before["HOME"]
    assert not Path(str(seen["HOME"])).exists()
    assert dict(os.environ) == before


def test_a_session_that_is_not_there_is_asked_nothing() -> None:
    def refusing_connect(url: str, **_: object) -> None:
        raise PermissionError("no")

    steps = (connect(AS_ADMIN), list_tables(), ping())
    seen = observed(msgspec.structs.replace(ONE_CONNECT, steps=steps), refusing_connect)
    assert [(result.what, result.how) for result in seen.results] == [
        ("connect", "raised"),
        ("ping", "returned"),
    ]


def test_nothing_is_left_of_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    reference, case = load(REFERENCE), catalogue().cases["MTLS-1[two-files]"]
    before = threading.active_count()
    assert verify(case, reference, Profile.V0_9_1).judgement.verdict is Verdict.PASSED
    assert threading.active_count() == before
    assert list(tmp_path.iterdir()) == []


def test_a_session_may_come_with_a_second_connect() -> None:
    calls: list[str] = []

    def second_time_lucky(url: str, **_: object) -> object:
        calls.append(url)
        if len(calls) == 1:
            raise ConnectionError("not yet")
        return SimpleNamespace(tables={"Example": None}, close=lambda: None)

    steps = (connect(AS_ADMIN), connect(AS_ADMIN), list_tables())
    seen = observed(msgspec.structs.replace(ONE_CONNECT, steps=steps), second_time_lucky)
    assert [result.how for result in seen.results] == ["raised", "returned", "returned"]


def test_what_connect_imports_is_not_blamed_on_its_limit(module: Callable[[str], str]) -> None:
    # The first connect of a process never ends, as if it imported for ever; the second does.
    name = module(
        "import threading\n\n"
        "calls = []\n\n"
        "def connect(url, **_):\n"
        "    calls.append(url)\n"
        "    if len(calls) == 1:\n"
        "        print('importing', flush=True)\n"
        "        threading.Event().wait()\n"
    )
    scenario = in_a_fresh_process(ONE_CONNECT, limit=0.5)
    seen = run(scenario, load(name), Profile.V0_9_1)
    assert [result.how for result in seen.results] == ["returned"]
    assert seen.terminal == ""

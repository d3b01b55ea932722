"""What is seen of a process around a step: what it holds, what is set in it, whom it contacts."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from connect_contracts.chapters.builder import AS_ADMIN, arm, close, connect, secure, story
from connect_contracts.execution.environment.process_settings import settings, settings_put_back
from connect_contracts.execution.loading import load
from connect_contracts.execution.run import run
from connect_contracts.model.clause import Profile
from connect_contracts.model.observation import Observation, Result
from connect_contracts.model.process_state import UNREAD, Contact, ProcessState
from connect_contracts.model.scenario import Connect, Scenario, Together

Module = Callable[[str], str]
REFERENCE = "connect_contracts.reference.v6_2"
CONNECT = connect(AS_ADMIN)
INTERRUPTED = msgspec.structs.replace(CONNECT, interrupted=True)


def inspected(name: str, *steps: Any, **scenario: Any) -> Observation:
    told = story(secure(), *steps, isolation="process", inspects=True, **scenario)
    observation = run(told.scenario, load(name), Profile.V6_2)
    assert observation.harness_error is None
    return observation


def around(result: Result) -> tuple[ProcessState, ProcessState]:
    assert result.before is not None
    assert result.after is not None
    return result.before, result.after


CLIENT = """
import os, socket, subprocess, sys, tempfile, threading
from connect_contracts.reference.v6_2 import *
from connect_contracts.reference import v6_2

kept = []

def wait():
    threading.Event().wait()

def connect(url, **given):
    session = v6_2.connect(url, **given)
    port = int(url.rpartition(":")[2])
    {body}
    return session
"""

LEFT = [
    ("socket", 'kept.append(socket.create_connection(("127.0.0.1", port)))', "socket.socket to"),
    ("socket", "kept.append(socket.socket())", "socket.socket without a peer"),
    ("descriptor", "kept.append(os.pipe())", "a pipe"),
    ("descriptor", "kept.append(open(__file__))", ".py"),
    ("thread", "threading.Thread(target=wait, name='beat', daemon=True).start()", "beat (written_"),
    ("process", "kept.append(subprocess.Popen(['sleep', '60']))", "sleep"),
    ("temporary file", "kept.append(tempfile.mkdtemp(prefix='left'))", "left"),
]


def lines(*statements: str) -> str:
    return "\n    ".join(statements)


def test_what_is_left_is_named(module: Module) -> None:
    name = module(CLIENT.format(body=lines(*(body for _, body, _ in LEFT))))
    observation = inspected(name, CONNECT, close(), CONNECT, close())
    first, second = (observation.result((index,)) for index in (1, 3))
    assert first is not None
    assert second is not None
    assert first.after is not None
    found = {kind: names for kind, _, names in first.after.more(second.after or ProcessState())}
    assert set(found) == {kind for kind, _, _ in LEFT}
    for kind, _, text in LEFT:
        assert any(text in each for each in found[kind]), (kind, text)


def test_a_thread_that_ends_by_itself_is_awaited(module: Module) -> None:
    body = "threading.Thread(target=session.close).start()"
    observation = inspected(module(CLIENT.format(body=body)), CONNECT)
    before, after = around(observation.results[0])
    assert before.more(after) == ()


def test_the_reference_leaves_nothing_but_its_connection() -> None:
    observation = inspected(REFERENCE, CONNECT, close())
    before, after = around(observation.results[0])
    assert [each[:2] for each in before.more(after)] == [("socket", 1)]
    assert before.more(around(observation.results[1])[1]) == ()
    assert before.changed(after) == {}


SET: list[tuple[str, str]] = [
    ("os.environ['X_FOR_A_TEST'] = 'secret'", "the variable X_FOR_A_TEST"),
    ("os.chdir('/')", "the working directory"),
    ("os.umask(0o077)", "the umask"),
    ("locale.setlocale(locale.LC_ALL, 'C.UTF-8')", "the locale"),
    ("socket.setdefaulttimeout(9)", "socket.getdefaulttimeout()"),
    ("warnings.simplefilter('ignore')", "warnings.filters"),
    ("logging.captureWarnings(True)", "warnings.showwarning"),
    ("signal.signal(signal.SIGUSR1, signal.SIG_IGN)", "the handler of SIGUSR1"),
    ("logging.disable(10)", "logging.disable"),
    ("logging.basicConfig()", "the root logger"),
    ("logging.getLogger('of.one').setLevel(10)", "the logger of.one"),
    ("logging.getLogger('of.two').propagate = False", "the logger of.two"),
    (
        "ssl._create_default_https_context = ssl._create_unverified_context",
        "ssl._create_default_https_context",
    ),
    ("request.install_opener(request.build_opener())", "the opener of urllib.request"),
    ("sys.stdin.readline()", UNREAD),
]


def test_what_is_set_is_named(module: Module) -> None:
    body = CLIENT.format(body=lines(*(body for body, _ in SET)))
    imports = "import locale, logging, signal, ssl, sys, urllib.request as request, warnings\n"
    # Signals are the main thread's, in which a connect that may be interrupted is called.
    observation = inspected(module(imports + body), INTERRUPTED)
    before, after = around(observation.results[0])
    changed = before.changed(after)
    assert set(changed) == {name for _, name in SET}
    assert "secret" not in str(changed)


def test_reading_by_a_descriptor_is_seen_too(module: Module) -> None:
    observation = inspected(module(CLIENT.format(body="os.read(0, 1)")), CONNECT)
    before, after = around(observation.results[0])
    assert set(before.changed(after)) == {UNREAD}


def test_loggers_that_libraries_make_are_no_change() -> None:
    before = settings()
    logging.getLogger("of.a.library").addHandler(logging.NullHandler())
    assert ProcessState((), before).changed(ProcessState((), settings())) == {}


def test_what_was_set_is_put_back(tmp_path: Path) -> None:
    before = settings()
    with settings_put_back():
        os.umask(0o011)
        os.chdir(tmp_path)
        socket.setdefaulttimeout(9)
        logging.basicConfig(level=5, force=True)
        logging.disable(7)
        assert settings() != before
    assert settings() == before


def test_in_this_process_only_what_is_set_is_looked_at() -> None:
    def setting(url: str, **given: Any) -> Any:
        os.environ["NO_PROXY"] = "*"
        return load(REFERENCE).connect(url, **given)

    scenario = story(secure(), CONNECT, inspects=True).scenario
    reference = load(REFERENCE)
    run(scenario, reference, Profile.V6_2)
    reference.connect = setting  # type: ignore[method-assign]
    (result,) = run(scenario, reference, Profile.V6_2).results
    before, after = around(result)
    assert (before.resources, after.resources) == (None, None)
    assert list(before.changed(after)) == ["the variable NO_PROXY"]


def test_contacts_are_noted(module: Module) -> None:
    body = (
        "\n    try:\n        socket.create_connection(('127.0.0.1', 9), 5)"
        "\n    except OSError:\n        pass\n    socket.gethostbyname('localhost')"
    )
    observation = inspected(module(CLIENT.format(body=body)), CONNECT)
    (result,) = observation.results
    (target,) = observation.targets
    assert result.contacts == (
        Contact("localhost"),
        Contact("127.0.0.1", target.port),
        Contact("127.0.0.1"),
        Contact("127.0.0.1", 9),
    )


# Connects that are repeated, interrupted, held.


def ends(*steps: Any, **scenario: Any) -> list[tuple[str, str | None]]:
    observation = run(
        story(secure(), *steps, isolation="process", **scenario).scenario,
        load(REFERENCE),
        Profile.V6_2,
    )
    assert observation.harness_error is None
    return [(each.how, each.raised and each.raised.type) for each in observation.results]


def counting(module: Module, body: str) -> str:
    return module(CLIENT.format(body=f"kept.append(0)\n    if {body}: raise OSError"))


REPEATED = [
    ("False", 7, "returned"),
    ("True", 7, "raised"),
    # One that ends otherwise than the first is the last.
    ("len(kept) == 3", 3, "raised"),
    ("len(kept) != 3", 3, "returned"),
]


@pytest.mark.parametrize(("raises", "calls", "how"), REPEATED)
def test_a_repeated_connect(module: Module, raises: str, calls: int, how: str) -> None:
    step = msgspec.structs.replace(CONNECT, times=7)
    told = story(secure(), step).scenario
    observation = run(told, load(counting(module, raises)), Profile.V6_2)
    assert [result.how for result in observation.results] == [how]
    connections = [
        each for each in observation.events if type(each).__name__ == "ConnectionAccepted"
    ]
    assert len(connections) == calls


def test_an_interrupt_comes_while_the_target_holds_its_answer() -> None:
    held = arm("held before the answer", releases=True, times=1)
    assert ends(held, INTERRUPTED, CONNECT, limit=20.0) == [
        ("returned", None),
        ("raised", "KeyboardInterrupt"),
        ("returned", None),
    ]
    assert ends(INTERRUPTED)[0] == ("returned", None)


def test_a_process_of_others_is_not_interrupted() -> None:
    with pytest.raises(ValueError, match="isolate it"):
        Scenario((), (INTERRUPTED,))


def test_what_is_held_is_released_when_it_is_enough() -> None:
    held = arm("held before the answer", releases=True, times=2)
    one, two = (Connect(CONNECT.call, name) for name in ("one", "two"))
    scenario = story(secure(), held, Together(((one,), (two,))), limit=20.0).scenario
    observation = run(scenario, load(REFERENCE), Profile.V6_2)
    assert [result.how for result in observation.results] == ["returned"] * 4


def test_what_is_held_in_vain_is_released_all_the_same() -> None:
    held = arm("held before the answer", releases=True, times=2)
    scenario = story(secure(), held, CONNECT, CONNECT, limit=20.0).scenario
    observation = run(scenario, load(REFERENCE), Profile.V6_2)
    assert [result.how for result in observation.results] == ["returned"] * 3

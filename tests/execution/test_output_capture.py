"""Output, logs, warnings and exceptions of a step are captured; the process does not change."""

from __future__ import annotations

import io
import logging
import sys
import threading
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from packaging.version import Version

from connect_contracts.chapters.builder import AS_ADMIN, connect, list_tables, secure, story
from connect_contracts.execution.capture.output_capture import OutputCapture
from connect_contracts.execution.implementation import Implementation
from connect_contracts.execution.loading import load
from connect_contracts.execution.run import run
from connect_contracts.model.clause import Profile
from connect_contracts.model.observation import Observation, Said
from connect_contracts.model.scenario import Scenario, Together

LISTENED = story(secure(), connect(AS_ADMIN), listens=True).scenario
SECRET = "a-secret-that-was-planted"

SAYING = f"""
import logging
import sys
import threading
import warnings

class BasicAuthentication:
    def __init__(self, username, password):
        pass

    def __repr__(self):
        return "Basic {SECRET}"

class Session:
    def __repr__(self):
        return "Session {SECRET}"

    def __str__(self):
        return "for people {SECRET}"

def connect(url, *, authentication=None, certificate_authority=None):
    if authentication is not None:
        {{action}}
    return Session()
"""

LOG = "a log record"
ACTIONS = {
    "logged, with arguments": ("logging.getLogger('a.b').debug('%s!', {SECRET!r})", LOG),
    "logged, far down": ("logging.getLogger().log(11, {SECRET!r})", LOG),
    "logged as extra": ("logging.getLogger('a').info('x', extra={{'it': {SECRET!r}}})", LOG),
    "logged as exception": (
        "logging.getLogger('a').debug('x', exc_info=ValueError({SECRET!r}))",
        LOG,
    ),
    "warned": ("warnings.warn({SECRET!r}, stacklevel=1)", "a warning"),
    "warned by level": ("warnings.warn(ResourceWarning({SECRET!r}), stacklevel=2)", "a warning"),
    "raised": ("raise ValueError({SECRET!r})", "an exception"),
}


def spoken(name: str, isolation: str = "call") -> Observation:
    """What is seen of a module that says something."""
    scenario = msgspec.structs.replace(LISTENED, isolation=isolation)
    return run(scenario, load(name), Profile.V0_9_1)


def heard(observation: Observation, source: str) -> list[str]:
    return [said.text for said in observation.said if said.source == source]


@pytest.mark.parametrize(
    ("way", "isolation"), [*((way, "call") for way in ACTIONS), ("logged as extra", "process")]
)
def test_a_planted_secret_is_heard(module: Callable[[str], str], way: str, isolation: str) -> None:
    action, source = ACTIONS[way]
    name = module(SAYING.format(action=action.format(SECRET=SECRET)))
    observation = spoken(name, isolation)
    texts = heard(observation, source)
    assert any(SECRET in text for text in texts), observation
    assert {said.place for said in observation.said} == {(0,)}


@pytest.mark.parametrize("isolation", ["call", "process"])
def test_session_and_authentication_show_themselves(
    module: Callable[[str], str], isolation: str
) -> None:
    name = module(SAYING.format(action="pass"))
    observation = spoken(name, isolation)
    assert heard(observation, "the session") == [f"Session {SECRET}", f"for people {SECRET}"]
    assert heard(observation, "the authentication") == [f"Basic {SECRET}"]
    assert {said.own for said in observation.said if said.source == "the session"} == {True}


def test_code_that_is_installed_is_told_from_a_users(tmp_path: Path) -> None:
    capture = OutputCapture(output=False)
    with capture.during((0,), threading.get_ident()):
        capture.keep_object("the session", Version("1.0"))
        for folder in ("site-packages", "mine"):
            file = str(tmp_path / folder / "x.py")
            record = logging.LogRecord("client", 20, file, 1, folder, (), None)
            logging.getLogger("client").handle(record)
    assert {said.text: said.own for said in capture.said if said.source == "a log record"} == {
        "site-packages": False,
        "mine": True,
    }
    assert not any(said.own for said in capture.said if said.source == "the session")


@pytest.mark.parametrize(
    ("isolation", "out", "error"),
    [("call", "standard output", "standard error"), ("process", *["the terminal"] * 2)],
)
def test_output_is_heard(
    module: Callable[[str], str], isolation: str, out: str, error: str
) -> None:
    action = "print('half', end=''); print('whole'); print('wrong', file=sys.stderr, flush=True)"
    observation = spoken(module(SAYING.format(action=action)), isolation)
    assert any("halfwhole" in text for text in heard(observation, out))
    assert any("wrong" in text for text in heard(observation, error))


def test_what_is_said_beyond_what_is_kept_is_known_to_be_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("connect_contracts.execution.capture.output_capture.KEPT", 10)
    output_capture = OutputCapture(output=False)
    output_capture.keep("a log record", "0123456789")
    assert [said.cut for said in output_capture.said] == [False]
    output_capture.keep("a log record", "more")
    output_capture.keep("a log record", "and more")
    output_capture.keep("a warning", "short")
    assert [(said.text, said.cut) for said in output_capture.said] == [
        ("0123456789", False),
        ("", True),
        ("short", False),
    ]


def test_what_is_said_of_an_object_without_a_repr() -> None:
    class Broken:
        def __repr__(self) -> str:
            raise RuntimeError("no repr today")

    observation = run(LISTENED, Implementation(lambda url, **_: Broken()), Profile.V0_9_1)
    assert observation.results[0].how == "returned"
    (text,) = heard(observation, "the session")
    assert "no repr today" in text


def test_what_is_said_has_the_place_of_its_step() -> None:
    class Session:
        def __init__(self, name: str) -> None:
            self.name = name

        @property
        def tables(self) -> dict[str, None]:
            logging.getLogger("a").info("%s lists", self.name)
            return {}

    names = iter("ab")
    branches = tuple((list_tables(session=name),) for name in ("one", "other"))
    scenario = Scenario(
        (secure(),),
        (connect(session="one"), connect(session="other"), Together(branches)),
        listens=True,
    )
    observation = run(
        scenario, Implementation(lambda url, **_: Session(next(names))), Profile.V0_9_1
    )
    logged = {(said.text, said.place) for said in observation.said if said.source == LOG}
    assert logged == {("a lists", (2, 0, 0)), ("b lists", (2, 1, 0))}


class Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())


def listening(action: Callable[[], object], *, output: bool = True) -> tuple[Said, ...]:
    output_capture = OutputCapture(output=output)
    with output_capture.during((4,), threading.get_ident()):
        action()
    return output_capture.said


def test_handlers_and_levels_are_left_alone() -> None:
    root, quiet = logging.getLogger(), logging.getLogger("quiet.of.this.test")
    handler, own = Kept(), Kept()
    level = root.level
    quiet.setLevel(logging.ERROR)
    quiet.propagate = False
    root.addHandler(handler)
    quiet.addHandler(own)
    state = lambda: (root.level, list(root.handlers), quiet.level, list(quiet.handlers))  # noqa: E731
    before = state()

    def act() -> None:
        assert root.isEnabledFor(logging.DEBUG)
        assert quiet.getEffectiveLevel() == logging.DEBUG
        root.debug("unheard by others")
        root.error("heard by all")
        quiet.warning("unheard by its own")
        quiet.error("heard by its own")
        assert state() == before

    try:
        said = listening(act)
    finally:
        root.removeHandler(handler)
        quiet.removeHandler(own)
    assert [record.text for record in said] == [
        "unheard by others",
        "heard by all",
        "unheard by its own",
        "heard by its own",
    ]
    assert {record.place for record in said} == {(4,)}
    assert handler.texts == ["heard by all"]
    assert own.texts == ["heard by its own"]
    assert root.level == level
    assert quiet.getEffectiveLevel() == logging.ERROR
    assert not quiet.isEnabledFor(logging.WARNING)


@pytest.mark.parametrize("how", ["its own", "all logging"])
def test_what_is_switched_off_is_heard_and_stays_silent(how: str) -> None:
    logger = logging.getLogger(f"{how}.of.this.test")
    handler = Kept()
    logger.addHandler(handler)
    logger.disabled = how == "its own"
    logging.disable(logging.ERROR if how == "all logging" else logging.NOTSET)
    try:
        said = listening(lambda: logger.error("said"))
    finally:
        logging.disable(logging.NOTSET)
    assert [record.text for record in said] == ["said"]
    assert handler.texts == []


class Chatty:
    def __str__(self) -> str:
        logging.getLogger("a").info("%s", self)
        return "shown"


@pytest.mark.parametrize(
    ("record", "text"), [(("%s", Chatty()), "shown"), (("%d", "word"), "%d\n('word',)")]
)
def test_a_record_that_logs_or_does_not_fit(record: tuple[Any, ...], text: str) -> None:
    said = listening(lambda: logging.getLogger("a").info(*record))
    assert [record.text for record in said] == [text]


def test_warnings_are_heard_each_time_and_filters_put_back() -> None:
    filters, show = list(warnings.filters), warnings.showwarning

    def warn_twice() -> None:
        for _ in range(2):
            warnings.warn("again", DeprecationWarning, stacklevel=1)

    said = listening(warn_twice)
    assert [record.text for record in said] == ["DeprecationWarning: again"] * 2
    assert (list(warnings.filters), warnings.showwarning) == (filters, show)


def test_output_goes_where_it_went(monkeypatch: pytest.MonkeyPatch) -> None:
    out, raw = io.StringIO(), io.BytesIO()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(raw))

    def act() -> None:
        sys.stdout.write("one two")
        sys.stdout.writelines(["three", "four"])
        assert sys.stdout.getvalue() == "one twothreefour"  # type: ignore[attr-defined]
        sys.stderr.buffer.write(b"bytes")

    assert {(said.source, said.text) for said in listening(act)} == {
        ("standard output", "one twothreefour"),
        ("standard error", "bytes"),
    }
    assert sys.stdout is out
    sys.stderr.flush()
    assert raw.getvalue() == b"bytes"


def test_all_is_put_back_after_an_exception() -> None:
    def state() -> list[object]:
        names = ("isEnabledFor", "handle", "callHandlers")
        methods = [vars(logging.Logger)[name] for name in names]
        return [*methods, sys.stdout, sys.stderr, warnings.showwarning]

    def fail() -> None:
        raise KeyError

    before = state()
    with pytest.raises(KeyError):
        listening(fail)
    assert state() == before


def test_a_step_that_hangs_leaves_no_capture(hang: Callable[..., Any]) -> None:
    def hanging_connect(url: str, **_: Any) -> None:
        logging.getLogger("a").info("on my way")
        hang()

    before = vars(logging.Logger)["callHandlers"]
    scenario = msgspec.structs.replace(LISTENED, limit=0.2)
    observation = run(scenario, Implementation(hanging_connect), Profile.V0_9_1)
    assert observation.results[0].how == "hung"
    assert heard(observation, "a log record") == ["on my way"]
    assert vars(logging.Logger)["callHandlers"] is before

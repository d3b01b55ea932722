"""A question on the terminal of a fresh process is recorded, and answered at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import msgspec
import pytest

from connect_contracts.chapters.builder import connect, connect_tls, mutual_tls, story, unsecure
from connect_contracts.execution.capture.terminal import ANSWERS, KEPT, Terminal
from connect_contracts.execution.loading import load
from connect_contracts.execution.run import run
from connect_contracts.model.clause import Profile
from connect_contracts.model.observation import Observation
from connect_contracts.model.scenario import Certificate

Module = Callable[[str], str]

LIMIT = 2.0
PLAIN = story(unsecure(), connect()).scenario


def seen(name: str) -> Observation:
    scenario = msgspec.structs.replace(PLAIN, isolation="process", limit=LIMIT)
    return run(scenario, load(name), Profile.V0_9_1)


def test_openssl_is_seen_asking_for_the_password_of_a_key(module: Module) -> None:
    name = module(
        "import ssl\n\n"
        "class ClientCertificate:\n"
        "    def __init__(self, certificate, *, keyfile, password):\n"
        "        self.files = certificate, keyfile\n\n"
        "def connect(url, authentication=None, certificate_authority=None):\n"
        "    context = ssl.create_default_context()\n"
        "    if authentication is not None:\n"
        "        context.load_cert_chain(*authentication.files)\n"
    )
    step = connect_tls(Certificate(layout="encrypted key"))
    scenario = story(mutual_tls(), step, isolation="process", limit=LIMIT).scenario
    observation = run(scenario, load(name), Profile.V0_9_1)
    (result,) = observation.results
    assert result.how == "raised", result.describe()
    assert "Enter PEM pass phrase:" in observation.terminal


@pytest.mark.parametrize(
    "ask", ["getpass.getpass('Password: ')", "[print('a line'), input('Password: ')]"]
)
def test_a_question_in_python_is_seen_too(module: Module, ask: str) -> None:
    observation = seen(module(f"import getpass\n\ndef connect(url, **_):\n    {ask}\n"))
    (result,) = observation.results
    assert result.raised is not None, result.describe()
    assert result.raised.type == "EOFError"
    assert "Password: " in observation.terminal


def test_a_question_that_is_repeated_ends_the_terminal(module: Module) -> None:
    name = module(
        "def connect(url, **_):\n"
        "    while True:\n"
        "        try:\n"
        "            return input('Password: ')\n"
        "        except EOFError:\n"
        "            continue\n"
    )
    observation = seen(name)
    (result,) = observation.results
    assert result.raised is not None, result.describe()
    assert result.raised.type == "OSError"
    assert observation.terminal.count("Password: ") == ANSWERS + 1


def test_output_alone_gets_no_answer(module: Module) -> None:
    lines = 5 * ANSWERS
    name = module(
        "import sys\n\n"
        "def connect(url, **_):\n"
        f"    for number in range({lines}):\n"
        "        print('line', number, flush=True)\n"
    )
    observation = seen(name)
    assert [result.how for result in observation.results] == ["returned"]
    lines_shown = observation.terminal.split("\r\n")
    assert lines_shown == [*(f"line {number}" for number in range(lines)), ""]


def test_a_question_in_each_of_two_steps(module: Module) -> None:
    name = module("def connect(url, **_):\n    input(url and 'Name: ')\n")
    twice = story(unsecure(), connect(), connect(), isolation="process", limit=LIMIT).scenario
    observation = run(twice, load(name), Profile.V0_9_1)
    assert [result.raised and result.raised.type for result in observation.results] == [
        "EOFError"
    ] * 2
    assert observation.terminal == "Name: Name: "


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    made = Terminal()
    yield made
    made.close()


def test_what_is_written_between_steps_gets_no_answer(terminal: Terminal) -> None:
    os.write(terminal.child, b"Name: ")
    assert terminal.written() == "Name: "
    with terminal.attended():
        os.write(terminal.child, b"Password: ")
        # Reading waits for the end of the file that is typed.
        assert os.read(terminal.child, 100) == b""
    os.set_blocking(terminal.child, False)
    with pytest.raises(BlockingIOError):
        os.read(terminal.child, 100)
    assert terminal.written(len("Name: ")) == "Password: "


def test_what_is_kept_is_bounded(terminal: Terminal) -> None:
    for _ in range(KEPT // 4096 + 2):
        os.write(terminal.child, b"x" * 4096)
        terminal.count()
    assert terminal.count() == KEPT


def test_nothing_is_left_of_a_terminal() -> None:
    before = len(os.listdir("/dev/fd"))
    made = Terminal()
    os.write(made.child, b"last words")
    made.close()
    assert made.written() == "last words"
    assert len(os.listdir("/dev/fd")) == before

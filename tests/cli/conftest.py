"""The command as a user has it: the installed script, in a folder of the user's."""

from __future__ import annotations

import os
import signal
import subprocess
import sysconfig
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

CLIENT = '''
import json, os, signal, ssl, urllib.request

class Session:
    pass

def connect(url, *, authentication=None, certificate_authority=None):
    context = None
    if certificate_authority is not None:
        context = ssl.create_default_context(cafile=str(certificate_authority))
    headers = authentication(url) if authentication else {}
    request = urllib.request.Request(url + "/versions/rest", headers=headers)
    with urllib.request.urlopen(request, context=context, timeout=10) as answer:
        json.load(answer)
    return Session()

def trusting(url, *, authentication=None, certificate_authority=None):
    """Never verifies a certificate."""
    headers = authentication(url) if authentication else {}
    request = urllib.request.Request(url + "/versions/rest", headers=headers)
    context = ssl._create_unverified_context() if url.startswith("https") else None
    with urllib.request.urlopen(request, context=context, timeout=10) as answer:
        json.load(answer)
    return Session()

def interrupting(url, *, authentication=None, certificate_authority=None):
    """As Ctrl-C in the middle of the first case that gives credentials without a file."""
    if authentication is not None and certificate_authority is None:
        os.kill(os.getpid(), signal.SIGINT)
    return connect(url, authentication=authentication, certificate_authority=certificate_authority)

def crashing(url, *, authentication=None, certificate_authority=None):
    """Takes the whole process with it where no file is given."""
    if authentication is not None and certificate_authority is None:
        os._exit(3)
    return connect(url, authentication=authentication, certificate_authority=certificate_authority)
'''


@pytest.fixture(autouse=True, scope="session")
def signals_as_at_a_terminal() -> Iterator[None]:
    """A command heeds what it is sent, also where these tests were started to ignore it.

    A shell starts its background jobs with SIGINT ignored, ``nohup`` with SIGHUP.
    """
    ignored = [
        one for one in (signal.SIGINT, signal.SIGHUP) if signal.getsignal(one) is signal.SIG_IGN
    ]
    for one in ignored:
        signal.signal(one, signal.default_int_handler if one is signal.SIGINT else signal.SIG_DFL)
    yield
    for one in ignored:
        signal.signal(one, signal.SIG_IGN)


SCRIPT = Path(sysconfig.get_path("scripts")) / "connect-contract"

Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder, with a module ``client`` in it; it is the working folder."""
    folder = tmp_path / "user"
    folder.mkdir()
    folder.joinpath("client.py").write_text(CLIENT)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def command(folder: Path) -> Command:
    """Runs the command in the user's folder."""

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [SCRIPT, *arguments],
            cwd=folder,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **environment},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    return run


@pytest.fixture
def script() -> Path:
    """The installed script."""
    return SCRIPT

"""A little project of a user, with several implementations of ``connect`` in it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from forked import forked

CLIENT = '''
import base64, json, ssl, urllib.request

class BasicAuthentication:
    def __init__(self, username, password):
        self.pair = f"{username}:{password}".encode()

    def __call__(self, url):
        return {"Authorization": "Basic " + base64.b64encode(self.pair).decode()}

class Session:
    pass

def _ask(url, authentication, context):
    headers = authentication(url) if authentication else {}
    request = urllib.request.Request(url + "/versions/rest", headers=headers)
    with urllib.request.urlopen(request, context=context, timeout=10) as answer:
        json.load(answer)
    return Session()

def connect(url, *, authentication=None, certificate_authority=None):
    context = None
    if certificate_authority is not None:
        context = ssl.create_default_context(cafile=str(certificate_authority))
    return _ask(url, authentication, context)

def trusting(url, *, authentication=None, certificate_authority=None):
    """Never verifies a certificate."""
    context = ssl._create_unverified_context() if url.startswith("https") else None
    return _ask(url, authentication, context)

def raising(url, *, authentication=None, certificate_authority=None):
    """Always raises."""
    raise RuntimeError("not today")
'''


class Project:
    """The project: a package ``client`` in the working folder, and no test yet."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self._pytester = pytester
        self.path: Path = pytester.path
        self.write = pytester.makepyfile
        self.conftest = pytester.makeconftest
        self.python = pytester.runpython
        self.write(client=CLIENT)

    def ini(self, *lines: str) -> None:
        """Write an ini file with these entries."""
        self._pytester.makeini("\n".join(["[pytest]", *lines, ""]))

    def run(self, *options: str, fresh: bool = False) -> pytest.RunResult:
        """Run pytest, in a fork of this process.

        Parameters:
            fresh: In an interpreter of its own; so is a run with workers.
        """
        if fresh or "-n" in options:
            return self._pytester.runpytest_subprocess(*options)

        def call() -> int:
            sys.path.insert(0, str(self.path))
            return int(pytest.main([f"--basetemp={self.path / 'kept'}", *options]))

        done = forked(call, {"PYTHONPATH": str(self.path)})
        sys.stdout.write(done.stdout + done.stderr)
        lines = done.stdout.splitlines(), done.stderr.splitlines()
        return pytest.RunResult(done.returncode, *lines, duration=0.0)

    def judge(
        self, *ids: str, connect: str = "client", options: tuple[str, ...] = (), fresh: bool = False
    ) -> pytest.RunResult:
        """Run the suite on an implementation, on the cases of these ids."""
        select = [word for name in ids for word in ("--connect-contract-select", name)]
        suite = ("--pyargs", "connect_contracts", "--connect-contract", connect)
        return self.run(*suite, *select, *options, fresh=fresh)


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The project."""
    # What the environment of this run says is not for the little project. Where CI is set, pytest
    # prints a failure a second time, whole, in its summary.
    for name in ("PYTEST_PLUGINS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD", "CI", "BUILD_NUMBER"):
        monkeypatch.delenv(name, raising=False)
    # Each costs a start of pytest more than all the rest; a test of its own has them back.
    heavy = ("randomly", "pytest_httpserver", "hypothesispytest", "anyio")
    monkeypatch.setenv("PYTEST_ADDOPTS", " ".join(f"-p no:{name}" for name in heavy))
    return Project(pytester)


@pytest.fixture
def wrapped(project: Project) -> Project:
    """The project, with a public client installed there and a wrapper around it."""
    project.write(
        atoti="""
        from connect_contracts.reference import v6_2
        from connect_contracts.reference.v6_2 import (
            BasicAuthentication, ClientCertificate, TokenAuthentication
        )

        class Session(v6_2.Session):
            pass
        """,
        wrapped="""
        import atoti

        def connect(url, **keywords):
            with open("calls.txt", "a") as file:
                print(url, file=file)
            return atoti.Session.connect(url, **keywords)
        """,
    )
    install_client(project, "6.2.2")
    return project


def install_client(project: Project, version: str) -> Path:
    """Have the metadata say that this version of the public client is installed."""
    folder = project.path / f"atoti_client-{version}.dist-info"
    folder.mkdir()
    folder.joinpath("METADATA").write_text(
        f"Metadata-Version: 2.1\nName: atoti-client\nVersion: {version}\n", encoding="utf-8"
    )
    return folder


@pytest.fixture
def install() -> object:
    """Installs a version of the public client in a project."""
    return install_client

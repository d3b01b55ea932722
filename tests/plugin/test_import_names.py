"""What a test module gives as an object is found by a fresh interpreter too, where it can be."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

FRESH = "CA-18[in-a-fresh-interpreter]"
"""A case that needs a fresh interpreter."""

SESSIONS = """
import client
from connect_contracts import Implementation
from client import BasicAuthentication

class Session:
    @classmethod
    def connect(cls, url, **given):
        client.connect(url, **given)
        return cls()

class Derived(Session):
    pass

class Adapter(Implementation):
    subject = client.connect

    def basic(self, username, password):
        return client.BasicAuthentication(username, password)

def made():
    def connect(url, **given):
        return client.connect(url, **given)
    return connect

inner = made()
unnamed = lambda url, **given: client.connect(url, **given)
an_object = Session()
"""


@pytest.fixture
def sessions(project: pytest.Pytester) -> pytest.Pytester:
    """The project, with more to give to ``contracts``."""
    project.makepyfile(sessions=SESSIONS)
    return project


def judge(project: pytest.Pytester, given: str, *options: str) -> pytest.RunResult:
    project.makepyfile(
        test_it=f"""
        import client, sessions
        from connect_contracts import contracts

        test_connect = contracts({given}, select=["{FRESH}"])
        """
    )
    return project.runpytest_subprocess(*options)


@pytest.mark.parametrize(
    "given",
    [
        "client.connect",
        "sessions.Session",
        "sessions.Session.connect",
        "sessions.Derived.connect",
        "sessions.Adapter",
    ],
)
def test_what_can_be_imported(sessions: pytest.Pytester, given: str) -> None:
    judge(sessions, given).assert_outcomes(passed=1)


@pytest.mark.parametrize(
    "given",
    ["sessions.inner", "sessions.unnamed", "sessions.an_object", "sessions.Adapter()"],
)
def test_what_has_no_name(sessions: pytest.Pytester, given: str) -> None:
    result = judge(sessions, given)
    result.assert_outcomes(skipped=1)
    needed = "*a fresh interpreter needs the implementation as module[[]:attribute[]]"
    result.stdout.fnmatch_lines([needed])


def test_on_the_path_that_pytest_makes(project: pytest.Pytester) -> None:
    folder = project.mkdir("src")
    folder.joinpath("inside.py").write_text("from client import *\n" + SESSIONS)
    project.makeini("[pytest]\npythonpath = src\n")
    project.makepyfile(
        f"""
        import inside
        from connect_contracts import contracts

        test_connect = contracts(inside.Session, select=["{FRESH}"])
        """
    )
    project.runpytest_subprocess().assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("mode", "folder", "found"),
    [
        ("prepend", "tests", True),
        ("importlib", "tests", True),
        # pytest imports it as tests_of_v1.test_it, which names no folder.
        ("importlib", "tests_of.v1", False),
    ],
)
def test_in_the_test_module_itself(
    project: pytest.Pytester, mode: str, folder: str, found: bool
) -> None:
    made = project.mkdir(folder)
    made.joinpath("test_it.py").write_text(
        "import client\n"
        "from client import BasicAuthentication\n"
        "from connect_contracts import contracts\n"
        "def connect(url, **given): return client.connect(url, **given)\n"
        f"test_connect = contracts(connect, select=['{FRESH}'])\n"
    )
    result = project.runpytest_subprocess("--import-mode", mode)
    if found:
        result.assert_outcomes(passed=1)
    else:
        result.assert_outcomes(skipped=1)
        result.stdout.fnmatch_lines(["*a fresh interpreter does not find *test_it:connect (*"])


def test_a_module_that_stands_in_for_another(project: pytest.Pytester) -> None:
    project.makeconftest(
        """
        import sys, types, client

        def connect(url, **given): return client.connect(url, **given)

        connect.__module__ = "json"
        stands_in = types.ModuleType("json")
        stands_in.connect = connect
        vars(stands_in).update(vars(sys.modules["json"]), connect=connect, __file__=None)
        sys.modules["json"] = stands_in
        """
    )
    project.makepyfile(
        f"""
        import json
        from connect_contracts import contracts

        test_connect = contracts(json.connect, select=["{FRESH}"])
        """
    )
    result = project.runpytest_subprocess()
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["*a fresh interpreter does not find json:connect (*"])

"""What a test module gives: an object that a fresh interpreter finds, a wrapper of the client."""

from __future__ import annotations

from typing import Any

import pytest

from user_modules import DEVIATION, RETURNED, SUBCLASS, deviate

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

NAMES = """
from connect_contracts.execution.loading import import_name

def test_names():
    assert import_name(sessions.Session) == "sessions:Session"
    assert import_name(sessions.Session.connect) == "sessions:Session.connect"
"""


def suite_of(module: str, *given: str, select: str = FRESH) -> str:
    tests = (
        f"test_{number} = contracts({name}, select=['{select}'])"
        for number, name in enumerate(given)
    )
    return "\n".join([f"import {module}", "from connect_contracts import contracts", *tests])


def test_what_can_be_imported(project: Any) -> None:
    """Also from a folder that only pytest puts on the path."""
    folder = project.path / "src"
    folder.mkdir()
    folder.joinpath("sessions.py").write_text(SESSIONS)
    project.ini("pythonpath = src")
    given = ("sessions.Derived.connect", "sessions.Adapter")
    project.write(suite_of("sessions", *given) + NAMES)
    project.run().assert_outcomes(passed=3)


def test_what_has_no_name(project: Any) -> None:
    project.write(sessions=SESSIONS)
    given = [f"sessions.{name}" for name in ("inner", "unnamed", "an_object", "Adapter()")]
    project.write(suite_of("sessions", *given))
    result = project.run("-rs", "--no-fold-skipped")
    result.assert_outcomes(skipped=len(given))
    needed = "a fresh interpreter needs the implementation as module[:attribute]"
    assert sum(line.endswith(needed) for line in result.outlines) >= len(given)


@pytest.mark.parametrize(
    ("folder", "found"),
    [
        ("tests", True),
        # pytest imports it as tests_of_v1.test_it, which names no folder.
        ("tests_of.v1", False),
    ],
)
def test_in_the_test_module_itself(project: Any, folder: str, found: bool) -> None:
    (project.path / folder).mkdir()
    (project.path / folder / "test_it.py").write_text(
        "from client import BasicAuthentication\n"
        "def connect(url, **given): return client.connect(url, **given)\n"
        + suite_of("client", "connect")
    )
    result = project.run("--import-mode", "importlib")
    result.assert_outcomes(passed=found, skipped=not found)
    if not found:
        result.stdout.fnmatch_lines(["*a fresh interpreter does not find *test_it:connect (*"])


def test_a_module_that_stands_in_for_another(project: Any) -> None:
    project.conftest(
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
    project.write(suite_of("json", "json.connect"))
    result = project.run()
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["*a fresh interpreter does not find json:connect (*"])


# A wrapper around the public client, with nothing declared.

IDS = ["SIG-4[a-session]", "MTLS-1[two-files]", "LIVE-12[the-user]"]
WRAPPER = f"""
    from connect_contracts import contracts
    from wrapped import connect

    test_connect = contracts(connect, select={IDS})
    test_by_name = contracts("wrapped:connect", select={IDS})
"""


def test_a_wrapper_gets_the_verdicts_of_its_client_on_a_worker(wrapped: Any) -> None:
    wrapped.write(WRAPPER)
    result = wrapped.run("-n", "1")
    result.assert_outcomes(passed=6)
    assert result.ret == 0
    summary = "wrapped:connect, profile 6.2 (returned), depth default: 6 passed"
    result.stdout.fnmatch_lines([summary, f"  {RETURNED}"])


def test_what_its_client_is_known_for(wrapped: Any) -> None:
    deviate(wrapped.path)
    wrapped.write(suite_of("atoti", "atoti.Session", select=SUBCLASS))
    result = wrapped.run()
    result.assert_outcomes(xfailed=1)
    result.stdout.fnmatch_lines([f"  known: {SUBCLASS.replace('[', '[[]')}: {DEVIATION}*"])
    option = "--connect-contract-no-known-deviations"
    wrapped.run(option).assert_outcomes(failed=1)


def test_it_connects_once_before_the_first_case(wrapped: Any) -> None:
    wrapped.write(suite_of("wrapped", "wrapped.connect", select="SIG-3[left-out-and-none]"))
    wrapped.run().assert_outcomes(passed=1)
    # Two are the case's own, and one warms up on the release that the first session named.
    assert len((wrapped.path / "calls.txt").read_text().splitlines()) == 2 + 1 + 1


def test_it_is_not_called_where_no_case_is_run(wrapped: Any) -> None:
    wrapped.write(
        f"{WRAPPER}\n"
        "    def test_of_my_own(connect_target_factory): pass\n"
        "    def test_of_names(connect_implementation):\n"
        "        import atoti\n"
        "        found = connect_implementation.find('BasicAuthentication')\n"
        "        assert found is atoti.BasicAuthentication\n"
    )
    given = ("--connect-contract", "wrapped")
    for options in (("-k", "of_my_own"), ("--collect-only",)):
        assert wrapped.run(*given, *options).ret == 0
        assert not (wrapped.path / "calls.txt").exists()
    # The fixture finds the names too.
    wrapped.run(*given, "-k", "of_names").assert_outcomes(passed=1, deselected=7)


def test_a_documented_name_that_is_not_found(project: Any) -> None:
    result = project.judge("SIG-1", "MTLS-1[two-files]", connect="client:connect")
    result.assert_outcomes(passed=1, skipped=1)
    result.stdout.fnmatch_lines(
        [
            "client:connect, profile 0.9.1 (default), depth default: 1 passed, 1 not testable; "
            "not found: ClientCertificate",
            "  not found, so that its cases are not testable: ClientCertificate",
        ]
    )

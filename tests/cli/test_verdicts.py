"""For each verdict a run of the command that gives it, with the run's exit status."""

from __future__ import annotations

from pathlib import Path

import pytest

from connect_contracts.model.verdict import Verdict, exit_status
from run_reports import Judge

MORE_CLIENTS = '''

def quoting(url, *, authentication=None, certificate_authority=None):
    """Quotes the credentials that were refused."""
    try:
        return connect(
            url, authentication=authentication, certificate_authority=certificate_authority
        )
    except OSError as error:
        raise ValueError(f"refused: {authentication(url)}") from error

def giving_up(url, *, authentication=None, certificate_authority=None):
    """Runs out of time at once, for which a busy machine may be to blame."""
    raise TimeoutError("timed out")

def abrupt(url, *, authentication=None, certificate_authority=None):
    """Refuses the target as well as connect does, and hangs up without an alert."""
    if url.startswith("https") and certificate_authority is None:
        import socket
        from urllib.parse import urlsplit
        context = ssl._create_unverified_context()
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        with socket.create_connection((urlsplit(url).hostname, urlsplit(url).port)) as raw:
            context.wrap_socket(raw).close()
        raise ssl.SSLError("unknown to me")
    return connect(url, authentication=authentication, certificate_authority=certificate_authority)
'''

HANGING = """
import threading
import client
import connect_contracts.execution.in_process as in_process

_take = in_process.InProcessExecutor.execute
# The suite gives a step half a minute.
in_process.InProcessExecutor.execute = lambda self, session, step, limit, place=(): _take(
    self, session, step, 0.3, place
)

__connect_contract__ = {"profile": "0.9.1"}

def connect(url, **given):
    threading.Event().wait()
"""

UNTESTABLE = """
import sys
from client import connect

# As on a machine without certifi.
sys.modules["certifi"] = None
__connect_contract__ = {"trust_store": "certifi"}
"""

BROKEN_TARGET = """
from client import connect, raising
from connect_harness.protocols import application

def _mistaken(*_, **__):
    raise KeyError("a mistake within the target")

application.Application.answer = _mistaken
"""

WRONG_ADAPTER = '''
from client import connect
from connect_contracts import Implementation

class Adapter(Implementation):
    """Hands on what the session does not have."""

    subject = connect

    def list_tables(self, session):
        return session.names(1)

class OurCall(Implementation):
    """Has a method that fails when it is called, and looks sound before."""

    subject = connect

    def list_tables(self, *arguments):
        return (lambda: None)(*arguments)
'''

BROKEN_PLUGIN = """
from client import connect
from connect_fixtures.reporting import ContractReporter

def _mistaken(self, report):
    raise KeyError("a mistake within the plugin")

ContractReporter.pytest_runtest_logreport = _mistaken
"""

MODULES = {
    "hanging": HANGING,
    "untestable": UNTESTABLE,
    "broken_target": BROKEN_TARGET,
    "wrong_adapter": WRONG_ADAPTER,
    "broken_plugin": BROKEN_PLUGIN,
}

CA_1, CA_2 = "CA-1[authority-given]", "CA-2[without-the-file]"
LISTING = "LIVE-1[names-of-the-tables]"


@pytest.fixture
def clients(folder: Path) -> Path:
    """The user's folder, with every client of these tests in it."""
    with (folder / "client.py").open("a") as file:
        file.write(MORE_CLIENTS)
    for name, text in MODULES.items():
        (folder / f"{name}.py").write_text(text)
    return folder


def entry(case: str, way: str, *, flaky: bool = False) -> str:
    return (
        f'[[expected-failure]]\nreason = "known"\ncase = "{case}"\nway = {way}\n'
        f"flaky = {str(flaky).lower()}\n"
    )


TRUSTS = '["it returned", "HTTP reached the target"]'

UNTESTABLE = "CA-4[trusted-without-the-file]"
WRONG_PASSWORD = "AUTH-4[wrong-password]"

RUNS = {
    # What it is: implementation, verdicts by case, status.
    "passed": ("client", {CA_1: "passed", CA_2: "passed"}, 0),
    "observed": ("client", {"AUTH-13[for-an-unsecured-target]": "observed"}, 0),
    "known": ("client:trusting", {CA_2: "known"}, 0),
    "flaky, and fails": ("client:trusting", {CA_2: "flaky"}, 0),
    "flaky, and passes": ("client", {CA_2: "flaky"}, 0),
    "not applicable": ("client", {CA_1: "passed", "LIVE-12[the-user]": "not applicable"}, 0),
    "not testable": ("untestable", {CA_1: "passed", UNTESTABLE: "not testable"}, 0),
    "all is required": ("untestable", {CA_1: "passed", UNTESTABLE: "not testable"}, 2),
    "not testable, and nothing else": ("untestable", {UNTESTABLE: "not testable"}, 2),
    "failed": ("client:trusting", {CA_1: "passed", CA_2: "failed"}, 1),
    "failed: it was expected to, and passed": ("client", {CA_2: "failed"}, 1),
    "failed: otherwise than expected": ("client:trusting", {CA_2: "failed"}, 1),
    "failed: of a secret": ("client:quoting", {WRONG_PASSWORD: "failed"}, 1),
    "hang": ("hanging", {CA_1: "hang"}, 1),
    "inconclusive": ("client:giving_up", {CA_2: "inconclusive"}, 2),
    "within a target": ("broken_target", {CA_1: "harness error"}, 2),
    "the implementation raises too": ("broken_target", {WRONG_PASSWORD: "harness error"}, 2),
    "the adapter": ("wrong_adapter:Adapter", {LISTING: "harness error"}, 2),
    "our call of the adapter": ("wrong_adapter:OurCall", {LISTING: "harness error"}, 2),
    "1 beats 2": ("client:giving_up", {CA_1: "failed", CA_2: "inconclusive"}, 1),
}
EXPECTED_FAILURES = {
    # What it is: the entry, and what the command prints of it.
    "known": (entry(CA_2, TRUSTS), (f"known: {CA_2}: ",)),
    "flaky, and fails": (entry(CA_2, TRUSTS, flaky=True), (f"flaky: {CA_2}: ",)),
    "flaky, and passes": (entry(CA_2, TRUSTS, flaky=True), ()),
    "failed: it was expected to, and passed": (
        entry(CA_2, TRUSTS),
        ("the expected failure is stale",),
    ),
    "failed: otherwise than expected": (
        entry(CA_2, '"HTTP reached the target"'),
        ("not declared: of step 1 (connect): it returned",),
    ),
}


@pytest.mark.parametrize("name", RUNS)
def test_a_run_with_each_verdict(name: str, judge: Judge, clients: Path) -> None:
    implementation, expected, status = RUNS[name]
    options = ("--require-all",) if name == "all is required" else ()
    text, lines = EXPECTED_FAILURES.get(name, ("", ()))
    if text:
        (clients / "known.toml").write_text(text)
        options = ("--expected-failures", "known.toml")
    done = judge(implementation, *expected, options=options)
    assert (done.verdicts, done.status) == (expected, status), done
    assert f"exit status {status}" in done.lines[-1]
    assert "Traceback" not in done.err
    # A long line is folded.
    printed = " ".join(done.out.split())
    assert all(line in printed for line in lines), done.out
    if implementation == "client:quoting":
        # A secret fails the case in the name of the clause that forbids it.
        assert "clause    AUTH-12 (robust): no secret appears" in done.out
        assert "seen      a password appeared in an exception (AUTH-12); raised: " in done.out
        assert "(1 cause; broken: AUTH-12); exit status 1" in done.lines[-1]
        (case,) = done.report["clauses"][0]["cases"]
        assert (case["clause"], case["broken"], case["level"]) == ("AUTH-4", "AUTH-12", "robust")


def test_every_verdict_is_among_them() -> None:
    given = {word for _, words, _ in RUNS.values() for word in words.values()}
    # What is not run is in test_run.py.
    assert given == {verdict.word for verdict in Verdict} - {Verdict.NOT_RUN.word}
    for name, (_, words, status) in RUNS.items():
        found = [Verdict.of(word) for word in words.values()]
        assert exit_status(found, require_all=name == "all is required") == status, name


def test_a_mistake_of_the_plugin_lets_nothing_pass(judge: Judge, clients: Path) -> None:
    done = judge("broken_plugin", CA_1, CA_2, options=("-n", "1"))
    assert done.status == 2, done
    assert "a mistake within the plugin" in done.out
    assert "failed" not in done.verdicts.values()


@pytest.mark.parametrize(
    ("since", "status", "word"), [("0.0.9", 0, "observed"), ("0.1.0", 1, "failed")]
)
def test_a_newer_clause_fails_nothing(judge: Judge, since: str, status: int, word: str) -> None:
    done = judge("client:trusting", CA_2, options=("--since", since))
    assert (done.status, done.verdicts) == (status, {CA_2: word}), done
    told = f"newer than {since}, and so no failure: {CA_2} would be failed"
    assert (told in done.out) is (status == 0)


COMPARED = ("--compare-with", "before.json")
OTHER = (*COMPARED, "--compare-other")
REQUIRED = "--require-evidence"


def test_evidence_that_became_weaker(judge: Judge, clients: Path) -> None:
    judge("client", CA_1, CA_2).file.rename(clients / "before.json")
    same = judge("client", CA_1, CA_2, options=(*COMPARED, REQUIRED))
    assert same.status == 0, same
    assert "evidence of 1 refusal compared with before.json: none is weaker" in same.out

    weaker = judge("client:abrupt", CA_1, CA_2, options=OTHER)
    assert weaker.status == 0, weaker
    assert "evidence of 1 refusal compared with before.json: 1 weaker" in weaker.out
    assert f"{CA_2}: client's alert before, end of stream now" in weaker.out
    assert weaker.report["summary"]["evidence"] == {"end of stream": 1}
    assert weaker.report["comparison"] == {
        "earlier": "before.json",
        "refusals": 1,
        "weaker": [{"case": CA_2, "before": "client's alert", "now": "end of stream"}],
        **{key: [] for key in ("newly_failing", "newly_passing", "newly_known", "new", "gone")},
        "not_selected_before": [],
        "not_selected_now": [],
        "laws": "",
    }

    required = judge("client:abrupt", CA_1, CA_2, options=(*OTHER, REQUIRED))
    assert required.status == 2
    assert "exit status 2" in required.lines[-1]
    assert judge("client:trusting", CA_1, CA_2, options=(*OTHER, REQUIRED)).status == 1
    nothing = judge("client", CA_1, options=(*COMPARED, REQUIRED))
    assert nothing.status == 2
    assert "evidence of 0 refusals compared" in nothing.out

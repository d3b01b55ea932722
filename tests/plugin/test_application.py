"""An application's own tests with the fakes, and what is read where they fail."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

pytest_plugins = ["pytester"]

APPLICATION = """\
import pytest
from connect_contracts.reference.v0_9_1 import BasicAuthentication, connect
from connect_harness import ClientFiles, FaultFactory, Requests, TargetSession


def open_session(target: TargetSession, files: ClientFiles):
    return connect(
        target.url,
        authentication=BasicAuthentication("admin", "passwd"),
        certificate_authority=files.certificate_authority,
    )


def test_an_expired_certificate(connect_expired_target, connect_certificates):
    with pytest.raises(Exception, match="certificate"):
        open_session(connect_expired_target, connect_certificates)
    assert connect_expired_target.requests() == ()


def test_a_fault_and_a_restart(
    connect_https_target: TargetSession,
    connect_certificates: ClientFiles,
    connect_fault: FaultFactory,
):
    target = connect_https_target
    session = open_session(target, connect_certificates)
    connect_fault(target, "status 503", on=Requests(changes=True, times=1))
    with pytest.raises(Exception, match="503"):
        session.tables["Example"].append(("first",))
    target.restart()
    session = open_session(target, connect_certificates)
    session.tables["Example"].append(("second",))
    lines = {"actions": [{"baseTable": "Example", "lines": [["SENT"]]}]}
    target.assert_requested(path="*/data/branches/*", json=lines, user="admin", times=1)
"""


def test_an_application_of_thirty_lines(project: Any) -> None:
    project.write(test_application=APPLICATION.replace("SENT", "second"))
    project.run().assert_outcomes(passed=2)


def test_a_stranger_reads_what_happened(project: Any) -> None:
    project.write(test_application=APPLICATION.replace("SENT", "secnd"))
    result = project.run()
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "E*Error: HTTPS target should have received a request for *branches/* by admin*once*",
            "E*request * differs in json:",
            'E*-*"secnd"',
            'E*+*"second"',
            "E*POST /activeviam/database/rest/v10/data/branches/master: 503 to admin, by the fault "
            "'status 503'",
            "*- what HTTPS target saw -*",
            "  HTTPS target has the fault 'status 503' armed on any request*(1 time)",
            "  HTTPS target?*? < 503*by the fault 'status 503'",
            "  HTTPS target was restarted",
            '  HTTPS target?*? >   {"actions":*"lines":*"second"*',
        ]
    )
    shown = result.stdout.str()
    # The test's own source has the password once; what the target saw does not show it.
    saw = shown.partition("what HTTPS target saw")[2].partition("short test summary")[0]
    assert "passwd" not in saw
    assert "YWRtaW46cGFzc3dk" not in shown
    # No frame of the harness stands between the test and the sentence.
    assert "assertions.py" not in shown


SHARED = """
import urllib.request
import pytest

@pytest.fixture(scope="module")
def target(connect_target_factory):
    return connect_target_factory(name="shared")

def ask(target):
    urllib.request.urlopen(target.url + "/versions/rest").close()

def test_before(target):
    ask(target)

def test_after(target, connect_target_factory):
    others = [connect_target_factory(name=f"other {number}") for number in range(5)]
    for each in (target, *others):
        ask(each)
    assert False

@pytest.fixture
def broken(target):
    ask(target)
    raise RuntimeError

def test_setup(broken):
    pass

def test_nothing_asked(connect_target_factory):
    assert False
"""


def test_a_report_is_of_its_own_test_and_bounded(project: Any) -> None:
    project.write(SHARED)
    result = project.run("-p", "no:randomly", "-n", "1")
    result.assert_outcomes(passed=1, failed=2, errors=1)
    error, failed, without = _sections(result.stdout.str())
    assert error.count("> GET /versions/rest") == 1
    assert failed.count("> GET /versions/rest") == 3
    assert "What further targets saw is left out" in failed
    assert "saw -" not in without


def _sections(text: str) -> list[str]:
    names = ("at setup of test_setup _", " test_after _", " test_nothing_asked _")
    return [re.split(r"\n_{3,}", text.partition(name)[2])[0] for name in names]


FIXTURES = """
import pytest
from client import BasicAuthentication, connect
from connect_harness import Chain, Requests

ADMIN = BasicAuthentication("admin", "passwd")

@pytest.mark.parametrize("name", ["connect_expired_target", "connect_untrusted_target"])
def test_refused(name, request, connect_certificates):
    target = request.getfixturevalue(name)
    with pytest.raises(OSError, match="certificate"):
        connect(target.url, authentication=ADMIN,
                certificate_authority=connect_certificates.certificate_authority)
    assert target.requests() == ()

def test_its_own_authority(connect_untrusted_target, connect_certificates):
    connect(connect_untrusted_target.url, authentication=ADMIN,
            certificate_authority=connect_certificates.authority("another authority"))

def test_another_certificate(connect_https_target_factory, connect_certificates):
    target = connect_https_target_factory(Chain(defect="wrong DNS name"), name="wrong")
    assert target.name == "wrong" and list(target.tables) == ["Example"]
    with pytest.raises(OSError, match="Hostname mismatch"):
        connect(target.url, authentication=ADMIN,
                certificate_authority=connect_certificates.certificate_authority)

def test_a_user_without_a_role(connect_secure_target, connect_user):
    login = connect_user(connect_secure_target)
    assert connect_secure_target.security.individual_roles[login.username] == frozenset()
    assert "passwd" not in repr(login)
    with pytest.raises(OSError, match="403"):
        connect(connect_secure_target.url, authentication=BasicAuthentication(*login))
    connect_secure_target.assert_requested(user="guest")
    auditor = connect_user(connect_secure_target, "auditor", roles={"ROLE_AUDITOR"})
    assert connect_secure_target.security.individual_roles["auditor"] == {"ROLE_AUDITOR"}
    with pytest.raises(ValueError, match="has the user 'auditor' already"):
        connect_user(connect_secure_target, "auditor")

def test_an_unsecured_target_has_no_users(connect_unsecure_target, connect_user):
    with pytest.raises(ValueError, match="is unsecured: it has no users"):
        connect_user(connect_unsecure_target)

@pytest.fixture(scope="module")
def shared(connect_target_factory):
    return connect_target_factory()

@pytest.mark.parametrize("turn", [1, 2])
def test_a_fault_goes_with_its_test(shared, connect_fault, turn):
    connect(shared.url)
    armed = connect_fault(shared, "status 503", on=Requests("GET", "/versions/*"))
    with pytest.raises(OSError, match="503"):
        connect(shared.url)
    assert armed.met == 1

def test_a_wrong_name_is_an_error_of_the_line_that_has_it(shared, connect_fault):
    with pytest.raises(ValueError, match="There is no fault 'status 50'. The nearest are"):
        connect_fault(shared, "status 50")
"""


def test_fixtures_for_what_goes_wrong(project: Any) -> None:
    project.write(FIXTURES)
    project.run().assert_outcomes(passed=9)


def test_each_fixture_says_in_its_first_line_what_it_gives(project: Any) -> None:
    result = project.run("--fixtures", "-p", "no:xdist")
    lines = result.stdout.lines
    ours = [number for number, line in enumerate(lines) if line.startswith("connect_")]
    assert len(ours) == 12
    for number in ours:
        first = lines[number + 1].strip()
        assert re.fullmatch(r"(A|An|The|Starts|Arms|Adds) .{20,94}[.:`)]", first), first
        assert first.endswith((".", "``.")), first


TYPED = """
from pathlib import Path

from connect_harness import (
    DEFECTS,
    Chain,
    ClientFiles,
    Exchange,
    FaultFactory,
    HttpsConfig,
    HttpsTargetFactory,
    Requests,
    SecurityConfig,
    SessionConfig,
    TargetFactory,
    TargetSession,
    UserFactory,
    fault_kinds,
)


def test_typed(
    connect_target_factory: TargetFactory,
    connect_https_target_factory: HttpsTargetFactory,
    connect_certificates: ClientFiles,
    connect_fault: FaultFactory,
    connect_user: UserFactory,
    tmp_path: Path,
) -> None:
    https = HttpsConfig(chain=Chain(defect="leaf expired"), key_log=tmp_path / "keys")
    config = SessionConfig(security=SecurityConfig(https=https))
    target: TargetSession = connect_target_factory(config, release="0.9.12")
    with connect_fault(target, "status 503", on=Requests("POST")) as armed:
        number: int = armed.met + len(DEFECTS) + len(fault_kinds())
    name, password = connect_user(target, roles={"ROLE_USER"})
    exchanges: tuple[Exchange, ...] = target.assert_requested(times=0)
    status: int | None = next((exchange.status for exchange in target.journal), None)
    other: TargetSession = connect_https_target_factory(Chain(), name=name + password)
    print(number, exchanges, status, other.url, str(target.journal))
    print(connect_certificates.client_certificate("admin").keyfile)
"""

WRONG = """
from connect_harness import Chain, SecurityConfig, TargetFactory

SecurityConfig(basic_authentication={"admin": "passwd"})
Chain(key="rsa")


def test_wrong(connect_target_factory: TargetFactory) -> None:
    connect_target_factory(relase="0.9.12")
"""


def test_a_users_tests_are_typed(tmp_path: Path) -> None:
    (tmp_path / "test_typed.py").write_text(TYPED)
    (tmp_path / "test_wrong.py").write_text(WRONG)
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache")]
    done = subprocess.run(
        [*command, "test_typed.py", "test_wrong.py"], cwd=tmp_path, capture_output=True, text=True
    )
    wrong = [line for line in done.stdout.splitlines() if ": error: " in line]
    assert [line.partition(": error: ")[2].partition('"')[0].strip() for line in wrong] == [
        *("Argument", "Argument", "Unexpected keyword argument")
    ], done.stdout
    assert "test_typed" not in done.stdout


def test_two_targets_of_one_name_are_told_apart(project: Any) -> None:
    project.write(
        """
import urllib.request

def test_two(connect_target_factory):
    for target in (connect_target_factory(), connect_target_factory()):
        urllib.request.urlopen(f"{target.url}/versions/rest")
    assert False
"""
    )
    shown = project.run("-p", "no:randomly").stdout.str()
    headings = re.findall(r"what (target at http://localhost:\d+) saw", shown)
    assert len(set(headings)) == 2, shown

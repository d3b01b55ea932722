"""A test in which a fake target itself made a mistake fails, and says what happened."""

from __future__ import annotations

from typing import Any

import pytest

pytest_plugins = ["pytester"]

BROKEN = """
import threading
import urllib.error, urllib.request
import pytest

from connect_harness.faults import AnswerFault

def lost(request, honest):
    raise LookupError("lost")

def ask(target, context=None):
    '''As an application that goes on after an error of the server.'''
    target.arm(AnswerFault(lost))
    with pytest.raises(urllib.error.HTTPError, match="500"):
        urllib.request.urlopen(target.url + "/versions/rest", context=context)

class Late:
    def __init__(self):
        self.asked = threading.Event()
        self.over = threading.Event()

    def __call__(self, request, honest):
        self.asked.set()
        self.over.wait(10)
        raise LookupError("late")
"""

FIXTURES = """
import ssl
import urllib.error, urllib.request
import pytest
from broken import ask, lost

def test_sound(connect_unsecure_target, connect_secure_target, connect_target_factory):
    assert connect_target_factory().url

def test_unsecure(connect_unsecure_target):
    ask(connect_unsecure_target)

def test_secure(connect_secure_target):
    ask(connect_secure_target)

def test_factory(connect_target_factory):
    ask(connect_target_factory())

def test_target(connect_target_factory, monkeypatch):
    monkeypatch.setattr("connect_harness.protocols.application.admit", lost)
    with pytest.raises(urllib.error.HTTPError, match="500"):
        urllib.request.urlopen(connect_target_factory(name="itself").url + "/versions/rest")

def test_mtls(connect_mtls_target, connect_certificates):
    context = ssl.create_default_context(cafile=connect_certificates.certificate_authority)
    files = connect_certificates.client_certificate("admin")
    context.load_cert_chain(files.certificate, files.keyfile)
    ask(connect_mtls_target, context)

def test_sound_again(connect_unsecure_target, connect_secure_target, connect_target_factory):
    assert connect_target_factory().url
"""

# What else may happen to such a test.
SPECIAL = """
import threading, urllib.request
import pytest
from broken import Late, ask
from connect_harness.faults import AnswerFault

@pytest.mark.xfail(strict=True)
def test_expected_to_fail(connect_unsecure_target):
    # Else the mistake could be the very reason for which the test fails as expected.
    ask(connect_unsecure_target)
    assert False

@pytest.fixture
def failing():
    yield
    raise RuntimeError("not today")

def test_failing_teardown(failing, connect_unsecure_target):
    ask(connect_unsecure_target)

@pytest.fixture
def late():
    late = Late()
    yield late
    # The target is closed by now.
    late.over.set()

def request(target):
    try:
        urllib.request.urlopen(target.url + "/versions/rest")
    except OSError:
        pass

def test_still_answering(late, connect_unsecure_target):
    connect_unsecure_target.arm(AnswerFault(late))
    threading.Thread(target=request, args=(connect_unsecure_target,)).start()
    assert late.asked.wait(10)
"""

# A target, or a journal, that outlives its test.
SHARED = """
import urllib.request
import pytest
from broken import ask
from connect_harness import Journal, TargetSession

@pytest.fixture(scope="module")
def target(connect_target_factory):
    return connect_target_factory(name="shared")

def test_broken(target):
    ask(target)

def test_sound(target):
    target._faults.disarm()
    assert urllib.request.urlopen(target.url + "/versions/rest").status == 200

def test_broken_again(target):
    ask(target)

journal = Journal()

def test_without_the_fixtures():
    with TargetSession.start(journal=journal) as target:
        ask(target)

def test_sound_journal(connect_target_factory):
    connect_target_factory(journal=journal)

def test_broken_journal(connect_target_factory):
    with connect_target_factory(journal=journal) as target:
        ask(target)
"""

ITS_OWN = (
    "The fake target 'itself' failed on GET /versions/rest. This is a mistake of the target, not "
    "of the client under test:"
)
MISTAKE = (
    "The fake target '{}' failed on GET /versions/rest, because of a fault of the user's own. This "
    "is a mistake of the test's own code, not of the client under test:"
)


def run(project: Any, tests: str, broken: set[str], *options: str) -> pytest.RunResult:
    """Run these tests; ``broken`` are those that a mistake of a target must fail, each once."""
    project.write(broken=BROKEN, test_it=tests)
    result: pytest.RunResult = project.run("-p", "no:randomly", *options)
    named = [line.split()[1] for line in result.outlines if line.startswith("ERROR ")]
    assert sorted(name.partition("::")[2] for name in named) == sorted(broken)
    return result


def test_the_test_fails_in_which_it_happened(project: Any) -> None:
    broken = {"test_unsecure", "test_secure", "test_factory", "test_mtls", "test_target"}
    result = run(project, FIXTURES, broken, "-n", "1")
    result.assert_outcomes(passed=7, errors=5)
    named = ("unsecure target", "secure target", "target", "mutual TLS target")
    assert [result.outlines.count(MISTAKE.format(name)) for name in named] == [1, 1, 1, 1]
    assert result.outlines.count(ITS_OWN) == 1
    result.stdout.fnmatch_lines(["*ERROR at teardown of test_unsecure*", "*LookupError: lost"])


def test_nothing_else_hides_a_mistake_of_the_target(project: Any) -> None:
    broken = {"test_expected_to_fail", "test_failing_teardown", "test_still_answering"}
    result = run(project, SPECIAL, broken)
    result.assert_outcomes(passed=2, xfailed=1, errors=3)
    assert result.ret == 1
    assert result.stdout.str().count(MISTAKE.format("unsecure target")) == 3
    result.stdout.fnmatch_lines(["*RuntimeError: not today", "*LookupError: late"])


def test_a_mistake_is_counted_once(project: Any) -> None:
    """Neither for an earlier test of the same target, nor for what the journal held before."""
    broken = {"test_broken", "test_broken_again", "test_broken_journal"}
    result = run(project, SHARED, broken)
    result.assert_outcomes(passed=6, errors=3)
    assert result.outlines.count(MISTAKE.format("shared")) == 2

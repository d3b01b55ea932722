"""A failing test says what its client asked for that a fake target does not serve."""

from __future__ import annotations

from typing import Any

import pytest

pytest_plugins = ["pytester"]

TESTS = """
import urllib.error, urllib.request
from typing import Any

import pytest

def ask(target, path):
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(target.url + path)

def test_passes(connect_unsecure_target):
    ask(connect_unsecure_target, "/first")

def test_fails(connect_unsecure_target):
    ask(connect_unsecure_target, "/second")
    ask(connect_unsecure_target, "/second")
    assert False

def test_fails_without_asking(connect_unsecure_target):
    assert False

@pytest.fixture
def asked(connect_unsecure_target):
    ask(connect_unsecure_target, "/third")
    assert False

def test_is_set_up(asked):
    pass
"""


def test_the_section_of_a_failing_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(TESTS)
    result = pytester.runpytest("-p", "no:randomly", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=1, failed=2, errors=1)
    lines = [line for line in result.outlines if "does not serve" in line]
    told = [
        f"The fake target 'unsecure target' does not serve GET /{path}."
        for path in ("third", "second")
    ]
    assert lines == told


ASKING = """
import urllib.error, urllib.request
from client import *
from client import connect as sound

def connect(url, **given):
    try:
        urllib.request.urlopen(url + "/nowhere")
    except urllib.error.HTTPError:
        pass
    return sound(url, **given)
"""


def test_the_summary_of_the_suite(project: Any) -> None:
    project.write(asking=ASKING)
    result = project.judge("AUTH-1", connect="asking")
    told = [line.strip() for line in result.outlines if "not served by fake targets" in line]
    assert len(told) == 1
    assert "GET /nowhere" in told[0]

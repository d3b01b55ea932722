"""A fault of ``connect_fault`` that did nothing until its test ended is told as a warning."""

from __future__ import annotations

from typing import Any

pytest_plugins = ["pytester"]

TESTS = """
import urllib.request
from connect_harness import Requests

def ask(target):
    urllib.request.urlopen(target.url + "/activeviam/pivot/rest/v9/ping").read()

def test_met(connect_fault, connect_unsecure_target):
    connect_fault(connect_unsecure_target, "cookie set", on=Requests())
    ask(connect_unsecure_target)

def test_unmet(connect_fault, connect_unsecure_target):
    # The target is closed before the fault is taken away.
    connect_fault(connect_unsecure_target, "status 503")
    ask(connect_unsecure_target)
"""


def test_a_fault_that_did_nothing(project: Any) -> None:
    project.write(TESTS)
    result = project.run()
    result.assert_outcomes(passed=2, warnings=1)
    result.stdout.fnmatch_lines(
        [
            "*::test_unmet",
            "*UnmetFault: The fault 'status 503' of 'unsecure target' did nothing: it was armed on "
            "GET [*]/versions/rest, and the target received GET /activeviam/pivot/rest/v9/ping.",
        ]
    )

"""An implementation that ends the process: told, and never green."""

from __future__ import annotations

import os

import pytest

pytest_plugins = ["pytester"]

SUITE = ("--pyargs", "connect_contracts", "--connect-contract")
FIRST_CASE = ("--connect-contract-select", "SIG-1[by-position]")

ENDS = """
import os
import client

def connect(url, **_):
    os._exit(0)

def forks(url, **given):
    if (child := os.fork()) == 0:
        os._exit(7)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    return client.connect(url, **given)
"""


@pytest.mark.parametrize("options", [[], ["-s"], ["-p", "no:terminal"]], ids=" ".join)
def test_the_end_of_the_process_names_the_case(
    project: pytest.Pytester, options: list[str]
) -> None:
    project.makepyfile(ends=ENDS)
    done = project.runpytest_subprocess(*SUITE, "ends", *FIRST_CASE, *options)
    assert done.ret == 2
    (told,) = [line for line in (*done.outlines, *done.errlines) if "os._exit(0)" in line]
    assert "SIG-1[by-position]" in told


def test_a_worker_that_ends_fails_its_case(project: pytest.Pytester) -> None:
    project.makepyfile(ends=ENDS)
    done = project.runpytest_subprocess(*SUITE, "ends", *FIRST_CASE, "-n", "1")
    assert done.ret == 1
    done.stdout.fnmatch_lines(["*crashed while running*SIG-1?by-position?*"])


def test_a_child_ends_as_it_likes(project: pytest.Pytester) -> None:
    project.makepyfile(ends=ENDS)
    done = project.runpytest_subprocess(*SUITE, "ends:forks", *FIRST_CASE)
    assert done.ret == 0


def test_what_stood_in_is_taken_back(project: pytest.Pytester) -> None:
    before = os._exit
    done = project.runpytest_inprocess(*SUITE, "client", *FIRST_CASE)
    assert done.ret == 0
    assert os._exit is before

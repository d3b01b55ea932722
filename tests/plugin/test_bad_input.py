"""Wrong options and files: a usage error of one sentence, before anything runs."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

SUITE = ("--pyargs", "connect_contracts", "--connect-contract")
SELECT = ("--connect-contract-select",)

ADAPTERS = """
from connect_contracts import Implementation
import client

class NarrowBasic(Implementation):
    subject = client.connect

    def basic(self, username):
        return username

class NarrowConnect(Implementation):
    subject = client.connect

    def connect(self, url):
        return client.connect(url)

class Sound(Implementation):
    subject = client.connect

    def basic(self, username, password):
        return client.BasicAuthentication(username, password)

class BasicAuthentication:
    def __init__(self, *, login, secret): ...

def connect(url, *, authentication=None, certificate_authority=None): ...
"""


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["no_such_module"], "*'no_such_module'*cannot be imported*"),
        (["client:nobody"], "*no attribute 'nobody'*"),
        (["client", *SELECT, "CA-99"], "*no clause or case 'CA-99'*did you mean*"),
        (["client", *SELECT, "CA-99", "-n", "1"], "*no clause or case 'CA-99'*did you mean*"),
        (["client", "--connect-contract-profile", "7"], "*no profile '7'*0.9.1, 6.2*"),
        (
            ["client", "--connect-contract-expected-failures", "none.toml"],
            "*none.toml cannot be read*",
        ),
        (
            ["adapters:NarrowBasic"],
            "*adapter is wrong: NarrowBasic.basic*(username, password)*",
        ),
        (["adapters:NarrowConnect"], "*adapter is wrong: NarrowConnect.connect*"),
        (["adapters"], "*adapter is wrong: BasicAuthentication of adapters*override basic*"),
    ],
)
def test_usage_error(project: pytest.Pytester, options: list[str], sentence: str) -> None:
    project.makepyfile(adapters=ADAPTERS)
    result = project.runpytest_subprocess(*SUITE, *options)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {sentence}"])
    assert "Traceback" not in result.stderr.str() + result.stdout.str()


def test_a_sound_adapter(project: pytest.Pytester) -> None:
    project.makepyfile(adapters=ADAPTERS)
    result = project.runpytest_subprocess(*(*SUITE, "adapters:Sound"), *(*SELECT, "SIG-1"))
    result.assert_outcomes(passed=1)


def test_always_raising_is_no_wrong_adapter(project: pytest.Pytester) -> None:
    result = project.runpytest_subprocess(
        *(*SUITE, "client:raising"),
        *(*SELECT, "CA-1[authority-given]"),
        *(*SELECT, "CA-1[over-tls-1-2]"),
        *(*SELECT, "CA-2[without-the-file]"),
    )
    result.assert_outcomes(failed=3)
    result.stdout.fnmatch_lines(["client:raising, * 2 failed, 1 inconclusive"])

"""The fixtures work within a frozen clock and after one, whichever test comes first."""

from __future__ import annotations

from typing import Any

import pytest

pytest_plugins = ["pytester"]

FREEZERS = {
    "freezegun": "from freezegun import freeze_time as frozen",
    "time-machine": "from time_machine import travel as frozen",
    "a class of one's own": """
import contextlib, datetime

class Frozen(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(2020, 1, 1, tzinfo=tz)

@contextlib.contextmanager
def frozen(moment):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(datetime, "datetime", Frozen)
        yield
""",
}

TESTS = """
import datetime, ssl, urllib.error, urllib.request
import pytest
{freezer}

LONG_AGO = "1990-01-01"
# Before any certificate is valid: the real clock decides, also for who verifies it.

@pytest.fixture
def long_ago():
    with frozen(LONG_AGO):
        yield

ADMIN = "Basic YWRtaW46cGFzc3dk"

def use(target, context, headers={}):
    request = urllib.request.Request(target.url + "/versions/rest", headers=headers)
    with urllib.request.urlopen(request, context=context) as answer:
        assert answer.status == 200
    assert target.journal.wait_until_quiet()
    target.tables["Example"] += ("one",)
    assert target.tables["Example"].rows == [("one",)]

def over_https(target, certificates):
    context = ssl.create_default_context(cafile=certificates.certificate_authority)
    use(target, context, {"Authorization": ADMIN})

def by_certificate(target, certificates):
    context = ssl.create_default_context(cafile=certificates.certificate_authority)
    files = certificates.client_certificate("admin")
    context.load_cert_chain(files.certificate, files.keyfile)
    use(target, context)

def test_https_when_frozen(long_ago, connect_https_target, connect_certificates):
    over_https(connect_https_target, connect_certificates)

def test_https(connect_https_target, connect_certificates):
    over_https(connect_https_target, connect_certificates)

def test_frozen_within(connect_target_factory, connect_certificates):
    with frozen(LONG_AGO):
        before = datetime.datetime
        certificate = connect_certificates.client_certificate("new")
        assert connect_certificates.authority("new one")
        assert datetime.datetime is before

def test_mutual_tls_when_frozen(long_ago, connect_mtls_target, connect_certificates):
    by_certificate(connect_mtls_target, connect_certificates)

def test_mutual_tls(connect_mtls_target, connect_certificates):
    by_certificate(connect_mtls_target, connect_certificates)
"""


@pytest.mark.parametrize("order", ["frozen first", "frozen later"])
@pytest.mark.parametrize("freezer", FREEZERS)
def test_whatever_the_order(project: Any, freezer: str, order: str) -> None:
    tests = TESTS.replace("{freezer}", FREEZERS[freezer])
    if order == "frozen later":
        head, *tests_in_order = tests.split("\ndef test_")
        tests = "\ndef test_".join([head, *reversed(tests_in_order)])
    project.write(tests)
    project.run().assert_outcomes(passed=5)

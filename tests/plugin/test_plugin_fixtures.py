"""The fixtures in an application's own tests, with no set-up."""

from __future__ import annotations

from typing import Any

import pytest

pytest_plugins = ["pytester"]

CONFTEST = """
import pytest

@pytest.fixture
def connect_unsecure_target(connect_unsecure_target):
    # A conftest may override them.
    connect_unsecure_target.create_table("Cities", data_types={"City": "String"})
    return connect_unsecure_target
"""

TARGETS = """
import ssl, urllib.error, urllib.request
import pytest
from client import BasicAuthentication, connect

ADMIN = BasicAuthentication("admin", "passwd")

def test_secure(connect_secure_target):
    target = connect_secure_target
    assert sorted(target.tables) == ["Example"]
    assert target.tables["Example"].data_types == {"Id": "String"}
    assert target.security.individual_roles == {
        "user": {"ROLE_USER"}, "admin": {"ROLE_USER", "ROLE_ADMIN"}
    }
    connect(target.url, authentication=ADMIN)

def test_unsecure(connect_unsecure_target):
    assert connect_unsecure_target.url.startswith("http://")
    assert sorted(connect_unsecure_target.tables) == ["Cities", "Example"]
    connect(connect_unsecure_target.url)

def test_https(connect_https_target, connect_certificates):
    url = connect_https_target.url
    authority = connect_certificates.certificate_authority
    connect(url, authentication=ADMIN, certificate_authority=authority)
    for untrusted in (None, connect_certificates.authority("another")):
        with pytest.raises(urllib.error.URLError):
            connect(url, authentication=ADMIN, certificate_authority=untrusted)

def test_mutual_tls(connect_mtls_target, connect_certificates):
    files = connect_certificates.client_certificate("admin")
    assert files.keyfile.stat().st_mode & 0o777 == 0o600
    context = ssl.create_default_context(cafile=str(connect_certificates.certificate_authority))
    url = connect_mtls_target.url + "/activeviam/database/rest/v10/discovery"
    with pytest.raises(OSError):
        urllib.request.urlopen(url, context=context)
    context.load_cert_chain(files.certificate, files.keyfile)
    with urllib.request.urlopen(url, context=context) as answer:
        assert b"Example" in answer.read()

def test_each_test_has_its_own(connect_secure_target):
    assert connect_secure_target.tables["Example"].row_count == 0
    connect_secure_target.tables["Example"] += ("one",)
    assert connect_secure_target.tables["Example"].row_count == 1

def test_implementation(connect_implementation, connect_unsecure_target):
    connect_implementation.connect(connect_unsecure_target.url)
"""


def test_targets(project: Any) -> None:
    project.conftest(CONFTEST)
    project.write(TARGETS)
    project.run("--connect-contract", "client").assert_outcomes(passed=6)
    unnamed = project.run("-k", "implementation")
    unnamed.assert_outcomes(errors=1, deselected=5)
    sentence = "no implementation of connect is named: give --connect-contract"
    unnamed.stdout.fnmatch_lines([sentence])


def test_factory(project: Any) -> None:
    project.write(
        """
        import pytest
        from client import connect
        from connect_harness import SessionConfig

        started = []

        @pytest.fixture(scope="module")
        def target(connect_target_factory):
            session = connect_target_factory(SessionConfig(base_path="/below"), release="0.9.3")
            started.append(session)
            return session

        def test_left_open(target):
            assert target.url.endswith("/below")
            connect(target.url)

        def test_several_at_once(connect_target_factory):
            with connect_target_factory() as first, connect_target_factory() as second:
                assert first.port != second.port
            assert first.port == 0

        def test_still_open(target):
            connect(target.url)

        @pytest.fixture(scope="session", autouse=True)
        def after_all(request):
            yield
            # Torn down after the factory, which was asked for later.
            print("open:", [session.port for session in started if session.port])
        """
    )
    result = project.run("-s")
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["*open: []*"])


def test_private_keys_are_gone_after_the_run(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also from pytest's own folder, which keeps what the last runs left in it."""
    (project.path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(project.path / "temporary"))
    project.write(
        """
        def test_it(connect_certificates):
            key = connect_certificates.client_certificate("user").keyfile
            print("key:", key, key.exists())
        """
    )
    result = project.run("-s", fresh=True)
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines([f"*key: {project.path}/temporary/*/user-key.pem True"])
    assert not list(project.path.rglob("*.pem"))


def test_costs_a_run_nothing(project: Any) -> None:
    """What is heavy is not imported by a run that uses none of it, from its start to its end."""
    project.write("def test_it(): pass")
    (project.path / "conftest.py").write_text(
        "import sys\n"
        "def pytest_unconfigure(config):\n"
        "    heavy = {'msgspec', 'hypothesis', 'httpx', 'trustme', 'cryptography', 'h11', 'rich'}\n"
        "    heavy |= {'click', 'graphql', 'connect_contracts', 'connect_harness'}\n"
        "    print('heavy:', sorted(heavy & set(sys.modules)))\n"
    )
    result = project.run("-p", "no:xdist", fresh=True)
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["heavy: []"])

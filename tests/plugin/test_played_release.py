"""Fake targets play the release of the client that is installed, and the header says so."""

from __future__ import annotations

from typing import Any

import pytest

from connect_harness.releases import NEWEST
from user_modules import install_client

pytest_plugins = ["pytester"]

HEADER = "connect-contract: the fixtures' targets play"
UNKNOWN = "99.0.0"
"""A release that is newer than all."""
UNDER_UNKNOWN = f"atoti {NEWEST} under the server version {UNKNOWN}"


@pytest.fixture
def application(project: Any) -> Any:
    """An application whose tests write down which server version fixture and factory play."""
    project.write(
        test_application="""
        import json, urllib.request

        def write(version):
            with open("played.txt", "a") as file:
                print(version, file=file)

        def asked(target):
            with urllib.request.urlopen(target.url + "/versions/rest") as answer:
                return json.load(answer)["serverVersion"]

        def test_a_fixture(connect_unsecure_target):
            write(asked(connect_unsecure_target))

        def test_the_factory(connect_target_factory):
            with connect_target_factory() as target:
                write(asked(target))
            with connect_target_factory(release="0.9.2") as target:
                assert asked(target) == "6.1.2"
        """
    )
    return project


def assert_plays(application: Any, server_version: str, *options: str) -> pytest.RunResult:
    result: pytest.RunResult = application.run(*options)
    result.assert_outcomes(passed=2)
    played = application.path / "played.txt"
    assert played.read_text().split() == [server_version] * 2
    played.unlink()
    return result


@pytest.mark.parametrize(
    ("client", "server_version", "line", "options"),
    [
        ("0.9.16", "6.1.23", "atoti 0.9.16 (atoti-client 0.9.16 is installed)", ("-n", "1")),
        (
            UNKNOWN,
            UNKNOWN,
            f"{UNDER_UNKNOWN} (atoti-client {UNKNOWN} is installed, which "
            "is newer than every release written down here)",
            # What the header says is not said by a warning again.
            ("-Werror",),
        ),
    ],
)
def test_the_installed_client_is_played(
    application: Any, client: str, server_version: str, line: str, options: tuple[str, ...]
) -> None:
    install_client(application.path, client)
    result = assert_plays(application, server_version, *options)
    assert any(found.startswith(f"{HEADER} {line}") for found in result.outlines)


def test_without_a_client_the_implementation_or_the_documentation_decides(application: Any) -> None:
    assert_plays(application, "6.1.1").stdout.no_fnmatch_line("*targets play*")
    implementation = "connect_contracts.reference.v6_2"
    result = assert_plays(application, "6.2.2", "--connect-contract", implementation)
    assert f"{HEADER} atoti 6.2.2 ({implementation} declares it)" in result.outlines


def test_the_ini_file_and_before_it_the_option_decide(application: Any) -> None:
    install_client(application.path, "6.2.2")
    application.ini("connect_contract_release = 0.9.8")
    by_ini = assert_plays(application, "6.1.11")
    assert f"{HEADER} atoti 0.9.8 (connect_contract_release)" in by_ini.outlines
    by_option = assert_plays(application, "6.1.13", "--connect-contract-release", "0.9.10")
    assert f"{HEADER} atoti 0.9.10 (--connect-contract-release)" in by_option.outlines


def test_a_release_that_is_unknown_is_a_usage_error(application: Any) -> None:
    application.ini("connect_contract_release = 0.9.17")
    result = application.run()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    (line,) = [line for line in result.errlines if line]
    assert line.startswith("ERROR: connect_contract_release: There is no release '0.9.17' (the ")


def test_the_harness_alone_plays_it_and_warns_where_it_cannot(
    application: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(application.path))
    (application.path / "alone.py").write_text(
        "import warnings\n"
        "from connect_harness import TargetSession\n"
        "from test_application import asked\n"
        "with warnings.catch_warnings(record=True) as caught:\n"
        "    warnings.simplefilter('always')\n"
        "    with TargetSession.start() as target:\n"
        "        print(asked(target), [(str(each.message), each.filename) for each in caught])\n"
        "    with TargetSession.start(release='0.9.1') as target:\n"
        "        print(asked(target), len(caught))\n"
    )
    script = application.path / "alone.py"
    folder = install_client(application.path, "0.9.16")
    assert application.python(script).outlines == ["6.1.23 []", "6.1.1 0"]
    folder.rename(application.path / "gone")
    install_client(application.path, UNKNOWN)
    first, second = application.python(script).outlines
    assert first.startswith(f"{UNKNOWN} [('A target plays {UNDER_UNKNOWN} (")
    assert first.endswith(f"{str(script)!r})]")
    assert second == "6.1.1 1"

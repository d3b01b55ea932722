"""Fake targets play the release of the client that is installed, and the header says so."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

ASKS = """
import json, urllib.request

def asked(target):
    with urllib.request.urlopen(target.url + "/versions/rest") as answer:
        return json.load(answer)["serverVersion"]

def test_a_fixture(connect_unsecure_target):
    print("plays", asked(connect_unsecure_target))

def test_the_factory(connect_target_factory):
    with connect_target_factory() as target:
        print("plays", asked(target))
    with connect_target_factory(release="0.9.2") as target:
        assert asked(target) == "6.1.2"
"""


@pytest.fixture
def application(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """An application whose tests print which server version fixture and factory play."""
    project.makepyfile(test_application=ASKS)
    monkeypatch.setenv("PYTHONPATH", str(project.path))
    return project


def install(application: pytest.Pytester, version: str) -> None:
    """Have the metadata say that this version of the client is installed."""
    folder = Path(application.mkdir(f"atoti_client-{version}.dist-info"))
    folder.joinpath("METADATA").write_text(
        f"Metadata-Version: 2.1\nName: atoti-client\nVersion: {version}\n", encoding="utf-8"
    )


def assert_plays(
    application: pytest.Pytester, server_version: str, *options: str
) -> pytest.RunResult:
    result = application.runpytest_subprocess("-s", *options)
    result.assert_outcomes(passed=2)
    assert result.stdout.str().count(f"plays {server_version}\n") == 2
    return result


@pytest.mark.parametrize(
    ("client", "server_version", "line"),
    [
        ("0.9.16", "6.1.23", "atoti 0.9.16 (atoti-client 0.9.16 is installed)"),
        ("6.2.2", "6.2.2", "atoti 6.2.2 (atoti-client 6.2.2 is installed)"),
        (
            "6.3.0",
            "6.3.0",
            "atoti 6.2.2 under the server version 6.3.0 (atoti-client 6.3.0 is installed, which "
            "is newer than every release written down here)",
        ),
    ],
)
def test_the_installed_client_is_played(
    application: pytest.Pytester, client: str, server_version: str, line: str
) -> None:
    install(application, client)
    # Warnings as errors: what the header says is not said by a warning again.
    result = assert_plays(application, server_version, "-Werror")
    assert f"connect-contract: the fixtures' targets play {line}" in result.outlines


def test_without_a_client_the_documented_release_is_played(application: pytest.Pytester) -> None:
    result = assert_plays(application, "6.1.1")
    result.stdout.no_fnmatch_line("*targets play*")


def test_the_ini_file_and_before_it_the_option_decide(application: pytest.Pytester) -> None:
    install(application, "6.2.2")
    application.makeini("[pytest]\nconnect_contract_release = 0.9.8\n")
    by_ini = assert_plays(application, "6.1.11")
    assert (
        "connect-contract: the fixtures' targets play atoti 0.9.8 (connect_contract_release)"
        in by_ini.outlines
    )
    by_option = assert_plays(application, "6.1.13", "--connect-contract-release", "0.9.10")
    assert (
        "connect-contract: the fixtures' targets play atoti 0.9.10 (--connect-contract-release)"
        in by_option.outlines
    )


def test_workers_play_the_same(application: pytest.Pytester) -> None:
    install(application, "0.9.16")
    application.makepyfile(test_application=ASKS.replace("print(", "assert '6.1.23' in ("))
    result = application.runpytest_subprocess("-n", "2")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["connect-contract: the fixtures' targets play atoti 0.9.16 (*)"])


@pytest.mark.parametrize("place", ["option", "ini file"])
def test_a_release_that_is_unknown_is_a_usage_error(
    application: pytest.Pytester, place: str
) -> None:
    options = ["--connect-contract-release", "0.9.17"] if place == "option" else []
    if place == "ini file":
        application.makeini("[pytest]\nconnect_contract_release = 0.9.17\n")
    name = "--connect-contract-release" if options else "connect_contract_release"
    result = application.runpytest_subprocess(*options)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    (line,) = [one for one in result.errlines if one]
    assert line.startswith(
        f"ERROR: {name}: There is no release '0.9.17' (the nearest is 0.9.16); there are: 0.9.1, "
    )


def test_without_a_client_the_implementation_under_test_decides(
    application: pytest.Pytester,
) -> None:
    implementation = "connect_contracts.reference.v6_2"
    result = assert_plays(application, "6.2.2", "--connect-contract", implementation)
    assert (
        "connect-contract: the fixtures' targets play atoti 6.2.2 "
        f"({implementation} declares it)" in result.outlines
    )


def test_the_harness_alone_plays_it_and_warns_where_it_cannot(
    application: pytest.Pytester,
) -> None:
    application.makepyfile(
        """
        import warnings
        from connect_harness import TargetSession
        from test_application import asked

        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            with TargetSession.start() as target:
                print(asked(target), [(str(one.message), one.filename) for one in caught])
            with TargetSession.start(release="0.9.1") as target:
                print(asked(target), len(caught))
        """
    )
    script = application.path / "test_the_harness_alone_plays_it_and_warns_where_it_cannot.py"
    install(application, "0.9.16")
    assert application.runpython(script).outlines == ["6.1.23 []", "6.1.1 0"]
    (application.path / "atoti_client-0.9.16.dist-info").rename(application.path / "gone")
    install(application, "6.2.3")
    first, second = application.runpython(script).outlines
    assert first.startswith("6.2.3 [('A target plays atoti 6.2.2 under the server version 6.2.3 (")
    assert first.endswith(f"{str(script)!r})]")
    assert second == "6.1.1 1"

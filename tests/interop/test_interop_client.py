"""The unmodified public client on fake targets: documented examples, data types, an application."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from connect_harness.releases import NEWEST

Run = Callable[..., "subprocess.CompletedProcess[str]"]
Script = Callable[..., list[str]]

HERE = Path(__file__).parent
TRANSPORT = pytest.mark.parametrize("transport", ["http", "https", "mutual-tls"])
FRAME = ["    Id", "0  foo"]
ROWS = "[('foo',)]"
LIVE_EXTENSION_UNAVAILABLE = (
    "atoti._live_extension_unavailable_error.LiveExtensionUnavailableError: "
    "Live extension is not available "
)
REFUSED = "atoti._graphql.client.exceptions.GraphQLClientHttpError: HTTP status code: 400"


@TRANSPORT
def test_the_three_documented_examples_of_0_9_1(client_script: Script, transport: str) -> None:
    lines = client_script("0.9.1", "documented.py", transport, "0.9.1")
    *frame, user_error, rows, unsecured_error = lines
    assert frame == FRAME
    assert rows == ROWS
    assert user_error.startswith(LIVE_EXTENSION_UNAVAILABLE)
    assert unsecured_error.startswith(LIVE_EXTENSION_UNAVAILABLE)


@TRANSPORT
def test_the_documented_example_of_6_2(client_script: Script, transport: str) -> None:
    lines = client_script("6.2", "documented.py", transport, "6.2")
    assert lines == [*FRAME, "['Example']", REFUSED, ROWS, "['Example']", REFUSED]


ARRIVED = {
    "boolean": "[True, False]",
    "double": "[1.5, inf, 3.0, None]",
    "double[]": "[(1.5, nan), ()]",
    "float": "[0.1, None]",
    "float[]": "[(0.1, -2.5)]",
    "int": "[2147483647, -2147483648, None]",
    "int[]": "[(1, 2)]",
    "LocalDate": "['2024-02-29', '0001-01-01']",
    "LocalDateTime": "['2024-01-02T03:04:05.678901', '2024-01-02T00:00:00']",
    "LocalTime": "['01:02:03.000004', '01:02:00']",
    "long": "[9007199254740993, -9223372036854775808, None]",
    "long[]": "[(9007199254740993,)]",
    "Object": "['text']",
    "String": "['foo', 'é\\n\"\\'\\\\', '', 'N/A']",
    "ZonedDateTime": "['2024-01-02T03:04:05.006+02:00']",
}
EXPECTED = [f"{name}: {values}" for name, values in ARRIVED.items()]
OBJECT = list(ARRIVED).index("Object")


def test_every_data_type_arrives_from_6_2(client_script: Script) -> None:
    assert client_script("6.2", "every_data_type.py") == EXPECTED


def test_every_data_type_but_object_arrives_from_0_9_1(client_script: Script) -> None:
    lines = client_script("0.9.1", "every_data_type.py")
    # Its list of data types in GraphQL has no Object: it raises before it sends anything.
    assert "ValidationError" in lines[OBJECT]
    assert lines[:OBJECT] == EXPECTED[:OBJECT]
    assert lines[-2:] == EXPECTED[-2:]


# An application's own tests, with the fixtures and the client that it has installed.

TESTS = [
    "test_a_row_over_https",
    "test_a_client_certificate",
    "test_a_user_who_may_not_change",
    "test_a_wrong_password",
    "test_a_target_of_ones_own",
]


def passed(done: subprocess.CompletedProcess[str]) -> list[str]:
    """The tests that passed, in the order of the file."""
    lines = done.stdout.splitlines()
    return [name for name in TESTS if f"PASSED test_application.py::{name}" in lines]


@pytest.fixture
def application_tests(tmp_path: Path, python: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the application's tests in the environment of a release, as its developers would."""
    shutil.copy(HERE / "application.py", tmp_path / "test_application.py")
    monkeypatch.chdir(tmp_path)
    # Of a traceback one line: the client's source is not to be shown.
    return lambda release, *options: python(release, "-m", "pytest", "--tb=line", "-rA", *options)


@pytest.mark.parametrize("release", ["0.9.1", "0.9.16", "6.2"])
def test_the_tests_pass_on_the_release_that_is_installed(
    application_tests: Run, release: str
) -> None:
    done = application_tests(release)
    assert passed(done) == TESTS, done.stdout + done.stderr
    assert done.returncode == 0, done.stdout + done.stderr
    played = f"connect-contract: the fixtures' targets play atoti {release}"
    assert any(line.startswith(played) for line in done.stdout.splitlines())


def test_another_release_is_another_server(application_tests: Run) -> None:
    """What the client says of targets that play another release than its own."""
    done = application_tests("0.9.16", "--connect-contract-release", "0.9.1")
    assert passed(done) == ["test_a_user_who_may_not_change", "test_a_wrong_password"]
    assert "RuntimeError: This action is not available." in done.stdout
    assert (
        "connect-contract: the fixtures' targets play atoti 0.9.1 (--connect-contract-release)"
        in done.stdout.splitlines()
    )


# The script that creates the environments says what this machine lacks.


def test_a_missing_python_is_named_with_the_ways_to_install_it(
    environments: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(environments.MissingError) as caught:
        environments.find_python("3.11")
    assert str(caught.value) == (
        "Python 3.11 is missing: install it so that python3.11 is on PATH, "
        "or by `pyenv install 3.11`, or by `uv python install 3.11`."
    )


def test_the_directory_and_the_releases_can_be_chosen(
    environments: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CONNECT_INTEROP", raising=False)
    assert environments.directory().name == ".interop"
    monkeypatch.setenv("CONNECT_INTEROP", "/elsewhere")
    folders = [str(release.folder) for release in environments.chosen(None)]
    assert folders == [f"/elsewhere/atoti-{name}" for name in ("0.9.1", NEWEST)]
    named = environments.chosen(["0.9.3", "6.2", "6.2.99"])
    assert [release.name for release in named] == ["0.9.3", NEWEST, "6.2.99"]
    assert named[2].requirements == ("atoti-client==6.2.99",)


def test_a_complete_environment_is_left_as_it_is(
    environments: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One of other requirements, or that was not finished, is made again."""
    release = environments.named("0.9.12")
    (tmp_path / "installed.txt").write_text("project\natoti-client==0.9.12")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(environments.MissingError):
        environments.create(release, tmp_path, ("project",))
    (tmp_path / "installed.txt").write_text("\n".join(["project", *release.requirements]))
    environments.create(release, tmp_path, ("project",))

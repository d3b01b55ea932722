"""An application's own tests, with the fixtures and the public client that it has installed."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]
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
    return [one for one in TESTS if f"PASSED test_application.py::{one}" in lines]


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

"""The script that creates the environments says what this machine lacks."""

from __future__ import annotations

from types import SimpleNamespace

import pytest


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


def test_the_directory_can_be_chosen(
    environments: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CONNECT_INTEROP", raising=False)
    assert environments.directory().name == ".interop"
    monkeypatch.setenv("CONNECT_INTEROP", "/elsewhere")
    folders = [str(release.folder) for release in environments.chosen(None)]
    assert folders == ["/elsewhere/atoti-0.9.1", "/elsewhere/atoti-6.2"]


def test_further_releases_are_made_when_they_are_named(environments: SimpleNamespace) -> None:
    assert [one.name for one in environments.chosen(["0.9.3", "0.9.4"])] == ["0.9.3", "0.9.4"]

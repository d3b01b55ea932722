"""Which release targets play for which version of the client."""

from __future__ import annotations

import pytest

from connect_harness.played import choose_release, played_for
from connect_harness.releases import RELEASES, Release, UnknownRelease


@pytest.mark.parametrize("name", RELEASES)
def test_a_known_client_is_played_exactly(name: str) -> None:
    played = played_for(name)
    assert played.release is RELEASES[name]
    assert played.exact
    assert str(played) == f"atoti {name} (atoti-client {name} is installed)"


@pytest.mark.parametrize(
    ("version", "name"), [("0.9.16.post1", "0.9.16"), ("6.2.2+company.3", "6.2.2")]
)
def test_what_was_only_built_again_is_the_same_release(version: str, name: str) -> None:
    played = played_for(version)
    assert (played.release, played.exact) == (RELEASES[name], True)


@pytest.mark.parametrize("version", ["6.2.2rc1", "6.2.2.dev20"])
def test_a_client_before_its_release_is_played_as_that_release(version: str) -> None:
    played = played_for(version)
    assert (played.release, played.exact) == (RELEASES["6.2.2"], False)
    assert str(played) == (
        f"atoti 6.2.2 (atoti-client {version} is installed, which is not written down here: "
        "it may say that an action is not available)"
    )


@pytest.mark.parametrize(
    ("version", "server_version"),
    [("6.2.3", "6.2.3"), ("6.10.0", "6.10.0"), ("7.0.0rc1", "7.0.0"), ("6.2.3.post1", "6.2.3")],
)
def test_a_newer_client_finds_its_own_server_version(version: str, server_version: str) -> None:
    played = played_for(version)
    assert played.release == Release("6.2.2", server_version, RELEASES["6.2.2"].apis)
    assert not played.exact
    assert str(played) == (
        f"atoti 6.2.2 under the server version {server_version} (atoti-client {version} is "
        "installed, which is newer than every release written down here)"
    )


@pytest.mark.parametrize(
    ("version", "name"), [("0.9.17", "0.9.16"), ("6.1.0", "0.9.16"), ("0.9.0", "0.9.1")]
)
def test_an_unknown_client_that_is_not_newer_finds_the_nearest(version: str, name: str) -> None:
    played = played_for(version)
    assert (played.release, played.exact) == (RELEASES[name], False)


@pytest.mark.parametrize("version", ["", "main", None])
def test_a_client_that_names_no_version(version: str | None) -> None:
    played = played_for(version)
    assert (played.release, played.exact) == (RELEASES["0.9.1"], False)
    assert "its version cannot be read" in str(played)


def test_a_release_that_is_named_is_played_for_the_reason_given() -> None:
    assert str(choose_release("0.9.12", "--release")) == "atoti 0.9.12 (--release)"


@pytest.mark.parametrize(
    ("name", "nearest"), [("0.9.17", "0.9.16"), ("6.2", "6.2.0"), ("0.8", "0.9.1"), ("7", "6.2.2")]
)
def test_a_release_that_is_unknown_names_the_nearest(name: str, nearest: str) -> None:
    with pytest.raises(
        UnknownRelease, match=rf"^There is no release '{name}' \(the nearest is {nearest}\); there"
    ):
        choose_release(name, "--release")

"""Releases as data."""

from __future__ import annotations

import pytest

from connect_harness.releases import DEFAULT, NEWEST, RELEASES, UnknownRelease, newest, release


def test_the_releases_of_the_table() -> None:
    assert DEFAULT == "0.9.1"
    assert NEWEST == "6.2.2"
    assert release("0.9.1").server_version == "6.1.1"
    assert release("0.9.16").server_version == "6.1.23"
    assert newest() is RELEASES["6.2.2"]
    assert [name for name in RELEASES if name.startswith("0.9.")] == [
        f"0.9.{number}" for number in range(1, 17)
    ]


def test_server_versions_tell_releases_apart() -> None:
    assert len({each.server_version for each in RELEASES.values()}) == len(RELEASES)


@pytest.mark.parametrize("name", RELEASES)
def test_what_every_release_lists(name: str) -> None:
    listed = {api: [each.id for each in ids] for api, ids in release(name).apis.items()}
    early = name in [f"0.9.{number}" for number in range(1, 8)]
    assert listed == {
        "activeviam/pivot": ["8", "9"] if early else ["8", "9", "10"],
        "activeviam/database": ["10"],
        "graphql": ["1"],
        "content": ["8"],
        "atoti": ["0", "1"],
    }
    assert release(name).rest_paths("graphql") == ("/graphql",)
    assert release(name).rest_paths("unknown") == ()


def test_an_unknown_release_is_told_with_those_there_are() -> None:
    with pytest.raises(
        UnknownRelease, match=r"^There is no release 'new'; there are: 0\.9\.1, .*6\.2\.2\.$"
    ):
        release("new")

"""Releases as data, and which of them targets play for which version of the client."""

from __future__ import annotations

import json

import pytest

from connect_harness.played import choose_release, played_for
from connect_harness.releases import DEFAULT, NEWEST, RELEASES, Release, UnknownRelease, release

PIVOT_8_9 = [f"0.9.{number}" for number in range(1, 8)]


def test_releases_differ_and_are_in_order_and_the_default_is_that_of_the_page() -> None:
    from packaging.version import Version

    servers = [known.server_version for known in RELEASES.values()]
    assert len(set(servers)) == len(RELEASES)
    assert servers == sorted(servers, key=Version)
    assert list(RELEASES) == sorted(RELEASES, key=Version)
    assert (DEFAULT, release(DEFAULT).server_version) == ("0.9.1", "6.1.1")


@pytest.mark.parametrize("name", RELEASES)
def test_a_release_lists_its_apis_and_serves_their_paths(build, name: str) -> None:
    """A new release needs a line in ``releases.py``; if it lists other APIs, here too."""
    played = release(name)
    assert played.name == name
    assert {api: [version.id for version in ids] for api, ids in played.apis.items()} == {
        "activeviam/pivot": ["8", "9"] if name in PIVOT_8_9 else ["8", "9", "10"],
        "activeviam/database": ["10"],
        "graphql": ["1"],
        "content": ["8"],
        "activeviam/content": ["8"],
        "atoti": ["0", "1"],
    }
    assert played.rest_paths("graphql") == ("/graphql",)
    assert played.rest_paths("unknown") == ()
    asker = build(release=name)
    document = json.loads(asker.get("/versions/rest").body)
    assert set(document) == {"version", "serverVersion", "apis"}
    assert document["serverVersion"] == played.server_version
    assert set(document["apis"]) == set(played.apis)
    for known in document["apis"].values():
        for version in known["versions"]:
            assert set(version) == {"id", "restPath", "wsPath"}
            assert version["restPath"].startswith("/")
    for number in ("8", "9", "10"):
        ping = asker.get(f"/activeviam/pivot/rest/v{number}/ping")
        assert ping.status == (404 if name in PIVOT_8_9 and number == "10" else 200)
        assert ping.status == 404 or (ping.body, ping.content_type) == (b"pong", "text/plain")


NOT_WRITTEN_DOWN = (
    "(atoti-client {version} is installed, which is not written down here: "
    "it may say that an action is not available)"
)


@pytest.mark.parametrize(
    ("version", "name", "exact", "text"),
    [
        *((name, name, True, "(atoti-client {version} is installed)") for name in RELEASES),
        # What was only built again is the same release.
        ("0.9.16.post1", "0.9.16", True, "(atoti-client {version} is installed)"),
        ("6.2.2+company.3", "6.2.2", True, "(atoti-client {version} is installed)"),
        # A client before its release is that release; an unknown one has the nearest.
        ("6.2.2rc1", "6.2.2", False, NOT_WRITTEN_DOWN),
        ("0.9.17", "0.9.16", False, NOT_WRITTEN_DOWN),
        ("0.9.0", "0.9.1", False, NOT_WRITTEN_DOWN),
        *(
            (version, "0.9.1", False, "(atoti-client is installed, but its version cannot be read")
            for version in ("", "main", None)
        ),
    ],
)
def test_the_release_for_a_client(version: str | None, name: str, exact: bool, text: str) -> None:
    played = played_for(version)
    assert (played.release, played.exact) == (RELEASES[name], exact)
    assert str(played).startswith(f"atoti {name} {text.format(version=version)}")


@pytest.mark.parametrize(
    ("version", "server"),
    [("99.10.0", "99.10.0"), ("99.0.0rc1", "99.0.0"), ("99.2.3.post1", "99.2.3")],
)
def test_a_newer_client_finds_its_own_server_version(version: str, server: str) -> None:
    played = played_for(version)
    assert played.release == Release(NEWEST, server, RELEASES[NEWEST].apis)
    assert not played.exact
    text = f"atoti {NEWEST} under the server version {server} (atoti-client {version} is installed"
    assert str(played).startswith(f"{text}, which is newer than every release")


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("0.9.17", " (the nearest is 0.9.16)"),
        ("6.2", " (the nearest is 6.2.0)"),
        ("0.8", " (the nearest is 0.9.1)"),
        ("99", f" (the nearest is {NEWEST})"),
        ("new", ""),
    ],
)
def test_an_unknown_release_names_the_nearest_and_all(name: str, nearest: str) -> None:
    assert str(choose_release("0.9.12", "--release")) == "atoti 0.9.12 (--release)"
    with pytest.raises(UnknownRelease) as unknown:
        choose_release(name, "--release")
    assert str(unknown.value) == (
        f"There is no release {name!r}{nearest}; there are: {', '.join(RELEASES)}."
    )

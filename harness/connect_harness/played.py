"""Which release targets play: the one that is named, else that of the client that is installed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from connect_harness.releases import DEFAULT, NEWEST, RELEASES, Release, nearest, release

CLIENT = "atoti-client"
"""The distribution of the public client."""


class InexactRelease(UserWarning):
    """A target plays something else than exactly the release of the client that is installed."""


@dataclass(frozen=True)
class PlayedRelease:
    """The release that targets play, and why.

    It is not ``exact`` where a client decides and it is not the release of that client.
    """

    release: Release
    reason: str
    exact: bool = True

    def __str__(self) -> str:
        known = RELEASES[self.release.name]
        version = self.release.server_version
        under = "" if self.release == known else f" under the server version {version}"
        return f"atoti {known.name}{under} ({self.reason})"


def choose_release(name: str | None, reason: str) -> PlayedRelease:
    """The release of this name; without a name, the release that is played by default.

    Parameters:
        reason: By what it was named, for instance ``--release``.

    Raises:
        UnknownRelease: There is no such release; the text names the nearest.
    """
    return default_release() if name is None else PlayedRelease(release(name), reason)


def default_release() -> PlayedRelease:
    """The release of the client that is installed; 0.9.1 where none is."""
    default = PlayedRelease(release(DEFAULT), f"no {CLIENT} is installed")
    return installed_release() or default


@cache
def installed_release() -> PlayedRelease | None:
    """The release of the client that is installed, looked up once; ``None`` where none is."""
    # Loaded on demand: a target whose release is named does not need it.
    from importlib.metadata import PackageNotFoundError, version

    try:
        return played_for(version(CLIENT))
    except PackageNotFoundError:
        return None


def played_for(version: str | None) -> PlayedRelease:
    """The release that a client of this version needs.

    A post-release and a local build are the release that they were made from, a pre-release the
    one that it precedes. A newer version than all known ones needs the newest release under its
    own server version, which from 6.2 on is the version of the client. Any other unknown version
    gets the nearest older release, and an older one than all the oldest.
    """
    from packaging.version import InvalidVersion, Version

    installed = f"{CLIENT} {version} is installed"
    known = RELEASES.get(version or "")
    if known is not None:
        return PlayedRelease(known, installed)
    try:
        asked = Version(version or "")
    except InvalidVersion:
        reason = f"{CLIENT} is installed, but its version cannot be read: {version!r}"
        return PlayedRelease(release(DEFAULT), reason, exact=False)
    base = Version(asked.base_version)
    if base > Version(NEWEST):
        return PlayedRelease(
            replace(RELEASES[NEWEST], server_version=str(base)),
            f"{installed}, which is newer than every release written down here",
            exact=False,
        )
    found = nearest(str(base)) or release(DEFAULT)
    if base == Version(found.name) and not asked.is_prerelease:
        return PlayedRelease(found, installed)
    return PlayedRelease(
        found,
        f"{installed}, which is not written down here: it may say that an action is not available",
        exact=False,
    )

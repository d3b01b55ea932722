"""What each public release lists in its versions document, as data.

To add a release, add a line to ``_SERVER_VERSIONS``, and to ``_apis`` what it lists otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from connect_harness.refusals import Named


@dataclass(frozen=True)
class ApiVersion:
    """One version of an API, with the paths of its endpoints below the base path of the session."""

    id: str
    rest_path: str
    ws_path: str


@dataclass(frozen=True)
class Release:
    """A public release of the session that a target plays.

    Parameters:
        name: The version of the Python package, for instance ``0.9.1``.
        server_version: The version of its server, which a client compares with its own.
        apis: The versions of each API, by its name.
        exposed: Whether it exposes itself to Python, without which nobody changes it from there; an
            application that was written in Java does if it is made to.
        manages_security: Whether a connected session may change its users; an application that was
            written in Java has them of its own.
    """

    name: str
    server_version: str
    apis: Mapping[str, tuple[ApiVersion, ...]] = field(hash=False)
    exposed: bool = True
    manages_security: bool = True

    def in_java(self, *, exposed: bool) -> Release:
        """The same server in an application that was written in Java."""
        return replace(self, exposed=exposed, manages_security=False)

    def rest_paths(self, api: str) -> tuple[str, ...]:
        return tuple(version.rest_path for version in self.apis.get(api, ()))


class UnknownRelease(ValueError):
    """No release of this name is written down here; the text names the nearest, and all."""


def release(name: Release | str) -> Release:
    """The release of this name, or itself; ``UnknownRelease`` is raised if there is none."""
    if isinstance(name, Release):
        return name
    if not isinstance(name, str):
        raise TypeError(f"A release is named by a text such as '0.9.12', not {name!r}.")
    if name in RELEASES:
        return RELEASES[name]
    near = nearest(name)
    hint = f" (the nearest is {near.name})" if near else ""
    raise UnknownRelease(f"There is no release {name!r}{hint}; there are: {', '.join(RELEASES)}.")


def nearest(version: str) -> Release | None:
    """The newest release that is not newer than ``version``; the oldest if all are newer.

    ``None`` for a text that is no version.
    """
    from packaging.version import InvalidVersion, Version

    try:
        asked = Version(version)
    except InvalidVersion:
        return None
    older = [known for known in RELEASES.values() if Version(known.name) <= asked]
    return older[-1] if older else next(iter(RELEASES.values()))


def of_server(server_version: str | None) -> Release | None:
    """The release with this server version; the newest one under it, if it is newer than all.

    From 6.2 on, the version of the server is that of the Python package. ``None`` for any other.
    """
    if server_version is None:
        return None
    for known in RELEASES.values():
        if known.server_version == server_version:
            return known
    # Loaded on demand: names that are known need no comparison.
    from packaging.version import InvalidVersion, Version

    try:
        is_newer = Version(server_version) > Version(RELEASES[NEWEST].server_version)
    except InvalidVersion:
        return None
    return replace(RELEASES[NEWEST], server_version=server_version) if is_newer else None


def _apis(*, pivot: tuple[int, ...]) -> Mapping[str, tuple[ApiVersion, ...]]:
    def versions(path: str, *ids: int) -> tuple[ApiVersion, ...]:
        return tuple(ApiVersion(str(i), f"{path}/rest/v{i}", f"{path}/ws/v{i}") for i in ids)

    return MappingProxyType(
        {
            "activeviam/pivot": versions("/activeviam/pivot", *pivot),
            "activeviam/database": versions("/activeviam/database", 10),
            "graphql": (ApiVersion("1", "/graphql", "/graphql"),),
            "content": versions("/activeviam/content", 8),
            "activeviam/content": versions("/activeviam/content", 8),
            "atoti": versions("/atoti", 0, 1),
        }
    )


_UNTIL_0_9_7 = _apis(pivot=(8, 9))
_FROM_0_9_8 = _apis(pivot=(8, 9, 10))

_SERVER_VERSIONS = (
    ("0.9.1", "6.1.1", _UNTIL_0_9_7),
    ("0.9.2", "6.1.2", _UNTIL_0_9_7),
    ("0.9.3", "6.1.3", _UNTIL_0_9_7),
    ("0.9.4", "6.1.4", _UNTIL_0_9_7),
    ("0.9.5", "6.1.6", _UNTIL_0_9_7),
    ("0.9.6", "6.1.8", _UNTIL_0_9_7),
    ("0.9.7", "6.1.10", _UNTIL_0_9_7),
    ("0.9.8", "6.1.11", _FROM_0_9_8),
    ("0.9.9", "6.1.12", _FROM_0_9_8),
    ("0.9.10", "6.1.13", _FROM_0_9_8),
    ("0.9.11", "6.1.15", _FROM_0_9_8),
    ("0.9.12", "6.1.16", _FROM_0_9_8),
    ("0.9.13", "6.1.18", _FROM_0_9_8),
    ("0.9.14", "6.1.19", _FROM_0_9_8),
    ("0.9.15", "6.1.20", _FROM_0_9_8),
    ("0.9.16", "6.1.23", _FROM_0_9_8),
    ("6.2.0", "6.2.0", _FROM_0_9_8),
    ("6.2.1", "6.2.1", _FROM_0_9_8),
    ("6.2.2", "6.2.2", _FROM_0_9_8),
)

RELEASES: Mapping[str, Release] = MappingProxyType(
    Named(
        "release",
        "connect_harness.RELEASES",
        {name: Release(name, server, apis) for name, server, apis in _SERVER_VERSIONS},
    )
)
"""The releases by name, oldest first."""

DEFAULT = "0.9.1"
"""The release that a target plays when none is named: the one that the page documents."""

NEWEST = tuple(RELEASES)[-1]
"""The name of the newest release."""

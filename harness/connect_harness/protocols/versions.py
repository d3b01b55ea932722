"""The versions document: which APIs a session has, and where."""

from __future__ import annotations

from functools import cache

from connect_harness.exchange import Answer
from connect_harness.protocols.json_text import write_json
from connect_harness.protocols.routing import Call, Route
from connect_harness.protocols.target import Target
from connect_harness.releases import Release

PATH = "/versions/rest"


def document(played: Release) -> dict[str, object]:
    """The document of a release, as JSON has it (documentation of ``GET /versions/rest``)."""
    return {
        "version": 1,
        "serverVersion": played.server_version,
        "apis": {
            name: {
                "versions": [
                    {"id": each.id, "restPath": each.rest_path, "wsPath": each.ws_path}
                    for each in versions
                ]
            }
            for name, versions in played.apis.items()
        },
    }


@cache
def _written(played: Release) -> bytes:
    # The first answer that every client waits for, and the same for all targets of a release.
    return write_json(document(played))


def _versions(target: Target, _: Call) -> Answer:
    return Answer(200, _written(target.release))


def routes(_: Release) -> list[Route]:
    """The endpoint of the versions document."""
    return [Route("GET", PATH, _versions)]

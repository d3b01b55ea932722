"""The versions document: which APIs a session has, and where."""

from __future__ import annotations

from connect_harness.exchange import Answer
from connect_harness.protocols.json_text import write_json
from connect_harness.protocols.routing import Call, Route
from connect_harness.protocols.target import Target
from connect_harness.releases import Release

PATH = "/versions/rest"


def document(release: Release) -> dict[str, object]:
    """The document of a release, as JSON has it (documentation of ``GET /versions/rest``)."""
    return {
        "version": 1,
        "serverVersion": release.server_version,
        "apis": {
            name: {
                "versions": [
                    {"id": each.id, "restPath": each.rest_path, "wsPath": each.ws_path}
                    for each in versions
                ]
            }
            for name, versions in release.apis.items()
        },
    }


def _versions(target: Target, _: Call) -> Answer:
    return Answer(200, write_json(document(target.release)))


def routes(_: Release) -> list[Route]:
    """The endpoint of the versions document."""
    return [Route("GET", PATH, _versions)]

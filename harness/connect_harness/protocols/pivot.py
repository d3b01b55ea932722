"""The pivot API: the ping, and the cubes, of which a session of this kind has none."""

from __future__ import annotations

from connect_harness.exchange import Answer
from connect_harness.protocols.errors import bad_request
from connect_harness.protocols.json_text import NotJson, read_json, write_json
from connect_harness.protocols.routing import Call, Route
from connect_harness.protocols.target import Target
from connect_harness.releases import Release


def _ping(_: Target, __: Call) -> Answer:
    return Answer(200, b"pong", "text/plain")


def _discovery(_: Target, __: Call) -> Answer:
    return Answer(200, write_json({"catalogs": []}))


def _mdx(_: Target, call: Call) -> Answer:
    try:
        body = read_json(call.request.body)
    except NotJson as error:
        raise bad_request(str(error)) from None
    if not isinstance(body, dict) or not isinstance(body.get("mdx"), str):
        raise bad_request("The body has no text under mdx.")
    raise bad_request("The session has no cube to query.")


def routes(release: Release) -> list[Route]:
    """The endpoints of each version of the pivot API that the release lists."""
    return [
        route
        for path in release.rest_paths("activeviam/pivot")
        for route in (
            Route("GET", f"{path}/ping", _ping),
            Route("GET", f"{path}/cube/discovery", _discovery),
            Route("POST", f"{path}/cube/query/mdx", _mdx),
        )
    ]

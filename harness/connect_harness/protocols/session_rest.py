"""The endpoints of the session itself: versions, ping, token, and the way to the Py4J gateway."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus

from connect_harness.exchange import Answer
from connect_harness.protocols.authentication import bearer_token
from connect_harness.protocols.bodies import Refusal, bad_request, not_found, read_json, write_json
from connect_harness.protocols.routing import Call, Route, Target
from connect_harness.releases import Release
from connect_harness.state import Cube, Level, TotalsNotServed, WrongCube, cell_set

VERSIONS_PATH = "/versions/rest"
JWT_PATH = "/activeviam/jwt/rest/v3/token"


@cache
def _versions_document(played: Release) -> bytes:
    """The document of a release (documentation of ``GET /versions/rest``).

    Kept: it is the first answer that every client waits for.
    """
    return write_json(
        {
            "version": 1,
            "serverVersion": played.server_version,
            "apis": {
                name: {
                    "versions": [
                        {"id": version.id, "restPath": version.rest_path, "wsPath": version.ws_path}
                        for version in versions
                    ]
                }
                for name, versions in played.apis.items()
            },
        }
    )


def _versions(target: Target, _: Call) -> Answer:
    """The version of the server, and the paths of each version of each API.

    A client asks for this first. It takes, of each API, the newest version that it knows, and
    stops with an error if there is none. ``restPath`` begins with a slash and stands below the URL
    of the session. ``id`` is a text. Nothing is served at ``wsPath``. A client whose own server
    version is another one connects too, and does not ask for the Py4J gateway.
    """
    return Answer(200, _versions_document(target.release))


def _ping(_: Target, __: Call) -> Answer:
    """Whether the session is there for this caller: the text ``pong``.

    A client asks for this second; then it is connected.
    """
    return Answer(200, b"pong", "text/plain")


def _cubes(target: Target, __: Call) -> Answer:
    """The cubes, in the shape of the public typings of the user interface."""
    cubes = [_described(cube) for cube in target.cubes.all()]
    return Answer(
        200, write_json({"catalogs": [{"name": "Catalog", "cubes": cubes}] if cubes else []})
    )


def _described(cube: Cube) -> dict[str, object]:
    return {
        "name": cube.name,
        "caption": cube.name,
        "measures": [{"name": name, "caption": name, "visible": True} for name in cube.measures],
        "dimensions": [
            {
                "name": name,
                "caption": name,
                "type": "standard",
                "visible": True,
                "defaultHierarchy": hierarchies[0][0].hierarchy,
                "hierarchies": [_hierarchy(levels) for levels in hierarchies],
            }
            for name, hierarchies in cube.dimensions.items()
        ],
        "namedSets": [],
        "kpis": [],
        "defaultMembers": [],
    }


def _hierarchy(levels: list[Level]) -> dict[str, object]:
    name = levels[0].hierarchy
    below = [{"name": each.name, "caption": each.name, "type": "REGULAR"} for each in levels]
    every = {"name": "ALL", "caption": "ALL", "type": "ALL"}
    return {
        "name": name,
        "caption": name,
        "visible": True,
        "slicing": False,
        "levels": [every, *below],
    }


def _mdx(target: Target, call: Call) -> Answer:
    """The cells of a query of a cube, by its MDX text under ``mdx``.

    400 for a query of a cube that is not there, and for one for which the owner of the session
    registered no result, or that asks for totals, which only a result for its very text answers.
    """
    body = read_json(call.request.body)
    if not isinstance(body, dict) or not isinstance(body.get("mdx"), str):
        raise bad_request("The body has no text under mdx.")
    try:
        cube, result = target.cubes.answer(body["mdx"])
        return Answer(200, write_json(cell_set(cube, result)))
    except WrongCube as error:
        if isinstance(error, TotalsNotServed):
            target.not_served("the totals of a query (include_totals=True)")
        raise bad_request(str(error)) from None


def _token(target: Target, call: Call) -> Answer:
    """A token for the caller, who sends it in place of a password: ``Authorization: Bearer TOKEN``.

    A caller who already uses a token is given the same again. A token is good until the user's
    password is changed or removed, or the session is restarted.
    """
    given = bearer_token(call.request)
    known = given is not None and target.accounts.by_token(given) == call.user
    token = given if known else target.accounts.issue_token(call.user.name)
    return Answer(200, write_json({"token": token}))


def _gateway_configuration(target: Target, call: Call) -> Answer:
    """Where the Py4J gateway listens, on the host of the session, and the caller's token for it.

    This is also how a client learns whether its user may change the session, which 0.9.1 calls the
    Live Extension: 200 to a user with ``ROLE_ADMIN``, 403 to any other. 404 if the session is
    unsecured, or is an application in Java that does not expose itself. A client is connected
    whatever the answer is.
    """
    if not target.accounts.secure or not target.release.exposed:
        raise not_found()
    if not call.user.is_admin:
        raise Refusal(HTTPStatus.FORBIDDEN)
    if target.gateway is None:
        raise not_found()
    address = target.gateway(call.user.name)
    answer = {"distributed": False, "port": address.port, "token": address.token}
    return Answer(200, write_json(answer))


def routes(release: Release) -> list[Route]:
    """The endpoints, below each path where the release has them."""
    found = [Route("GET", VERSIONS_PATH, _versions), Route("GET", JWT_PATH, _token)]
    for path in release.rest_paths("activeviam/pivot"):
        found += [
            Route("GET", f"{path}/ping", _ping),
            Route("GET", f"{path}/cube/discovery", _cubes),
            Route("POST", f"{path}/cube/query/mdx", _mdx),
        ]
    for path in release.rest_paths("atoti"):
        found.append(Route("GET", f"{path}/py4j/configuration", _gateway_configuration))
    return found

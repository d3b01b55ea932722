"""What a caller is handed: a token of its own, and the way to the Py4J gateway."""

from __future__ import annotations

from http import HTTPStatus

from connect_harness.exchange import Answer
from connect_harness.protocols.authentication import bearer_token
from connect_harness.protocols.errors import Refusal, not_found
from connect_harness.protocols.json_text import write_json
from connect_harness.protocols.routing import Call, Route
from connect_harness.protocols.target import Target
from connect_harness.releases import Release

JWT_PATH = "/activeviam/jwt/rest/v3/token"


def _token(target: Target, call: Call) -> Answer:
    """A caller who already uses a token is given the same again, as documented."""
    given = bearer_token(call.request)
    known = given is not None and target.accounts.by_token(given) == call.user
    token = given if known else target.accounts.issue_token(call.user.name)
    return Answer(200, write_json({"token": token}))


def _gateway_configuration(target: Target, call: Call) -> Answer:
    """Whether this is answered is how a client learns whether it may change the session."""
    if not target.accounts.secure:
        raise not_found()
    if not call.user.is_admin:
        raise Refusal(HTTPStatus.FORBIDDEN)
    if target.gateway is None:
        raise not_found()
    address = target.gateway(call.user.name)
    answer = {"distributed": False, "port": address.port, "token": address.token}
    return Answer(200, write_json(answer))


def routes(release: Release) -> list[Route]:
    """The endpoint of tokens, and that of each version of the atoti API."""
    return [
        Route("GET", JWT_PATH, _token),
        *(
            Route("GET", f"{path}/py4j/configuration", _gateway_configuration)
            for path in release.rest_paths("atoti")
        ),
    ]

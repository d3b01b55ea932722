"""The content API, as far as clients keep something in it: the individual roles of users.

Releases before 0.9.11 keep those of a user in the file ``{FOLDER}/{user}.json``. What is read and
changed here are the users of the session; it has no other file. The shape of an answer is that of
``ContentTree`` in the public typings of the user interface.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from connect_harness.exchange import Answer
from connect_harness.protocols.bodies import Refusal, bad_request, not_found, read_json, write_json
from connect_harness.protocols.routing import Call, Route, Target
from connect_harness.releases import Release
from connect_harness.state import ANONYMOUS
from connect_harness.state.accounts import ROLE_ADMIN, IndividualRoles

FOLDER = "/atoti/security/individual_roles"
_ENDING = ".json"
# What is empty is no JSON.
_DONE = Answer(200, content_type="")


def _read(target: Target, call: Call) -> Answer:
    """The roles of a user, or of all, as the files that releases before 0.9.11 keep them in.

    ``path`` in the query is ``/atoti/security/individual_roles`` or a file ``USER.json`` below it.
    403 to a user without ``ROLE_ADMIN``, 404 for any other file.
    """
    if not call.user.is_admin:
        raise Refusal(HTTPStatus.FORBIDDEN)
    users = dict(target.accounts.individual_roles)
    path = _path(call)
    if path == FOLDER:
        children = {f"{name}{_ENDING}": _file(roles) for name, roles in users.items()}
        return _json({"entry": _entry(isDirectory=True), "children": children})
    name = _username(path)
    if name not in users:
        raise not_found(f"There is no file {path!r}.")
    return _json(_file(users[name]))


def _write(target: Target, call: Call) -> Answer:
    """Gives a user roles, in place of those before: a JSON list, as a text under ``content``.

    403 in an application in Java, which manages its users itself; 400 for another content.
    """
    users, name = _changeable(target), _username(_path(call))
    body = read_json(call.request.body)
    content = body.get("content") if isinstance(body, dict) else None
    roles = read_json(content.encode()) if isinstance(content, str) else None
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        raise bad_request("The content is no JSON list of roles.")
    users[name] = roles
    return _DONE


def _delete(target: Target, call: Call) -> Answer:
    """Takes all roles of a user. 404 if the user was given none."""
    path = _path(call)
    try:
        del _changeable(target)[_username(path)]
    except KeyError:
        raise not_found(f"There is no file {path!r}.") from None
    return _DONE


def _changeable(target: Target) -> IndividualRoles:
    if not target.release.manages_security:
        raise Refusal(HTTPStatus.FORBIDDEN)
    return target.accounts.individual_roles


def _path(call: Call) -> str:
    given = parse_qs(call.request.query, keep_blank_values=True).get("path", [])
    if len(given) != 1:
        raise bad_request("The query has no path.")
    return given[0]


def _username(path: str) -> str:
    folder, _, name = path.rpartition("/")
    if folder != FOLDER or not name.endswith(_ENDING):
        raise Refusal(
            HTTPStatus.NOT_FOUND, f"This session keeps no file {path!r}.", not_served=True
        )
    return name.removesuffix(_ENDING)


def _file(roles: frozenset[str]) -> dict[str, Any]:
    return {"entry": _entry(isDirectory=False, content=json.dumps(sorted(roles)))}


def _entry(**more: Any) -> dict[str, Any]:
    return {
        "owners": [ROLE_ADMIN],
        "readers": [ROLE_ADMIN],
        "canRead": True,
        "canWrite": True,
        "timestamp": 0,
        "lastEditor": ANONYMOUS.name,
        **more,
    }


def _json(value: object) -> Answer:
    return Answer(200, write_json(value))


def routes(release: Release) -> list[Route]:
    """The endpoint, below the path of the API."""
    return [
        Route(method, f"{path}/files", handler, change=method != "GET")
        for path in release.rest_paths("content")
        for method, handler in (("GET", _read), ("PUT", _write), ("DELETE", _delete))
    ]

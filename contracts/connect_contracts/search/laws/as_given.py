"""The wire carries exactly what was given."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from urllib.parse import unquote

from connect_contracts.checks.step_view import Exchange
from connect_contracts.model.clause import Profile
from connect_contracts.model.observation import Observation
from connect_contracts.model.scenario import Basic, Certificate, Own, Scenario, Token
from connect_contracts.oracle.caller import caller, is_plain
from connect_contracts.search.laws.drawn import callers
from connect_contracts.search.laws.law import Breach, Law, breach
from connect_contracts.search.laws.walk import Taken, taken

NAME = "as-given"
SENTENCE = (
    "Every request of a session carries the credentials that it was given, byte for byte, below "
    "the base path that it was given, on connections with the client certificate that it was given."
)

Found = tuple[str, str, str]


def look(scenario: Scenario, observation: Observation, profile: Profile) -> Iterator[Breach]:
    """The steps that sent something else than it was given."""
    for one in taken(scenario, observation, profile):
        found = None if isinstance(one.step, Own) else _of_step(one, observation)
        if found is not None:
            clause, expected, seen = found
            yield breach(observation, NAME, clause, one.index, expected=expected, seen=seen)


def _of_step(one: Taken, observation: Observation) -> Found | None:
    if one.connect is None:
        return None
    call = one.connect.call
    # What a defect or the URL's userinfo makes of a call is for the oracle to say.
    if call.defect is not None or call.userinfo is not None or observation.scenario.surroundings:
        return None
    target = one.world.targets[call.target]
    if not is_plain(caller(call, target)):
        return None
    own = [each for each in one.view.exchanges if each.received.target == call.target]
    for each in own:
        found = _of_path(each, target.spec.base_path)
        match call.authentication:
            case Basic(username, password):
                found = found or _of_pair(each, f"{username}:{password}".encode())
            case Token(_, token_type):
                found = found or _of_token(each, token_type or "Bearer", observation)
        if found is not None:
            return found
    if isinstance(call.authentication, Certificate):
        return _of_certificate(one)
    return None


def _of_path(exchange: Exchange, base_path: str) -> Found | None:
    path = unquote(exchange.request.target)
    if path.startswith(f"{base_path}/"):
        return None
    return "URL-2", "every request is below the base path", f"{exchange.line} was sent"


def _of_pair(exchange: Exchange, pair: bytes) -> Found | None:
    scheme, _, encoded = (exchange.header("authorization") or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        sent = base64.b64decode(encoded.strip(), validate=True)
    except ValueError:
        sent = b""
    if sent == pair:
        return None
    return (
        "AUTH-3",
        "the credentials arrive byte for byte, in UTF-8",
        f"{exchange.line} carried other bytes: {len(sent)} instead of {len(pair)}",
    )


def _of_token(exchange: Exchange, token_type: str, observation: Observation) -> Found | None:
    given = exchange.header("authorization")
    if given is None:
        return None
    scheme, _, token = given.partition(" ")
    if scheme.lower() == token_type.lower() and token in {one.value for one in observation.secrets}:
        return None
    # A cookie or another token may be handed out by the target; this one was not.
    return "AUTH-9", "the token goes out as it was given", f"{exchange.line} carried another one"


def _of_certificate(one: Taken) -> Found | None:
    shaken = [
        each for each in one.view.connections if each.handshake_completed and each.peer_fingerprint
    ]
    if all(each.peer_fingerprint == one.view.presented for each in shaken):
        return None
    return (
        "MTLS-2",
        "every connection presents the client certificate that was given",
        "a connection presented another client certificate",
    )


AS_GIVEN = Law(NAME, SENTENCE, look, callers)

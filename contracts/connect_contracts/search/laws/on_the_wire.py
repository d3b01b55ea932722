"""Laws of the wire: no secret goes astray, sessions never mix, what was given is what is sent."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from urllib.parse import unquote

from connect_contracts.checks.wire_checks import NoCredentialsAt, WireCheck
from connect_contracts.model.actions import ACTIONS
from connect_contracts.model.clause import Profile
from connect_contracts.model.observation import Observation
from connect_contracts.model.scenario import (
    Basic,
    Call,
    Certificate,
    Connect,
    Scenario,
    Token,
    Use,
    placed_steps,
    through_proxy,
)
from connect_contracts.oracle import decisions
from connect_contracts.oracle.caller import caller, is_plain, known_as
from connect_contracts.oracle.trust import server_believed
from connect_contracts.search.laws.law import (
    Breach,
    ExecutedStep,
    Law,
    Source,
    breach,
    executed_steps,
)
from connect_harness.server.exchanges import Exchange

Finding = tuple[str, str, str] | tuple[str, str, str, type[WireCheck]]
"""The clause that is broken, what must have been seen, and what was; where cases of the suite
demand the same, by what check."""

CheckStep = Callable[[ExecutedStep, Call, Profile], Finding | None]
"""What is wrong with a step of a session, which this call opened."""


def _law(name: str, sentence: str, check_step: CheckStep, source: Source = "scenarios") -> Law:
    def check(observation: Observation, profile: Profile) -> Iterator[Breach]:
        for step in executed_steps(observation, profile):
            if step.connect is None:
                continue
            found = check_step(step, step.connect.call, profile)
            if found is not None:
                clause, expected, seen, *checks = found
                demand = checks[0].__name__ if checks else None
                yield breach(
                    *(observation, name, clause, step.index),
                    expected=expected,
                    seen=seen,
                    demand=demand,
                )

    return Law(name, sentence, check, source)


# A refused call sends no secret.


def _secret_astray(step: ExecutedStep, call: Call, profile: Profile) -> Finding | None:
    scenario = step.view.observation.as_played
    target = step.world.targets[call.target]
    trusted = not (
        target.spec.scheme == "https"
        and call.defect != "http to a TLS port"
        and server_believed(target.chain, call, scenario.trusted) == "refused"
    )
    proxy = through_proxy(scenario)
    if not trusted and any(
        connection.http_bytes
        for connection in step.view.connections
        if connection.accepted.target != proxy
    ):
        lines = ", ".join(dict.fromkeys(exchange.line for exchange in step.view.exchanges))
        return (
            decisions(scenario, profile)[step.index].clause,
            "not one HTTP byte reaches a target that may not be believed",
            f"HTTP reached it: {lines or 'its first bytes'}",
        )
    for exchange in step.view.exchanges:
        receiver = exchange.target
        if receiver not in (call.target, proxy) and exchange.header("authorization") is not None:
            return (
                "URL-10" if target.redirects else "AUTH-11",
                "credentials are sent to the session's own target alone",
                f"{exchange.line} carried Authorization to {receiver}",
                NoCredentialsAt,
            )
    return None


NO_SECRET = _law(
    "no-secret",
    "A target that a session may not believe gets no byte of HTTP from it, and no target but its "
    "own gets its credentials.",
    _secret_astray,
)


# Sessions never mix.


def _mixed(step: ExecutedStep, call: Call, _profile: Profile) -> Finding | None:
    session = step.connect.session if step.connect is not None else ""
    calls = _calls(step.view.observation.as_played)
    seen = _known_as_another(step, call, session, calls)
    for first, second in step.view.shared_connections:
        if second == session and first in calls and _differ(calls[first], call):
            seen = seen or f"a connection of {first} carried a request of {second}"
    if step.view.cookies_astray:
        seen = seen or f"{step.view.cookies_astray[0]} carried a cookie of another session"
    return None if seen is None else ("AUTH-11", UNMIXED.sentence, seen)


def _known_as_another(
    step: ExecutedStep, call: Call, session: str, calls: dict[str, Call]
) -> str | None:
    target, model = step.world.targets[call.target], step.world.sessions.get(session)
    # Userinfo may name another user; a changed user is known as was true before the change.
    if not target.spec.secure or call.userinfo is not None or (model and model.altered):
        return None
    own = known_as(caller(call, target), target)
    # Whom the file names, the file may have brought in.
    of_netrc = step.view.observation.scenario.netrc
    others = {
        known_as(caller(other, target), target) for name, other in calls.items() if name != session
    }
    for exchange in step.view.exchanges:
        if exchange.user in others - {None, own, of_netrc}:
            return f"{exchange.line} was known as {exchange.user}'s"
    return None


def _differ(one: Call, other: Call) -> bool:
    return (one.authentication, one.authority_file) != (other.authentication, other.authority_file)


def _calls(scenario: Scenario) -> dict[str, Call]:
    """The calls by the sessions that they open; of a session that is opened twice, the last."""
    return {
        step.session: step.call for _, step in placed_steps(scenario) if isinstance(step, Connect)
    }


UNMIXED = _law(
    "unmixed",
    "No request of one session is known as another session's user or carries its cookie, and "
    "sessions of different callers share no connection.",
    _mixed,
)


# Nothing that changes something is sent twice.


def _sent_again(step: ExecutedStep, _call: Call, _profile: Profile) -> Finding | None:
    if not isinstance(step.step, Use) or not ACTIONS[step.step.action].changes:
        return None
    wanted = max(1, len(step.step.rows))
    changes = step.view.changes(since_step=True)
    if len(changes) <= wanted:
        return None
    return (
        "FAULT-5",
        f"at most {wanted} request(s) ask for a change",
        f"{len(changes)} did: {', '.join(dict.fromkeys(changes))}",
    )


SENT_ONCE = _law(
    "sent-once",
    "A step that changes something asks for no more changes than it has rows, whatever happens to "
    "the answers.",
    _sent_again,
    "writers",
)


# The wire carries exactly what was given.


def _not_as_given(step: ExecutedStep, call: Call, _profile: Profile) -> Finding | None:
    observation = step.view.observation
    # What a defect or the URL's userinfo makes of a call is for the oracle to say.
    if call.defect is not None or call.userinfo is not None:
        return None
    target = step.world.targets[call.target]
    if not is_plain(caller(call, target)):
        return None
    for exchange in step.view.exchanges:
        if exchange.target != call.target:
            continue
        found = _other_path(exchange, target.spec.base_path)
        match call.authentication:
            case Basic(username, password):
                found = found or _other_pair(exchange, f"{username}:{password}".encode())
            case Token(_, token_type):
                found = found or _other_token(exchange, token_type or "Bearer", observation)
        if found is not None:
            beside = observation.scenario.netrc is not None and found[0].startswith("AUTH")
            return _replaced(exchange, found[0]) if beside else found
    return _other_certificate(step) if isinstance(call.authentication, Certificate) else None


def _other_path(exchange: Exchange, base_path: str) -> Finding | None:
    if unquote(exchange.request.target).startswith(f"{base_path}/"):
        return None
    return "URL-2", "every request is below the base path", f"{exchange.line} was sent"


def _replaced(exchange: Exchange, clause: str) -> Finding:
    return (
        "AUTH-2" if clause == "AUTH-3" else clause,
        "the credentials that were given are sent, whatever .netrc has for the host",
        f"{exchange.line} carried others, and was known as {exchange.user or 'nobody'}'s",
    )


def _other_pair(exchange: Exchange, pair: bytes) -> Finding | None:
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


def _other_token(exchange: Exchange, token_type: str, observation: Observation) -> Finding | None:
    given = exchange.header("authorization")
    if given is None:
        return None
    scheme, _, token = given.partition(" ")
    secrets = {secret.value for secret in observation.secrets}
    if scheme.lower() == token_type.lower() and token in secrets:
        return None
    # A cookie or another token may be handed out by the target; this one was not.
    return "AUTH-9", "the token goes out as it was given", f"{exchange.line} carried another one"


def _other_certificate(step: ExecutedStep) -> Finding | None:
    if all(
        connection.peer_fingerprint == step.view.presented
        for connection in step.view.connections
        if connection.handshake_completed and connection.peer_fingerprint
    ):
        return None
    return (
        "MTLS-2",
        "every connection presents the client certificate that was given",
        "a connection presented another client certificate",
    )


AS_GIVEN = _law(
    "as-given",
    "Every request of a session carries the credentials that it was given, byte for byte, below "
    "the base path that it was given, on connections with the client certificate that it was "
    "given.",
    _not_as_given,
    "callers",
)

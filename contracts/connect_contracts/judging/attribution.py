"""Who is to blame for a step that a case takes for granted: one of its twin, or one that sets up.

The oracle says whether the contract demands that the step succeeds, and by which clause. Where it
did not, the journals say whether the implementation refused, or sent what the target had to refuse.
"""

from __future__ import annotations

from typing import NamedTuple

from connect_contracts.checks.expectation import Alternative
from connect_contracts.checks.step_view import Connection, StepView
from connect_contracts.model.clause import Profile
from connect_contracts.model.observation import Observation, Raised, Result
from connect_contracts.model.scenario import Connect, Use
from connect_contracts.oracle import Decision, decisions
from connect_contracts.oracle.decision import BELIEVES, must_return
from connect_harness.server.events import Cause, Ending
from connect_harness.server.exchanges import Exchange

_NOT_BY_THE_CLIENT = (Cause.TARGET_CUT, Cause.FAULT)
_OF_TRUST = (
    *(Cause.CLIENT_REFUSED_CERTIFICATE, Cause.CLIENT_ALERTED),
    *(Cause.CLIENT_CLOSED, Cause.CLIENT_RESET, Cause.NO_COMMON_VERSION, Cause.NO_COMMON_CIPHER),
)
"""Why handshakes fail whatever certificate the client has."""
_CLOSED_BY_CLIENT = (
    *(Ending.CLIENT_CLOSED, Ending.CLIENT_CLOSED_WITHOUT_NOTICE, Ending.CLIENT_RESET),
    *(Ending.CLIENT_ALERTED, Ending.CLIENT_BROKE_TLS),
)
_OF_CREDENTIALS = (401, 403)
"""Statuses that a target which is asked as the caller said gives only where the oracle knows it."""


class Attribution(NamedTuple):
    """The clause that the implementation broke, and by what that is shown."""

    clause: str
    shown: str


def attribution(observation: Observation, index: int, profile: Profile) -> Attribution | None:
    """Why the implementation is to blame for the step with this index, which must succeed.

    ``None`` if it does not have to succeed, if it did, or if nothing shows who refused: a client
    that ran out of time, a target that answered nothing, or with what this harness lacks.
    """
    step, result = observation.scenario.steps[index], observation.result((index,))
    if result is None or not isinstance(step, Connect | Use):
        return None
    decision = decisions(observation.scenario, profile)[index]
    if not must_return(decision.alternatives) or (isinstance(step, Connect) and step.interrupted):
        return None
    view = StepView(observation, (index,))
    broken = _broken_wire_check(decision, view)
    if result.how == "returned":
        # It has nothing from the target, so that no wire check has anything to look at.
        if isinstance(step, Connect) and not view.exchanges:
            return Attribution(decision.clause_of("FirstRequest"), "it sent no request")
        return broken
    if result.raised is None or _ran_out_of_time(result.raised):
        return None
    return _refused(view, broken, decision)


def describe_step(result: Result) -> str:
    """The step by its number and its action, and by its session if that has a name."""
    number = ".".join(str(index + 1) for index in result.place)
    who = "" if result.who in ("session", "owner") else f" of {result.who}"
    return f"step {number} ({result.what}{who})"


def _broken_wire_check(decision: Decision, view: StepView) -> Attribution | None:
    """What the targets saw that none of the alternatives allows, by the first of them."""
    found = [_broken(alternative, decision, view) for alternative in decision.alternatives]
    return None if None in found else found[0]


def _broken(alternative: Alternative, decision: Decision, view: StepView) -> Attribution | None:
    for wire in alternative.wire:
        seen = wire.check(view)
        if seen.violation is not None and not seen.absent:
            return Attribution(decision.clause_of(type(wire).__name__), seen.violation)
    return None


def _ran_out_of_time(raised: Raised) -> bool:
    """Whether it gave up waiting, which a busy machine can make of anything."""
    chain = (raised.type, raised.text), *raised.chain
    names = " ".join((*raised.names, *(f"{kind} {text}" for kind, text in chain))).lower()
    return "timeout" in names or "timed out" in names


def _refused(view: StepView, broken: Attribution | None, decision: Decision) -> Attribution | None:
    """Who refused, by the last that the targets saw of the step."""
    exchanges = sorted([*view.exchanges, *view.with_issuers], key=lambda each: each.number)
    last = exchanges[-1] if exchanges else None
    idle = [each for each in view.connections if not each.requests]
    newest = max(idle, key=lambda each: each.accepted.number, default=None)
    if newest is not None and (last is None or last.number < newest.accepted.number):
        return _of_connection(newest, decision)
    if last is not None:
        return _of_exchange(last, broken, decision)
    if _met_an_issuer(view):
        return None
    return Attribution(decision.clause, "it sent nothing to any target")


def _met_an_issuer(view: StepView) -> bool:
    issuers = {seen.name for seen in view.observation.targets if seen.issuer_of is not None}
    return any(
        event.target in issuers and view.result.began < event.number < view.result.ended
        for event in view.observation.events
    )


def _of_connection(connection: Connection, decision: Decision) -> Attribution | None:
    """Why no request came by this connection, if that was not the target's doing."""
    failed, closed = connection.failed, connection.closed
    if connection.accepted.service == "gateway":
        return None
    if failed is not None:
        if failed.cause in _NOT_BY_THE_CLIENT:
            return None
        by = f", {failed.alert_by} alert {failed.alert}" if failed.alert else ""
        check = BELIEVES if failed.cause in _OF_TRUST else None
        return Attribution(decision.clause_of(check), f"the handshake failed: {failed.cause}{by}")
    if closed is None or closed.ending not in _CLOSED_BY_CLIENT or connection.http_bytes:
        return None
    alert = f", with the alert {closed.alert}" if closed.alert else ""
    check = None if connection.completed is None else BELIEVES
    shown = f"it ended the connection before any request{alert}"
    return Attribution(decision.clause_of(check), shown)


def _of_exchange(
    last: Exchange, broken: Attribution | None, decision: Decision
) -> Attribution | None:
    """What the answer to the last request shows."""
    if last.status is None:
        return None
    answered = f"the target answered {last.line} with {last.status}"
    if last.status < 400:
        return Attribution(decision.clause, f"{answered}, which it did not take")
    if broken is not None and last.status < 500:
        return broken._replace(shown=f"{answered}: {broken.shown}")
    # Any other refusal may be of something that this harness does not have.
    return Attribution(decision.clause, answered) if last.status in _OF_CREDENTIALS else None

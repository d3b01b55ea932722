"""Why a step is not as it must be, as data by which cases are grouped."""

from __future__ import annotations

import msgspec

from connect_contracts.checks.expectation import Alternative, Expectation, Raises
from connect_contracts.checks.secrets.leaks import Leak, leaks, without_names
from connect_contracts.checks.step_view import StepView
from connect_contracts.checks.wire_checks import (
    FaultFired,
    HandshakeRefusedByTarget,
    NoHttpByte,
    NothingArrived,
    PlainHttpRefused,
    RefusedWith,
    Unspoken,
)
from connect_contracts.model.cause import LEAK, Cause

_REFUSALS = (
    *(FaultFired, HandshakeRefusedByTarget, NoHttpByte, NothingArrived, PlainHttpRefused),
    RefusedWith,
)
"""What a refusal is about; a client that ignores statuses is not one that verifies nothing."""


def causes_of_step(expectation: Expectation, view: StepView, clause: str) -> tuple[Cause, ...]:
    """Why the step of ``view`` does not meet ``expectation``; of its wire checks all that failed.

    Parameters:
        clause: The id of the clause; two that demand other values have other causes.
    """
    result, alternatives = view.result, expectation.alternatives
    for alternative in alternatives:
        if alternative.outcome.mismatch(result) is None:
            return _on_the_wire(alternative, view)
    refused = [each for each in alternatives if isinstance(each.outcome, Raises)]
    outcome = (refused or alternatives)[0].outcome
    if result.how != "returned":
        demanded = outcome.describe() if refused else f"{result.what} returns"
        return (cause_of_end(view, demanded),)
    if refused:
        by = next((check for check in refused[0].wire if isinstance(check, _REFUSALS)), None)
        # What reached the target is the mistake, whether it returned then or not; it may have
        # come on a connection of an earlier step.
        sent = isinstance(by, NoHttpByte) and (by.check(view).violation or view.exchanges)
        named = f" {outcome.name}" if isinstance(outcome, Raises) and outcome.name else ""
        # Where nothing on the wire shows what it is about, what is called does.
        what = type(by).__name__ if by else f"{result.what} raises{named}"
        # A client that ignores a 401 may heed a 403: two mistakes.
        what += f" {by.status}" if isinstance(by, RefusedWith) else ""
        key = f"{what} | {'violated' if sent else 'returned'}"
        because = f"; {by.describe()}" if by else ""
        return (Cause(key, f"it raises{because}", "it returned"),)
    key = f"{clause}, {result.what} | another {type(outcome).__name__}"
    return (Cause(key, outcome.describe(), f"it {outcome.mismatch(result)}"),)


def cause_of_end(view: StepView, demanded: str | None = None) -> Cause:
    """Why a step did not return.

    Cases in which one function of the client raised have one cause, whatever they demand: if the
    last answer, or the alert, was the same.
    """
    result = view.result
    ends = "ends in time" if result.how == "hung" else "returns"
    demanded = demanded or f"{result.what} {ends}"
    raised, seen = result.raised, f"it {result.describe()}"
    if result.how == "adapter wrong" and raised is not None:
        demanded, seen = "the adapter works", f"the adapter raised {raised}"
    if raised is None:
        return Cause(f"{result.what} | {result.how}", demanded, seen, result.where)
    who = "the adapter" if result.how == "adapter wrong" else result.what
    lines = raised.origin.lines
    # What a public client raised is its own, whoever calls it.
    own = lines[-1] if lines and not raised.origin.below else None
    place = f"({demanded})" if own is None else f"in {own.file}:{own.function}"
    cause = Cause(f"{who} raised {raised.type} {place}{_met(view)}", demanded, seen, lines)
    if own is None:
        return cause
    # What the caller of a public client made of its exception is still its exception.
    translated = [f"{who} raised {kind} ({demanded}){_met(view)}" for kind in raised.origin.chain]
    return msgspec.structs.replace(cause, known_as=translated[0] if translated else "")


def _met(view: StepView) -> str:
    """The last thing that the step met on the wire, if it was no success."""
    status = view.exchanges[-1].status if view.exchanges else None
    if status is not None and status >= 400:
        return f" after {status}"
    alerts = [connection.alert for connection in view.connections if connection.alert]
    return f" after {alerts[-1]}" if alerts and not view.exchanges else ""


def _on_the_wire(alternative: Alternative, view: StepView) -> tuple[Cause, ...]:
    looked = [(check, check.check(view)) for check in alternative.wire]
    causes: list[Cause] = []
    for check, found in looked:
        if isinstance(check, Unspoken) and found.violation is not None:
            causes += map(cause_of_leak, leaks(view.observation))
        elif found.violation is not None:
            key = violated(type(check).__name__)
            causes.append(Cause(key, check.describe(), found.violation))
    if causes:
        by_key: dict[str, Cause] = {}
        for cause in causes:
            # Of several places of one mistake the first one counts.
            by_key.setdefault(cause.key, cause)
        return tuple(by_key.values())
    for check, found in looked:
        if found.missing is not None and view.result.raised is not None:
            cause = cause_of_end(view, check.describe())
            return (msgspec.structs.replace(cause, seen=f"{found.missing}: {cause.seen}"),)
        if found.missing is not None:
            return (Cause(f"{type(check).__name__} | not shown", check.describe(), found.missing),)
    return ()


def violated(check: str) -> str:
    """The key of the cause of a wire check of this class that found what must not be."""
    return f"{check} | violated"


def cause_of_leak(leak: Leak) -> Cause:
    """A secret that stands where it must not: its kind, and where."""
    shown = leak.where in ("the session", "the authentication")
    where = f"the repr of {leak.where}" if shown else leak.where
    seen = f"{leak.kind} appeared in {where}"
    key = f"{LEAK}{without_names(leak.describe())}"
    return Cause(key, Unspoken().describe(), seen, known_as="" if leak.own else None)


def broken_by(key: str, clause: str) -> str:
    """The id of the clause that the cause of this key breaks, in a case that breaks ``clause``.

    A secret that appeared breaks the clause about secrets, whatever else the case is about.
    """
    if not key.startswith(LEAK):
        return clause
    kind = key.removeprefix(LEAK).partition(" appeared in ")[0]
    return Leak(kind, "").clause

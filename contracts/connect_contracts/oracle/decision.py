"""What the oracle decides about one step: what is allowed, and which clause says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from connect_contracts.checks.expectation import Alternative, Outcome, Raises
from connect_contracts.checks.wire_checks import NoChange, WireCheck

Alternatives = tuple[Alternative, ...]

SILENT: Alternatives = ()
"""The documentation says nothing of the step."""

NO_CHANGE = NoChange(since_step=True)
"""Nothing asks for a change during the step (LIVE-6, LIVE-13, KEEP-1)."""

BELIEVES = "that the client does not refuse the target's certificate"
"""Stands for a wire check: a call that must succeed has none for its trust."""

WIRE_CHECK_CLAUSES: Mapping[str, str] = {
    "FirstRequest": "URL-1",
    "BelowBasePath": "URL-2",
    "HostNamed": "URL-9",
    "NowhereInAddress": "URL-14",
    "NoAuthorization": "AUTH-1",
    "KnownAs": "AUTH-2",
    "TokenFetched": "AUTH-14",
    "NoTokenGiven": "AUTH-14",
    "BasicPair": "AUTH-3",
    "CallableAsked": "AUTH-7",
    "BearerToken": "AUTH-9",
    "NotShared": "AUTH-11",
    "Presents": "MTLS-2",
    "GivesUrl": "LIVE-12",
    "FollowsLink": "LIVE-12",
    "ConnectionsClosed": "KEEP-4",
}
"""The clause that demands a wire check, by its class, whatever the step."""


@dataclass(frozen=True)
class Decision:
    """What must be seen of one step.

    Parameters:
        wire_check_clauses: The clauses of wire checks, by class, where they depend on the step.
    """

    clause: str
    alternatives: Alternatives = SILENT
    wire_check_clauses: Mapping[str, str] = field(default_factory=dict)

    def clause_of(self, wire_check: str | None) -> str:
        """The clause that is broken if the wire check of this class, or the outcome, is wrong."""
        if wire_check is None:
            return self.clause
        return {**WIRE_CHECK_CLAUSES, **self.wire_check_clauses}.get(wire_check, self.clause)

    def or_raises(self) -> Decision:
        """The same where the step may raise as well."""
        return replace(self, alternatives=or_raises(self.alternatives))


def only(outcome: Outcome, *wire: WireCheck) -> Alternatives:
    """This outcome alone is allowed, with these wire checks."""
    return (Alternative(outcome, wire),)


def refused(*wire: WireCheck) -> Alternatives:
    """The step raises, and the target must have seen this of it."""
    return only(Raises(), *wire)


def or_raises(alternatives: Alternatives) -> Alternatives:
    """``alternatives``, where the step may raise as well.

    What the targets see is left open then: an undescribed call may be sent in another way than a
    described one. A step that changes nothing still changes nothing.
    """
    if alternatives == SILENT:
        return SILENT
    harmless = all(NO_CHANGE in alternative.wire for alternative in alternatives)
    wire = (NO_CHANGE,) if harmless else ()
    outcomes = [alternative.outcome for alternative in alternatives]
    returning = [outcome for outcome in outcomes if not isinstance(outcome, Raises)]
    return tuple(Alternative(outcome, wire) for outcome in (*returning, Raises()))


def must_raise(alternatives: Alternatives) -> bool:
    """Whether the step is allowed nothing but to raise."""
    return alternatives != SILENT and all(
        isinstance(alternative.outcome, Raises) for alternative in alternatives
    )


def must_return(alternatives: Alternatives) -> bool:
    """Whether the step is not allowed to raise."""
    return alternatives != SILENT and not any(
        isinstance(alternative.outcome, Raises) for alternative in alternatives
    )

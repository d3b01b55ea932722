"""What the oracle says of one step: the alternatives that are allowed, or nothing."""

from __future__ import annotations

from connect_contracts.checks.expectation import Alternative, Outcome, Raises
from connect_contracts.checks.wire_checks import NoChange, WireCheck

Alternatives = tuple[Alternative, ...]

SILENT: Alternatives = ()
"""The documentation says nothing of the step."""

NO_CHANGE = NoChange(since_step=True)
"""Nothing asks for a change during the step (LIVE-6, LIVE-13, KEEP-1)."""


def only(outcome: Outcome, *wire: WireCheck) -> Alternatives:
    """This outcome alone is allowed, with these demands."""
    return (Alternative(outcome, wire),)


def refused(*wire: WireCheck) -> Alternatives:
    """The step raises, and the target must have seen this of it."""
    return only(Raises(), *wire)


def and_seen(alternatives: Alternatives, *wire: WireCheck) -> Alternatives:
    """``alternatives``, of each of which the targets must have seen this as well."""
    return tuple(Alternative(one.outcome, (*one.wire, *wire)) for one in alternatives)


def or_raises(alternatives: Alternatives) -> Alternatives:
    """What is left of ``alternatives`` where the step may raise as well.

    What the targets see is left open with it: a call that the documentation does not describe may
    be sent in another way than one that it does. A step that changes nothing changes nothing
    however it ends.
    """
    if alternatives == SILENT:
        return SILENT
    harmless = all(NO_CHANGE in one.wire for one in alternatives)
    wire = (NO_CHANGE,) if harmless else ()
    returning = [one.outcome for one in alternatives if not isinstance(one.outcome, Raises)]
    return (*(Alternative(one, wire) for one in returning), Alternative(Raises(), wire))


def may_raise(alternatives: Alternatives) -> bool:
    """Whether the step is allowed to raise."""
    return any(isinstance(one.outcome, Raises) for one in alternatives)


def must_raise(alternatives: Alternatives) -> bool:
    """Whether the step is allowed nothing else."""
    return alternatives != SILENT and all(isinstance(one.outcome, Raises) for one in alternatives)

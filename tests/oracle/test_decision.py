"""Alternatives of one step: what is left of them where the step may raise as well."""

from __future__ import annotations

import pytest

from connect_contracts.checks.expectation import Alternative, Raises, Returns
from connect_contracts.checks.wire_checks import FaultFired, NoHttpByte
from connect_contracts.oracle.decision import must_raise, must_return, or_raises
from oracle_decides import NO_CHANGE, RAISES, RETURNS, Alternatives, refused

FIRED = Alternative(Returns(), (FaultFired(),))
HARMLESS = Alternative(Returns(), (FaultFired(), NO_CHANGE))


@pytest.mark.parametrize(
    ("before", "then"),
    [
        ((), ()),
        ((FIRED,), (RETURNS, RAISES)),
        ((HARMLESS, FIRED), (RETURNS, RETURNS, RAISES)),
        ((HARMLESS,), (Alternative(Returns(), (NO_CHANGE,)), Alternative(Raises(), (NO_CHANGE,)))),
        (refused(NoHttpByte()), (RAISES,)),
    ],
)
def test_what_may_raise_as_well_leaves_open_what_is_seen(
    before: Alternatives, then: Alternatives
) -> None:
    assert or_raises(before) == then


@pytest.mark.parametrize(
    ("alternatives", "returns", "raises"),
    [
        ((), False, False),
        ((RETURNS,), True, False),
        ((RAISES,), False, True),
        ((RETURNS, RAISES), False, False),
    ],
)
def test_what_must_return_and_what_must_raise(
    alternatives: Alternatives, returns: bool, raises: bool
) -> None:
    assert (must_return(alternatives), must_raise(alternatives)) == (returns, raises)

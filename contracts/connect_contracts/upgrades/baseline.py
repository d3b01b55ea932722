"""The plainest scenarios: one step, by each kind of caller, and nothing else that is special.

A record cannot be made small afterwards, for the implementation is not there when two are compared.
What differs in scenarios that were generated is told by one of these, if it differs there too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from connect_contracts.model.scenario import (
    USER,
    Action,
    Basic,
    Call,
    Connect,
    Own,
    Scenario,
    TargetSpec,
    Use,
)

_CALLERS = (
    (TargetSpec(), Call(authentication=Basic())),
    (TargetSpec(), Call(authentication=Basic(USER.name, USER.password or ""))),
    (TargetSpec(secure=False), Call()),
)
_ROW = ("a",)
_TOO_WIDE = ("a", "b")


def plain_scenarios() -> Iterator[Scenario]:
    """Each action of a session, as the administrator, as a user without ``ROLE_ADMIN`` and on an
    unsecured target; after it the owner looks at the rows."""
    uses = [Use(action) for action in get_args(Action) if action != "add"]
    uses += [Use("add", rows=(row,)) for row in (_ROW, _TOO_WIDE)]
    for target, call in _CALLERS:
        for use in uses:
            yield Scenario((target,), (Connect(call), use, Own("rows")))

"""Sessions apart: what belongs to one is never another's."""

from __future__ import annotations

import msgspec

from connect_contracts.checks.step_view import StepView
from connect_contracts.checks.wire_checks.check_result import HOLDS, CheckResult, some


class NotShared(msgspec.Struct, frozen=True, tag="not shared"):
    """No connection carries requests of two sessions.

    A connection that one session opened was judged by that session's authority, and is known by
    its credentials: another session that sends on it is judged by neither of its own.
    """

    def describe(self) -> str:
        return "no connection carries requests of two sessions"

    def check(self, view: StepView) -> CheckResult:
        """Look in which session's steps the requests of each connection came."""
        for one, other in view.shared_connections:
            return CheckResult(violation=f"a connection of {one} carried a request of {other}")
        return some(view.so_far)


class TrustUntouched(msgspec.Struct, frozen=True, tag="trust untouched"):
    """What the whole process trusts by default stands as it did before the step.

    That is ``ssl``'s functions that make contexts, the methods of its contexts, and the variables
    that name authorities: other sessions, and other libraries, are judged by them.
    """

    def describe(self) -> str:
        return "whom the process trusts by default stays as it is"

    def check(self, view: StepView) -> CheckResult:
        """Look at what the step left behind in its process."""
        if view.result.altered:
            return CheckResult(violation=f"it replaced {' and '.join(view.result.altered)}")
        return HOLDS

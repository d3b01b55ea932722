"""What lasts: changes asked for, connections left open."""

from __future__ import annotations

import msgspec

from connect_contracts.checks.step_view import StepView
from connect_contracts.checks.wire_checks.check_result import HOLDS, CheckResult, count, some


class NoChange(msgspec.Struct, frozen=True, tag="no change"):
    """Nothing asks the target for a change, by whatever door.

    Parameters:
        since_step: Requests of this step alone count, not those of the run so far.
    """

    since_step: bool = False

    def describe(self) -> str:
        return "no writing request is sent"

    def check(self, view: StepView) -> CheckResult:
        """Look for requests and Py4J commands that would change data."""
        asked = view.changes if self.since_step else view.changes_so_far
        if asked:
            return CheckResult(violation=f"{asked[0]} was sent")
        # Who returns and asks for nothing at all has not shown that it asks for no change.
        return HOLDS if view.result.how == "raised" else some(view.so_far)


class ConnectionsClosed(msgspec.Struct, frozen=True, tag="connections closed"):
    """At the end of the step no connection of any session is open on the client's side."""

    def describe(self) -> str:
        return "its connections are closed"

    def check(self, view: StepView) -> CheckResult:
        """Look at the connections that arrived so far."""
        arrived = view.connections_so_far
        left = [one for one in arrived if one.open_after(view.result.ended)]
        if left:
            return CheckResult(violation=f"{count(len(left), 'connection')} stayed open")
        return HOLDS if arrived else CheckResult(missing="no connection reached the target")

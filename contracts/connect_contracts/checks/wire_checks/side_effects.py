"""Side effects: changes, connections that stay open or are shared, trust, and what is printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import ClassVar

from connect_contracts.checks.secrets.leaks import leaks, texts
from connect_contracts.checks.secrets.redaction import Redaction
from connect_contracts.checks.step_view import StepView
from connect_contracts.checks.wire_checks.check_result import (
    HOLDS,
    CheckResult,
    WireCheck,
    count,
    missing,
    some,
    violated,
)


class NoChange(WireCheck, frozen=True):
    """Nothing asks the target for a change (``since_step``: in this step), by whatever door."""

    since_step: bool = False

    demand: ClassVar = "no writing request is sent"

    def check(self, view: StepView) -> CheckResult:
        asked = view.changes(since_step=self.since_step)
        if asked:
            return violated(f"{asked[0]} was sent")
        # Who returns and asks for nothing at all has not shown that it asks for no change.
        return HOLDS if view.result.how == "raised" else some(view.so_far)


_SERVICES: Mapping[str, str] = {"http": "HTTP", "gateway": "the Py4J gateway"}


class ConnectionsClosed(WireCheck, frozen=True):
    """At the end of the step no connection of any session is open on the client's side."""

    demand: ClassVar = "its connections are closed"

    def check(self, view: StepView) -> CheckResult:
        arrived = view.connections_so_far
        left = [connection for connection in arrived if connection.open_after(view.result.ended)]
        if left:
            of_service = Counter(connection.accepted.service for connection in left)
            open_ones = [
                f"{count(number, 'connection')} of {_SERVICES[service]}"
                for service, number in of_service.items()
            ]
            return violated(f"{' and '.join(open_ones)} stayed open")
        return HOLDS if arrived else missing("no connection reached the target")


class NotShared(WireCheck, frozen=True):
    """No connection carries requests of two sessions.

    A connection that one session opened was judged by that session's authority, and is known by
    its credentials: another session that sends on it is judged by neither of its own.
    """

    demand: ClassVar = "no connection carries requests of two sessions"

    def check(self, view: StepView) -> CheckResult:
        for one, other in view.shared_connections:
            return violated(f"a connection of {one} carried a request of {other}")
        return some(view.so_far)


class TrustUntouched(WireCheck, frozen=True):
    """What the whole process trusts by default stands as it did before the step.

    That is ``ssl``'s functions that make contexts, the methods of its contexts, and the variables
    that name authorities: other sessions, and other libraries, are judged by them.
    """

    demand: ClassVar = "whom the process trusts by default stays as it is"

    def check(self, view: StepView) -> CheckResult:
        if view.result.altered:
            return violated(f"it replaced {' and '.join(view.result.altered)}")
        return HOLDS


class NothingOnTerminal(WireCheck, frozen=True):
    demand: ClassVar = "nothing is asked on the terminal"

    def check(self, view: StepView) -> CheckResult:
        written = view.observation.terminal.strip()
        if written:
            shown = Redaction(view.observation)(written)[:200]
            return violated(f"the terminal showed {shown!r}")
        return HOLDS


class Unspoken(WireCheck, frozen=True):
    """No secret that was handed out, in any of its forms, stands where it does not belong.

    What was said is looked through: exceptions with their chains, the ``repr`` of session and
    authentication, log records, warnings, standard output and error; the files that were left;
    and the request targets and whatever else the targets received.
    """

    demand: ClassVar = "no secret appears anywhere but where it belongs"

    def check(self, view: StepView) -> CheckResult:
        observation = view.observation
        if not observation.secrets:
            return missing("no secret was handed out")
        if not any(text.strip() for _, text, *_ in texts(observation)):
            return missing("nothing was said in which a secret could have appeared")
        found = leaks(observation)
        if found:
            described = tuple(leak.describe() for leak in found)
            return violated("; ".join(described), each=described if len(described) > 1 else ())
        return HOLDS

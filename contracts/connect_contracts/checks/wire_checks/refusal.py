"""Refusals: what never arrived, what was refused and by whom."""

from __future__ import annotations

from typing import ClassVar

from connect_contracts.checks.step_view import StepView
from connect_contracts.checks.wire_checks.check_result import (
    CheckResult,
    WireCheck,
    by_client_alert,
    by_end_of_stream,
    by_target,
    count,
    missing,
    violated,
)


class NothingArrived(WireCheck, frozen=True):
    demand: ClassVar = "nothing is sent to any target"

    def check(self, view: StepView) -> CheckResult:
        arrived = view.connections
        if arrived:
            return violated(f"{count(len(arrived), 'connection')} reached the target")
        return by_target("the target saw no connection")


class NoHttpByte(WireCheck, frozen=True):
    """No byte of HTTP, encrypted or plain, reached any target.

    Parameters:
        after_connecting: A connection must have arrived, or there is no evidence that it was the
            target's certificate which was refused.
        since_replaced: It may have arrived in any step of the session since the target's
            certificate was replaced.
    """

    after_connecting: bool = True
    since_replaced: bool = False

    demand: ClassVar = "not one HTTP byte reaches the target"

    def check(self, view: StepView) -> CheckResult:
        talked = [connection for connection in view.connections if connection.http_bytes]
        if talked:
            asked = (
                ", ".join(dict.fromkeys(exchange.line for exchange in view.exchanges))
                or "its first bytes"
            )
            return violated(f"HTTP reached the target: {asked}")
        arrived = view.connections_since_replaced if self.since_replaced else view.connections
        if not arrived:
            if self.after_connecting:
                return missing("no connection reached the target")
            return by_target("the target saw no connection")
        for connection in arrived:
            if connection.alert and connection.alert_by == "client":
                return by_client_alert(f"the target saw the alert {connection.alert}")
        for connection in arrived:
            if connection.alert:
                return by_target(f"the target sent the alert {connection.alert}")
        return by_end_of_stream("the target saw the end of the stream and no HTTP byte")


class RefusedWith(WireCheck, frozen=True):
    """The target answered a request with this status, and with nothing better after it."""

    status: int

    def describe(self) -> str:
        return f"the target's answer is {self.status}, and nothing better comes after it"

    def check(self, view: StepView) -> CheckResult:
        statuses = [exchange.status for exchange in view.exchanges]
        if self.status not in statuses:
            return missing(f"the target answered {statuses or 'nothing'}, not {self.status}")
        for exchange in view.exchanges[statuses.index(self.status) :]:
            if exchange.status is not None and exchange.status < 400:
                return violated(f"after the {self.status}, {exchange.line} got {exchange.status}")
        return by_target(f"the target answered {self.status}")


class FaultFired(WireCheck, frozen=True):
    """The fault that the owner armed met at least one request, or one connection."""

    demand: ClassVar = "the target's wrong answer is met"

    def check(self, view: StepView) -> CheckResult:
        exchanges = [*view.exchanges, *view.with_issuers]
        if any(exchange.fault is not None for exchange in exchanges) or view.faults_fired:
            return by_target("the target gave the wrong answer")
        return missing("the armed fault was never met")


class PlainHttpRefused(WireCheck, frozen=True):
    demand: ClassVar = "the target refuses plain HTTP on its TLS port"

    def check(self, view: StepView) -> CheckResult:
        if any(connection.plain_http for connection in view.connections):
            return by_target("the target refused plain HTTP on its TLS port")
        return missing("no plain HTTP reached the target's TLS port")


class HandshakeRefusedByTarget(WireCheck, frozen=True):
    """The target refused the client's handshake, by one of these alerts (RFC 8446 section 6)."""

    alerts: tuple[str, ...]

    def describe(self) -> str:
        return f"the target refuses the handshake ({' or '.join(self.alerts)})"

    def check(self, view: StepView) -> CheckResult:
        refused = [connection for connection in view.connections if connection.alert_by == "target"]
        if any(connection.http_bytes for connection in view.connections):
            return violated("HTTP reached the target")
        if not refused:
            return missing("the target refused no handshake")
        names = [connection.alert for connection in refused]
        expected = [connection for connection in names if connection in self.alerts]
        if not expected:
            return missing(f"the target sent {names}")
        return by_target(f"the target sent the alert {expected[0]}")

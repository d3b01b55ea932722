"""Demands on refusals, held against runs that are written by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from connect_contracts.checks.wire_checks import (
    CheckResult,
    FaultFired,
    HandshakeRefusedByTarget,
    NoHttpByte,
    NothingArrived,
    PlainHttpRefused,
    RefusedWith,
)
from connect_contracts.checks.wire_checks.check_result import (
    by_client_alert,
    by_end_of_stream,
    by_target,
)
from connect_contracts.model.evidence import Evidence, Strength
from connect_harness.server import events
from connect_harness.server.events import Cause

Written = Any


@pytest.mark.parametrize(
    ("refused", "strength"),
    [
        (by_client_alert, Strength.CLIENT_ALERT),
        (by_target, Strength.TARGET),
        (by_end_of_stream, Strength.END_OF_STREAM),
    ],
)
def test_evidence_is_as_strong_as_who_refused(
    refused: Callable[[str], CheckResult], strength: Strength
) -> None:
    assert refused("a reason") == CheckResult(evidence=Evidence(strength, "a reason"))


def test_nothing_arrived_during_the_step(written: Written) -> None:
    view = written.accepted().closed().end().begin().end("raised").view()
    assert NothingArrived().check(view) == by_target("the target saw no connection")


def test_something_arrived(written: Written) -> None:
    one = written.accepted().end("raised").view()
    assert NothingArrived().check(one) == CheckResult(violation="1 connection reached the target")
    two = written.begin().accepted(2).accepted(3).end("raised").view()
    assert NothingArrived().check(two) == CheckResult(violation="2 connections reached the target")


def test_http_bytes_are_told_by_their_requests(written: Written) -> None:
    written.accepted().request().request("GET /b").request().closed(count=9)
    seen = NoHttpByte().check(written.end("raised").view())
    assert seen == CheckResult(violation="HTTP reached the target: GET /versions/rest, GET /b")


def test_http_bytes_that_became_no_request_are_bytes(written: Written) -> None:
    view = written.accepted().closed(count=1).end("raised").view()
    assert NoHttpByte().check(view) == CheckResult(
        violation="HTTP reached the target: its first bytes"
    )


def test_bytes_for_the_gateway_are_no_http(written: Written) -> None:
    view = written.accepted(service="gateway").closed(count=9).end("raised").view()
    assert NoHttpByte().check(view).violation is None


def test_a_request_counts_while_its_connection_is_open(written: Written) -> None:
    view = written.accepted().request().end("raised").view()
    assert NoHttpByte().check(view) == CheckResult(
        violation="HTTP reached the target: GET /versions/rest"
    )


@pytest.mark.parametrize(
    ("demand", "seen"),
    [
        (NoHttpByte(), CheckResult(missing="no connection reached the target")),
        (NoHttpByte(after_connecting=False), by_target("the target saw no connection")),
    ],
)
def test_without_a_connection(written: Written, demand: NoHttpByte, seen: CheckResult) -> None:
    assert demand.check(written.end("raised").view()) == seen


def test_the_alert_of_the_client_is_the_better_evidence(written: Written) -> None:
    written.accepted(1).failed(1, alert="handshake_failure", alert_by="target").closed(1)
    refused = NoHttpByte().check(written.end("raised").view())
    assert refused == by_target("the target sent the alert handshake_failure")
    written.begin().accepted(2).failed(2, alert="handshake_failure", alert_by="target").closed(2)
    written.accepted(3).failed(3, alert="unknown_ca", alert_by="client").closed(3)
    both = NoHttpByte().check(written.end("raised").view())
    assert both == by_client_alert("the target saw the alert unknown_ca")


def test_an_alert_after_the_handshake_is_the_client_s(written: Written) -> None:
    view = written.accepted().completed().closed(alert="bad_certificate").end("raised").view()
    assert NoHttpByte().check(view) == by_client_alert("the target saw the alert bad_certificate")


def test_the_end_of_the_stream_alone(written: Written) -> None:
    view = written.accepted().failed().closed().end("raised").view()
    expected = by_end_of_stream("the target saw the end of the stream and no HTTP byte")
    assert NoHttpByte().check(view) == expected


def test_a_status_that_refuses(written: Written) -> None:
    view = written.accepted().request().answer(401).end("raised").view()
    assert RefusedWith(401).check(view) == by_target("the target answered 401")
    assert RefusedWith(403).check(view) == CheckResult(missing="the target answered [401], not 403")


def test_no_answer_at_all(written: Written) -> None:
    view = written.end("raised").view()
    assert RefusedWith(401).check(view) == CheckResult(
        missing="the target answered nothing, not 401"
    )


@pytest.mark.parametrize(
    ("statuses", "violation"),
    [
        ([200, 401], None),
        ([401, 400], None),
        ([401, 399], "after the 401, GET /versions/rest got 399"),
        ([401, 403, 200], "after the 401, GET /versions/rest got 200"),
    ],
)
def test_nothing_better_comes_after_it(
    written: Written, statuses: list[int], violation: str | None
) -> None:
    written.accepted()
    for one in statuses:
        written.request().answer(one)
    # A request without an answer is none that was granted.
    written.request()
    assert RefusedWith(401).check(written.end("raised").view()).violation == violation


def test_a_fault_is_met_by_an_answer_or_by_bytes(written: Written) -> None:
    missing = CheckResult(missing="the armed fault was never met")
    evidence = by_target("the target gave the wrong answer")
    written.accepted().request().answer(500)
    assert FaultFired().check(written.end("raised").view()) == missing
    written.begin().request().answer(500, fault="versions 500").request().answer(200)
    assert FaultFired().check(written.end("raised").view()) == evidence
    written.begin()
    fired = events.FaultFired(target="target", layer="raw", phase="answer", act=None)
    written.note(fired)
    assert FaultFired().check(written.end("raised").view()) == evidence
    assert FaultFired().check(written.begin().end("raised").view()) == missing


def test_plain_http_on_a_tls_port(written: Written) -> None:
    view = written.accepted().failed(cause=Cause.CLIENT_ALERTED).closed().end("raised").view()
    missing = "no plain HTTP reached the target's TLS port"
    assert PlainHttpRefused().check(view) == CheckResult(missing=missing)
    view = written.begin().accepted(2).failed(2, cause=Cause.PLAIN_HTTP).end("raised").view()
    evidence = "the target refused plain HTTP on its TLS port"
    assert PlainHttpRefused().check(view) == by_target(evidence)


REQUIRED = HandshakeRefusedByTarget(("certificate_required", "handshake_failure"))


def test_the_target_refuses_a_handshake(written: Written) -> None:
    written.accepted(1).completed(1)
    written.accepted(2).failed(2, alert="certificate_required", alert_by="target")
    evidence = "the target sent the alert certificate_required"
    assert REQUIRED.check(written.end("raised").view()) == by_target(evidence)


def test_the_alert_that_was_expected_is_told_whatever_came_before(written: Written) -> None:
    written.accepted(1).failed(1, alert="protocol_version", alert_by="target")
    written.accepted(2).failed(2, alert="certificate_required", alert_by="target")
    evidence = by_target("the target sent the alert certificate_required")
    assert REQUIRED.check(written.end("raised").view()) == evidence


def test_the_alerts_are_told() -> None:
    assert "certificate_required or handshake_failure" in REQUIRED.describe()


def test_another_alert_or_another_s_is_no_evidence(written: Written) -> None:
    by_client = written.accepted(1).failed(1, alert="handshake_failure", alert_by="client").end()
    assert REQUIRED.check(by_client.view()) == CheckResult(
        missing="the target refused no handshake"
    )
    other = written.begin().accepted(2).failed(2, alert="unknown_ca", alert_by="target").end()
    assert REQUIRED.check(other.view()) == CheckResult(missing="the target sent ['unknown_ca']")


def test_http_beside_a_refused_handshake(written: Written) -> None:
    written.accepted(1).failed(1, alert="certificate_required", alert_by="target")
    written.accepted(2).completed(2).request(connection=2)
    assert REQUIRED.check(written.end("raised").view()) == CheckResult(
        violation="HTTP reached the target"
    )

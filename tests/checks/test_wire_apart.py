"""Demands on sessions apart, held against runs that are written by hand."""

from __future__ import annotations

from typing import Any

import pytest

from connect_contracts.checks.wire_checks import CheckResult, NotShared, TrustUntouched

Written = Any

HOLDS = CheckResult()
NO_REQUEST = CheckResult(missing="no request reached the target")


def test_a_connection_for_each_session(written: Written) -> None:
    assert NotShared().check(written.end(who="one").view()) == NO_REQUEST
    written.begin().request(connection=1).request(connection=1).end(who="one")
    written.begin().request(connection=2).end(who="two")
    # The owner's own requests are no session's; connection 1 of another target is another one.
    written.begin().request(connection=1).end(who="owner")
    written.begin().request(connection=1, target="other").end(who="two")
    assert NotShared().check(written.view()) == HOLDS


def test_a_connection_of_two_sessions(written: Written) -> None:
    written.request(connection=3).end(who="one").begin().request(connection=3).end(who="two")
    violation = "a connection of one carried a request of two"
    assert NotShared().check(written.view()) == CheckResult(violation=violation)
    assert NotShared().check(written.view(0)) == HOLDS


def test_what_the_process_trusts_is_as_it_was(written: Written) -> None:
    assert TrustUntouched().check(written.end().view()) == HOLDS


@pytest.mark.parametrize("how", ["returned", "raised"])
def test_everything_that_a_step_replaced_is_told(written: Written, how: str) -> None:
    written.end(how, altered=("ssl.create_default_context", "SSL_CERT_FILE"))
    violation = CheckResult(violation="it replaced ssl.create_default_context and SSL_CERT_FILE")
    assert TrustUntouched().check(written.view()) == violation
    # What a step replaced is told of that step alone.
    assert TrustUntouched().check(written.begin().end().view()) == HOLDS

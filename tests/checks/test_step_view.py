"""What is read out of a run's events, where no demand asks for it in just this way."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from connect_contracts.model.scenario import Basic, Call, Connect, Scenario, TargetSpec

Written = Any


@pytest.mark.parametrize(
    ("line", "body", "names"),
    [
        ("GET /tables/Zo%C3%AB", b"", True),
        ("GET /tables", b'{"table": "Zo\xc3\xab"}', True),
        ("GET /tables", b'{"Zo\\u00eb": 1}', True),
        ("GET /tables/Zoe", b'["another"]', False),
        ("GET /tables", b"Zo\xc3\xab, but no JSON", False),
        ("GET /tables", b"", False),
    ],
)
def test_whether_a_request_speaks_of_a_name(
    written: Written, line: str, body: bytes, names: bool
) -> None:
    (exchange,) = written.request(line, body=body).end().view().exchanges
    assert exchange.names("Zoë") == names


def test_a_request_without_a_body_speaks_of_nothing(written: Written) -> None:
    (exchange,) = written.request().end().view().exchanges
    assert not exchange.names("null")


def test_a_connection_is_of_its_target(written: Written) -> None:
    written.accepted(1).accepted(1, target="other").request(target="other").closed(1, count=0)
    # Of a connection that was never accepted, nothing is known.
    written.request(connection=2)
    first, other = written.end().view().connections
    assert (first.requests, other.requests) == (0, 1)
    assert first.closed is not None
    assert other.closed is None
    assert written.request(target="other").view().connections[1].requests == 2
    assert (first.http_bytes, other.http_bytes) == (False, True)


def test_a_connection_is_open_until_it_is_closed(written: Written) -> None:
    (connection,) = written.accepted().closed().end().view().connections
    assert connection.closed is not None
    number = connection.closed.number
    moments = (number - 1, number, number + 1)
    assert [connection.open_after(at) for at in moments] == [True, False, False]
    assert replace(connection, closed=None).open_after(number)


def test_an_alert_in_the_handshake_comes_before_one_after_it(written: Written) -> None:
    written.accepted(1).failed(1, alert="unknown_ca", alert_by="target").closed(1, alert="other")
    written.accepted(2).completed(2).closed(2, alert="bad_certificate")
    written.accepted(3).completed(3)
    first, second, third = written.end().view().connections
    assert (first.alert, first.alert_by) == ("unknown_ca", "target")
    assert (second.alert, second.alert_by) == ("bad_certificate", "client")
    assert (third.alert, third.alert_by) == (None, None)
    assert [each.handshake_completed for each in (first, second, third)] == [False, True, True]


def test_a_step_that_was_not_taken_has_no_view(written: Written) -> None:
    view = written.end().view().of_step(4)
    with pytest.raises(LookupError, match=r"no result of the step at \(4,\)"):
        _ = view.result


def test_the_certificate_of_a_step_that_knows_no_connect(written: Written) -> None:
    written.more["presented"] = {"1": "aa"}
    view = written.end(what="list tables", who="one").view()
    assert view.presented == "aa"
    assert written.begin().end(what="connect", who="two").view().presented is None


def test_the_certificate_of_a_connect_among_others(written: Written) -> None:
    written.more["presented"] = {"1.2.3": "bb"}
    written.end(what="connect", who="one")
    written.results[0] = msgspec.structs.replace(written.results[0], place=(0, 1, 2))
    assert written.view().presented == "bb"


def test_a_name_that_is_connected_again_is_the_later_session_s(written: Written) -> None:
    steps = [Connect(Call(authentication=Basic("one", text))) for text in ("first", "second")]
    written.more["played"] = Scenario((TargetSpec(),), tuple(steps))
    written.more["presented"] = {"1": "aa", "2": "bb"}
    written.end("raised").begin().end().begin().end(what="list tables")
    views = [written.view(at) for at in range(3)]
    assert [view.password for view in views] == ["first", "second", "second"]
    assert [view.presented for view in views] == ["aa", "bb", "bb"]

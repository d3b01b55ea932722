"""A connection can be made to misbehave at any byte, and the journal says that it did.

What armed faults do is tested with them; here a strategy of the test's own acts.
"""

from __future__ import annotations

import pytest

from connect_harness.server import Act, ConnectionClosed, Ending, FaultFired, Layer, Phase

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


def in_the_answer(parts):
    """Sends ``parts(data)`` in the place of an answer."""

    def strategy(outgoing):
        if (outgoing.phase, outgoing.layer) == (Phase.ANSWER, Layer.APPLICATION):
            yield from parts(outgoing.data)
        else:
            yield outgoing.data

    return strategy


def received(client, target):
    with client.connect(target) as connection:
        connection.sendall(GET)
        return client.rest(connection)


def test_a_strategy_that_changes_nothing_leaves_no_trace(start, client, journal, certificates):
    target = start(tls=certificates.server())
    seen = []

    def strategy(outgoing):
        seen.append((outgoing.phase, outgoing.layer))
        yield outgoing.data

    target.misbehaviour = strategy

    assert client.ask(target, certificates.client()).endswith(b"GET /")
    assert not journal.of(FaultFired)
    assert list(dict.fromkeys(seen)) == [
        (Phase.ACCEPTED, Layer.WIRE),
        (Phase.HANDSHAKE, Layer.WIRE),
        (Phase.ANSWER, Layer.APPLICATION),
        (Phase.ANSWER, Layer.WIRE),
        (Phase.CLOSED, Layer.WIRE),
    ]


def test_an_answer_ends_at_any_byte(start, client, journal):
    target = start()
    with client.connect(target) as connection:
        connection.sendall(GET)
        whole = client.answer(connection)

    for count in range(len(whole)):
        target.misbehaviour = in_the_answer(lambda data, count=count: [data[:count], Act.CLOSE])
        assert received(client, target) == whole[:count]

    assert journal.wait_until_quiet()
    assert len(journal.of(FaultFired)) == len(whole)
    endings = [event.ending for event in journal.of(ConnectionClosed) if event.connection != 1]
    assert endings == [Ending.FAULT] * len(whole)


@pytest.mark.parametrize(
    ("parts", "sent", "act"),
    [([b"what", b"ever", Act.CLOSE], b"whatever", None), ([Act.CLOSE], b"", Act.CLOSE)],
)
def test_another_answer_is_sent(start, client, journal, parts, sent, act):
    target = start()
    target.misbehaviour = in_the_answer(lambda _: parts)

    assert received(client, target) == sent
    (event,) = journal.of(FaultFired)
    assert (event.phase, event.layer, event.act) == (Phase.ANSWER, Layer.APPLICATION, act)


def test_an_answer_is_kept_back(start, client, journal):
    target = start()
    target.misbehaviour = in_the_answer(lambda _: [])

    with client.connect(target) as connection:
        connection.sendall(GET)
        assert journal.wait_until_quiet()
        assert [event.act for event in journal.of(FaultFired)] == [None]

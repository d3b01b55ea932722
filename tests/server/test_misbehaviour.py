"""A connection can be made to misbehave at any byte, and the journal says that it did.

What armed faults do is tested with them; here a strategy of the test's own acts.
"""

from __future__ import annotations

from connect_harness.server import Act, ConnectionClosed, Ending, FaultFired, Layer, Phase


def in_the_answer(parts):
    """Sends ``parts(data)`` in the place of an answer."""

    def strategy(outgoing):
        if (outgoing.phase, outgoing.layer) == (Phase.ANSWER, Layer.APPLICATION):
            yield from parts(outgoing.data)
        else:
            yield outgoing.data

    return strategy


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
        connection.sendall(client.GET)
        whole = client.answer(connection)

    for count in range(len(whole)):
        target.misbehaviour = in_the_answer(
            lambda data, count=count: [*filter(None, [data[:count]]), Act.CLOSE]
        )
        with client.connect(target) as connection:
            connection.sendall(client.GET)
            assert client.rest(connection) == whole[:count]

    assert journal.wait_until_quiet()
    fired = [(event.phase, event.layer, event.act) for event in journal.of(FaultFired)]
    # Nothing was sent at first, so that the end is all that the journal has to tell.
    assert fired[0] == (Phase.ANSWER, Layer.APPLICATION, Act.CLOSE)
    assert fired[1:] == [(Phase.ANSWER, Layer.APPLICATION, None)] * (len(whole) - 1)
    endings = [event.ending for event in journal.of(ConnectionClosed) if event.connection != 1]
    assert endings == [Ending.FAULT] * len(whole)


def test_an_answer_is_kept_back(start, client, journal):
    target = start()
    target.misbehaviour = in_the_answer(lambda _: [])

    with client.connect(target) as connection:
        connection.sendall(client.GET)
        assert journal.wait_until_quiet()
        assert [event.act for event in journal.of(FaultFired)] == [None]

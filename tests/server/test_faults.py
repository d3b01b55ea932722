"""Armed faults: what a client sees of each, what the journal says, and which of several fires."""

from __future__ import annotations

import json

import httpx
import pytest

from connect_harness.faults import Effect, fault_kinds
from connect_harness.faults.registry import AnswerFault, fault
from connect_harness.server import AnswerGiven, FaultFired

KNOWN = b'{"version": 1, "serverVersion": "6.1.1", "apis": '
EXTENDED = b'{"unknown": "field"'
# The status, and the body where it is not the documented one of an error.
DOCUMENTS = {
    "noop": (200, None),
    "status 404": (404, None),
    "status 403": (403, None),
    "status 429": (429, None),
    "status 500": (500, None),
    "status 502": (502, None),
    "status 401": (401, None),
    "status 503": (503, None),
    "status 504": (504, None),
    "status 500 after the change was made": (500, None),
    "versions empty": (200, b""),
    "versions not JSON": (200, b"these are no versions"),
    "versions a login page": (200, b"<!DOCTYPE html>"),
    "versions a text": (200, b'"activeviam/pivot"'),
    "versions an array": (200, b'["activeviam/pivot", "graphql"]'),
    "versions with apis not an object": (200, KNOWN + b"["),
    "versions with no apis": (200, KNOWN + b"{}}"),
    "versions extended": (200, EXTENDED),
    "versions with a word as id": (200, EXTENDED),
}
TRUE_BODY = "status 503 with the true body"


def fired(journal):
    """The faults that fired, on the wire and as answers."""
    return [event.fault for event in journal.of(FaultFired)], [
        event.fault for event in journal.of(AnswerGiven) if event.fault
    ]


@pytest.mark.parametrize(
    ("name", "speaks"),
    [
        (name, speaks)
        for name, kind in fault_kinds().items()
        for speaks in ("plain", "1.3")
        if not kind.stalls and (speaks != "plain" or not kind.needs_tls)
    ],
)
def test_each_fault_has_its_effect_and_leaves_other_answers_true(
    sessions, client, journal, name, speaks
):
    """As httpx sees it: what is no versions document, no answer, or no JSON, stops a client."""
    kind = fault_kinds()[name]
    assert kind.topic not in ("versions", "statuses") or name in (*DOCUMENTS, TRUE_BODY)
    session = sessions(speaks)
    session.arm(name)
    if kind.topic != "handshakes":
        with client.open(session) as connection:
            connection.sendall(client.ELSEWHERE)
            assert client.answer(connection).startswith(b"HTTP/1.1 200 ")
        assert fired(journal) == ([], [])

    def apis():
        with httpx.Client(verify=client.trust(session) or False, trust_env=False) as http:
            answer = http.get(f"{session.url}/versions/rest", auth=("admin", "passwd"))
        return answer.raise_for_status().json()["apis"]["graphql"]

    if kind.effect is Effect.HARMLESS:
        assert apis()
    elif kind.effect is Effect.OPEN:
        try:
            assert apis()
        except (httpx.HTTPError, ValueError, LookupError, AttributeError):
            return
    else:
        with pytest.raises((httpx.HTTPError, ValueError, LookupError, TypeError)):
            apis()


def test_a_fault_has_a_name_of_its_own_and_a_docstring(sessions):
    noop = fault_kinds()["noop"].make

    def undocumented() -> AnswerFault:
        return noop()

    def documented() -> AnswerFault:
        """Nothing."""
        return noop()

    with pytest.raises(ValueError, match="The fault 'undocumented' has no docstring"):
        fault("undocumented", Effect.STOPS)(undocumented)
    with pytest.raises(ValueError, match="two faults 'noop'"):
        fault("noop", Effect.HARMLESS)(documented)
    # A module that is imported anew registers the same again.
    assert fault("noop", Effect.HARMLESS)(noop) is noop


def test_an_unknown_fault_lists_those_that_exist(sessions):
    with pytest.raises(ValueError, match=r"There is no fault 'status 504x'. The nearest are 'stat"):
        sessions().arm("status 504x")
    with pytest.raises(ValueError, match=r"All are in connect_harness.fault_kinds\(\)"):
        sessions().arm("@@@")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_another_document(sessions, client, journal, name):
    session = sessions()
    _, true = client.true_answer(session)
    session.arm(name)
    status, begins = DOCUMENTS[name]

    with client.connect(session) as connection:
        connection.sendall(client.VERSIONS)
        answer = client.answer(connection)

    body = answer.partition(b"\r\n\r\n")[2]
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    if status != 200:
        assert json.loads(body)["status"] == status
    else:
        assert body.startswith(true if begins is None else begins)
        assert bool(body) == (begins != b"")
        # What is known is still there, beside it: URL-5 of the suite.
        assert (b'"id": "99999"' in body) == (begins == EXTENDED)
    assert fired(journal) == ([], [] if name == "noop" else [name])


@pytest.mark.parametrize("speaks", ["plain", "1.3"])
def test_armed_while_it_runs_and_disarmed(sessions, client, journal, speaks):
    """An open connection has it too: what matters is when the request comes."""
    session = sessions(speaks)
    with client.open(session) as connection:
        connection.sendall(client.VERSIONS)
        client.answer(connection)
        session.arm("closed within the status line")
        connection.sendall(client.VERSIONS)
        assert client.read(connection)[0] == b"HTTP/1.1 2"
    session.restart()
    assert client.asked(session)[0] == b"HTTP/1.1 2"
    session.disarm()
    client.true_answer(session)
    assert fired(journal) == (["closed within the status line"] * 2, [])


FIRST = [
    (("closed before the answer", "closed within the status line"), b"", "wire"),
    (("noop", "closed before the answer"), b"", "wire"),
    # One changes the bytes of the socket, the other those of HTTP, which exist earlier.
    (("plain bytes within the stream", "closed before the answer"), b"These are", "wire"),
    (("closed before the answer", "plain bytes within the stream"), b"", "wire"),
    (("status 503", "closed before the answer"), b"HTTP/1.1 503", "answer"),
    (("noop", "status 503", "status 500"), b"HTTP/1.1 503", "answer"),
    (("closed before the answer", "status 503"), b"", "wire"),
]


@pytest.mark.parametrize(("names", "begins", "how"), FIRST, ids=lambda value: str(value)[:40])
def test_of_several_the_first_fires(sessions, client, journal, names, begins, how):
    session = sessions()
    for name in names:
        session.arm(name)
    with client.connect(session) as connection:
        connection.sendall(client.VERSIONS)
        answer = connection.recv(65536)
    assert answer.startswith(begins)
    assert bool(answer) == bool(begins)
    first = next(name for name in names if name != "noop")
    assert fired(journal) == (([first], []) if how == "wire" else ([], [first]))


def test_a_fault_of_the_handshake_comes_before_one_of_the_answer(sessions, client, journal):
    session = sessions("1.3")
    session.arm("closed before the answer")
    session.arm("reset after the client hello")
    with pytest.raises(ConnectionResetError):
        client.connect(session, client.trust(session))
    assert fired(journal) == (["reset after the client hello"], [])

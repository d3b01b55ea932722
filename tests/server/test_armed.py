"""Armed faults: which requests they meet, how often, and those that do not change an answer."""

from __future__ import annotations

import gzip
import socket

import httpx
import pytest

from connect_contracts.reference.v0_9_1 import BasicAuthentication, Session
from connect_harness.faults import (
    Answer,
    AnswerFault,
    Fault,
    Layer,
    Phase,
    Requests,
    UnmetFault,
    WireFault,
)
from connect_harness.server import AnswerGiven, ConnectionClosed, Ending, FaultFired, HarnessError

PING = "/activeviam/pivot/rest/v9/ping"
CHANGES = Requests(changes=True)


@pytest.fixture
def http(sessions):
    """Asks a session by httpx as its administrator."""
    session = sessions()
    with httpx.Client(base_url=session.url, auth=("admin", "passwd"), trust_env=False) as client:
        client.session = session
        yield client


@pytest.fixture
def connected(sessions):
    """A target with a table, and a session of its administrator."""
    target = sessions()
    target.create_table("Example", data_types={"Id": "String"})
    return target, Session.connect(
        target.url, authentication=BasicAuthentication("admin", "passwd")
    )


SCHEDULES = [
    (Requests("GET", f"*{PING}"), [503, 503, 503], 200),
    (Requests(path="*/ping", first=2), [200, 503, 503], 200),
    (Requests(path="*", first=2, times=1), [200, 503, 200], 200),
    (Requests(path="*/pin[g]"), [200, 200, 200], 200),
    (Requests(times=2), [503, 503, 200], 200),
    (Requests(path="!*/versions/rest"), [503, 503, 503], 200),
    (Requests("POST"), [200, 200, 200], 200),
    (None, [200, 200, 200], 503),
]


@pytest.mark.parametrize(("on", "pings", "versions"), SCHEDULES, ids=str)
def test_a_fault_meets_the_requests_that_it_is_armed_for(http, on, pings, versions):
    armed = http.session.arm("status 503", on=on)
    assert [http.get(PING).status_code for _ in pings] == pings
    assert http.get("/versions/rest").status_code == versions
    armed.disarm()
    assert http.get("/versions/rest").status_code == 200


@pytest.mark.parametrize("name", ["closed before the answer", "reset within the request"])
def test_a_fault_of_the_wire_has_a_schedule_too(http, journal, name):
    with http.session.arm(name, on=Requests("GET", "*/ping", first=2, times=1)) as armed:
        assert http.get("/versions/rest").status_code == 200
        assert http.get(PING).status_code == 200
        with pytest.raises(httpx.TransportError):
            http.get(PING)
        assert http.get(PING).status_code == 200
        assert armed.met == 3
    assert [event.fault for event in journal.of(FaultFired)] == [name]


@pytest.mark.parametrize("speaks", ["1.2", "1.3"])
def test_of_a_fault_of_connections_the_schedule_counts_connections(sessions, client, speaks):
    session = sessions(speaks)
    session.arm("reset after the client hello", on=Requests(first=2, times=1))
    client.true_answer(session)
    with pytest.raises(ConnectionResetError):
        client.connect(session, client.trust(session))
    client.true_answer(session)


def test_one_of_two_is_disarmed(http):
    first = http.session.arm("status 403", on=Requests(path="*/ping"))
    http.session.arm("status 429", on=Requests(path="*/ping"))
    assert http.get(PING).status_code == 403
    first.disarm()
    first.disarm()
    assert http.get(PING).status_code == 429
    http.session.disarm()
    assert http.get(PING).status_code == 200


def test_faults_of_ones_own(http):
    teapot = AnswerFault(lambda request, honest: Answer(418, honest().body))
    shouting = WireFault(
        Phase.ANSWER, lambda data: [data.replace(b"pong", b"PONG")], layer=Layer.APPLICATION
    )
    true = http.get(PING).text
    with http.session.arm(teapot, on=Requests(path="*/ping")):
        assert (http.get(PING).status_code, http.get(PING).text) == (418, true)
    http.session.arm(Fault(shouting, Requests("GET")))
    assert http.get(PING).text == true.replace("pong", "PONG")


REFUSED = [
    (lambda: Requests("get"), "A method is written in capitals, not 'get'"),
    (lambda: Requests("GTE"), "no method 'GTE'. The nearest are 'GET'"),
    (lambda: Requests(path="tables"), "A path begins with / or"),
    (lambda: Requests(path="/tables?of=a"), "A path ends before the query"),
    (lambda: Requests("GET", gateway=True), "neither a method nor a path"),
    (lambda: Requests(first=0), "first=0 is none"),
    (lambda: Requests(times=0), "times=0 is no number of requests"),
    (lambda: Fault("closed when accepted", Requests("GET")), "happens before any request"),
    (lambda: Fault("versions empty", Requests("GET", "*/tables")), "changes the versions document"),
    (lambda: Fault("versions empty", Requests("POST")), "changes the versions document"),
    (lambda: Fault("status 503", location="http://localhost"), "it takes no location"),
    (lambda: Fault("redirected by 302", location="nowhere"), "not to 'nowhere'"),
    (lambda: Fault("redirected by 302", location="http://a/b"), "a URL without a path"),
    *(
        (
            lambda to=to: Fault("redirected by 302", location=to),
            rf"a URL without a path, .*not to {said}\.$",
        )
        for to, said in (
            ("http://u:p@host", "one with user and password"),
            ("http://host:99999", "'http://host:99999'"),
            ("http://host:0", "'http://host:0'"),
            ("http://ho st", "'http://ho st'"),
            ("http://:80", "'http://:80'"),
            ("http://host#a", "'http://host#a'"),
        )
    ),
    (lambda: Fault("status 503", Requests(gateway=True)), "is a fault of HTTP"),
    (lambda: Fault("body cut short", Requests(gateway=True)), "is a fault of HTTP"),
]


WRONG = [
    (lambda: Answer(200, {"a": 1}), r"takes bytes, not dict. As JSON: json.dumps"),
    (lambda: Answer(200, "x"), r"Answer\(body=...\) takes bytes, not str"),
    (lambda: Answer("200"), r"Answer\(status=...\) takes int, not str"),
    (lambda: Answer(9999), "from 200 to 999, not 9999"),
    (lambda: Answer(103), "from 200 to 999, not 103"),
    (lambda: Answer(200, reason="one\ntwo"), "The reason is printable ASCII"),
    (lambda: Answer(200, content_type="a\r\nb"), "no value of the header Content-Type"),
    (lambda: Answer(200, headers={"A": "b"}), r"takes tuple, not dict. As \(\("),
    (lambda: Answer(200, headers=("A", "b")), r"takes pairs of texts. As \(\("),
    (lambda: Answer(200, headers=(("A", 1),)), r"takes pairs of texts. As \(\("),
    (lambda: Answer(200, headers=(("A b", "1"),)), "'A b' is no name of a header"),
    (lambda: Answer(200, headers=(("A", "1\r\nB: 2"),)), "A has a value that HTTP cannot send"),
    (lambda: Answer(200, headers=(("Content-Length", "1"),)), "is set by the server"),
    (lambda: AnswerFault(lambda request: Answer(418)), r"of 2 arguments, not one of \(request\)"),
    (lambda: AnswerFault(lambda *given: Answer(418), matches=lambda: True), "of 1 argument, not"),
    (lambda: AnswerFault(Answer(418)), "takes a callable of 2 arguments, not Answer"),
    (lambda: WireFault(Phase.ANSWER, lambda: [b""]), r"of 1 argument, not one of \(\)"),
]


@pytest.mark.parametrize(("make", "reason"), REFUSED + WRONG)
def test_a_wrong_fault_is_refused_when_it_is_made(make, reason):
    with pytest.raises((TypeError, ValueError), match=reason):
        make()


def test_what_a_callable_in_c_takes_is_not_known_before():
    assert AnswerFault(max).answer is max


def lost(*_):
    raise LookupError("lost")


MISTAKES = {
    AnswerFault(lost): ("test_armed.py", "LookupError: lost"),
    AnswerFault(lambda *_: "x"): ("TypeError: AnswerFault(answer=...) gives an Answer, not str",),
    AnswerFault(lambda *_: Answer(9999)): ("test_armed.py", "ValueError: The status of an"),
    AnswerFault(lambda *_: Answer(200), matches=lost): ("test_armed.py", "LookupError: lost"),
    WireFault(Phase.ANSWER, lost): ("test_armed.py", "LookupError: lost"),
    WireFault(Phase.ANSWER, lambda data: ["x"]): ("TypeError: WireFault(parts=...) takes bytes",),
}


@pytest.mark.parametrize("fault", MISTAKES, ids=list(map(str, range(len(MISTAKES)))))
def test_a_mistake_of_ones_own_fault_is_its_own(http, journal, fault):
    with http.session.arm(fault, on=Requests(path="*/ping")):
        try:
            assert http.get(PING).status_code == 500
        except httpx.TransportError:
            assert isinstance(fault, WireFault)
    assert journal.wait_until_quiet()
    (error,) = journal.of(HarnessError)
    assert error.fault == "a fault of the user's own"
    assert all(part in error.text for part in MISTAKES[fault])
    assert "connect_harness/faults" not in error.text


def test_what_the_target_itself_raises_is_no_mistake_of_ones_own_fault(http, journal, monkeypatch):
    monkeypatch.setattr("connect_harness.protocols.application.admit", lost)
    with http.session.arm(AnswerFault(lambda _, honest: honest())):
        assert http.get(PING).status_code == 500
    (error,) = journal.of(HarnessError)
    assert error.fault is None


CHANGE_MADE = {
    "status 500 after the change was made": True,
    "reset before the answer": True,
    "status 500": False,
    "closed within the request": False,
    "reset within the request": False,
    "answered before the body was read": False,
}


@pytest.mark.parametrize("name", CHANGE_MADE)
def test_the_answer_is_lost_and_the_change_was_made_or_not(connected, name):
    target, session = connected
    made = ["one"] if CHANGE_MADE[name] else []
    with target.arm(name, on=CHANGES), pytest.raises(Exception, match=r"\S"):
        session.tables["Example"].__iadd__(("one",))
    assert [row[0] for row in target.tables["Example"].rows] == made
    session.tables["Example"].__iadd__(("two",))
    assert [row[0] for row in target.tables["Example"].rows] == [*made, "two"]


@pytest.mark.parametrize("speaks", ["plain", "1.3"])
@pytest.mark.parametrize("name", ["closed after the answer", "reset after the answer"])
def test_the_connection_ends_while_it_is_idle(sessions, client, journal, speaks, name):
    session = sessions(speaks)
    true = client.true_answer(session)
    session.arm(name)
    connection = client.open(session)
    connection.sendall(client.VERSIONS)
    assert client.answer(connection) == b"".join(true)
    with socket.socket(fileno=connection.detach()) as raw:
        raw.settimeout(10)
        try:
            client.rest(raw)
            end = "closed"
        except ConnectionResetError:
            end = "reset"
    assert name.startswith(end)
    assert journal.wait_until_quiet()
    (event,) = journal.of(FaultFired)
    assert (event.fault, event.phase) == (name, Phase.IDLE)


CONTENTS = {
    "bytes that are no HTTP": lambda raw, _: raw.startswith(b"\x81"),
    "status 503 with the true body": lambda raw, true: (
        raw.startswith(b"HTTP/1.1 503 ") and body(raw) == true
    ),
    "status line of nonsense": lambda raw, true: (
        raw.startswith(b"HTTP/banana fine\r\n") and raw.endswith(true)
    ),
    "header of 1 MiB": lambda raw, true: b"x" * 1024 * 1024 in raw and raw.endswith(true),
    "body of 16 MiB": lambda raw, true: raw.rstrip(b" ").endswith(true) and len(raw) > 1 << 24,
    "early hints before the answer": lambda raw, true: (
        raw.startswith(b"HTTP/1.1 103 ") and raw.count(b"HTTP/1.1 200") == 1 and raw.endswith(true)
    ),
    "gzip-coded where it is accepted": lambda raw, true: gzip.decompress(body(raw)) == true,
    "said to be gzip-coded": lambda raw, true: b"gzip" in raw and body(raw) == true,
    "gzip-coded and cut short": lambda raw, true: (
        b"\r\n\r\n\x1f\x8b" in raw and not raw.endswith(true)
    ),
    "text of another character set": lambda raw, true: body(raw).decode("utf-16").encode() == true,
    "cookie set": lambda raw, true: b"Set-Cookie: target=" in raw and body(raw) == true,
}


def body(raw):
    return raw.partition(b"\r\n\r\n")[2]


@pytest.mark.parametrize("name", CONTENTS)
def test_what_is_sent_in_the_place_of_the_answer(sessions, client, name):
    session = sessions()
    _, true = client.true_answer(session)
    session.arm(name)
    with client.open(session) as connection:
        asked = client.VERSIONS.replace(
            b"Host", b"Accept-Encoding: gzip\r\nConnection: close\r\nHost"
        )
        connection.sendall(asked)
        raw = client.read(connection)[0]
    assert CONTENTS[name](raw, true)


def test_nothing_is_gzip_coded_unasked_and_each_cookie_is_another(http):
    with http.session.arm("gzip-coded where it is accepted"):
        plain = http.get("/versions/rest", headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in plain.headers
    http.session.arm("cookie set", on=Requests())
    cookies = {http.get(PING).headers["set-cookie"] for _ in range(3)}
    assert len(cookies) == 3


@pytest.mark.parametrize("status", [302, 307, 308])
def test_a_redirect_leads_to_the_same_origin_or_to_another(http, sessions, status):
    true = http.get("/versions/rest").json()
    http.session.arm(f"redirected by {status}")
    answer = http.get("/versions/rest", follow_redirects=True)
    assert (answer.json(), answer.history[0].status_code) == (true, status)
    http.session.disarm()
    other = sessions()
    http.session.arm(f"redirected by {status}", on=Requests(path="*/ping"), location=other.url)
    assert http.get(PING).headers["location"] == f"{other.url}{PING}"


def test_a_redirect_for_ever(http):
    http.session.arm("redirected for ever")
    with pytest.raises(httpx.TooManyRedirects):
        http.get("/versions/rest", follow_redirects=True)


def test_a_fault_of_the_gateway(connected, journal):
    """Its replies alone: what HTTP answers stays true."""
    target, _ = connected
    target.arm("reset before the answer", on=Requests(gateway=True))
    with httpx.Client(base_url=target.url, auth=("admin", "passwd"), trust_env=False) as http:
        configuration = http.get("/atoti/rest/v1/py4j/configuration").json()
    with socket.create_connection(("127.0.0.1", configuration["port"]), timeout=10) as raw:
        raw.sendall(f"A\n{configuration['token']}\n".encode())
        with pytest.raises(ConnectionResetError):
            raw.recv(1)
    assert journal.wait_until_quiet()
    (event,) = journal.of(FaultFired)
    (closed,) = journal.of(ConnectionClosed, connection=event.connection)
    assert closed.ending is Ending.FAULT
    assert {answer.fault for answer in journal.of(AnswerGiven)} == {None}


def test_one_waits_until_enough_answers_are_held(sessions):
    session = sessions()
    armed = session.arm("held before the answer")
    address = ("127.0.0.1", session.port)
    with socket.create_connection(address) as one, socket.create_connection(address) as two:
        one.sendall(b"GET /versions/rest HTTP/1.1\r\nhost: a\r\n\r\n")
        assert armed.wait_until_held(1, limit=20.0)
        assert not armed.wait_until_held(2, limit=0.01)
        two.sendall(b"GET /versions/rest HTTP/1.1\r\nhost: a\r\n\r\n")
        assert armed.wait_until_held(2, limit=20.0)
        armed.release()
        assert one.recv(4)
        # Of what was released none is held any more, and none will be.
        assert not armed.wait_until_held(1, limit=20.0)


PATHS = [f"/{number}" for number in range(9)]


@pytest.mark.parametrize(
    ("fault", "on", "asked", "said"),
    [
        ("status 503", None, [], r"armed on GET \*/versions/rest, and the target received nothing"),
        ("status 503", Requests("POST"), ["/a?x=1", "/a"], r"on POST \*, and .* received GET /a"),
        ("status 503", Requests(path="/a", first=2), ["/a"], "number 2 on, and .* received GET /a"),
        ("status 503", Requests(path="/b"), ["/b"], "GET /b, which met 'status 404'"),
        ("status 503", Requests("POST"), PATHS, "received GET /0, GET /1, GET /2, and 6 more"),
        ("closed when accepted", None, ["/a"], "on new connections, and .* received GET /a"),
        ("reset before the answer", Requests(gateway=True), ["/a"], "gateway, .* GET /a"),
    ],
)
def test_a_fault_that_did_nothing_in_its_block_is_told(http, fault, on, asked, said):
    http.get(PING)
    http.session.arm("status 404", on=Requests(path="/b"))
    sentence = f"^The fault '{fault}' of 'target' did nothing: it was .*{said}\\.$"
    with pytest.warns(UnmetFault, match=sentence), http.session.arm(fault, on=on):
        _ = [http.get(path) for path in asked]
    assert http.get("/versions/rest").status_code == 200


def test_a_block_that_raises_says_nothing_of_its_fault(http):
    with pytest.raises(LookupError), http.session.arm("status 503"):
        raise LookupError

"""Scenario and wire as text: readable, bounded, printable, without passwords."""

from __future__ import annotations

import re
from typing import Any

import pytest

from connect_contracts.chapters.builder import (
    AS_USER,
    CLIENT_CERTIFICATE,
    add,
    arm,
    connect,
    connect_tls,
    head,
    https,
    list_tables,
    mutual_tls,
    unsecure,
    with_issuer,
)
from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.checks.secrets.redaction import Redaction
from connect_contracts.execution.call_defects import CALL_DEFECTS
from connect_contracts.model.observation import Observation
from connect_contracts.model.scenario import (
    AuthorityFile,
    Basic,
    Call,
    Connect,
    PasswordGrant,
    Scenario,
    TargetSpec,
    Together,
    Use,
    calls_of,
    without_defects,
)
from connect_contracts.report.scenario_line import scenario_line
from connect_harness.exchange import Request
from connect_harness.server import (
    AnswerGiven,
    Cause,
    ClientHello,
    ConnectionAccepted,
    ConnectionClosed,
    Ending,
    Event,
    FaultFired,
    FileRefused,
    GatewayCommand,
    HandshakeCompleted,
    HandshakeFailed,
    HarnessError,
    Kept,
    Mark,
    OwnerActed,
    RequestReceived,
    RequestRejected,
)
from connect_harness.transcript import (
    LONGEST_LINE,
    MOST_LINES,
    printable,
    short_line,
    transcript,
)


def test_what_is_special() -> None:
    target = https(defect="leaf expired", intermediates=1, names=("localhost",), tls="1.2")
    step = connect_tls(AS_USER, defect="authority file not given", host="127.0.0.1")
    scenario = Scenario((target,), (arm("noop"), step), surroundings=(("A", "b"),))
    assert scenario_line(scenario) == (
        "On a secure target over HTTPS (1 intermediate(s), a certificate for localhost, the "
        "defect 'leaf expired' in its certificate, TLS 1.2 alone), A=b: (1) the owner arms the "
        "fault 'noop'; (2) connect to 127.0.0.1 as user (Basic) without the authority's "
        "file, which is needed"
    )


def test_client_certificates_and_threads() -> None:
    branches = ((connect_tls(CLIENT_CERTIFICATE, session="one"),), (connect(session="two"),))
    scenario = Scenario((mutual_tls(),), (Together(branches),), isolation="process")
    assert scenario_line(scenario) == (
        "On a secure target over HTTPS (client certificate required), in a fresh interpreter: (1) "
        "together [connect (one) to localhost as admin (client certificate in two files) with the "
        "authority's file] and [connect (two) to localhost]"
    )


def test_an_issuer_and_an_application() -> None:
    target = with_issuer("/realms/one", "a login page", application="Java")
    asked = connect_tls(PasswordGrant(scopes=("openid",)))
    scenario = Scenario((target,), (arm("status 503", "tokens"), asked, Use("grant role")))
    assert scenario_line(scenario) == (
        "On a secure target over HTTPS (started in Java, an issuer of tokens at /realms/one that "
        "answers a login page): (1) the owner arms the fault 'status 503' on every request for a "
        "token; (2) connect to localhost as admin (password grant for openid) with the "
        "authority's file; (3) grant ROLE_USER to newcomer"
    )


def test_of_every_case_and_without_a_password() -> None:
    lines = [scenario_line(case.scenario) for case in catalogue().cases.values()]
    assert all(line and "\n" not in line and len(line) < 1700 for line in lines)
    step = connect(Basic("admin", "a very secret password"))
    scenario = Scenario((unsecure(),), (step, list_tables(), add(("a",), ("b",)), head(n=3)))
    assert scenario_line(scenario) == (
        "On an unsecured target over HTTP: (1) connect to localhost as admin (Basic); (2) list "
        "tables; (3) add the rows Id='a' (String) and Id='b' (String) to Example; "
        "(4) Example.head(3)"
    )


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ((("a", 1),), "add the row Id='a' (String), 1 to Example"),
        ((("a",),) * 4, "the rows Id='a' (String) and Id='a' (String) and 2 more"),
        ((("x" * 50,),), f"Id='{'x' * 39}... (String)"),
        (((*"abcdef",),), "Id='a' (String), 'b', 'c', 'd', 2 more columns to"),
    ],
    ids=["beside-the-columns", "many", "long", "wide"],
)
def test_rows(rows: tuple[tuple[Any, ...], ...], text: str) -> None:
    assert text in scenario_line(Scenario((unsecure(),), (add(*rows),)))


@pytest.mark.parametrize(
    ("defect", "text"),
    [
        ("authority file not given", "(Basic) without the authority's file, which is needed"),
        ("empty file", "(Basic) with an empty file in place of the authority's"),
        ("no url", "connect without a URL as admin (Basic) with the authority's file"),
        ("url is None", "with None for the URL as admin (Basic) with the authority's file"),
        ("wrong password", "a wrong password for admin (Basic) and with the authority's file"),
        ("no authentication", "to localhost without credentials and with the authority's file"),
        ("unknown keyword", "file and with a keyword that no signature has"),
        ("missing key", "(Basic) with the authority's file but with the defect 'missing key'"),
    ],
)
def test_what_is_wrong_with_a_call(defect: str, text: str) -> None:
    call = Call(authentication=Basic(), authority_file=AuthorityFile(), defect=defect)
    scenario = Scenario((TargetSpec(scheme="https"),), (Connect(call),))
    assert scenario_line(scenario).endswith(text)


@pytest.mark.parametrize("name", CALL_DEFECTS)
def test_what_is_given_in_place_of_what_is_right(name: str) -> None:
    scenarios = [case.scenario for case in catalogue().cases.values()]
    has = (one for one in scenarios if any(call.defect == name for _, call in calls_of(one)))
    scenario = next(has)
    twin = without_defects(scenario)
    assert twin is not None
    calls = scenario_line(scenario).partition("(1)")[2]
    assert not re.search("defect|{|as None", calls)
    assert calls != scenario_line(twin).partition("(1)")[2]


AT = {"target": "target", "connection": 1}


def lines(*events: Event) -> tuple[str, ...]:
    observation = Observation(Scenario((TargetSpec(),), ()), events=events)
    return transcript(observation.events, Redaction(observation))


def request(body: bytes = b"", **headers: str) -> RequestReceived:
    given = tuple((name, value.encode("latin-1")) for name, value in headers.items())
    return RequestReceived(
        **AT,
        order=1,
        request=Request("POST", "/graphql?a=b", given, body),
        raw_headers=(),
        http_version="1.1",
        line="POST /graphql?a=b HTTP/1.1",
    )


def test_an_exchange() -> None:
    assert lines(
        Mark(text="1 session connect"),
        ConnectionAccepted(**AT, service="http", port=1, client=("127.0.0.1", 2)),
        HandshakeCompleted(
            **AT, hello=ClientHello(server_name="localhost"), version="TLSv1.3", cipher="c"
        ),
        request(b'{"query": "{ }"}', authorization="Basic c2VjcmV0", accept="*/*"),
        AnswerGiven(**AT, request=4, status=200, body=b'{"data": {}}', user="admin"),
        ConnectionClosed(**AT, ending=Ending.CLIENT_CLOSED, application_received=Kept(count=321)),
        Mark(text="1 returned"),
        Mark(text="1 settled"),
    ) == (
        "step 1 session connect",
        "  target[1] connected",
        "  target[1] handshake done: TLSv1.3, server name localhost, no client certificate",
        "  target[1] > POST /graphql?a=b",
        "  target[1] >   authorization: Basic (8 characters); accept: */*",
        '  target[1] >   {"query": "{ }"}',
        "  target[1] < 200 to admin",
        '  target[1] <   {"data": {}}',
        "  target[1] client closed; the client had sent 321 bytes of HTTP",
        "step 1 returned",
    )


TRACEBACK = (
    "Traceback (most recent call last):\n"
    + '  File "one.py", line 1, in one\n    two()\n' * 8
    + "KeyError: 'lost'\nand more\n"
)


def test_what_never_became_a_request() -> None:
    assert lines(
        HandshakeFailed(
            **AT, cause=Cause.CLIENT_REFUSED_CERTIFICATE, alert="unknown_ca", alert_by="client"
        ),
        HandshakeFailed(
            **AT, cause=Cause.CLIENT_CERTIFICATE_REFUSED, verify_message="certificate has expired"
        ),
        RequestRejected(**AT, reason="no HTTP", data=b"\x16\x03", answered=None),
        FileRefused(target="target", reason="it is a pipe"),
        FaultFired(**AT, layer="application", phase="answer", act=None),
        FaultFired(**AT, fault="a reset", layer="wire", phase="idle", act=None),
        AnswerGiven(**AT, request=4, status=503, fault="status 503"),
        OwnerActed(target="target", text="was restarted"),
        GatewayCommand(**AT, lines=("c", "t", "shutdown", "e"), reply="!yv"),
        HarnessError(**AT, text=TRACEBACK),
        HarnessError(**AT, text="TypeError: no Answer\n", fault="a fault of the user's own"),
    ) == (
        "  target[1] handshake failed: client refused the target's certificate, alert unknown_ca "
        "from the client",
        "  target[1] handshake failed: target refused the client's certificate, certificate has "
        "expired",
        "  target[1] > no request: no HTTP; \\x16\\x03",
        "  target refused a file: it is a pipe",
        "  target[1] a fault fired (answer)",
        "  target[1] the fault 'a reset' fired (idle)",
        "  target[1] < 503, by the fault 'status 503'",
        "  target was restarted",
        "  target[1] > c t shutdown e",
        "  target[1] < !yv",
        "  target[1] mistake of the harness: KeyError: 'lost'\\nand more",
        short_line(f"  target[1]   {TRACEBACK}"),
        "  target[1] mistake of a fault of the user's own: TypeError: no Answer",
        "  target[1]   TypeError: no Answer\\n",
    )


def test_it_is_bounded() -> None:
    bounded = lines(*(request(b"x" * 10_000, header="y" * 10_000) for _ in range(500)))
    assert len(bounded) == MOST_LINES
    assert max(len(line) for line in bounded) < LONGEST_LINE + 40
    left_out = next(line for line in bounded if "left out" in line)
    assert left_out == f"({1500 - MOST_LINES + 1} lines are left out here)"
    assert bounded[0] == bounded[-3] == "  target[1] > POST /graphql?a=b"
    # As many lines as fit are all there.
    marks = [Mark(text=f"{number} session add") for number in range(MOST_LINES)]
    assert len(lines(*marks)) == MOST_LINES
    assert not any("left out" in line for line in lines(*marks))


def test_nothing_that_upsets_a_terminal_or_an_encoder() -> None:
    assert printable("a\x1b[31m\x00\ud800é\u202e") == "a\\x1b[31m\\x00\\ud800é\\u202e"
    (_, _, body) = lines(request(b"\xff\x1b[2J"))
    assert body.encode("utf-8").isascii()
    assert "\x1b" not in body

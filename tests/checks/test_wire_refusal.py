"""Wire checks of refusals and side effects: what arrived, who refused it, what is left."""

from __future__ import annotations

import pytest

from connect_contracts.checks.wire_checks import (
    ConnectionsClosed,
    FaultFired,
    HandshakeRefusedByTarget,
    NoChange,
    NoHttpByte,
    NothingArrived,
    NothingOnTerminal,
    NotShared,
    PlainHttpRefused,
    RefusedWith,
    TrustUntouched,
    Unspoken,
    WireCheck,
)
from connect_contracts.model.observation import Said
from connect_harness.redaction import Secret
from connect_harness.server import GatewayCommand, events
from connect_harness.server.events import Cause
from wire_rows import Row, Run, checked, play, rows, text_of
from written_run import WrittenRun

NO_REQUEST = "missing: no request reached the target"
NO_CONNECTION = "missing: no connection reached the target"
NONE_SEEN = "target: the target saw no connection"
END_OF_STREAM = "end_of_stream: the target saw the end of the stream and no HTTP byte"
WRONG_ANSWER, NO_FAULT = (
    "target: the target gave the wrong answer",
    "missing: the armed fault was never met",
)
ASKED_FOR = "alert=certificate_required alert_by=target"
ASKED = "target: the target sent the alert certificate_required"
ALTERED = "it replaced ssl.create_default_context and SSL_CERT_FILE"
ARRIVED, QUIET, AT_ONCE = NothingArrived(), NoHttpByte(), NoHttpByte(after_connecting=False)
R401, FAULT, PLAIN = RefusedWith(401), FaultFired(), PlainHttpRefused()
REQUIRED = HandshakeRefusedByTarget(("certificate_required", "handshake_failure"))
NO_CHANGE, IN_STEP, CLOSED = NoChange(), NoChange(since_step=True), ConnectionsClosed()


def gateway(*lines: str) -> GatewayCommand:
    return GatewayCommand(target="target", lines=lines, reply=None)


CREATE = gateway("c", "t", "createStore", "e")
FIRED = events.FaultFired(target="target", layer="raw", phase="answer", act=None)


def noting(event: events.Event, then: str = "", before: str = "") -> Run:
    """A run in which ``event`` happens."""

    def write(written: WrittenRun) -> None:
        play(written, before).note(event)
        play(written, then)

    return write


UNKNOWN_CA = "alert=unknown_ca alert_by=client"
SINCE_REPLACED = NoHttpByte(since_replaced=True)


def replaced(then: str) -> Run:
    """A run in which a session is refused, and the owner replaces the certificate."""

    def write(written: WrittenRun) -> None:
        play(written, f"accepted; failed {UNKNOWN_CA}; end raised; begin")
        play(written.end(who="owner", what="replace certificate"), f"begin; {then}")

    return write


REFUSALS: list[Row] = [
    ("refused-before-the-replacement", SINCE_REPLACED, replaced(""), NO_CONNECTION),
    (
        "refused-in-an-earlier-step",
        SINCE_REPLACED,
        replaced(f"accepted 2; failed 2 {UNKNOWN_CA}; end raised; begin"),
        "client_alert: the target saw the alert unknown_ca",
    ),
    (
        "refused-to-another-session",
        SINCE_REPLACED,
        replaced(f"accepted 2; failed 2 {UNKNOWN_CA}; end raised who=other; begin"),
        NO_CONNECTION,
    ),
    ("arrived-before", ARRIVED, "accepted; end; begin", NONE_SEEN),
    ("one-arrived", ARRIVED, "accepted", "1 connection reached the target"),
    ("two-arrived", ARRIVED, "accepted 1; accepted 2", "2 connections reached the target"),
    (
        "requests",
        QUIET,
        "accepted; request; request GET /b; request; closed count=9",
        "HTTP reached the target: GET /versions/rest, GET /b",
    ),
    ("bytes", QUIET, "accepted; closed count=1", "HTTP reached the target: its first bytes"),
    ("bytes-for-the-gateway", QUIET, "accepted service=gateway; closed count=9", END_OF_STREAM),
    ("open", QUIET, "accepted; request", "HTTP reached the target: GET /versions/rest"),
    ("no-connection", QUIET, "", NO_CONNECTION),
    ("no-connection-needed", AT_ONCE, "", NONE_SEEN),
    (
        "target's-alert",
        QUIET,
        "accepted; failed alert=handshake_failure alert_by=target",
        "target: the target sent the alert handshake_failure",
    ),
    (
        "alert-after-the-handshake",
        QUIET,
        "accepted; completed; closed alert=bad_certificate",
        "client_alert: the target saw the alert bad_certificate",
    ),
    ("end-of-stream", QUIET, "accepted; failed; closed", END_OF_STREAM),
    ("401", R401, "request; answer 401", "target: the target answered 401"),
    ("no-answer", R401, "", "missing: the target answered nothing, not 401"),
    # A request without an answer is none that was granted.
    (
        "400-after-401",
        R401,
        "request; answer 401; request; answer 400; request",
        "target: the target answered 401",
    ),
    (
        "399-after-401",
        R401,
        "request; answer 401; request; answer 399",
        "after the 401, GET /versions/rest got 399",
    ),
    ("no-fault", FAULT, "request; answer 500", NO_FAULT),
    ("fault-answer", FAULT, "request; answer 500 fault=noop; request; answer 200", WRONG_ANSWER),
    ("fault-bytes", FAULT, noting(FIRED), WRONG_ANSWER),
    ("fault-before", FAULT, noting(FIRED, "end; begin"), NO_FAULT),
    (
        "no-plain-http",
        PLAIN,
        lambda w: w.accepted().failed(cause=Cause.CLIENT_ALERTED),
        "missing: no plain HTTP reached the target's TLS port",
    ),
    (
        "plain-http",
        PLAIN,
        lambda w: w.accepted().failed(cause=Cause.PLAIN_HTTP),
        "target: the target refused plain HTTP on its TLS port",
    ),
    ("refused", REQUIRED, f"accepted; completed; accepted 2; failed 2 {ASKED_FOR}", ASKED),
    (
        "refused-by-the-client",
        REQUIRED,
        "accepted; failed alert=handshake_failure alert_by=client",
        "missing: the target refused no handshake",
    ),
    (
        "another-alert",
        REQUIRED,
        "accepted; failed alert=unknown_ca alert_by=target",
        "missing: the target sent ['unknown_ca']",
    ),
    (
        "http-beside-it",
        REQUIRED,
        f"accepted; failed {ASKED_FOR}; accepted 2; completed 2; request connection=2",
        "HTTP reached the target",
    ),
]

CHANGED = "request POST /rows; answer 403 change=1; end; begin"
SHARED = "request connection=3; end who=one; begin; request connection=3; end who=two"


def altered(how: str, then: str = "") -> Run:
    replaced = ("ssl.create_default_context", "SSL_CERT_FILE")
    return lambda w: play(w.end(how, altered=replaced), then)


SIDE_EFFECTS: list[Row] = [
    ("no-change-of-nothing", NO_CHANGE, "", NO_REQUEST),
    ("no-change", NO_CHANGE, "request; answer; request", "holds"),
    # Who is refused need not ask for anything.
    ("no-change-refused", NO_CHANGE, "end raised", "holds"),
    ("no-change-in-step-refused", IN_STEP, "end raised", "holds"),
    ("change-before", NO_CHANGE, CHANGED, "POST /rows was sent"),
    ("change-before-the-step", IN_STEP, CHANGED, "holds"),
    ("change-in-the-step", IN_STEP, CHANGED, "POST /rows was sent", 0),
    ("gateway", NO_CHANGE, noting(gateway("m", "d", "o1", "e")), NO_REQUEST),
    (
        "the-first-change",
        IN_STEP,
        noting(CREATE, "request POST /rows; answer change=1"),
        "the Py4J call createStore was sent",
    ),
    ("change-after", NO_CHANGE, noting(CREATE, before="end; begin"), NO_REQUEST, 0),
    ("no-connection-to-close", CLOSED, "", NO_CONNECTION),
    ("closed", CLOSED, "accepted; end; closed; begin", "holds"),
    ("two-open", CLOSED, "accepted 3; accepted 4", "2 connections of HTTP stayed open"),
    ("shared-by-nothing", NotShared(), "end who=one", NO_REQUEST),
    # The owner's requests are no session's; connection 1 of another target is another one.
    (
        "a-connection-for-each",
        NotShared(),
        "request; end who=one; begin; request connection=2; request target=other; end who=two;"
        "begin; request; end who=owner",
        "holds",
    ),
    ("shared", NotShared(), SHARED, "a connection of one carried a request of two"),
    ("shared-later", NotShared(), SHARED, "holds", 0),
    ("trust-untouched", TrustUntouched(), "", "holds"),
    ("trust-altered", TrustUntouched(), altered("returned"), ALTERED),
    ("trust-altered-by-what-raised", TrustUntouched(), altered("raised"), ALTERED),
    # What a step replaced counts for that step alone.
    ("trust-altered-before", TrustUntouched(), altered("raised", "begin"), "holds"),
]


@rows(REFUSALS, SIDE_EFFECTS)
def test_refusals_and_side_effects(check: WireCheck, run: Run, seen: str, at: int) -> None:
    assert text_of(checked(check, run, at)) == seen


@pytest.mark.parametrize(
    ("terminal", "seen"),
    [
        ("\r\n ", "holds"),
        (f"\nEnter:{'x' * 300}", f"the terminal showed {'Enter:' + 'x' * 194!r}"),
        # Cut first, the beginning of a secret would be known again by nothing.
        (f"{'x' * 190}a-long-secret", f"the terminal showed {'x' * 190 + '**REDACTED'!r}"),
    ],
)
def test_the_terminal(written: WrittenRun, terminal: str, seen: str) -> None:
    written.more |= {"terminal": terminal, "secrets": (Secret("a-long-secret", "a password"),)}
    assert text_of(NothingOnTerminal().check(written.end().view())) == seen


# Secrets; `test_detector.py` has the forms in which one is found.

SECRET = 'pä"ss/wörd+of~many'
LINE = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgabcdefghijklmnopq"
FOUND = "a password appeared in a log record"
SILENT = "missing: nothing was said in which a secret could have appeared"


PASSWORD = (Secret(SECRET, "a password"),)
KEY = (Secret(LINE, "a private key"),)


@pytest.mark.parametrize(
    ("texts", "seen", "secrets"),
    [
        ((), SILENT, PASSWORD),
        (("  ", "\n"), SILENT, PASSWORD),
        (("", "connected as admin"), "holds", PASSWORD),
        (("sent", f"sent {SECRET}."), FOUND, PASSWORD),
        ((f"the file held {LINE}",), "a private key appeared in a log record", KEY),
        (("connected",), "missing: no secret was handed out", ()),
    ],
)
def test_what_is_said(
    written: WrittenRun, texts: tuple[str, ...], seen: str, secrets: tuple[Secret, ...]
) -> None:
    written.more["said"] = tuple(Said("a log record", text, (0,)) for text in texts)
    written.more["secrets"] = secrets
    assert text_of(Unspoken().check(written.end().view())) == seen


def test_a_secret_in_an_exception_or_its_chain(written: WrittenRun) -> None:
    written.more["secrets"] = PASSWORD
    first = {"type": "KeyError", "names": ("KeyError",), "text": "nothing"}
    written.end("raised", raised={**first, "chain": (("OSError", f"with {SECRET}"),)})
    chain = "a password appeared in the chain of an exception (OSError)"
    alone = Unspoken().check(written.view())
    assert (alone.violation, alone.each) == (chain, ())
    written.begin().end("raised", raised={**first, "text": SECRET})
    written.results.reverse()
    both = Unspoken().check(written.view())
    each = ("a password appeared in an exception", chain)
    assert (both.violation, both.each) == ("; ".join(each), each)

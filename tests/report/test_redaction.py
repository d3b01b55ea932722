"""Secrets stand in no report, in none of the forms that they may take."""

from __future__ import annotations

import base64
import html
import json
from urllib.parse import quote

import msgspec
import pytest

from connect_contracts.chapters.case import Case
from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.checks.secrets.redaction import Redaction
from connect_contracts.judging.judgement import Judgement
from connect_contracts.judging.verify import Verified
from connect_contracts.model.cause import Cause, CodeLine
from connect_contracts.model.evidence import Evidence, Strength
from connect_contracts.model.observation import Observation
from connect_contracts.model.scenario import Basic, Call, Connect, Scenario, TargetSpec, User
from connect_contracts.model.verdict import Verdict
from connect_contracts.report.case_report import case_report
from connect_contracts.report.formats import FORMATS
from connect_harness.exchange import Request
from connect_harness.redaction import REDACTED, Secret
from connect_harness.redaction.redact import header_shown, redaction_of
from connect_harness.server import (
    AnswerGiven,
    FileRefused,
    GatewayCommand,
    HarnessError,
    Mark,
    RequestReceived,
)
from hand_written_reports import run_of

SECRET = 'pässwörd "42"/é'
SCENARIO = Scenario(
    (TargetSpec(users=(User("zoë", SECRET, ("ROLE_ADMIN",)),)),),
    (Connect(Call(authentication=Basic("zoë", SECRET))),),
)
PAIR = f"zoë:{SECRET}"


@pytest.mark.parametrize(
    "form",
    [
        SECRET,
        repr(SECRET),
        json.dumps(SECRET),
        quote(SECRET),
        quote(SECRET, safe=""),
        SECRET.encode().decode("latin-1"),
        base64.b64encode(PAIR.encode()).decode(),
        base64.b64encode(PAIR.encode("latin-1")).decode(),
    ],
)
def test_forms(form: str) -> None:
    text = Redaction(Observation(SCENARIO))(f"<{form}>")
    assert text in (f"<{REDACTED}>", f"<'{REDACTED}'>", f'<"{REDACTED}">')


def test_short_secrets_leave_words_alone() -> None:
    users = (User("a", "passwd"), User("b", "x"))
    redacted = Redaction(Observation(Scenario((TargetSpec(users=users),), ())))
    assert redacted("passwd, passwds and x") == f"{REDACTED}, passwds and x"


def test_headers() -> None:
    assert header_shown("Authorization", "Basic YTpi") == "Basic (4 characters)"
    assert header_shown("authorization", "YTpi") == "(4 characters)"
    assert header_shown("cookie", "JSESSIONID=abc") == "(14 characters)"
    assert header_shown("set-cookie", "a=b; Path=/") == "(11 characters)"
    assert header_shown("X-Auth-Token", "abcdef") == header_shown("x-api-key", "abcdef")
    assert header_shown("x-api-key", "abcdef") == "(6 characters)"
    assert header_shown("accept", "*/*") == "*/*"


@pytest.mark.parametrize(
    "request_",
    [
        Request("POST", "/", body=b'{"password": "planted-1", "n": [{"apiKey": "planted-2"}]}'),
        Request("POST", "/", body=b'[{"accessToken": ["planted-1", "planted-2"]}]'),
        Request("GET", "/x?password=planted-1&client_secret=planted%2D2&page=plain"),
        Request(
            *("POST", "/", (("content-type", b"application/x-www-form-urlencoded"),)),
            body=b"refresh_token=planted-1&client_assertion=planted-2",
        ),
        Request("GET", "/", (("x-api-key", b"planted-1"), ("x-auth-token", b"planted-2"))),
        # What is no JSON has no fields.
        Request("POST", "/?token=planted-1&secret=planted-2", body=b"{" * 9 + b"["),
    ],
    ids=["json", "list", "query", "form", "headers", "no-json"],
)
def test_what_its_name_says_to_be_secret(request_: Request) -> None:
    sent = RequestReceived(
        order=1, request=request_, raw_headers=(), http_version="1.1", line="GET / HTTP/1.1"
    )
    assert redaction_of([sent])("plain planted-1 planted-2") == f"plain {REDACTED} {REDACTED}"


def passwords(case: Case) -> set[str]:
    found = {
        user.password for target in case.scenario.targets for user in target.users if user.password
    }
    return {item for item in found if len(item) >= 6}


@pytest.mark.parametrize(
    "verdict", [Verdict.FAILED, Verdict.KNOWN], ids=lambda verdict: verdict.word
)
def test_no_report_of_any_case_holds_a_password(verdict: Verdict) -> None:
    for case in catalogue().cases.values():
        secrets = passwords(case)
        said = " ".join(f"<{secret}>" for secret in sorted(secrets))
        verified = Verified(case, Judgement(verdict), Observation(case.scenario), None)
        judgement = Judgement(
            verdict,
            f"expected {said}",
            f"seen {said}",
            Evidence(Strength.TARGET, f"evidence {said}"),
        )
        report = case_report(verified, judgement, replay="", seconds=0.0)
        texts = "\n".join(str(value) for value in msgspec.structs.astuple(report))
        assert not [secret for secret in secrets if secret in texts], case.id


def test_what_was_sent_or_handed_out_is_redacted_too() -> None:
    request = Request("GET", "/", (("authorization", b"Bearer token-of-the-target"),))
    events = (
        RequestReceived(
            order=1, request=request, raw_headers=(), http_version="1.1", line="GET / HTTP/1.1"
        ),
        AnswerGiven(request=1, status=200, body=b'{"port": 1, "token": "given-by-rest"}'),
        GatewayCommand(lines=("A", "said-to-the-gateway"), reply="!yv"),
    )
    seen = Observation(
        Scenario((TargetSpec(),), (Connect(Call()),)),
        events=events,
        secrets=(Secret("key-of-a-file", "a key's password"),),
    )
    redacted = Redaction(seen)
    for secret in ("token-of-the-target", "given-by-rest", "said-to-the-gateway", "key-of-a-file"):
        assert redacted(f"<{secret}>") == f"<{REDACTED}>"


PLANTED = "planted-secret-4711"


@pytest.mark.parametrize("form", FORMATS)
def test_a_secret_of_the_wire_stands_in_no_form_of_a_report(form: str) -> None:
    """Its exchange is in none of the transcripts that other tests look at."""
    case = catalogue().cases["AUTH-1[nothing-given]"]
    headers = (("authorization", f"Bearer {PLANTED}".encode()), ("x-other", PLANTED.encode()))
    body, text = f'{{"a": "{PLANTED}"}}'.encode(), f"said {PLANTED}"
    request = Request("GET", f"/{PLANTED}", headers, body)
    events = (
        Mark(text=text),
        RequestReceived(
            order=1, request=request, raw_headers=(), http_version="1.1", line="GET / HTTP/1.1"
        ),
        AnswerGiven(request=1, status=200, body=body, user=PLANTED),
        GatewayCommand(lines=("c", PLANTED), reply=PLANTED),
        FileRefused(reason=text, target=PLANTED),
        HarnessError(text=text),
    )
    seen = Observation(case.scenario, events=events, secrets=(Secret(PLANTED, "a token"),))
    where = (CodeLine("client.py", 1, "f", text),)
    judgement = Judgement(
        *(Verdict.FAILED, text, text, Evidence(Strength.TARGET, text)),
        causes=(Cause(text, text, text, where),),
    )
    report = case_report(Verified(case, judgement, seen, seen), judgement, replay="", seconds=0.0)
    assert len(report.exchange) == 2 * 7 + 1
    written = html.unescape(FORMATS[form](run_of(report)).decode())
    assert REDACTED in written.replace("\\", "")
    assert PLANTED not in written
    assert base64.b64encode(PLANTED.encode()).decode() not in written

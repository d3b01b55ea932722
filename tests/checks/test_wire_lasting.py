"""Demands on what lasts and on what must not be said, held against runs written by hand."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import quote

import pytest

from connect_contracts.checks.wire_checks import (
    CheckResult,
    ConnectionsClosed,
    NoChange,
    NothingOnTerminal,
    Unspoken,
)
from connect_contracts.model.observation import Said, Secret, SecretKind
from connect_harness.server import GatewayCommand

Written = Any

HOLDS = CheckResult()
NO_REQUEST = CheckResult(missing="no request reached the target")
CREATE = ("c", "t", "createStore", "e")


def test_no_change_is_asked_for(written: Written) -> None:
    assert NoChange().check(written.end().view()) == NO_REQUEST
    view = written.begin().request().answer(change=False).request().end().view()
    assert NoChange().check(view) == HOLDS


@pytest.mark.parametrize("demand", [NoChange(), NoChange(since_step=True)])
def test_who_is_refused_need_not_ask_for_anything(written: Written, demand: NoChange) -> None:
    assert demand.check(written.end("raised").view()) == HOLDS


def test_a_change_that_was_asked_for_before(written: Written) -> None:
    written.request("POST /rows").answer(403, change=True).end()
    assert NoChange().check(written.begin().end().view()) == CheckResult(
        violation="POST /rows was sent"
    )
    assert NoChange(since_step=True).check(written.view()) == HOLDS
    own = NoChange(since_step=True).check(written.view(0))
    assert own == CheckResult(violation="POST /rows was sent")


def test_a_change_by_the_gateway_that_came_first_is_told_first(written: Written) -> None:
    written.note(GatewayCommand(target="target", lines=("m", "d", "o1", "e"), reply=None))
    assert NoChange().check(written.end().view()) == NO_REQUEST
    written.begin().note(GatewayCommand(target="target", lines=CREATE, reply=None))
    written.request("POST /rows").answer(change=True).end()
    violation = CheckResult(violation="the Py4J call createStore was sent")
    assert NoChange(since_step=True).check(written.view()) == violation
    # What comes after a step is none of it.
    assert NoChange().check(written.view(0)) == NO_REQUEST


def test_connections_at_the_end_of_a_step(written: Written) -> None:
    missing = CheckResult(missing="no connection reached the target")
    assert ConnectionsClosed().check(written.end().view()) == missing
    written.begin().accepted(1).closed(1).accepted(2).end()
    assert ConnectionsClosed().check(written.view()) == CheckResult(
        violation="1 connection stayed open"
    )
    written.closed(2)
    assert ConnectionsClosed().check(written.view()) == CheckResult(
        violation="1 connection stayed open"
    )
    assert ConnectionsClosed().check(written.begin().end().view()) == HOLDS
    written.begin().accepted(3).accepted(4).end()
    assert ConnectionsClosed().check(written.view()) == CheckResult(
        violation="2 connections stayed open"
    )


def test_a_silent_terminal(written: Written) -> None:
    written.more["terminal"] = "\r\n "
    assert NothingOnTerminal().check(written.end().view()) == HOLDS


def test_a_question_on_the_terminal(written: Written) -> None:
    written.more["terminal"] = f"\nEnter PEM pass phrase:{'x' * 300}"
    seen = NothingOnTerminal().check(written.end().view())
    shown = f"Enter PEM pass phrase:{'x' * 178}"
    assert seen == CheckResult(violation=f"the terminal showed {shown!r}")


# Secrets.

SECRET = 'pä"ss/wörd+of~many'
NOTHING_SAID = CheckResult(missing="nothing was said in which a secret could have appeared")


def unspoken(
    written: Written, *texts: str, secret: str = SECRET, kind: SecretKind = "a password"
) -> CheckResult:
    said = tuple(Said("a log record", text, (0,)) for text in texts)
    written.more |= {"said": said, "secrets": (Secret(secret, kind),)}
    return Unspoken().check(written.end().view())


def test_who_says_nothing_has_kept_no_secret(written: Written) -> None:
    assert unspoken(written) == NOTHING_SAID
    assert unspoken(written.begin(), "  ", "\n") == NOTHING_SAID


def test_without_a_secret_there_is_nothing_to_keep(written: Written) -> None:
    written.more["said"] = (Said("a log record", "connected", (0,)),)
    assert Unspoken().check(written.end().view()) == CheckResult(missing="no secret was handed out")


def test_what_is_said_without_a_secret(written: Written) -> None:
    assert unspoken(written, "", "connected as admin") == HOLDS


DATA = SECRET.encode()


@pytest.mark.parametrize(
    "form",
    [
        SECRET,
        repr("\n" + SECRET)[3:-1],
        json.dumps(SECRET)[1:-1],
        quote(SECRET, safe=""),
        DATA.hex(),
        base64.b64encode(DATA).decode(),
        base64.urlsafe_b64encode(DATA).decode().rstrip("="),
    ],
)
def test_a_secret_in_any_of_its_forms(written: Written, form: str) -> None:
    seen = unspoken(written, "sent", f"sent {form}.")
    assert seen == CheckResult(violation="a password appeared in a log record")


@pytest.mark.parametrize("part", [SECRET[1:], SECRET[:-1], json.dumps(SECRET)[2:-1]])
def test_a_part_of_a_secret_is_not_it(written: Written, part: str) -> None:
    assert unspoken(written, f"sent {part}") == HOLDS


def test_a_line_break_in_a_secret_as_it_is_shown(written: Written) -> None:
    assert unspoken(written, r"passwd\nof two lines", secret="passwd\nof two lines").violation


def test_the_padding_of_a_secret_is_no_part_of_it(written: Written) -> None:
    # As it stands in front of other text in what was encoded together.
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        secret = "\xff\xfe\xff passwords"
        whole = encode(secret.encode()).decode()
        assert whole.endswith("=")
        assert unspoken(written.begin(), f"{whole.rstrip('=')}...", secret=secret).violation


@pytest.mark.parametrize(("secret", "found"), [("1234567", False), ("12345678", True)])
def test_what_is_too_short_is_no_secret(written: Written, secret: str, found: bool) -> None:
    assert (unspoken(written, f"at {secret}", secret=secret).violation is not None) == found


def test_a_line_of_a_private_key(written: Written) -> None:
    line = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgabcdefghijklmnopq"
    seen = unspoken(written, f"the file held {line}", secret=line, kind="a private key")
    assert seen == CheckResult(violation="a private key appeared in a log record")


def test_a_secret_in_an_exception_or_its_chain(written: Written) -> None:
    written.more["secrets"] = (Secret(SECRET, "a password"),)
    first = {"type": "KeyError", "names": ("KeyError",), "text": "nothing"}
    written.end("raised", raised={**first, "chain": (("OSError", f"with {SECRET}"),)})
    violation = "a password appeared in the chain of an exception (OSError)"
    assert Unspoken().check(written.view()) == CheckResult(violation=violation)
    written.begin().end("raised", raised={**first, "text": SECRET})
    written.results.reverse()
    each = ("a password appeared in an exception", violation)
    assert Unspoken().check(written.view()) == CheckResult(violation="; ".join(each), each=each)

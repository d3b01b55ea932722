"""Demands on who is known, and by what, held against runs that are written by hand."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from connect_contracts.checks.wire_checks import (
    BasicPair,
    BearerToken,
    CheckResult,
    KnownAs,
    NoAuthorization,
    Presents,
    PresentsNothing,
    Unmixed,
)
from connect_contracts.model.scenario import PASSWORD, Basic, Call, Connect, Scenario, TargetSpec

Written = Any

HOLDS = CheckResult()
NO_REQUEST = CheckResult(missing="no request reached the target")


def authorized(written: Written, value: str, line: str = "GET /a") -> Written:
    return written.request(line, headers={"host": "h", "authorization": value})


def test_nobody_is_named(written: Written) -> None:
    view = written.request().answer(200).request().answer(500).end().view()
    assert NoAuthorization().check(view) == HOLDS


def test_a_request_that_was_not_granted_shows_nothing(written: Written) -> None:
    assert NoAuthorization().check(written.request().answer(201).end().view()) == NO_REQUEST


def test_any_authorization_is_one_too_many(written: Written) -> None:
    authorized(written.request().answer(200), "").end()
    violation = CheckResult(violation="GET /a carried Authorization")
    assert NoAuthorization().check(written.begin().end().view()) == violation


def test_a_user_is_known(written: Written) -> None:
    assert KnownAs("admin").check(written.end().view()) == NO_REQUEST
    written.begin().request().answer(401).request().answer(200, user="admin").end()
    assert KnownAs("admin").check(written.view()) == HOLDS
    # A later step may be answered from memory.
    assert KnownAs("admin").check(written.begin().end().view()) == HOLDS


@pytest.mark.parametrize(("user", "told"), [("other", "other"), (None, "nobody")])
def test_somebody_else_is_known(written: Written, user: str | None, told: str) -> None:
    written.request().answer(401, user="whoever").request("GET /b").answer(402, user=user).end()
    violation = CheckResult(violation=f"GET /b was known as {told}'s")
    assert KnownAs("admin").check(written.view()) == violation
    assert KnownAs("admin").check(written.begin().request().end().view()).violation is not None


UNMIXED = Unmixed((("First", "one"), ("Second", "two")))


def test_each_table_is_asked_for_by_its_user(written: Written) -> None:
    written.request("GET /tables/First").answer(200, user="one")
    written.request("POST /query", body=b'{"table": "Second"}').answer(200, user="two")
    written.request("GET /tables").answer(200, user="anybody")
    assert UNMIXED.check(written.end().view()) == HOLDS


def test_no_table_is_named(written: Written) -> None:
    missing = CheckResult(missing="no request spoke of any of the tables")
    assert UNMIXED.check(written.request("GET /tables").answer().end().view()) == missing


@pytest.mark.parametrize(("user", "told"), [("one", "one"), (None, "nobody")])
def test_a_table_is_asked_for_by_another_user(
    written: Written, user: str | None, told: str
) -> None:
    written.request("GET /tables/First").answer(200, user="one")
    written.request("GET /tables/Second").answer(200, user=user)
    violation = f"GET /tables/Second, about two's table, was known as {told}'s"
    assert UNMIXED.check(written.end().view()) == CheckResult(violation=violation)


# Basic credentials.

PAIR = BasicPair("zoë", "pässwörd")


def basic(text: str, encoding: str = "utf-8") -> str:
    return "Basic " + base64.b64encode(text.encode(encoding)).decode()


def test_the_pair_arrives(written: Written) -> None:
    authorized(written.request(), basic("zoë:pässwörd"))
    authorized(written, "bAsIc  " + basic("zoë:pässwörd")[6:] + " ")
    authorized(written, "Bearer token")
    assert PAIR.check(written.end().view()) == HOLDS


def test_space_around_the_pair_is_no_part_of_it(written: Written) -> None:
    view = authorized(written, f"Basic  {basic('zoë:pässwörd')[6:]} ").end().view()
    assert PAIR.check(view) == HOLDS


def test_no_pair_arrives(written: Written) -> None:
    authorized(written.request(), "Bearer token")
    violation = CheckResult(violation="no Basic credentials were sent", absent=True)
    assert PAIR.check(written.end().view()) == violation


@pytest.mark.parametrize("value", ["Basic ***", "Basic YQ", "Basic YWJj!YWJj", "Basic zo\xeb:p"])
def test_what_is_no_base64(written: Written, value: str) -> None:
    violation = CheckResult(violation="the Basic credentials were not base64")
    assert PAIR.check(authorized(written, value).end().view()) == violation


def test_a_wrong_pair_among_right_ones(written: Written) -> None:
    authorized(written, "Bearer token")
    authorized(written, basic("zoë:pässwörd"))
    authorized(written, basic("zoë:passwörd"))
    assert PAIR.check(written.end().view()).violation is not None


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "cp1252"])
def test_another_encoding_is_told(written: Written, encoding: str) -> None:
    # Of these letters the euro sign is in no latin-1, and in cp1252 it is.
    password = "€uro" if encoding == "cp1252" else "pässwörd"
    authorized(written, basic(f"zoë:{password}", encoding))
    violation = CheckResult(violation=f"the credentials were sent in {encoding}")
    assert BasicPair("zoë", password).check(written.end().view()) == violation


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ("admin:passwd!", "13 bytes instead of 12, the first that differs is number 13"),
        ("admin:pass", "10 bytes instead of 12, the first that differs is number 11"),
        ("Admin:passwd", "12 bytes instead of 12, the first that differs is number 1"),
        ("admin:p_ss_d", "12 bytes instead of 12, the first that differs is number 8"),
    ],
)
def test_where_a_pair_differs_and_not_in_what(written: Written, sent: str, told: str) -> None:
    seen = BasicPair("admin", "passwd").check(authorized(written, basic(sent)).end().view())
    assert seen == CheckResult(violation=f"the credentials were other bytes: {told}")


def given(written: Written, *passwords: str) -> Written:
    """A run that put these passwords into its connects, all of one session."""
    calls = [Call(authentication=Basic("admin", one)) for one in passwords]
    played = Scenario((TargetSpec(),), tuple(Connect(one) for one in calls))
    written.more["played"] = played
    return written


@pytest.mark.parametrize(
    ("demanded", "sent", "holds"),
    [
        (PASSWORD, "passwd-of-this-run", True),
        (PASSWORD, PASSWORD, False),
        ("another", "another", True),
        ("another", "passwd-of-this-run", False),
    ],
)
def test_the_run_s_own_password_stands_for_the_documented_one(
    written: Written, demanded: str, sent: str, holds: bool
) -> None:
    view = authorized(given(written, "passwd-of-this-run"), basic(f"admin:{sent}")).end().view()
    assert (BasicPair("admin", demanded).check(view) == HOLDS) == holds


def test_the_documented_password_stands_for_itself_where_nothing_was_run(written: Written) -> None:
    view = authorized(written, basic(f"admin:{PASSWORD}")).end().view()
    assert BasicPair("admin", PASSWORD).check(view) == HOLDS


# Tokens.


@pytest.mark.parametrize("value", ["Bearer a.b.c", "bearer token"])
def test_a_token_of_its_type(written: Written, value: str) -> None:
    assert BearerToken().check(authorized(written, value).end().view()) == HOLDS


def test_a_token_of_a_special_type(written: Written) -> None:
    demand = BearerToken("DPoP")
    assert demand.check(authorized(written, "dpop token").end().view()) == HOLDS


@pytest.mark.parametrize(
    ("value", "scheme"),
    [
        ("Basic token", "Basic"),
        ("Bearer", "Bearer"),
        ("Bearer ", "Bearer"),
        ("Bearer  token", "Bearer"),
        ("Bearer a token", "Bearer"),
        ("", ""),
    ],
)
def test_a_token_in_another_form(written: Written, value: str, scheme: str) -> None:
    authorized(authorized(written, "Bearer token"), value).end()
    violation = CheckResult(violation=f"Authorization began with {scheme!r}")
    assert BearerToken().check(written.view()) == violation
    assert BearerToken(any_form=True).check(written.view()) == HOLDS


@pytest.mark.parametrize("any_form", [False, True])
def test_no_token(written: Written, any_form: bool) -> None:
    demand = BearerToken(any_form=any_form)
    assert demand.check(written.end().view()) == NO_REQUEST
    authorized(written.begin(), "Bearer token").request("GET /b").end()
    violation = CheckResult(violation="GET /b carried no Authorization")
    assert demand.check(written.view()) == violation
    assert demand.check(written.begin().end().view()) == NO_REQUEST


# Client certificates.


def test_the_certificate_of_the_session_s_connect(written: Written) -> None:
    written.more["presented"] = {"1": "aa", "2": "bb"}
    written.accepted(1).completed(1, "aa").end(who="one")
    written.begin().accepted(2).completed(2, "aa").end(who="one", what="list tables")
    assert Presents().check(written.view()) == HOLDS
    written.accepted(3).completed(3, "bb")
    # What comes after a step is none of it.
    assert Presents().check(written.view()) == HOLDS
    written.begin().end(who="one")
    violation = CheckResult(violation="a connection presented another client certificate")
    assert Presents().check(written.view()) == violation


def test_the_certificate_of_the_second_connect(written: Written) -> None:
    written.end(who="one").begin().accepted(1).completed(1, "bb").end(who="two")
    written.more["presented"] = {"1": "aa", "2": "bb"}
    assert Presents().check(written.view()) == HOLDS


def test_no_certificate_where_one_was_given(written: Written) -> None:
    missing = CheckResult(missing="no handshake was completed")
    refused = written.accepted(1).completed(1).failed(1).end().view()
    assert Presents().check(refused) == missing
    written.more["presented"] = {"2": "aa"}
    written.begin().accepted(2).completed(2, "aa").accepted(3).completed(3).end()
    violation = CheckResult(violation="a connection presented no client certificate")
    assert Presents().check(written.view()) == violation


def test_nothing_is_presented(written: Written) -> None:
    missing = CheckResult(missing="no connection reached the target")
    assert PresentsNothing().check(written.end().view()) == missing
    written.begin().accepted(1).completed(1).accepted(2).failed(2).end()
    assert PresentsNothing().check(written.view()) == HOLDS


def test_something_is_presented_taken_or_not(written: Written) -> None:
    violation = CheckResult(violation="the client certificate was presented")
    taken = written.accepted(1).completed(1).accepted(2).completed(2, "aa").end().view()
    assert PresentsNothing().check(taken) == violation
    written.begin().accepted(3).failed(3, verify_code=18, alert_by="target").end()
    assert PresentsNothing().check(written.view()) == violation

"""Demands on callables that are asked, held against runs that are written by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from connect_contracts.chapters.builder import connect, must, secure, story
from connect_contracts.checks.expectation import Returns
from connect_contracts.checks.wire_checks import (
    CallableAsked,
    CheckResult,
)
from connect_contracts.execution.loading import load
from connect_contracts.judging.verify import verify
from connect_contracts.model.clause import Profile
from connect_contracts.model.observation import Asked
from connect_contracts.model.scenario import Callback
from connect_contracts.model.verdict import Verdict
from connect_contracts.oracle import oracle
from hand_written_cases import case_of

Written = Any

HOLDS = CheckResult()
NO_REQUEST = CheckResult(missing="no request reached the target")


# Callables.

URL = "http://localhost:80/base/a"


def asked(written: Written, *urls: Any, session: str = "session") -> None:
    calls = [
        Asked(session, url, (("X-Other", "0"), ("X-Asked", str(number))))
        for number, url in enumerate(urls, 1)
    ]
    written.more["asked"] = (*written.more.get("asked", ()), *calls)


def request(written: Written, number: str, line: str = "GET /base/a?query") -> Written:
    return written.request(line, headers={"host": "localhost:80", "x-asked": number})


@pytest.mark.parametrize("each", [False, True])
@pytest.mark.parametrize(
    "url",
    [
        *(URL, f"{URL}?query", f"{URL}#fragment", URL.replace(":80", "")),
        *(URL.replace("localhost", "LOCALHOST"), URL.replace("http", "HTTP")),
    ],
)
def test_a_callable_is_given_the_url(written: Written, each: bool, url: str) -> None:
    asked(written, url)
    view = request(written, "1").end().view()
    assert CallableAsked(each).check(view) == HOLDS


def test_it_is_told_whether_each_request_counts() -> None:
    assert "each" in CallableAsked(each=True).describe()
    assert "each" not in CallableAsked().describe()


@pytest.mark.parametrize("each", [False, True])
def test_nothing_is_asked_or_sent(written: Written, each: bool) -> None:
    asked(written, URL)
    assert CallableAsked(each).check(written.end().view()) == NO_REQUEST
    request(written.begin(), "1").end()
    assert CallableAsked(each).check(written.begin().end().view()) == HOLDS


@pytest.mark.parametrize("number", ["2", None])
@pytest.mark.parametrize("each", [False, True])
def test_a_request_without_its_headers(written: Written, each: bool, number: str | None) -> None:
    asked(written, URL)
    headers = {"host": "localhost:80"} if number is None else {"x-asked": number}
    request(written, "1").request("GET /base/b", headers=headers).end()
    violation = CheckResult(violation="GET /base/b went out without the callable's headers")
    assert CallableAsked(each).check(written.view()) == violation


def test_the_headers_of_another_session_are_none(written: Written) -> None:
    asked(written, URL, session="other")
    assert CallableAsked().check(request(written, "1").end().view()).violation is not None


@pytest.mark.parametrize("each", [False, True])
def test_what_is_no_url(written: Written, each: bool) -> None:
    asked(written, b"http://localhost")
    violation = CheckResult(violation="the callable was given a bytes")
    assert CallableAsked(each).check(request(written, "1").end().view()) == violation


@pytest.mark.parametrize(
    "url",
    [
        *(URL.replace("/base", "/BASE"), URL.replace(":80", ":443"), URL.replace(":80", ":8080")),
        *(URL.replace("http", "https"), URL.replace("localhost", "localhost.example")),
        *(URL.replace("//", "//me@"), URL.removesuffix("/a"), f"{URL}/", ""),
    ],
)
def test_another_url_than_that_of_the_request(written: Written, url: str) -> None:
    asked(written, url)
    violation = CheckResult(violation=f"for {URL} the callable was given {url}")
    assert CallableAsked(each=True).check(request(written, "1").end().view()) == violation


def test_a_host_that_is_written_in_capitals(monkeypatch: pytest.MonkeyPatch) -> None:
    """The URL is handed to the callable as it was typed, and the request is sent to that host."""
    reference = load("connect_contracts.reference.v0_9_1")
    sent = reference.connect

    def connect_as_typed(url: str, *, authentication: Any, **keywords: Any) -> Any:
        def as_typed(asked_url: str) -> Any:
            return authentication(asked_url.replace("localhost", "LOCALHOST"))

        return sent(url, authentication=as_typed, **keywords)

    monkeypatch.setattr(reference, "connect", connect_as_typed)
    demanded = must(connect(Callback(), host="LOCALHOST"), Returns(), CallableAsked(each=True))
    scenario = story(secure(), demanded).scenario
    expectations = oracle(scenario, Profile.V0_9_1)
    assert CallableAsked(each=True) in expectations[0].alternatives[0].wire
    case = replace(case_of(story(secure(), demanded)), expectations=expectations)
    verified = verify(case, reference, Profile.V0_9_1)
    assert verified.judgement.verdict is Verdict.PASSED, verified.judgement.seen


@pytest.mark.parametrize("each", [False, True])
def test_the_url_of_another_request(written: Written, each: bool) -> None:
    asked(written, f"{URL}/b")
    violation = CheckResult(violation=f"for {URL} the callable was given {URL}/b")
    assert CallableAsked(each).check(request(written, "1").end().view()) == violation


def test_asked_once_for_all_or_for_each(written: Written) -> None:
    asked(written, URL)
    view = request(request(written, "1"), "1", "GET /base/b").end().view()
    assert CallableAsked().check(view) == HOLDS
    violation = CheckResult(violation="GET /base/b went out with the headers of another request")
    assert CallableAsked(each=True).check(view) == violation


def test_the_second_url_counts_only_if_it_is_asked_for_each(written: Written) -> None:
    asked(written, URL, f"{URL}/other")
    view = request(request(written, "1"), "2").end().view()
    assert CallableAsked().check(view) == HOLDS
    violation = CheckResult(violation=f"for {URL} the callable was given {URL}/other")
    assert CallableAsked(each=True).check(view) == violation

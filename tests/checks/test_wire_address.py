"""Demands on addresses, held against runs that are written by hand."""

from __future__ import annotations

from typing import Any

import pytest

from connect_contracts.checks.wire_checks import (
    BelowBasePath,
    CheckResult,
    FirstRequest,
    FollowsLink,
    GivesUrl,
    HostNamed,
    NowhereInAddress,
    SameRequests,
)

Written = Any

HOLDS = CheckResult()
NO_REQUEST = CheckResult(missing="no request reached the target")
FIRST = "GET /base/versions/rest"


def test_the_first_request(written: Written) -> None:
    written.accepted().request(FIRST).answer().request("GET /base/second").answer()
    assert FirstRequest().check(written.end().view()) == HOLDS


def test_another_first_request(written: Written) -> None:
    view = written.accepted().request("GET /versions/rest").answer().request(FIRST).end().view()
    violation = f"the first request was GET /versions/rest, not {FIRST}"
    assert FirstRequest().check(view) == CheckResult(violation=violation)


def test_no_first_request(written: Written) -> None:
    violation = CheckResult(violation="no request reached the target", absent=True)
    assert FirstRequest().check(written.accepted().end().view()) == violation


@pytest.mark.parametrize("answered", [False, True])
def test_a_second_request_before_the_first_is_answered(written: Written, answered: bool) -> None:
    written.accepted().request(FIRST)
    first = len(written.events)
    written.request("POST /base/second")
    if answered:
        from connect_harness.server import AnswerGiven

        written.note(AnswerGiven(target="target", request=first, status=200))
    seen = FirstRequest().check(written.end().view())
    assert seen == CheckResult(violation="POST /base/second was sent before that was answered")


def test_every_request_is_below_the_base_path(written: Written) -> None:
    assert BelowBasePath().check(written.end().view()) == NO_REQUEST
    written.begin().accepted().request("GET /base/a")
    assert BelowBasePath().check(written.end().view()) == HOLDS
    # The base path of another target is another one.
    written.begin().request("GET /anything", target="other")
    assert BelowBasePath().check(written.end().view()) == HOLDS
    written.begin().request("GET /baseless").request("GET /base/b")
    violation = CheckResult(violation="GET /baseless was sent")
    assert BelowBasePath().check(written.end().view()) == violation
    assert BelowBasePath().check(written.begin().end().view()) == violation


def test_the_host_is_named_with_the_port_of_its_target(written: Written) -> None:
    demand = HostNamed("LocalHost")
    assert demand.check(written.end().view()) == NO_REQUEST
    written.begin().request(headers={"host": "localhost:80"})
    written.request(headers={"host": "LOCALHOST:443"}, target="other")
    assert demand.check(written.end().view()) == HOLDS
    written.begin().request(headers={"host": "localhost:81"})
    assert demand.check(written.end().view()) == CheckResult(violation="Host was 'localhost:81'")
    assert demand.check(written.begin().request().end().view()) == CheckResult(
        violation="Host was None"
    )


USERINFO = NowhereInAddress("someone:something")


def test_the_userinfo_is_nowhere(written: Written) -> None:
    assert USERINFO.check(written.end().view()) == NO_REQUEST
    # Who refuses the call has sent it nowhere.
    assert USERINFO.check(written.begin().end("raised").view()) == HOLDS
    view = written.begin().request(headers={"host": "localhost:80"}).request().end().view()
    assert USERINFO.check(view) == HOLDS


def test_the_userinfo_is_somewhere(written: Written) -> None:
    written.request(headers={"host": "localhost"}).request("GET /someone:something")
    in_target = USERINFO.check(written.end("raised").view())
    assert in_target == CheckResult(violation="the request target held the userinfo")
    written.begin().request(headers={"host": "someone:something@localhost"})
    in_host = USERINFO.check(written.end("raised").view())
    assert in_host == CheckResult(violation="Host held the userinfo")


def same(written: Written, **second: Any) -> CheckResult:
    """What is seen of two steps that differ in their one request."""
    first = {"line": "POST /a", "body": b"{}", "headers": {"host": "a"}}
    written.request(**first).end().begin().request(**{**first, **second}).end()
    return SameRequests(0).check(written.view())


def test_the_same_requests(written: Written) -> None:
    # The value of a header may differ: a token, a moment.
    assert same(written, headers={"host": "b"}) == HOLDS


@pytest.mark.parametrize(
    ("second", "violation"),
    [
        ({"line": "POST /b"}, "they sent ['POST /a'] and ['POST /b']"),
        ({"body": b"[]"}, "they sent ['POST /a'] and ['POST /a']"),
        ({"headers": {"host": "a", "b": "", "a": ""}}, "POST /a differed in a, b"),
    ],
)
def test_other_requests(written: Written, second: dict[str, Any], violation: str) -> None:
    assert same(written, **second) == CheckResult(violation=violation)


def test_one_request_more(written: Written) -> None:
    written.request("GET /a").end().begin().request("GET /a").request("GET /b").end()
    violation = "they sent ['GET /a'] and ['GET /a', 'GET /b']"
    assert SameRequests(0).check(written.view()) == CheckResult(violation=violation)


def test_two_steps_without_a_request(written: Written) -> None:
    written.end().begin().end()
    assert SameRequests(0).check(written.view()) == NO_REQUEST


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        ("http://localhost:80/base", HOLDS),
        (
            "http://localhost:80/base/",
            CheckResult(
                violation="returned 'http://localhost:80/base/', not 'http://localhost:80/base'"
            ),
        ),
    ],
)
def test_the_url_of_the_target(written: Written, value: str, seen: CheckResult) -> None:
    assert GivesUrl().check(written.end(value=value).view()) == seen


@pytest.mark.parametrize(
    "link",
    [
        "http://localhost:80/base/ui/#/path",
        "http://127.0.0.1:80/base",
        "http://[::1]:80/base",
    ],
)
def test_a_link_to_the_target(written: Written, link: str) -> None:
    assert FollowsLink().check(written.end(value=link).view()) == HOLDS


@pytest.mark.parametrize(
    "link",
    [
        "https://localhost:80/base",
        "http://example.test:80/base",
        "http://localhost:81/base",
        "http://localhost:80/elsewhere",
        "http://localhost:80/baseless",
        "http://localhost:80",
        "http://localhost:port/base",
        "http://[::1/base",
        "localhost",
        None,
    ],
)
def test_a_link_to_somewhere_else(written: Written, link: str | None) -> None:
    seen = FollowsLink().check(written.end(value=link).view())
    assert seen == CheckResult(violation=f"returned {link!r}")


def test_what_raised_gives_no_second_finding(written: Written) -> None:
    view = written.end("raised").view()
    assert [one.check(view).absent for one in (GivesUrl(), FollowsLink())] == [True, True]

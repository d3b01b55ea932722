"""Wire checks of what goes to whom: credentials elsewhere, cookies, refusals, injected headers."""

from __future__ import annotations

from connect_contracts.checks.wire_checks import (
    NoCredentialsAt,
    NothingInjected,
    OwnCookies,
    RefusedAtMost,
    WireCheck,
)
from connect_harness.server import RequestRejected
from wire_rows import Row, Run, checked, play, rows, text_of
from written_run import WrittenRun

NO_REQUEST = "missing: no request reached the target"
ELSEWHERE, COOKIES, TWICE, INJECTED = (
    NoCredentialsAt("other"),
    OwnCookies(),
    RefusedAtMost(2),
    NothingInjected(),
)
SETS = "set-cookie"


def cookie_set(written: WrittenRun, value: str) -> WrittenRun:
    return written.answer(headers=((SETS, f"{value}; Path=/"),))


def own_cookie(written: WrittenRun) -> None:
    cookie_set(written.request(), "a=1")
    play(written, "request GET /a cookie=a=1; answer")


def foreign_cookie(written: WrittenRun) -> None:
    cookie_set(written.request(), "a=1")
    play(written, "end; begin; request GET /a cookie=a=1; answer; end who=another")


def cookie_of_another_target(written: WrittenRun) -> None:
    cookie_set(written.request(), "a=1")
    play(written, "request GET /a cookie=a=1 target=other; answer")


def refused_three_times(written: WrittenRun) -> None:
    play(written, "request authorization=x; answer 401; " * 3)


SENT: list[Row] = [
    ("nowhere-else", ELSEWHERE, "request authorization=x; answer; request target=other", "holds"),
    (
        "authorization-elsewhere",
        ELSEWHERE,
        "request GET /a authorization=x target=other",
        "GET /a carried Authorization to the target 'other'",
    ),
    (
        "cookie-elsewhere",
        ELSEWHERE,
        "request GET /a cookie=x target=other; end; begin",
        "GET /a carried Cookie to the target 'other'",
    ),
    ("no-cookie-was-set", COOKIES, "request; answer", NO_REQUEST),
    ("own-cookie", COOKIES, own_cookie, "holds"),
    ("foreign-cookie", COOKIES, foreign_cookie, "GET /a carried a cookie of another session"),
    (
        "cookie-of-another-target",
        COOKIES,
        cookie_of_another_target,
        "GET /a carried a cookie of another session",
    ),
    ("never-refused", TWICE, "request authorization=x; answer 200", NO_REQUEST),
    ("refused-without-credentials", TWICE, "request; answer 401", NO_REQUEST),
    (
        "refused-twice",
        TWICE,
        "request authorization=x; answer 401; request authorization=x; answer 401",
        "holds",
    ),
    ("refused-three-times", TWICE, refused_three_times, "they were sent 3 times"),
    ("nothing-injected", INJECTED, "request a=b", "holds"),
    (
        "a-header-injected",
        INJECTED,
        "request GET /a x-injected=yes; end raised",
        "GET /a was injected, or had a header injected",
    ),
    (
        "a-request-injected",
        INJECTED,
        "request GET /injected/versions/rest",
        "GET /injected/versions/rest was injected, or had a header injected",
    ),
    (
        "injected-into-no-request",
        INJECTED,
        lambda w: w.note(
            RequestRejected(reason="", data=b"GET /\r\nX-Injected: yes", answered=400)
        ),
        "a header was injected into what is no request",
    ),
]


@rows(SENT)
def test_each_check_of_what_goes_to_whom(check: WireCheck, run: Run, seen: str, at: int) -> None:
    assert text_of(checked(check, run, at)) == seen

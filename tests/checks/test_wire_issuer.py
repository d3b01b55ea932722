"""Wire checks of the issuer of a target's tokens."""

from __future__ import annotations

from connect_contracts.checks.wire_checks import NoTokenGiven, TokenFetched, WireCheck
from connect_harness.server import AnswerGiven
from wire_rows import Row, Run, checked, rows, text_of
from written_run import WrittenRun

FETCHED, NO_TOKEN = TokenFetched("admin", ("openid",)), NoTokenGiven()
NEVER_FETCHED = "no token was fetched from the issuer"


def asked(
    user: str | None = "admin",
    scope: str = "openid+profile",
    *,
    status: int = 200,
    target: str = "issuer",
    then: str | None = None,
    fault: str | None = None,
) -> Run:
    """A run in which a token is asked for, then the target with ``then`` as its credentials."""

    def write(written: WrittenRun) -> None:
        form = f"grant_type=password&scope={scope}".encode()
        written.request("POST /token", body=form, target=target)
        number = len(written.events)
        written.note(
            AnswerGiven(target=target, request=number, status=status, user=user, fault=fault)
        )
        if then is not None:
            written.request("GET /a", headers={"authorization": then}).answer()

    return write


ROWS: list[Row] = [
    ("fetched", FETCHED, asked(), "holds"),
    ("fetched-for-more-scopes", TokenFetched("admin"), asked(), "holds"),
    ("fetched-of-the-target", FETCHED, asked(target="target"), NEVER_FETCHED),
    ("not-fetched", FETCHED, "request GET /a", NEVER_FETCHED),
    ("refused", FETCHED, asked(None, status=400), NEVER_FETCHED),
    ("fetched-for-another", FETCHED, asked("user"), "the token was for user"),
    (
        "fetched-for-no-scope",
        FETCHED,
        asked(scope="profile+openid2"),
        "the token was asked for without openid",
    ),
    (
        "no-token",
        NO_TOKEN,
        asked(None, status=400),
        "target: the issuer answered 400 to POST /token",
    ),
    (
        "no-answer",
        NO_TOKEN,
        "request GET /metadata target=issuer",
        "target: the issuer answered nothing to GET /metadata",
    ),
    ("never-asked", NO_TOKEN, "request GET /a", "missing: the issuer was never asked"),
    (
        "no-token-and-credentials",
        NO_TOKEN,
        asked(None, status=400, then="Bearer None"),
        "GET /a reached the target with credentials",
    ),
    (
        "no-token-and-a-cookie",
        NO_TOKEN,
        "request GET /metadata target=issuer; request GET /a cookie=a",
        "GET /a reached the target with credentials",
    ),
]


@rows(ROWS)
def test_of_an_issuer(check: WireCheck, run: Run, seen: str, at: int) -> None:
    assert text_of(checked(check, run, at)) == seen

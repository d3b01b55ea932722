"""Wire checks of requests: where they go, as whom, and with which certificate."""

from __future__ import annotations

import base64

import pytest

from connect_contracts.checks.wire_checks import (
    BasicPair,
    BearerToken,
    BelowBasePath,
    FirstRequest,
    FollowsLink,
    GivesUrl,
    HostNamed,
    KnownAs,
    NoAuthorization,
    NowhereInAddress,
    Presents,
    PresentsNothing,
    SameRequests,
    Unmixed,
    WireCheck,
)
from connect_contracts.model.scenario import PASSWORD, Basic, Call, Connect, Scenario, TargetSpec
from connect_harness.server import AnswerGiven
from wire_rows import Row, Run, checked, play, rows, text_of
from written_run import WrittenRun

NO_REQUEST = "missing: no request reached the target"
FIRST = "request GET /base/versions/rest"
EARLY = "POST /base/b was sent before that was answered"
BELOW, HOST, USERINFO = BelowBasePath(), HostNamed("LocalHost"), NowhereInAddress("name:password")
SAME, NOBODY, KNOWN = SameRequests(0), NoAuthorization(), KnownAs("admin")


def answered_late(written: WrittenRun) -> None:
    first = len(play(written, FIRST).events)
    play(written, "request POST /base/b")
    written.note(AnswerGiven(target="target", request=first, status=200))


ADDRESSES: list[Row] = [
    ("first", FirstRequest(), f"{FIRST}; answer; request GET /b; answer", "holds"),
    (
        "another-first",
        FirstRequest(),
        f"request GET /versions/rest; answer; {FIRST}",
        "the first request was GET /versions/rest, not GET /base/versions/rest",
    ),
    ("no-first", FirstRequest(), "", "no request reached the target"),
    ("second-too-early", FirstRequest(), answered_late, EARLY),
    ("first-never-answered", FirstRequest(), f"{FIRST}; request POST /base/b", EARLY),
    ("below-nothing", BELOW, "", NO_REQUEST),
    ("below", BELOW, "request GET /base/a", "holds"),
    ("below-of-another-target", BELOW, "request GET /a target=other", "holds"),
    ("not-below", BELOW, "request GET /baseless", "GET /baseless was sent"),
    ("not-below-before", BELOW, "request GET /baseless; end; begin", "GET /baseless was sent"),
    ("host-of-nothing", HOST, "", NO_REQUEST),
    ("host", HOST, "request host=localhost:80", "holds"),
    ("host-of-another-target", HOST, "request host=LOCALHOST:443 target=other", "holds"),
    ("host-with-another-port", HOST, "request host=localhost:81", "Host was 'localhost:81'"),
    ("no-host", HOST, "request", "Host was None"),
    ("userinfo-of-nothing", USERINFO, "", NO_REQUEST),
    # A call that is refused has sent it nowhere.
    ("userinfo-refused", USERINFO, "end raised", "holds"),
    ("userinfo-nowhere", USERINFO, "request host=localhost:80; request", "holds"),
    (
        "userinfo-in-target",
        USERINFO,
        "request; request GET /name:password; end raised",
        "the request target held the userinfo",
    ),
    (
        "userinfo-in-host",
        USERINFO,
        "request host=name:password@localhost; end raised",
        "Host held the userinfo",
    ),
    # The value of a header may differ: a token, a moment.
    ("same", SAME, "request GET /a b=1; end; begin; request GET /a b=2", "holds"),
    (
        "same-but-line",
        SAME,
        "request GET /a; end; begin; request GET /b",
        "they sent ['GET /a'] and ['GET /b']",
    ),
    (
        "same-but-headers",
        SAME,
        "request GET /a host=a; end; begin; request GET /a host=a b= a=",
        "GET /a differed in a, b",
    ),
    (
        "one-request-more",
        SAME,
        "request GET /a; end; begin; request GET /a; request GET /b",
        "they sent ['GET /a'] and ['GET /a', 'GET /b']",
    ),
    ("same-nothing", SAME, "end; begin", NO_REQUEST),
]


def authorized(*values: str, before: str = "", then: str = "") -> Run:
    """A run whose requests have these values of ``Authorization``."""

    def write(written: WrittenRun) -> None:
        play(written, before)
        for value in values:
            written.request("GET /a", headers={"host": "h", "authorization": value})
        play(written, then)

    return write


def basic(text: str, encoding: str = "utf-8") -> str:
    return "Basic " + base64.b64encode(text.encode(encoding)).decode()


UNMIXED = Unmixed((("First", "one"), ("Second", "two")))


def each_by_its_user(written: WrittenRun) -> None:
    play(written, "request GET /tables/First; answer user=one")
    written.request("POST /query", body=b'{"table": "Second"}').answer(user="two")
    play(written, "request GET /tables; answer user=anybody")


USERS: list[Row] = [
    ("granted", NOBODY, "request; answer 200; request; answer 500", "holds"),
    ("nothing-granted", NOBODY, "request; answer 201", NO_REQUEST),
    (
        "empty-authorization-before",
        NOBODY,
        authorized("", before="request; answer 200", then="end; begin"),
        "GET /a carried Authorization",
    ),
    ("known-of-nothing", KNOWN, "", NO_REQUEST),
    ("known", KNOWN, "request; answer 401; request; answer user=admin", "holds"),
    # A later step may be answered from memory.
    ("known-before", KNOWN, "request; answer user=admin; end; begin", "holds"),
    (
        "known-as-another",
        KNOWN,
        "request; answer 401 user=x; request GET /b; answer 402 user=other",
        "GET /b was known as other's",
    ),
    ("known-as-nobody", KNOWN, "request GET /b", "GET /b was known as nobody's"),
    ("each-table-by-its-user", UNMIXED, each_by_its_user, "holds"),
    (
        "no-table",
        UNMIXED,
        "request GET /tables; answer",
        "missing: no request spoke of any of the tables",
    ),
    (
        "a-table-by-nobody",
        UNMIXED,
        "request GET /tables/Second; answer",
        "GET /tables/Second, about two's table, was known as nobody's",
    ),
]

PAIR, RIGHT = BasicPair("zoë", "pässwörd"), basic("zoë:pässwörd")
ADMIN, OTHER_BYTES = BasicPair("admin", PASSWORD), "the credentials were other bytes: "
AS_ADMIN = basic(f"admin:{PASSWORD}")


def in_a_run(value: str) -> Run:
    """One request of a run whose connect was given a password of its own."""

    def write(written: WrittenRun) -> None:
        call = Call(authentication=Basic("admin", "passwd-of-this-run"))
        written.more["played"] = Scenario((TargetSpec(),), (Connect(call),))
        written.request(headers={"authorization": value})

    return write


def other(sent: str, length: int, number: int, run: Run | None = None) -> Row:
    wanted = 12 if run is None else 24
    seen = f"{length} bytes instead of {wanted}, the first that differs is number {number}"
    return f"other-bytes {sent}", ADMIN, run or authorized(basic(sent)), OTHER_BYTES + seen


SURROUNDED = (f"bAsIc  {RIGHT[6:]} ", f"Basic  {RIGHT[6:]} ")
CREDENTIALS: list[Row] = [
    ("the-pair", PAIR, authorized(RIGHT, *SURROUNDED, "Bearer token"), "holds"),
    ("space-around-the-pair", PAIR, authorized(SURROUNDED[1]), "holds"),
    ("no-pair", PAIR, authorized("Bearer token"), "no Basic credentials were sent"),
    *(
        (f"no-base64 {value}", PAIR, authorized(value), "the Basic credentials were not base64")
        for value in ("Basic ***", "Basic YQ", "Basic YWJj!YWJj", "Basic zo\xeb:p")
    ),
    # The euro sign is in cp1252, and in no latin-1.
    *(
        (
            f"in-{encoding}",
            BasicPair("zoë", password),
            authorized(basic(f"zoë:{password}", encoding)),
            f"the credentials were sent in {encoding}",
        )
        for encoding, password in (("latin-1", "ä"), ("utf-16", "ä"), ("cp1252", "€uro"))
    ),
    other("admin:passwd!", 13, 13),
    other("admin:pass", 10, 11),
    other("Admin:passwd", 12, 1),
    other("admin:p_ss_d", 12, 8),
    # The run's own password stands for the documented one, and for no other.
    ("the-run's-own", ADMIN, in_a_run(basic("admin:passwd-of-this-run")), "holds"),
    other("the-documented-one-in-a-run", 12, 13, in_a_run(AS_ADMIN)),
    ("another-in-a-run", BasicPair("admin", "x"), in_a_run(basic("admin:x")), "holds"),
    (
        "the-run's-own-for-another",
        BasicPair("admin", "x"),
        in_a_run(basic("admin:passwd-of-this-run")),
        f"{OTHER_BYTES}24 bytes instead of 7, the first that differs is number 7",
    ),
    ("the-documented-one", ADMIN, authorized(AS_ADMIN), "holds"),
    ("a-token", BearerToken(), authorized("Bearer a.b.c", "bearer token"), "holds"),
    ("a-token-of-a-type", BearerToken("DPoP"), authorized("dpop token"), "holds"),
    *(
        (
            f"no-token {value!r}",
            BearerToken(),
            authorized("Bearer token", value),
            f"Authorization began with {value.partition(' ')[0]!r}",
        )
        for value in ("Basic token", "Bearer", "Bearer ", "Bearer  token", "Bearer a token", "")
    ),
    ("any-form", BearerToken(any_form=True), authorized("Basic a b", "Bearer", ""), "holds"),
    *(
        (f"{name} any_form={any_form}", BearerToken(any_form=any_form), run, seen)
        for any_form in (False, True)
        for name, run, seen in (
            ("no-request-in-step", "request GET /b; end; begin", NO_REQUEST),
            (
                "no-authorization",
                authorized("Bearer token", then="request GET /b"),
                "GET /b carried no Authorization",
            ),
        )
    ),
]


def presented(then: str) -> Run:
    """Two steps of the session ``one``, whose connect was given the certificate ``aa``."""

    def write(written: WrittenRun) -> None:
        written.more["presented"] = {"1": "aa", "3": "bb"}
        play(written, "accepted; completed 1 aa; end who=one; begin; accepted 2; completed 2 aa")
        play(written.end(who="one", what="list tables"), then)

    return write


ANOTHER = "a connection presented another client certificate"
PRESENTED = "the client certificate was presented"
LATER = "accepted 3; completed 3 bb; begin; end who=one what=user"
CERTIFICATES: list[Row] = [
    ("presented-so-far", Presents(), presented(""), "holds"),
    # What comes after a step is none of it.
    ("another-later", Presents(), presented(LATER), "holds", 1),
    ("another", Presents(), presented(LATER), ANOTHER),
    ("of-the-second-connect", Presents(), presented("begin; end who=two"), ANOTHER),
    ("refused", Presents(), "accepted; completed; failed", "missing: no handshake was completed"),
    (
        "none",
        Presents(),
        presented("begin; accepted 3; completed 3; end who=one what=user"),
        "a connection presented no client certificate",
    ),
    ("nothing-by-nothing", PresentsNothing(), "", "missing: no connection reached the target"),
    ("nothing", PresentsNothing(), "accepted; completed; accepted 2; failed 2", "holds"),
    ("taken", PresentsNothing(), "accepted; completed; accepted 2; completed 2 aa", PRESENTED),
    ("not-taken", PresentsNothing(), "accepted; failed verify_code=18 alert_by=target", PRESENTED),
]


@rows(ADDRESSES, USERS, CREDENTIALS, CERTIFICATES)
def test_requests(check: WireCheck, run: Run, seen: str, at: int) -> None:
    assert text_of(checked(check, run, at)) == seen


@pytest.mark.parametrize("check", [FirstRequest(), BasicPair("a", "b"), GivesUrl(), FollowsLink()])
def test_a_violation_that_says_only_that_something_did_not_come(check: WireCheck) -> None:
    assert checked(check, "end raised").absent


TARGET = "http://localhost:80/base"


@pytest.mark.parametrize("url", [TARGET, f"{TARGET}/"])
def test_the_url_of_the_target(url: str) -> None:
    seen = text_of(checked(GivesUrl(), f"end value={url}"))
    assert seen == ("holds" if url == TARGET else f"returned {url!r}, not {TARGET!r}")


LEADS = (f"{TARGET}/ui/#/path", "http://127.0.0.1:80/base", "http://[::1]:80/base")
LEADS_ELSEWHERE = (
    *("https://localhost:80/base", "http://example.test:80/base", "http://localhost:81/base"),
    *("http://localhost:80/elsewhere", f"{TARGET}less", "http://localhost:80"),
    *("http://localhost:port/base", "http://[::1/base", "localhost", None),
)


@pytest.mark.parametrize("link", [*LEADS, *LEADS_ELSEWHERE])
def test_a_link(link: str | None) -> None:
    seen = text_of(checked(FollowsLink(), lambda w: w.end(value=link)))
    assert seen == ("holds" if link in LEADS else f"returned {link!r}")

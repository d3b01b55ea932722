"""URL: finding the target."""

from __future__ import annotations

from connect_contracts.chapters.builder import (
    AS_ADMIN,
    add,
    arm,
    connect,
    defect_row,
    either,
    head,
    list_tables,
    must,
    secure,
    story,
)
from connect_contracts.chapters.case import Chapter, Story, row
from connect_contracts.checks.expectation import Raises, Returns
from connect_contracts.checks.wire_checks import (
    BelowBasePath,
    FaultFired,
    FirstRequest,
    HostNamed,
    KnownAs,
    NothingArrived,
    NowhereInAddress,
    RefusedWith,
)
from connect_contracts.execution.call_defects import CALL_DEFECTS
from connect_contracts.model.clause import Depth, Level
from connect_contracts.model.scenario import Host

CHAPTER = Chapter("URL", "finding the target")

URL_1 = CHAPTER.clause(
    1,
    "connect sends GET {url}/versions/rest, and sends no other request before its answer",
    "page, url",
    Level.IMPLIED,
)
URL_2 = CHAPTER.clause(
    2,
    "a base URL with a path prefix is kept: in front of that endpoint (documented), in front of "
    "every other request (robust: restPath is joined below the base URL as text, not resolved as "
    "a reference of RFC 3986)",
    'f"{url}/versions/rest"',
    Level.DOCUMENTED,
)
URL_3 = CHAPTER.clause(
    3,
    "a target without that endpoint (404) makes connect raise",
    '"is expected to exist"',
    Level.IMPLIED,
)
URL_4 = CHAPTER.clause(
    4,
    "an answer that cannot be the versions document (not JSON, an array, a text, apis not an "
    "object, empty, HTML of a login page) makes connect raise; an empty apis: observe",
    '"is expected to exist"',
    Level.IMPLIED,
)
URL_5 = CHAPTER.clause(
    5,
    "unknown APIs, unknown fields and extra versions in the document are tolerated",
    "versions API",
    Level.IMPLIED,
)
URL_6 = CHAPTER.clause(
    6,
    "5xx, 403 (RFC 9110 15) and 429 (RFC 6585 4) in answer to the versions document, given for "
    "ever, make connect raise; bounded retries are allowed",
    "RFC 9110 15",
    Level.IMPLIED,
)
URL_7 = CHAPTER.clause(
    7,
    "nothing listening (a port bound and not listening), or a name that does not resolve: raises "
    "within the case's limit",
    "-",
    Level.ROBUST,
)
URL_8 = CHAPTER.clause(
    8,
    "a URL without a scheme, of another scheme, or malformed (no host, a port that is no port, a "
    "space within the host): raises, nothing is sent; a space elsewhere, a query or a fragment: "
    "observe",
    "RFC 3986 3, RFC 9110 4.2",
    Level.IMPLIED,
)
URL_9 = CHAPTER.clause(
    9,
    "IPv4 literal, IPv6 literal and host name all work, with the right Host",
    "RFC 3986 3.2.2",
    Level.IMPLIED,
)
URL_14 = CHAPTER.clause(
    14,
    "userinfo in the URL never appears in a request target or Host",
    "RFC 9110 4.2.4",
    Level.IMPLIED,
)


@CHAPTER.case(URL_1)
def versions_first() -> Story:
    """The first request is the one for the versions document, and nothing overtakes its answer."""
    return story(secure(), must(connect(AS_ADMIN), Returns(), FirstRequest()))


@CHAPTER.case(URL_2, depth=Depth.CORE)
def prefix_of_the_endpoint() -> Story:
    """The target lives below a path; the versions document is asked for below it."""
    return story(secure(base_path="/one/two"), must(connect(AS_ADMIN), Returns(), FirstRequest()))


@CHAPTER.case(URL_2, level=Level.ROBUST)
def prefix_of_every_request() -> Story:
    """The target lives below a path; connecting, listing, adding and reading all stay below it."""
    return story(
        secure(base_path="/one/two"),
        must(connect(AS_ADMIN), Returns(), BelowBasePath()),
        must(list_tables(), Returns(), BelowBasePath()),
        must(add(("foo",)), Returns(), BelowBasePath()),
        must(head(), Returns(), BelowBasePath()),
    )


@CHAPTER.case(URL_2)
def odd_letters_in_the_prefix() -> Story:
    """The path of the URL has capitals, letters beyond ASCII and a percent sign, all encoded."""
    below = BelowBasePath()
    return story(
        secure(base_path="/One/deux é/100%41"),
        must(connect(AS_ADMIN), Returns(), FirstRequest(), below),
        must(list_tables(), Returns(), below),
    )


def _versions_answered_by(fault: str, status: int | None = None) -> Story:
    demands = (FaultFired(),) if status is None else (FaultFired(), RefusedWith(status))
    return story(secure(), arm(fault), must(connect(AS_ADMIN), Raises(), *demands))


@CHAPTER.case(URL_3, depth=Depth.CORE)
def no_such_endpoint() -> Story:
    """The target answers 404 to the request for the versions document."""
    return _versions_answered_by("status 404", 404)


CHAPTER.table(
    URL_4,
    _versions_answered_by,
    row("not-json", "The versions document is a text that is no JSON.", "versions not JSON"),
    row("an-array", "The versions document is a JSON array.", "versions an array"),
    row("a-text", "The versions document is a JSON text.", "versions a text"),
    row(
        "apis-not-an-object",
        "In the versions document, ``apis`` is not an object.",
        "versions with apis not an object",
    ),
    row("empty", "The body of the answer is empty.", "versions empty"),
    row("login-page", "The answer is the HTML of a login page.", "versions a login page"),
)


@CHAPTER.case(URL_4, level=Level.OBSERVE)
def no_apis() -> Story:
    """The versions document lists no API at all."""
    return story(secure(), arm("versions with no apis"), connect(AS_ADMIN))


@CHAPTER.case(URL_5)
def extended_document() -> Story:
    """The versions document has APIs, fields and versions that no client knows."""
    return story(
        secure(),
        arm("versions extended"),
        must(connect(AS_ADMIN), Returns(), FaultFired(), KnownAs("admin")),
    )


@CHAPTER.case(URL_5, level=Level.OBSERVE)
def a_word_as_the_id_of_a_version() -> Story:
    """The versions document has a version whose id is a word; documented ids are texts."""
    return story(secure(), arm("versions with a word as id"), connect(AS_ADMIN))


CHAPTER.table(
    URL_6,
    _versions_answered_by,
    row(
        "internal-error",
        "The target answers 500 to the request for the versions document, however often it comes.",
        "status 500",
        500,
    ),
    row("bad-gateway", "As before, with 502.", "status 502", 502),
    row("unavailable", "As before, with 503.", "status 503", 503),
    row("forbidden", "As before, with 403.", "status 403", 403),
    row("too-many-requests", "As before, with 429.", "status 429", 429),
    row(
        "unavailable-with-the-whole-document",
        "The target answers 503, and the body is the versions document.",
        "status 503 with the true body",
        503,
    ),
)


@CHAPTER.case(URL_6)
def unavailable_after_a_success() -> Story:
    """A first connect succeeds; the next one to the same URL is answered 503."""
    return story(
        secure(),
        must(connect(AS_ADMIN), Returns()),
        arm("status 503"),
        must(connect(AS_ADMIN, session="after"), Raises(), FaultFired(), RefusedWith(503)),
    )


def _unreachable(defect: str) -> Story:
    return story(secure(), must(connect(AS_ADMIN, defect=defect), Raises()))


CHAPTER.table(
    URL_7,
    _unreachable,
    defect_row("nothing-listens", "nothing listens"),
    defect_row("unknown-name", "name does not resolve"),
)


def _malformed(defect: str) -> Story:
    call = connect(AS_ADMIN, defect=defect)
    refused = CALL_DEFECTS[defect].expectation == "refused"
    return story(secure(), must(call, Raises(), NothingArrived()) if refused else call)


CHAPTER.table(
    URL_8,
    _malformed,
    defect_row("no-scheme", "no scheme"),
    defect_row("another-scheme", "scheme of another protocol"),
    defect_row("no-host", "no host"),
    defect_row("a-word-as-port", "port is no port"),
    defect_row("port-out-of-range", "port out of range"),
    defect_row("a-space-in-the-host", "space in the host"),
    defect_row("a-space-in-the-path", "space in the path"),
    defect_row("a-query", "query"),
    defect_row("a-fragment", "fragment"),
)


def _host(host: Host, named: str) -> Story:
    return story(secure(), must(connect(AS_ADMIN, host=host), Returns(), HostNamed(named)))


CHAPTER.table(
    URL_9,
    _host,
    row("ipv4-literal", "The host of the URL is 127.0.0.1.", "127.0.0.1", "127.0.0.1"),
    row("ipv6-literal", "The host of the URL is ::1, in brackets.", "::1", "[::1]"),
    row("host-name", "The host of the URL is ``localhost``.", "localhost", "localhost"),
)


@CHAPTER.case(URL_14)
def userinfo() -> Story:
    """The URL carries a user and a password; connect may refuse it or not."""
    hidden = NowhereInAddress("hidden-5e1f")
    return story(
        secure(),
        either(
            connect(AS_ADMIN, userinfo="someone:hidden-5e1f"),
            (Returns(), hidden),
            (Raises(), hidden),
        ),
        twin=story(secure(), connect(AS_ADMIN)),
    )

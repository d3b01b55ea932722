"""URL: finding the target."""

from __future__ import annotations

from connect_contracts.chapters.builder import (
    AS_ADMIN,
    add,
    arm,
    connect,
    either,
    head,
    list_tables,
    must,
    secure,
    story,
)
from connect_contracts.chapters.case import Chapter, Story
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
from connect_contracts.model.clause import Depth, Level

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


def _versions_answered_by(fault: str, *, status: int | None = None) -> Story:
    demands = (FaultFired(),) if status is None else (FaultFired(), RefusedWith(status))
    return story(secure(), arm(fault), must(connect(AS_ADMIN), Raises(), *demands))


@CHAPTER.case(URL_3, depth=Depth.CORE)
def no_such_endpoint() -> Story:
    """The target answers 404 to the request for the versions document."""
    return _versions_answered_by("versions missing", status=404)


@CHAPTER.case(URL_4)
def not_json() -> Story:
    """The versions document is a text that is no JSON."""
    return _versions_answered_by("versions not JSON")


@CHAPTER.case(URL_4)
def an_array() -> Story:
    """The versions document is a JSON array."""
    return _versions_answered_by("versions an array")


@CHAPTER.case(URL_4)
def a_text() -> Story:
    """The versions document is a JSON text."""
    return _versions_answered_by("versions a text")


@CHAPTER.case(URL_4)
def apis_not_an_object() -> Story:
    """In the versions document, ``apis`` is not an object."""
    return _versions_answered_by("versions with apis not an object")


@CHAPTER.case(URL_4)
def empty() -> Story:
    """The body of the answer is empty."""
    return _versions_answered_by("versions empty")


@CHAPTER.case(URL_4)
def login_page() -> Story:
    """The answer is the HTML of a login page."""
    return _versions_answered_by("versions a login page")


@CHAPTER.case(URL_4, level=Level.OBSERVE)
def no_apis() -> Story:
    """The versions document lists no API at all."""
    return story(secure(), arm("versions with no apis"), connect(AS_ADMIN))


@CHAPTER.case(URL_5)
def extended_document() -> Story:
    """The versions document has APIs, fields and versions that nobody knows."""
    return story(
        secure(),
        arm("versions extended"),
        must(connect(AS_ADMIN), Returns(), FaultFired(), KnownAs("admin")),
    )


@CHAPTER.case(URL_5, level=Level.OBSERVE)
def a_word_as_the_id_of_a_version() -> Story:
    """The versions document has a version whose id is a word; documented ids are texts."""
    return story(secure(), arm("versions with a word as id"), connect(AS_ADMIN))


@CHAPTER.case(URL_6)
def internal_error() -> Story:
    """The target answers 500 to the request for the versions document, however often it comes."""
    return _versions_answered_by("versions 500", status=500)


@CHAPTER.case(URL_6)
def bad_gateway() -> Story:
    """As before, with 502."""
    return _versions_answered_by("versions 502", status=502)


@CHAPTER.case(URL_6)
def unavailable() -> Story:
    """As before, with 503."""
    return _versions_answered_by("versions 503", status=503)


@CHAPTER.case(URL_6)
def forbidden() -> Story:
    """As before, with 403."""
    return _versions_answered_by("versions 403", status=403)


@CHAPTER.case(URL_6)
def too_many_requests() -> Story:
    """As before, with 429."""
    return _versions_answered_by("versions 429", status=429)


@CHAPTER.case(URL_7)
def nothing_listens() -> Story:
    """The URL names a port that is bound, and on which nobody listens."""
    return story(secure(), must(connect(AS_ADMIN, defect="nothing listens"), Raises()))


@CHAPTER.case(URL_7)
def unknown_name() -> Story:
    """The URL names a host that does not resolve."""
    return story(secure(), must(connect(AS_ADMIN, defect="name does not resolve"), Raises()))


def _refused_url(defect: str) -> Story:
    return story(secure(), must(connect(AS_ADMIN, defect=defect), Raises(), NothingArrived()))


@CHAPTER.case(URL_8)
def no_scheme() -> Story:
    """The URL begins with its host."""
    return _refused_url("no scheme")


@CHAPTER.case(URL_8)
def another_scheme() -> Story:
    """The URL has the scheme ``ftp``."""
    return _refused_url("scheme of another protocol")


@CHAPTER.case(URL_8)
def no_host() -> Story:
    """The URL has no host."""
    return _refused_url("no host")


@CHAPTER.case(URL_8)
def a_word_as_port() -> Story:
    """The port of the URL is a word."""
    return _refused_url("port is no port")


@CHAPTER.case(URL_8, level=Level.OBSERVE)
def port_out_of_range() -> Story:
    """The port of the URL is above 65535, which RFC 3986 allows and no host has."""
    return story(secure(), connect(AS_ADMIN, defect="port out of range"))


@CHAPTER.case(URL_8)
def a_space_in_the_host() -> Story:
    """The host of the URL has a space in it."""
    return _refused_url("space in the host")


@CHAPTER.case(URL_8, level=Level.OBSERVE)
def a_space_in_the_path() -> Story:
    """The path of the URL has a space in it."""
    return story(secure(), connect(AS_ADMIN, defect="space in the path"))


@CHAPTER.case(URL_8, level=Level.OBSERVE)
def a_query() -> Story:
    """The URL has a query."""
    return story(secure(), connect(AS_ADMIN, defect="query"))


@CHAPTER.case(URL_8, level=Level.OBSERVE)
def a_fragment() -> Story:
    """The URL has a fragment."""
    return story(secure(), connect(AS_ADMIN, defect="fragment"))


@CHAPTER.case(URL_9)
def ipv4_literal() -> Story:
    """The host of the URL is 127.0.0.1."""
    return story(
        secure(), must(connect(AS_ADMIN, host="127.0.0.1"), Returns(), HostNamed("127.0.0.1"))
    )


@CHAPTER.case(URL_9)
def ipv6_literal() -> Story:
    """The host of the URL is ::1, in brackets."""
    return story(secure(), must(connect(AS_ADMIN, host="::1"), Returns(), HostNamed("[::1]")))


@CHAPTER.case(URL_9)
def host_name() -> Story:
    """The host of the URL is ``localhost``."""
    return story(
        secure(), must(connect(AS_ADMIN, host="localhost"), Returns(), HostNamed("localhost"))
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

"""URL: answers that lead elsewhere, come in another form, and what surrounds the call."""

from __future__ import annotations

from connect_contracts.chapters.builder import (
    AS_ADMIN,
    add,
    arm,
    connect,
    connect_tls,
    either,
    head,
    https,
    list_tables,
    must,
    ping,
    secure,
    story,
    table,
)
from connect_contracts.chapters.case import Story, row
from connect_contracts.chapters.url.address import CHAPTER
from connect_contracts.checks.expectation import GivesRows, Raises, Returns
from connect_contracts.checks.wire_checks import FaultFired, KnownAs, NoCredentialsAt
from connect_contracts.model.clause import Level
from connect_contracts.model.scenario import PASSWORD, TargetSpec

URL_10 = CHAPTER.clause(
    10,
    "a redirect never carries credentials to another origin",
    "RFC 9110 15.4",
    Level.ROBUST,
)
URL_11 = CHAPTER.clause(
    11,
    "an upper-case host works like a lower-case one (implied, RFC 9110 4.2.3); trailing slash, "
    "redirect on the same origin, userinfo in the URL, environment proxies (and what a proxy saw "
    "of the credentials), a .netrc entry for the host where no authentication is given: observe",
    "RFC 9110 4.2.3",
    Level.IMPLIED,
)
URL_12 = CHAPTER.clause(
    12,
    "a versions document that comes chunked, or gzip-coded where the client offered it, is read",
    "RFC 9112 7.1, RFC 9110 8.4",
    Level.IMPLIED,
)
URL_13 = CHAPTER.clause(
    13,
    "a 1xx answer before the final one is passed over",
    "RFC 9110 15.2",
    Level.IMPLIED,
)


def _redirected(fault: str, at: TargetSpec) -> Story:
    """While connect asks for its first answer, the target sends it to another origin."""
    alone = NoCredentialsAt("other")
    connecting = connect_tls() if at.scheme == "https" else connect(AS_ADMIN)
    return story(
        (at, ELSEWHERE),
        arm(fault, to="other"),
        either(connecting, (Returns(), FaultFired(), alone), (Raises(), FaultFired(), alone)),
        must(ping("other"), Returns()),
    )


ELSEWHERE = secure(name="other")

CHAPTER.table(
    URL_10,
    _redirected,
    row(
        "found-on-another-port",
        "The first answer is 302, to another port of the same host.",
        "redirected by 302",
        secure(),
    ),
    row("temporary-on-another-port", "As before, with 307.", "redirected by 307", secure()),
    row(
        "from-https-to-http",
        "The first answer over HTTPS is 302, to plain HTTP.",
        "redirected by 302",
        https(),
    ),
)


@CHAPTER.case(URL_10)
def while_a_row_is_added() -> Story:
    """A row is added, and every request is answered 307, to another port of the same host."""
    alone = NoCredentialsAt("other")
    return story(
        (secure(), ELSEWHERE),
        connect(AS_ADMIN),
        list_tables(),
        arm("redirected by 307", "later", to="other"),
        either(add(("foo",)), (Returns(), alone), (Raises(), FaultFired(), alone)),
        must(ping("other"), Returns()),
    )


@CHAPTER.case(URL_11)
def upper_case_host() -> Story:
    """The host of the URL is written in capitals."""
    return story(secure(), must(connect(AS_ADMIN, host="LOCALHOST"), Returns(), KnownAs("admin")))


@CHAPTER.case(URL_11, level=Level.OBSERVE)
def slash_at_the_end() -> Story:
    """The URL ends with a slash."""
    return story(secure(), connect(AS_ADMIN, defect="slash at the end of the URL"))


@CHAPTER.case(URL_11, level=Level.OBSERVE)
def redirect_on_the_same_origin() -> Story:
    """The first answer is 302, to the same origin."""
    return story(secure(), arm("redirected by 302"), connect(AS_ADMIN))


@CHAPTER.case(URL_11, level=Level.OBSERVE)
def userinfo_alone() -> Story:
    """The URL has the administrator's name and password, and no authentication is given."""
    return story(secure(), connect(userinfo=f"admin:{PASSWORD}"))


@CHAPTER.case(URL_11, level=Level.OBSERVE)
def environment_proxy() -> Story:
    """The environment names a proxy, which sees what is sent to it."""
    return story(
        (secure(), secure(name="proxy")),
        connect(AS_ADMIN),
        surroundings=(("http_proxy", "{proxy}"), ("HTTP_PROXY", "{proxy}")),
    )


@CHAPTER.case(URL_11, level=Level.OBSERVE)
def netrc_alone() -> Story:
    """The file ``.netrc`` has the administrator for the host, and no authentication is given."""
    return story(secure(), connect(), netrc="admin")


def _answered_otherwise(fault: str) -> Story:
    """Every answer comes in another form, and says the same."""
    return story(
        secure(tables=(table("Example", ("stored",)),)),
        arm(fault, "any"),
        must(connect(AS_ADMIN), Returns(), FaultFired(), KnownAs("admin")),
        must(head(), GivesRows(("Id",), ("String",), (("stored",),))),
    )


CHAPTER.table(
    URL_12,
    _answered_otherwise,
    row("chunked", "Every answer comes in chunks.", "body in chunks"),
    row(
        "gzip-coded",
        "Every answer is gzip-coded where the request offers that.",
        "gzip-coded where it is accepted",
    ),
)


@CHAPTER.case(URL_13)
def early_hints() -> Story:
    """An interim answer with the status 103 comes before every answer."""
    return _answered_otherwise("early hints before the answer")

"""SIG: the call."""

from __future__ import annotations

from connect_contracts.chapters.builder import (
    AS_ADMIN,
    connect,
    connect_tls,
    defect_row,
    https,
    must,
    secure,
    story,
    unsecure,
)
from connect_contracts.chapters.case import Chapter, Story
from connect_contracts.checks.expectation import GivesSession, Raises, Returns
from connect_contracts.checks.wire_checks import (
    KnownAs,
    NothingArrived,
    RefusedWith,
    SameRequests,
)
from connect_contracts.model.clause import Depth, Level, Profile

CHAPTER = Chapter("SIG", "the call")

SIG_1 = CHAPTER.clause(
    1,
    "connect takes the target's base URL as its one positional argument",
    "page, signature",
    Level.DOCUMENTED,
)
SIG_2 = CHAPTER.clause(
    2,
    "authentication and certificate_authority are keyword only: given by position they are "
    "refused and nothing is sent",
    "signature (*)",
    Level.DOCUMENTED,
)
SIG_3 = CHAPTER.clause(
    3,
    "both default to None, and leaving them out is the same as passing None",
    "signature",
    Level.DOCUMENTED,
)
SIG_4 = CHAPTER.clause(
    4,
    "it returns the implementation's Session; 6.2: of the class it was called on (Self)",
    "Return type",
    Level.DOCUMENTED,
)
SIG_5 = CHAPTER.clause(
    5,
    "an unknown keyword (a long random name) is refused before anything is sent",
    "signature",
    Level.IMPLIED,
)
SIG_6 = CHAPTER.clause(
    6,
    "a missing URL, None or a number as URL is refused before anything is sent; bytes: observe",
    "url (str)",
    Level.IMPLIED,
)
SIG_7 = CHAPTER.clause(7, "connect(url=...): the URL by keyword", "signature", Level.DOCUMENTED)


@CHAPTER.case(SIG_1, depth=Depth.CORE)
def by_position() -> Story:
    """The URL of a secure target is given by position, the credentials by keyword."""
    return story(secure(), must(connect(AS_ADMIN), Returns(), KnownAs("admin")))


def _refused(defect: str) -> Story:
    return story(secure(), must(connect(AS_ADMIN, defect=defect), Raises(), NothingArrived()))


@CHAPTER.case(SIG_2, depth=Depth.CORE)
def authentication_by_position() -> Story:
    """``authentication`` is given by position."""
    return _refused("authentication by position")


@CHAPTER.case(SIG_2)
def certificate_authority_by_position() -> Story:
    """``certificate_authority`` is given by position, after ``authentication``."""
    return story(
        https(),
        must(connect_tls(defect="certificate_authority by position"), Raises(), NothingArrived()),
    )


@CHAPTER.case(SIG_3, depth=Depth.CORE)
def left_out_and_none() -> Story:
    """Connecting to an unsecured target without either argument, and with both as ``None``."""
    return story(
        unsecure(),
        must(connect(), Returns()),
        must(connect(session="another", explicit_none=True), Returns(), SameRequests(0)),
    )


@CHAPTER.case(SIG_3)
def authentication_alone() -> Story:
    """``authentication`` is given, and ``certificate_authority`` is ``None``."""
    call = connect(AS_ADMIN, explicit_none=True)
    return story(secure(), must(call, Returns(), KnownAs("admin")))


@CHAPTER.case(SIG_3)
def certificate_authority_alone() -> Story:
    """``certificate_authority`` is given, ``authentication`` is not, and the target wants it."""
    return story(
        https(),
        must(connect_tls(None), Raises(), RefusedWith(401)),
        twin=story(https(), connect_tls()),
    )


@CHAPTER.case(SIG_4, depth=Depth.CORE)
def a_session() -> Story:
    """What connect returns is an instance of the implementation's ``Session``."""
    return story(secure(), must(connect(AS_ADMIN), GivesSession()))


@CHAPTER.case(SIG_4, profiles=(Profile.V6_2,))
def a_session_of_the_subclass() -> Story:
    """Called on a subclass of ``Session``, connect returns an instance of that subclass."""
    return story(secure(), must(connect(AS_ADMIN, subclass=True), GivesSession()))


CHAPTER.table(SIG_5, _refused, defect_row("unknown-keyword", "unknown keyword"))
CHAPTER.table(
    SIG_6,
    _refused,
    defect_row("no-url", "no url"),
    defect_row("none-as-url", "url is None"),
    defect_row("a-number-as-url", "url is a number"),
)


@CHAPTER.case(SIG_6, level=Level.OBSERVE)
def bytes_as_url() -> Story:
    """The right URL, as bytes."""
    return story(secure(), connect(AS_ADMIN, defect="url is bytes"))


@CHAPTER.case(SIG_7, depth=Depth.CORE)
def by_keyword() -> Story:
    """The URL is given as ``url=...``."""
    return story(
        secure(), must(connect(AS_ADMIN, url_by_keyword=True), Returns(), KnownAs("admin"))
    )

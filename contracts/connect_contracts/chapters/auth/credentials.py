"""AUTH: who is asking."""

from __future__ import annotations

from connect_contracts.chapters.builder import (
    AS_ADMIN,
    AS_USER,
    connect,
    either,
    head,
    list_tables,
    must,
    secure,
    story,
    table,
    unsecure,
)
from connect_contracts.chapters.case import Chapter, Story, row
from connect_contracts.checks.expectation import Raises, Returns
from connect_contracts.checks.wire_checks import (
    BasicPair,
    BearerToken,
    CallableAsked,
    KnownAs,
    NoAuthorization,
    NoHttpByte,
    NothingArrived,
    RefusedWith,
)
from connect_contracts.model.clause import Depth, Level
from connect_contracts.model.scenario import ADMIN, USER, Basic, Callback, Token, User

CHAPTER = Chapter("AUTH", "who is asking")

AUTH_1 = CHAPTER.clause(
    1, "no authentication: no request carries Authorization", "default None", Level.DOCUMENTED
)
AUTH_2 = CHAPTER.clause(
    2,
    "BasicAuthentication: every request that is answered with anything but 401 is known to the "
    "target as that user's: by Basic base64(username:password) (scheme in any case), or by a "
    "token or cookie that the target issued to that user; a .netrc entry for the host replaces "
    "nothing that was given",
    "example; RFC 7617 2",
    Level.DOCUMENTED,
)
AUTH_3 = CHAPTER.clause(
    3,
    "a) printable ASCII (spaces, quotes, colons in the password, empty password, 4 KB long) "
    "arrives byte for byte; b) non-ASCII in Normalization Form C arrives as UTF-8 or is refused "
    "before anything is sent, never as other bytes; c) a user name with a colon: observe",
    "RFC 7617 2, 2.1",
    Level.IMPLIED,
)
AUTH_4 = CHAPTER.clause(
    4,
    "a wrong password, or an unknown user, makes connect itself raise, also where the right one "
    "was accepted by the same target a moment before (and the right one is accepted after a wrong "
    "one); what was raised is told",
    "documented 401 inside connect; RFC 9110 15.5.2",
    Level.IMPLIED,
)
AUTH_5 = CHAPTER.clause(
    5,
    "a secure target and no authentication makes connect itself raise",
    "documented 401 inside connect",
    Level.DOCUMENTED,
)
AUTH_6 = CHAPTER.clause(
    6,
    "a user with a password and no role: connect itself raises",
    "documentation of Session.security",
    Level.DOCUMENTED,
)
AUTH_7 = CHAPTER.clause(
    7,
    "a callable Authenticate is given the URL of a request as str (its scheme, host, port and "
    "path; scheme and host in any case, a default port written or not, the query left open), and "
    "the headers that it returns go out on it (documented); it is asked for each request, and "
    "answers that differ by request are honoured (implied)",
    "documentation of Authenticate",
    Level.DOCUMENTED,
)
AUTH_8 = CHAPTER.clause(
    8,
    "if that callable raises, its exception, or one with it in its chain, reaches the caller, and "
    "no request goes out without its headers",
    "-",
    Level.ROBUST,
)
AUTH_9 = CHAPTER.clause(
    9,
    "TokenAuthentication: the token goes out in Authorization (documented) as {token_type} "
    "{token}, Bearer by default, the type in any case (implied)",
    "documentation of TokenAuthentication; RFC 6750 2.1, RFC 9110 11.1",
    Level.DOCUMENTED,
)
AUTH_12 = CHAPTER.clause(
    12,
    "no secret appears in an exception's text or chain, in a repr, a log record, a warning, the "
    "output, a file that is left behind, a URL, or in what any other target receives",
    "-",
    Level.ROBUST,
)
AUTH_13 = CHAPTER.clause(13, "credentials given for an unsecured target", "-", Level.OBSERVE)
AUTH_17 = CHAPTER.clause(
    17,
    "a target that is not ready: connect raises for a user (503), and works for an administrator",
    "documentation of Session.ready",
    Level.DOCUMENTED,
)


@CHAPTER.case(AUTH_1, depth=Depth.CORE)
def nothing_given() -> Story:
    """Connecting to an unsecured target without credentials."""
    return story(unsecure(), must(connect(), Returns(), NoAuthorization()))


@CHAPTER.case(AUTH_2, depth=Depth.CORE)
def the_administrator() -> Story:
    """The administrator connects, and lists the tables."""
    known = KnownAs("admin")
    return story(
        secure(), must(connect(AS_ADMIN), Returns(), known), must(list_tables(), Returns(), known)
    )


@CHAPTER.case(AUTH_2)
def the_administrator_reads() -> Story:
    """The administrator connects, and reads a table."""
    known = KnownAs("admin")
    return story(
        secure(tables=(table("Example", ("foo",)),)),
        must(connect(AS_ADMIN), Returns(), known),
        must(head(), Returns(), known),
    )


@CHAPTER.case(AUTH_2)
def a_user() -> Story:
    """Someone who is no administrator connects."""
    return story(secure(), must(connect(AS_USER), Returns(), KnownAs("user")))


@CHAPTER.case(AUTH_2)
def beside_a_netrc() -> Story:
    """The file ``.netrc`` has another user for the host; the administrator's credentials count."""
    known = KnownAs("admin")
    return story(
        secure(),
        must(connect(AS_ADMIN), Returns(), known),
        must(list_tables(), Returns(), known),
        netrc="user",
    )


def _pair(username: str, password: str) -> Story:
    return story(
        secure(users=(User(username, password, ADMIN.roles),)),
        must(
            connect(Basic(username, password)),
            Returns(),
            BasicPair(username, password),
            KnownAs(username),
        ),
    )


PRINTABLE = "".join(chr(code) for code in range(32, 127))


CHAPTER.table(
    AUTH_3,
    _pair,
    row(
        "spaces-and-quotes",
        "A user name and a password with spaces, quotes, and all other printable ASCII.",
        PRINTABLE.replace(":", ""),
        PRINTABLE,
    ),
    row(
        "colons-in-the-password",
        "A password that begins, ends and goes on with colons.",
        "admin",
        ":a::b:",
    ),
    row(
        "percent-signs-and-padding",
        "A password with escapes of URLs and the padding of base64, and a space at its end.",
        "admin",
        "%41dm%3Ain+%2520== ",
    ),
    row("empty-password", "A password that is empty.", "admin", ""),
    row("four-kilobytes", "A password of 4096 characters.", "admin", "0123456789abcdef" * 256),
)


def _utf_8_or_refused(username: str, password: str, twin: Story) -> Story:
    return story(
        secure(users=(User(username, password, ADMIN.roles),)),
        either(
            connect(Basic(username, password)),
            (Returns(), BasicPair(username, password), KnownAs(username)),
            (Raises(), NothingArrived()),
        ),
        twin=twin,
    )


@CHAPTER.case(AUTH_3)
def non_ascii() -> Story:
    """A user name and a password with letters beyond ASCII, in Normalization Form C."""
    return _utf_8_or_refused("zoë", "Ærøskøbing—パス", _pair("zoe", "Aeroskobing"))


@CHAPTER.case(AUTH_3)
def latin_1() -> Story:
    """A password whose letters latin-1 has too, so that another encoding is not noticed at once."""
    return _utf_8_or_refused("admin", "pässwörd", _pair("admin", "passwoerd"))


@CHAPTER.case(AUTH_3, level=Level.OBSERVE)
def a_colon_in_the_user_name() -> Story:
    """A user name with a colon, which Basic cannot carry."""
    return story(
        secure(users=(User("ad:min", "passwd", ADMIN.roles),)), connect(Basic("ad:min", "passwd"))
    )


GUEST = User("guest", "guest", USER.roles)
"""Somebody whose password is no secret, with whom refused credentials must not be replaced."""


def _refused(defect: str) -> Story:
    target = secure(users=(ADMIN, USER, GUEST))
    return story(target, must(connect(AS_ADMIN, defect=defect), Raises(), RefusedWith(401)))


CHAPTER.table(
    AUTH_4,
    _refused,
    row("wrong-password", "The right user with another password.", "wrong password"),
    row("unknown-user", "A user whom the target does not know.", "unknown user"),
)


@CHAPTER.case(AUTH_4)
def wrong_after_right() -> Story:
    """The right password, then another one of the same user, then the right one again."""
    return story(
        secure(),
        must(connect(AS_ADMIN, session="before"), Returns()),
        must(connect(AS_ADMIN, defect="wrong password"), Raises(), RefusedWith(401)),
        must(connect(AS_ADMIN, session="after"), Returns()),
    )


@CHAPTER.case(AUTH_5, depth=Depth.CORE)
def no_authentication() -> Story:
    """A secure target, and no credentials."""
    return story(
        secure(), must(connect(AS_ADMIN, defect="no authentication"), Raises(), RefusedWith(401))
    )


@CHAPTER.case(AUTH_6, depth=Depth.CORE)
def no_role() -> Story:
    """A user who has a password, and no role."""
    return story(
        secure(users=(User("newcomer", "passwd"),)),
        must(connect(Basic("newcomer", "passwd")), Raises(), RefusedWith(403)),
        twin=story(
            secure(users=(User("newcomer", "passwd", ("ROLE_USER",)),)),
            connect(Basic("newcomer", "passwd")),
        ),
    )


@CHAPTER.case(AUTH_7, depth=Depth.CORE)
def headers_of_a_callable() -> Story:
    """A callable is given the URL of the first request, and its headers go out."""
    return story(secure(), must(connect(Callback()), Returns(), CallableAsked(), KnownAs("admin")))


@CHAPTER.case(AUTH_7, level=Level.IMPLIED)
def asked_for_each_request() -> Story:
    """A callable whose answers differ is asked for each request, when connecting and later."""
    asked = CallableAsked(each=True)
    return story(
        secure(),
        must(connect(Callback()), Returns(), asked),
        must(list_tables(), Returns(), asked),
    )


@CHAPTER.case(AUTH_7)
def headers_beside_a_netrc() -> Story:
    """The file ``.netrc`` has another user for the host; the headers of the callable count."""
    return story(
        secure(),
        must(connect(Callback()), Returns(), CallableAsked(), KnownAs("admin")),
        netrc="user",
    )


@CHAPTER.case(AUTH_8)
def raising_callable() -> Story:
    """The callable raises an exception of its own."""
    return story(
        secure(),
        must(
            connect(Callback(), defect="callable raises"),
            Raises(within="CallableError"),
            NoHttpByte(after_connecting=False),
        ),
    )


@CHAPTER.case(AUTH_8)
def callable_that_raises_when_asked_again() -> Story:
    """The callable answers for the first request, and raises when it is asked again."""
    asked = CallableAsked(each=True)
    return story(
        secure(),
        either(
            connect(Callback(), defect="callable raises when it is asked again"),
            (Raises(within="CallableError"), asked),
            (Returns(), asked),
        ),
    )


def _token(token: Token, sent: BearerToken, netrc: str | None = None) -> Story:
    return story(secure(), must(connect(token), Returns(), sent, KnownAs("admin")), netrc=netrc)


@CHAPTER.case(AUTH_9, depth=Depth.CORE)
def a_token() -> Story:
    """A token that the target issued goes out in ``Authorization``."""
    return _token(Token(), BearerToken(any_form=True))


@CHAPTER.case(AUTH_9, level=Level.IMPLIED)
def bearer_by_default() -> Story:
    """Without a type it goes out as ``Bearer``."""
    return _token(Token(), BearerToken())


@CHAPTER.case(AUTH_9, level=Level.IMPLIED)
def a_type_of_its_own() -> Story:
    """With another type it goes out with that one."""
    return _token(Token(token_type="Jwt"), BearerToken("Jwt"))


@CHAPTER.case(AUTH_9)
def a_token_beside_a_netrc() -> Story:
    """The file ``.netrc`` has another user for the host; the token counts."""
    return _token(Token(), BearerToken(any_form=True), netrc="user")


@CHAPTER.case(AUTH_13)
def for_an_unsecured_target() -> Story:
    """Credentials are given, and the target has no security."""
    return story(unsecure(), connect(AS_ADMIN))


@CHAPTER.case(AUTH_17, depth=Depth.CORE)
def not_ready_for_a_user() -> Story:
    """The target is not ready, and the caller is no administrator."""
    return story(
        secure(ready=False),
        must(connect(AS_USER), Raises(), RefusedWith(503)),
        twin=story(secure(), connect(AS_USER)),
    )


@CHAPTER.case(AUTH_17)
def not_ready_for_an_administrator() -> Story:
    """The target is not ready, and the caller is an administrator."""
    return story(secure(ready=False), must(connect(AS_ADMIN), Returns(), KnownAs("admin")))

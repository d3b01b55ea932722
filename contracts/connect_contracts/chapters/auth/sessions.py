"""AUTH: sessions beside one another, and credentials that are refused or hold odd characters."""

from __future__ import annotations

import msgspec

from connect_contracts.chapters.auth.credentials import CHAPTER
from connect_contracts.chapters.builder import (
    AS_ADMIN,
    arm,
    connect,
    either,
    head,
    list_tables,
    must,
    secure,
    story,
    table,
)
from connect_contracts.chapters.case import Story, row
from connect_contracts.checks.expectation import Raises, Returns
from connect_contracts.checks.wire_checks import (
    KnownAs,
    NothingInjected,
    OwnCookies,
    RefusedAtMost,
    Unmixed,
)
from connect_contracts.execution.call_defects import CALL_DEFECTS
from connect_contracts.model.clause import Level
from connect_contracts.model.scenario import (
    ADMIN,
    Authentication,
    Basic,
    Callback,
    Step,
    TargetSpec,
    Together,
    Token,
    User,
)

AUTH_11 = CHAPTER.clause(
    11,
    "sessions with different credentials, open at once and used in turn and each in its own "
    "thread, never mix them; a cookie that a target set for one session is sent by no other, and "
    "to no other origin (another port is another origin here)",
    "-",
    Level.ROBUST,
)
AUTH_15 = CHAPTER.clause(
    15,
    "CR, LF or NUL in a token, a user name, a password, a callable's header or the URL injects no "
    "header and no request",
    "RFC 9110 5.5",
    Level.ROBUST,
)
AUTH_16 = CHAPTER.clause(
    16,
    "refused credentials are not sent again and again (at most twice: lock-out)",
    "-",
    Level.ROBUST,
)

FIRST, SECOND = "Table of admin 7c1e", "Table of another 41d9"
TWO_ADMINISTRATORS = secure(
    users=(ADMIN, User("another", "other", ADMIN.roles)),
    tables=(table(FIRST, ("a",)), table(SECOND, ("b",))),
)


@CHAPTER.case(AUTH_11)
def in_turn() -> Story:
    """Two administrators connect, and read in turn."""
    return story(
        TWO_ADMINISTRATORS,
        must(connect(AS_ADMIN, session="one"), Returns(), KnownAs("admin")),
        must(connect(Basic("another", "other"), session="two"), Returns(), KnownAs("another")),
        must(head(FIRST, session="one"), Returns(), KnownAs("admin")),
        must(head(SECOND, session="two"), Returns(), KnownAs("another")),
        must(list_tables(session="one"), Returns(), KnownAs("admin")),
    )


@CHAPTER.case(AUTH_11)
def each_in_its_thread() -> Story:
    """Two administrators are connected and read, each in a thread, let go at one moment."""
    reading = 4
    threads = ((head(FIRST, session="one"),) * reading, (head(SECOND, session="two"),) * reading)
    return story(
        TWO_ADMINISTRATORS,
        connect(AS_ADMIN, session="one"),
        connect(Basic("another", "other"), session="two"),
        must(Together(threads), Returns(), Unmixed(((FIRST, "admin"), (SECOND, "another")))),
    )


def _with_cookies(second: Step, *targets: TargetSpec) -> Story:
    own = OwnCookies()
    return story(
        targets,
        *(arm("cookie set", "any", target=target.name) for target in targets),
        must(connect(AS_ADMIN, session="one"), Returns(), own),
        must(second, Returns(), own),
        must(head(FIRST, session="one"), Returns(), own),
        must(head(SECOND, session="two"), Returns(), own),
    )


@CHAPTER.case(AUTH_11)
def cookies_of_two_sessions() -> Story:
    """The target sets a cookie with each answer; two administrators connect, and read in turn."""
    return _with_cookies(connect(Basic("another", "other"), session="two"), TWO_ADMINISTRATORS)


@CHAPTER.case(AUTH_11)
def cookies_of_two_targets() -> Story:
    """Two targets on one host set cookies, and the same caller has a session on each."""
    return _with_cookies(
        connect(Basic("another", "other"), session="two", target="other"),
        TWO_ADMINISTRATORS,
        msgspec.structs.replace(TWO_ADMINISTRATORS, name="other"),
    )


def _injected(authentication: Authentication, defect: str) -> Story:
    nothing = NothingInjected()
    return story(
        secure(),
        either(connect(authentication, defect=defect), (Returns(), nothing), (Raises(), nothing)),
    )


CHAPTER.table(
    AUTH_15,
    _injected,
    *(
        row(
            defect.replace(" ", "-").replace("'", "").lower(),
            CALL_DEFECTS[defect].description,
            authentication,
            defect,
        )
        for defect, authentication in (
            ("line break in the token", Token()),
            ("NUL in the token", Token()),
            ("line break in the password", AS_ADMIN),
            ("line break in the user name", AS_ADMIN),
            ("line break in a callable's header", Callback()),
            ("line break in the URL", AS_ADMIN),
        )
    ),
)


@CHAPTER.case(AUTH_16)
def sent_at_most_twice() -> Story:
    """A wrong password is refused, and is sent at most twice while connecting."""
    return story(
        secure(), must(connect(AS_ADMIN, defect="wrong password"), Raises(), RefusedAtMost(2))
    )

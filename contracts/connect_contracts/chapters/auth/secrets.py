"""AUTH: passwords and tokens are sent to the target that they are for, and appear nowhere else."""

from __future__ import annotations

from typing import Any

from connect_contracts.chapters.auth.credentials import AUTH_12, CHAPTER
from connect_contracts.chapters.builder import (
    AS_ADMIN,
    AS_USER,
    Must,
    add,
    arm,
    as_admin,
    close,
    connect,
    connect_tls,
    either,
    get_table,
    head,
    https,
    list_tables,
    must,
    restart,
    secure,
    story,
    table,
)
from connect_contracts.chapters.case import Story, row
from connect_contracts.checks.expectation import Outcome, Raises, Returns
from connect_contracts.checks.wire_checks import (
    FaultFired,
    KnownAs,
    NoHttpByte,
    RefusedWith,
    Unspoken,
    WireCheck,
)
from connect_contracts.model.clause import Depth, Profile
from connect_contracts.model.scenario import (
    ADMIN,
    Authentication,
    Basic,
    Callback,
    Connect,
    Step,
    TargetSpec,
    Token,
    Use,
    User,
)

HARD_TO_QUOTE = """a "secret"/of <the> 'administrator' + 50% \\ more"""


CONNECTED = must(connect(AS_ADMIN), Returns(), Unspoken())
WITH_A_ROW = secure(tables=(table("Example", ("foo",)),))


def _listening(target: TargetSpec, *steps: Step | Must, **special: Any) -> Story:
    return story(target, *steps, listens=True, **special)


def _silent(step: Step, outcome: Outcome | None = None) -> Must:
    return must(step, outcome or Returns(), Unspoken())


def _refused(
    call: Connect, *demands: WireCheck, target: TargetSpec | None = None, **special: Any
) -> Story:
    return _listening(target or secure(), must(call, Raises(), *demands, Unspoken()), **special)


@CHAPTER.case(AUTH_12)
def after_success() -> Story:
    """The administrator connects, and lists the tables."""
    known = KnownAs("admin"), Unspoken()
    steps = connect(AS_ADMIN), list_tables()
    return _listening(WITH_A_ROW, *(must(step, Returns(), *known) for step in steps))


def _while(target: TargetSpec, *steps: Step) -> Story:
    return _listening(target, CONNECTED, *map(_silent, steps))


CHAPTER.table(
    AUTH_12,
    _while,
    row("while-reading", "The administrator reads a table.", WITH_A_ROW, head()),
    row("while-changing", "The administrator adds a row.", secure(), add(("foo",))),
    row(
        "while-describing",
        "The administrator takes a table, and asks for its columns and its keys.",
        secure(),
        *(get_table(), Use("columns"), Use("keys")),
    ),
    row(
        "while-querying",
        "The administrator queries a table.",
        WITH_A_ROW,
        *(get_table(), Use("query")),
        profiles=(Profile.V6_2,),
    ),
)


@CHAPTER.case(AUTH_12)
def after_a_refused_row() -> Story:
    """The administrator adds a row that is too wide, which is refused."""
    refused = _silent(add(("foo", "bar")), Raises())
    return _listening(secure(), CONNECTED, refused, twin=as_admin(add(("foo",))))


@CHAPTER.case(AUTH_12)
def after_an_unknown_table() -> Story:
    """The administrator takes a table that is not there."""
    refused = _silent(get_table("No such table"), Raises())
    return _listening(secure(), CONNECTED, refused, twin=as_admin(get_table()))


@CHAPTER.case(AUTH_12)
def without_the_role() -> Story:
    """A user without ``ROLE_ADMIN`` adds a row, which is refused."""
    steps = _silent(connect(AS_USER)), _silent(add(("foo",)), Raises())
    return _listening(secure(), *steps, twin=as_admin(add(("foo",))))


@CHAPTER.case(AUTH_12)
def across_a_restart() -> Story:
    """The target restarts, and the administrator's session lists the tables once more."""
    return _listening(
        secure(),
        CONNECTED,
        _silent(list_tables()),
        restart(),
        either(list_tables(), (Returns(), Unspoken()), (Raises(), Unspoken())),
        twin=as_admin(list_tables(), list_tables()),
    )


CHAPTER.table(
    AUTH_12,
    _while,
    row(
        "after-the-end-of-a-block",
        "The administrator leaves the ``with`` block of the session.",
        secure(),
        Use("leave with"),
    ),
    row(
        "while-asking-who-it-is",
        "The administrator asks the session for the user.",
        *(secure(), Use("user")),
        profiles=(Profile.V6_2,),
    ),
    row(
        "while-creating-a-table",
        "The administrator creates a table.",
        *(secure(), Use("create table", "New")),
        profiles=(Profile.V6_2,),
    ),
    row("after-the-end", "The administrator closes the session.", secure(), close()),
)


def _connecting(given: Authentication, target: TargetSpec | None = None) -> Story:
    call = must(connect(given), Returns(), KnownAs("admin"), Unspoken())
    return _listening(target or secure(), call)


CHAPTER.table(
    AUTH_12,
    _connecting,
    row(
        "a-password-that-is-hard-to-quote",
        "As before, with a password that looks different in JSON, in a URL and in a ``repr``.",
        Basic("admin", HARD_TO_QUOTE),
        secure(users=(User("admin", HARD_TO_QUOTE, ADMIN.roles),)),
    ),
    row("a-token", "A token that the target issued is taken.", Token()),
    row("a-callable", "The headers are those of a callable ``Authenticate``.", Callback()),
)


@CHAPTER.case(AUTH_12)
def after_a_401() -> Story:
    """The password is another one than the user's."""
    return _refused(connect(AS_ADMIN, defect="wrong password"), RefusedWith(401))


@CHAPTER.case(AUTH_12, depth=Depth.FULL)
def after_a_401_in_a_process_of_its_own() -> Story:
    """As before, in a fresh interpreter: what goes past Python's streams is heard too."""
    call = connect(AS_ADMIN, defect="wrong password")
    return _refused(call, RefusedWith(401), isolation="process")


@CHAPTER.case(AUTH_12)
def after_a_refused_token() -> Story:
    """The token is one that the target never issued."""
    return _refused(connect(Token(), defect="unknown token"), RefusedWith(401))


@CHAPTER.case(AUTH_12)
def after_a_refused_target() -> Story:
    """The target's authority is another than the file's."""
    call = connect_tls(defect="file of another authority")
    return _refused(call, NoHttpByte(), target=https())


@CHAPTER.case(AUTH_12)
def after_a_fault() -> Story:
    """The target ends the connection within its answer."""
    fault = arm("body cut short")
    return _listening(https(), fault, must(connect_tls(), Raises(), FaultFired(), Unspoken()))

"""Passwords and tokens are told to the target that they are for, and to nobody else."""

from __future__ import annotations

from connect_contracts.chapters.auth.asking import AUTH_12, CHAPTER
from connect_contracts.chapters.builder import (
    AS_ADMIN,
    AS_USER,
    add,
    arm,
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
from connect_contracts.chapters.case import Story
from connect_contracts.checks.expectation import Raises, Returns
from connect_contracts.checks.wire_checks import (
    FaultFired,
    KnownAs,
    NoHttpByte,
    RefusedWith,
    Unspoken,
)
from connect_contracts.model.clause import Depth, Profile
from connect_contracts.model.scenario import ADMIN, Basic, Callback, Token, Use, User

HARD_TO_QUOTE = """a "secret"/of <the> 'administrator' + 50% \\ more"""


@CHAPTER.case(AUTH_12)
def after_success() -> Story:
    """The administrator connects, lists the tables and reads one."""
    return story(
        secure(tables=(table("Example", ("foo",)),)),
        must(connect(AS_ADMIN), Returns(), KnownAs("admin"), Unspoken()),
        must(list_tables(), Returns(), KnownAs("admin"), Unspoken()),
        must(head(), Returns(), KnownAs("admin"), Unspoken()),
        listens=True,
    )


@CHAPTER.case(AUTH_12)
def while_changing() -> Story:
    """The administrator adds a row."""
    return story(
        secure(),
        must(connect(AS_ADMIN), Returns(), Unspoken()),
        must(add(("foo",)), Returns(), Unspoken()),
        listens=True,
    )


@CHAPTER.case(AUTH_12)
def while_describing() -> Story:
    """The administrator takes a table, and asks for its columns and its keys."""
    return story(
        secure(),
        must(connect(AS_ADMIN), Returns(), Unspoken()),
        must(get_table(), Returns(), Unspoken()),
        must(Use("columns"), Returns(), Unspoken()),
        must(Use("keys"), Returns(), Unspoken()),
        listens=True,
    )


@CHAPTER.case(AUTH_12, profiles=(Profile.V6_2,))
def while_querying() -> Story:
    """The administrator queries a table."""
    return story(
        secure(tables=(table("Example", ("foo",)),)),
        must(connect(AS_ADMIN), Returns(), Unspoken()),
        must(get_table(), Returns(), Unspoken()),
        must(Use("query"), Returns(), Unspoken()),
        listens=True,
    )


@CHAPTER.case(AUTH_12)
def after_a_refused_row() -> Story:
    """The administrator adds a row that is too wide, which is refused."""
    return story(
        secure(),
        must(connect(AS_ADMIN), Returns(), Unspoken()),
        must(add(("foo", "bar")), Raises(), Unspoken()),
        twin=story(secure(), connect(AS_ADMIN), add(("foo",))),
        listens=True,
    )


@CHAPTER.case(AUTH_12)
def after_an_unknown_table() -> Story:
    """The administrator takes a table that is not there."""
    return story(
        secure(),
        must(connect(AS_ADMIN), Returns(), Unspoken()),
        must(get_table("No such table"), Raises(), Unspoken()),
        twin=story(secure(), connect(AS_ADMIN), get_table()),
        listens=True,
    )


@CHAPTER.case(AUTH_12)
def without_the_role() -> Story:
    """A user without ``ROLE_ADMIN`` adds a row, which is refused."""
    return story(
        secure(),
        must(connect(AS_USER), Returns(), Unspoken()),
        must(add(("foo",)), Raises(), Unspoken()),
        twin=story(secure(), connect(AS_ADMIN), add(("foo",))),
        listens=True,
    )


@CHAPTER.case(AUTH_12)
def across_a_restart() -> Story:
    """The target restarts, and the administrator's session lists the tables once more."""
    return story(
        secure(),
        must(connect(AS_ADMIN), Returns(), Unspoken()),
        must(list_tables(), Returns(), Unspoken()),
        restart(),
        either(list_tables(), (Returns(), Unspoken()), (Raises(), Unspoken())),
        twin=story(secure(), connect(AS_ADMIN), list_tables(), list_tables()),
        listens=True,
    )


@CHAPTER.case(AUTH_12)
def after_the_end_of_a_block() -> Story:
    """The administrator leaves the ``with`` block of the session."""
    return story(
        secure(),
        must(connect(AS_ADMIN), Returns(), Unspoken()),
        must(Use("leave with"), Returns(), Unspoken()),
        listens=True,
    )


@CHAPTER.case(AUTH_12, profiles=(Profile.V6_2,))
def while_asking_who_it_is() -> Story:
    """The administrator asks the session for the user, and creates a table."""
    return story(
        secure(),
        must(connect(AS_ADMIN), Returns(), Unspoken()),
        must(Use("user"), Returns(), Unspoken()),
        must(Use("create table", "New"), Returns(), Unspoken()),
        listens=True,
    )


@CHAPTER.case(AUTH_12)
def after_the_end() -> Story:
    """The administrator closes the session."""
    return story(
        secure(),
        must(connect(AS_ADMIN), Returns(), Unspoken()),
        must(close(), Returns(), Unspoken()),
        listens=True,
    )


@CHAPTER.case(AUTH_12)
def a_password_that_is_hard_to_quote() -> Story:
    """As before, with a password that looks different in JSON, in a URL and in a ``repr``."""
    return story(
        secure(users=(User("admin", HARD_TO_QUOTE, ADMIN.roles),)),
        must(connect(Basic("admin", HARD_TO_QUOTE)), Returns(), KnownAs("admin"), Unspoken()),
        listens=True,
    )


@CHAPTER.case(AUTH_12)
def a_token() -> Story:
    """A token that the target issued is taken."""
    return story(
        secure(), must(connect(Token()), Returns(), KnownAs("admin"), Unspoken()), listens=True
    )


@CHAPTER.case(AUTH_12)
def a_callable() -> Story:
    """The headers are those of a callable ``Authenticate``."""
    return story(
        secure(), must(connect(Callback()), Returns(), KnownAs("admin"), Unspoken()), listens=True
    )


@CHAPTER.case(AUTH_12)
def after_a_401() -> Story:
    """The password is another one than the user's."""
    call = connect(AS_ADMIN, defect="wrong password")
    return story(secure(), must(call, Raises(), RefusedWith(401), Unspoken()), listens=True)


@CHAPTER.case(AUTH_12, depth=Depth.FULL)
def after_a_401_in_a_process_of_its_own() -> Story:
    """As before, in a fresh interpreter: what goes past Python's streams is heard too."""
    call = connect(AS_ADMIN, defect="wrong password")
    return story(
        secure(),
        must(call, Raises(), RefusedWith(401), Unspoken()),
        listens=True,
        isolation="process",
    )


@CHAPTER.case(AUTH_12)
def after_a_refused_token() -> Story:
    """The token is one that the target never issued."""
    call = connect(Token(), defect="unknown token")
    return story(secure(), must(call, Raises(), RefusedWith(401), Unspoken()), listens=True)


@CHAPTER.case(AUTH_12)
def after_a_refused_target() -> Story:
    """The target's authority is another than the file's."""
    call = connect_tls(defect="file of another authority")
    return story(https(), must(call, Raises(), NoHttpByte(), Unspoken()), listens=True)


@CHAPTER.case(AUTH_12)
def after_a_fault() -> Story:
    """The target ends the connection within its answer."""
    return story(
        https(),
        arm("body cut short"),
        must(connect_tls(), Raises(), FaultFired(), Unspoken()),
        listens=True,
    )

"""CLEAN: what connect leaves behind, and what it changes in the process that calls it.

The cases run in a process of their own, which is looked at before and after each step.
"""

from __future__ import annotations

from typing import Any

from msgspec import structs

from connect_contracts.chapters.builder import (
    AS_ADMIN,
    AS_USER,
    Must,
    arm,
    close,
    connect,
    connect_repeatedly,
    connect_tls,
    https,
    list_tables,
    must,
    secure,
    story,
)
from connect_contracts.chapters.case import Chapter, Story, row
from connect_contracts.checks.expectation import Raises, Returns
from connect_contracts.checks.wire_checks import (
    AsInTurn,
    FaultFired,
    KnownAs,
    LeavesNoMore,
    NoHttpByte,
    NothingGlobalChanged,
    NothingOnTerminal,
    NothingRead,
    RefusedWith,
    WireCheck,
)
from connect_contracts.model.clause import Depth, Level
from connect_contracts.model.scenario import (
    AuthorityFile,
    Basic,
    Connect,
    Own,
    Step,
    TargetSpec,
    Together,
)

CHAPTER = Chapter("CLEAN", "what connect leaves behind")

CLEAN_1 = CHAPTER.clause(
    1,
    "a hundred failed connects leave no more sockets, threads, processes and temporary files than "
    "one did",
    "-",
    Level.ROBUST,
)
CLEAN_2 = CHAPTER.clause(
    2,
    "connect changes nothing global: environment, working directory, umask, signal handlers, "
    "logging configuration, warning filters, default TLS context, locale, default socket timeout",
    "-",
    Level.ROBUST,
)
CLEAN_3 = CHAPTER.clause(
    3,
    "it prints nothing and reads nothing from standard input or the terminal",
    "-",
    Level.ROBUST,
)
CLEAN_4 = CHAPTER.clause(
    4,
    "connecting from several threads at once gives what connecting in turn gives",
    "-",
    Level.ROBUST,
)
CLEAN_5 = CHAPTER.clause(
    5,
    "a hundred connects and closes leave as many open files and threads as one",
    "-",
    Level.ROBUST,
)
CLEAN_6 = CHAPTER.clause(
    6,
    "it works within a running event loop (a notebook), and from a thread that is not the main one",
    "-",
    Level.ROBUST,
)
CLEAN_7 = CHAPTER.clause(7, "whom it contacts besides the target", "-", Level.OBSERVE)
CLEAN_8 = CHAPTER.clause(
    8,
    "an interrupt during connect reaches the caller and leaves nothing",
    "-",
    Level.ROBUST,
)

HUNDRED = 100
WITHIN = 120.0
"""Seconds in which a hundred calls end; a client that needs a second for each is no hang."""

WRONG_PASSWORD = connect(AS_ADMIN, defect="wrong password")
OF_ANOTHER = connect_tls(defect="file of another authority")
REFUSED = RefusedWith(401)


def _inspected(target: TargetSpec, *steps: Step | Must, **scenario: Any) -> Story:
    """A story in a process of its own, which is looked at around each step."""
    return story(target, *steps, isolation="process", inspects=True, **scenario)


def _sound(target: TargetSpec, failing: Connect) -> Story:
    """The twin: the same connect without its defect, once, whatever it leaves."""
    call = structs.replace(failing.call, defect=None)
    return story(target, structs.replace(failing, call=call))


# CLEAN-1 and CLEAN-5: what is left.


def _failed(target: TargetSpec, failing: Connect, seen: WireCheck, *armed: Own) -> Story:
    return _inspected(
        target,
        *armed,
        must(failing, Raises(), seen),
        must(
            connect_repeatedly(failing, HUNDRED),
            Raises(),
            seen,
            LeavesNoMore(than=len(armed), calls=HUNDRED),
        ),
        twin=_sound(target, failing),
        limit=WITHIN,
    )


CHAPTER.table(
    CLEAN_1,
    _failed,
    row(
        "by-a-wrong-password",
        "The password is wrong, once and a hundred times more.",
        *(secure(), WRONG_PASSWORD, REFUSED),
    ),
    row(
        "by-an-untrusted-certificate",
        "The file is that of another authority, once and a hundred times more.",
        *(https(), OF_ANOTHER, NoHttpByte()),
        depth=Depth.FULL,
    ),
    row(
        "by-a-broken-answer",
        "The target closes the connection before its answer, once and a hundred times more.",
        *(secure(), connect(AS_ADMIN), FaultFired(), arm("closed before the answer")),
        depth=Depth.FULL,
    ),
)


@CHAPTER.case(CLEAN_5)
def connected_and_closed() -> Story:
    """A session is connected, used and closed; then a hundred are connected and closed."""
    return _inspected(
        secure(),
        must(connect(AS_ADMIN), Returns(), KnownAs("admin")),
        must(close(), Returns()),
        must(connect_repeatedly(connect(AS_ADMIN), HUNDRED), Returns(), KnownAs("admin")),
        must(close(), Returns(), LeavesNoMore(than=1)),
        limit=WITHIN,
    )


# CLEAN-2 and CLEAN-3: what is changed, printed and read.


@CHAPTER.case(CLEAN_2)
def after_a_success() -> Story:
    """The process connects for the first time, over HTTPS."""
    return _inspected(
        https(), must(connect_tls(), Returns(), KnownAs("admin"), NothingGlobalChanged())
    )


@CHAPTER.case(CLEAN_2, depth=Depth.FULL)
def after_a_refusal() -> Story:
    """The process connects for the first time, over HTTPS, with a wrong password."""
    failing = connect_tls(defect="wrong password")
    return _inspected(
        https(),
        must(failing, Raises(), REFUSED, NothingGlobalChanged()),
        twin=_sound(https(), failing),
    )


@CHAPTER.case(CLEAN_3)
def silent_when_it_connects() -> Story:
    """It connects, where a line was typed ahead at the terminal; warnings are not printed."""
    return _inspected(
        https(),
        must(connect_tls(), Returns(), KnownAs("admin"), NothingOnTerminal(), NothingRead()),
        listens=True,
    )


@CHAPTER.case(CLEAN_3, depth=Depth.FULL)
def silent_when_it_is_refused() -> Story:
    """A wrong password is refused, where a line was typed ahead at the terminal."""
    failing = connect_tls(defect="wrong password")
    return _inspected(
        https(),
        must(failing, Raises(), REFUSED, NothingOnTerminal(), NothingRead()),
        twin=_sound(https(), failing),
        listens=True,
    )


# CLEAN-4 and CLEAN-6: threads and event loops.

_ONE = connect_tls(AS_ADMIN, session="one")
_TWO = connect_tls(AS_USER, session="two")
_THREE = connect_tls(
    Basic("admin"),
    session="three",
    target="other",
    authority_file=AuthorityFile(("another authority",)),
)


@CHAPTER.case(CLEAN_4)
def each_in_its_thread() -> Story:
    """Three users of two targets connect in turn, and then at once: both targets hold their answers
    until all three have asked."""
    targets = (https(), https(name="other", authority="another authority"))
    connects = (_ONE, _TWO, _THREE)
    held = {"releases": True, "times": 2}, {"releases": True, "times": 1, "target": "other"}
    return story(
        targets,
        *(must(each, Returns()) for each in connects),
        *(arm("held before the answer", **special) for special in held),
        must(Together(tuple((each,) for each in connects)), Returns(), AsInTurn(held=3)),
    )


@CHAPTER.case(CLEAN_4)
def one_of_them_refused() -> Story:
    """One of two that connect at once has the file of another authority, and is refused alone."""
    refused = structs.replace(OF_ANOTHER, session="two")
    return story(
        https(),
        must(_ONE, Returns()),
        must(refused, Raises(), NoHttpByte()),
        must(Together(((_ONE,), (refused,))), Raises(), AsInTurn()),
    )


@CHAPTER.case(CLEAN_6)
def within_an_event_loop() -> Story:
    """It is called by a coroutine of an event loop that runs in the same thread."""
    called = connect_tls(event_loop=True)
    return story(https(), must(called, Returns(), KnownAs("admin")))


@CHAPTER.case(CLEAN_6)
def in_another_thread() -> Story:
    """It is called in a thread that is not the main one, as in every case but those of CLEAN-8."""
    return story(https(), must(connect_tls(), Returns(), KnownAs("admin")))


# CLEAN-7: whom it contacts.


def _contacts(target: TargetSpec, step: Connect) -> Story:
    return _inspected(target, step, list_tables())


CHAPTER.table(
    CLEAN_7,
    _contacts,
    row(
        "over-http",
        "It connects over HTTP and lists the tables.",
        secure(),
        connect(AS_ADMIN),
        depth=Depth.FULL,
    ),
    row("over-https", "It connects over HTTPS and lists the tables.", https(), connect_tls()),
)


# CLEAN-8: an interrupt.


@CHAPTER.case(CLEAN_8)
def while_the_target_holds_its_answer() -> Story:
    """The main thread connects, and gets SIGINT while the target holds its answer."""
    interrupted = structs.replace(connect(AS_ADMIN), interrupted=True)
    return _inspected(
        secure(),
        connect(AS_ADMIN),
        close(),
        arm("held before the answer", releases=True, times=1),
        must(
            interrupted,
            Raises("KeyboardInterrupt"),
            FaultFired(),
            LeavesNoMore(than=1),
        ),
    )

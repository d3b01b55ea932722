"""Over time and beside each other: refusals that stay, sessions apart, impostors, new files."""

from __future__ import annotations

from typing import Any

from connect_contracts.chapters.builder import (
    AS_USER,
    Must,
    connect_tls,
    either,
    https,
    list_tables,
    must,
    replace_certificate,
    secure,
    story,
)
from connect_contracts.chapters.ca.chapter import CA_16, CA_18, CA_20, CA_21, CHAPTER
from connect_contracts.chapters.case import Story
from connect_contracts.checks.expectation import Raises, Returns
from connect_contracts.checks.wire_checks import (
    KnownAs,
    NoHttpByte,
    NotShared,
    TrustUntouched,
    WireCheck,
)
from connect_contracts.model.clause import Depth
from connect_contracts.model.scenario import AuthorityFile, TlsVersion
from connect_harness.certificates import Chain

NOT_GIVEN = "authority file not given"
OF_ANOTHER = "file of another authority"


def _refused(session: str = "session", *demands: WireCheck, **call: Any) -> Must:
    return must(connect_tls(session=session, **call), Raises(), NoHttpByte(), *demands)


def _believed(session: str = "session", *demands: WireCheck, **call: Any) -> Must:
    return must(connect_tls(session=session, **call), Returns(), KnownAs("admin"), *demands)


def _goes_on(*demands: WireCheck) -> Must:
    """The first session is used again."""
    return must(list_tables("first"), Returns(), KnownAs("admin"), *demands)


# Refusals that stay.


@CHAPTER.case(CA_16)
def asked_twice() -> Story:
    """The file is that of another authority; what was refused is refused when asked for again."""
    return story(https(), _refused(defect=OF_ANOTHER), _refused(defect=OF_ANOTHER))


@CHAPTER.case(CA_16)
def beside_a_plain_port() -> Story:
    """As before, once; the same target has a plain port too, and nothing arrives there either."""
    return story((https(), secure(name="plain")), _refused(defect=OF_ANOTHER))


def _expired(tls: TlsVersion) -> Story:
    return story(https(tls=tls, defect="leaf expired"), _refused(), _refused())


@CHAPTER.case(CA_16)
def expired_tls_1_2() -> Story:
    """The leaf expired, over TLS 1.2: the client refuses it within the handshake, twice."""
    return _expired("1.2")


@CHAPTER.case(CA_16)
def expired_tls_1_3() -> Story:
    """The leaf expired, over TLS 1.3: the client refuses when the target's part is over, twice."""
    return _expired("1.3")


# Sessions apart.


@CHAPTER.case(CA_18)
def given_then_not() -> Story:
    """With the file, then without it, which is refused, then with it again."""
    return story(
        https(),
        _believed("first"),
        _refused("second", defect=NOT_GIVEN),
        _believed("third"),
    )


def _not_then_given_then_not(**special: Any) -> Story:
    return story(
        https(),
        _refused("first", defect=NOT_GIVEN),
        _believed("second"),
        _refused("third", defect=NOT_GIVEN),
        **special,
    )


@CHAPTER.case(CA_18)
def not_then_given_then_not() -> Story:
    """Without the file, which is refused, then with it, then without it again."""
    return _not_then_given_then_not()


@CHAPTER.case(CA_18)
def process_untouched() -> Story:
    """With the file, and with that of another authority: the process trusts whom it did before."""
    untouched = TrustUntouched()
    first, second = _believed("first", untouched), _refused("second", untouched, defect=OF_ANOTHER)
    return story(https(), first, second)


@CHAPTER.case(CA_18)
def another_file() -> Story:
    """With the file of another authority, which is refused; a session that is open goes on."""
    return story(https(), _believed("first"), _refused("second", defect=OF_ANOTHER), _goes_on())


@CHAPTER.case(CA_18)
def another_target() -> Story:
    """The file of one target's authority is given for another target, whose authority differs."""
    targets = (https(), https(name="other", authority="another authority"))
    right = AuthorityFile(("another authority",))
    return story(
        targets,
        _believed("first"),
        _refused("second", target="other"),
        twin=story(
            targets,
            connect_tls(session="first"),
            connect_tls(session="second", target="other", authority_file=right),
        ),
    )


@CHAPTER.case(CA_18)
def connections_apart() -> Story:
    """Two sessions with one file and different users, used in turn: each on its own connections."""
    return story(
        https(),
        _believed("first"),
        must(connect_tls(AS_USER, session="second"), Returns(), KnownAs("user"), NotShared()),
        _goes_on(NotShared()),
    )


@CHAPTER.case(CA_18)
def connections_apart_by_authority() -> Story:
    """Two sessions of one user whose files differ, used in turn: each on its own connections."""
    longer = AuthorityFile(("another authority", "authority"))
    return story(
        https(),
        _believed("first"),
        _believed("second", NotShared(), authority_file=longer),
        _goes_on(NotShared()),
    )


@CHAPTER.case(CA_18, depth=Depth.FULL)
def in_a_fresh_interpreter() -> Story:
    """Without the file, with it, and without it again, in a process that did nothing before."""
    return _not_then_given_then_not(isolation="process")


@CHAPTER.case(CA_18)
def intermediate_seen_before() -> Story:
    """A target sends its intermediate to one session, and not to the next, which must refuse it."""
    return story(
        https(intermediates=1),
        _believed("first"),
        replace_certificate(Chain(intermediates=1, defect="intermediate not sent")),
        _refused("second"),
    )


# Impostors.


def _replaced(chain: Chain) -> Story:
    # A client may learn by its first use that its connection was cut, and connect anew only then.
    return story(
        https(),
        _believed(),
        replace_certificate(chain),
        must(list_tables(), Raises(), NoHttpByte(after_connecting=False)),
        must(list_tables(), Raises(), NoHttpByte(since_replaced=True)),
        twin=story(
            https(),
            connect_tls(),
            replace_certificate(Chain()),
            either(list_tables(), (Returns(),), (Raises(),)),
            must(list_tables(), Returns()),
        ),
    )


@CHAPTER.case(CA_20, depth=Depth.CORE)
def of_another_authority() -> Story:
    """After connect, the port presents a certificate of another authority; asked twice."""
    return _replaced(Chain(authority="another authority"))


@CHAPTER.case(CA_20, depth=Depth.FULL)
def of_the_same_name() -> Story:
    """After connect, the port presents a certificate of an authority of the same name; twice."""
    return _replaced(Chain(authority="authority#2"))


@CHAPTER.case(CA_20)
def for_another_host() -> Story:
    """After connect, the port presents a certificate of its authority for another host; twice."""
    return _replaced(Chain(defect="wrong DNS name"))


# The file, read afresh.


def _file_of(authority: str) -> AuthorityFile:
    return AuthorityFile((authority,), place="the one path")


BOTH_RIGHT = story(
    https(),
    connect_tls(session="first", authority_file=_file_of("authority")),
    connect_tls(session="second", authority_file=_file_of("authority")),
)


@CHAPTER.case(CA_21)
def right_after_wrong() -> Story:
    """At one path lies the file of another authority, and later that of the right one."""
    return story(
        https(),
        _refused("first", authority_file=_file_of("another authority")),
        _believed("second", authority_file=_file_of("authority")),
        twin=BOTH_RIGHT,
    )


@CHAPTER.case(CA_21)
def wrong_after_right() -> Story:
    """At one path lies the right file, and later that of another authority."""
    return story(
        https(),
        _believed("first", authority_file=_file_of("authority")),
        _refused("second", authority_file=_file_of("another authority")),
        twin=BOTH_RIGHT,
    )

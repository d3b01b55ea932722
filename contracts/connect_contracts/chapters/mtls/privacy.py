"""What stays with its owner: certificates shown to nobody else, keys and passwords told nowhere."""

from __future__ import annotations

from connect_contracts.chapters.builder import (
    AS_USER,
    CLIENT_CERTIFICATE,
    client_certificate,
    connect_tls,
    list_tables,
    must,
    mutual_tls,
    story,
)
from connect_contracts.chapters.case import Story, row
from connect_contracts.chapters.mtls.chapter import CHAPTER, MTLS_6, MTLS_7, MTLS_8
from connect_contracts.checks.expectation import Raises, Returns
from connect_contracts.checks.wire_checks import (
    KnownAs,
    NoHttpByte,
    NotShared,
    PresentsNothing,
    Unspoken,
    WireCheck,
)
from connect_contracts.model.clause import Depth, Level
from connect_contracts.model.scenario import KeyLayout, TlsVersion


def _untrusted(*demands: WireCheck, tls: TlsVersion | None = None) -> Story:
    call = connect_tls(CLIENT_CERTIFICATE, defect="file of another authority")
    return story(mutual_tls(tls=tls), must(call, Raises(), NoHttpByte(), *demands))


@CHAPTER.case(MTLS_6)
def untrusted_target() -> Story:
    """A client certificate is given, and the target's authority is another than the file's."""
    return _untrusted()


@CHAPTER.case(MTLS_6, level=Level.ROBUST)
def nothing_presented() -> Story:
    """As before; the client certificate is not shown to a target that is not believed."""
    return _untrusted(PresentsNothing())


@CHAPTER.case(MTLS_6, level=Level.ROBUST, depth=Depth.FULL)
def nothing_presented_tls_1_2() -> Story:
    """As before, over TLS 1.2."""
    return _untrusted(PresentsNothing(), tls="1.2")


def _listening(defect: str | None, layout: KeyLayout = "encrypted key") -> Story:
    outcome = Returns() if defect is None else Raises()
    call = connect_tls(client_certificate(layout=layout), defect=defect)
    return story(mutual_tls(), must(call, outcome, Unspoken()), listens=True)


CHAPTER.table(
    MTLS_7,
    _listening,
    row("after-success", "The key has a password, and connect succeeds.", None),
    row(
        "after-a-wrong-password",
        "The password is another one than the key's.",
        "wrong password of the key",
    ),
    row(
        "after-a-refused-target",
        "The target's authority is another than the file's.",
        "file of another authority",
    ),
    row(
        "after-a-key-of-another",
        "The key is that of another client certificate.",
        "key of another client certificate",
        "two files",
    ),
    row(
        "after-a-refused-certificate",
        "The client certificate is of an authority that the target does not trust.",
        "client certificate of an unknown authority",
    ),
)


@CHAPTER.case(MTLS_8)
def beside_a_session_that_has_one() -> Story:
    """Two sessions in turn, one by its certificate, one by its password: only one presents it."""
    return story(
        mutual_tls("optional"),
        must(connect_tls(CLIENT_CERTIFICATE, session="first"), Returns(), KnownAs("admin")),
        must(
            connect_tls(AS_USER, session="second"),
            Returns(),
            KnownAs("user"),
            PresentsNothing(),
            NotShared(),
        ),
        must(list_tables("first"), Returns(), KnownAs("admin"), NotShared()),
    )


@CHAPTER.case(MTLS_8)
def with_another_certificate() -> Story:
    """Two sessions with a certificate each: the target knows each of them as its own user."""
    other = client_certificate(subject="user")
    return story(
        mutual_tls(),
        must(connect_tls(CLIENT_CERTIFICATE, session="first"), Returns(), KnownAs("admin")),
        must(connect_tls(other, session="second"), Returns(), KnownAs("user"), NotShared()),
        must(list_tables("first"), Returns(), KnownAs("admin"), NotShared()),
    )

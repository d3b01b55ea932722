"""MTLS: files that cannot be used, passwords that are not asked for; what stays with its owner."""

from __future__ import annotations

from connect_contracts.chapters.builder import (
    AS_USER,
    CLIENT_CERTIFICATE,
    client_certificate,
    connect_tls,
    defect_row,
    list_tables,
    must,
    mutual_tls,
    story,
)
from connect_contracts.chapters.case import Meanings, Story, row
from connect_contracts.chapters.mtls.certificates import CHAPTER, MTLS_5, MTLS_6, MTLS_7, MTLS_8
from connect_contracts.checks.expectation import Raises, Returns
from connect_contracts.checks.wire_checks import (
    KnownAs,
    NoHttpByte,
    NothingOnTerminal,
    NotShared,
    PresentsNothing,
    Unspoken,
    WireCheck,
)
from connect_contracts.execution.call_defects import CALL_DEFECTS
from connect_contracts.model.clause import Depth, Level
from connect_contracts.model.scenario import KeyLayout, TlsVersion

FILES = "documentation of ClientCertificate"
PASSWORD = "documentation of ClientCertificate, password"

UNASKED = NoHttpByte(after_connecting=False)


# The target does not insist: a client that goes on without a certificate sends a request.
POLITE = mutual_tls("optional")


def _refused(defect: str) -> Story:
    encrypted = CALL_DEFECTS[defect].needs == "an encrypted key"
    given = client_certificate(layout="encrypted key" if encrypted else "two files")
    return story(POLITE, must(connect_tls(given, defect=defect), Raises(), UNASKED))


CHAPTER.table(
    MTLS_5,
    _refused,
    defect_row("file-missing", "client certificate's file missing", recipe="ccfile/missing"),
    defect_row("keyfile-missing", "key's file missing", recipe="ccfile/missing-key"),
    defect_row("file-empty", "client certificate's file empty", recipe="ccfile/empty"),
    defect_row(
        *("file-of-random-bytes", "client certificate's file of random bytes"),
        recipe="ccfile/garbage",
        depth=Depth.FULL,
    ),
    defect_row("no-key", "client certificate without its key", recipe="ccfile/no-key"),
    defect_row(
        *("no-certificate", "key without its client certificate"),
        recipe="ccfile/no-cert",
        depth=Depth.FULL,
    ),
    defect_row("key-of-another", "key of another client certificate", recipe="ccfile/key-mismatch"),
    rule=FILES,
)


@CHAPTER.case(MTLS_5, recipe="ccfile/encrypted-wrong-pw", rule=PASSWORD)
def wrong_password() -> Story:
    """The key is encrypted, and another password is given."""
    return _refused("wrong password of the key")


@CHAPTER.case(MTLS_5, recipe="ccfile/encrypted-empty-cb", rule=PASSWORD)
def empty_password() -> Story:
    """The key is encrypted, and the empty text is given as its password."""
    return _refused("empty password of the key")


def _unasked(defect: str, layout: KeyLayout) -> Story:
    given = client_certificate(layout=layout)
    return story(
        POLITE,
        must(connect_tls(given, defect=defect), Raises(), UNASKED, NothingOnTerminal()),
        isolation="process",
        limit=ASKING_LIMIT,
    )


ASKING_LIMIT = 10.0
"""Seconds after which a client that waits for an answer on its terminal is left alone."""


@CHAPTER.case(MTLS_5, recipe="ccfile/encrypted-no-pw", rule=PASSWORD)
def no_password() -> Story:
    """The key is encrypted and no password is given, in a process with a terminal of its own."""
    return _unasked("no password of the key", "encrypted key")


@CHAPTER.case(MTLS_5, recipe="ccfile/encrypted-no-pw-one-file", rule=PASSWORD, depth=Depth.FULL)
def no_password_in_one_file() -> Story:
    """As before; certificate and encrypted key are in one file."""
    return _unasked("no password of the key", "one file, encrypted key")


@CHAPTER.case(MTLS_5, recipe="ccfile/encrypted-empty-pw-terminal", rule=PASSWORD, depth=Depth.FULL)
def empty_password_with_a_terminal() -> Story:
    """The empty text is given as the password, in a process with a terminal of its own."""
    return _unasked("empty password of the key", "encrypted key")


def _observed(defect: str) -> Story:
    return story(POLITE, connect_tls(client_certificate(), defect=defect))


CHAPTER.table(
    MTLS_5,
    _observed,
    defect_row(
        *("authority-first", "authority before the client certificate"),
        recipe="ccfile/leaf-not-first",
    ),
    defect_row("as-der", "client certificate as DER", recipe="ccfile/der"),
    depth=Depth.FULL,
)
CHAPTER.add(
    MTLS_5,
    "rsa-1024",
    "The client certificate has an RSA key of 1024 bits.",
    lambda: story(mutual_tls(), connect_tls(client_certificate(defect="leaf of RSA 1024"))),
    level=Level.OBSERVE,
    depth=Depth.FULL,
    recipe="ccfile/rsa1024-load",
    meanings=Meanings("keys of RSA 1024 are let pass", "keys of RSA 1024 are not"),
)


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
    # A client that trusts anyone sends requests here: its mistake is that, and no other.
    seen = (NoHttpByte(),) if defect == "file of another authority" else ()
    return story(mutual_tls(), must(call, outcome, *seen, Unspoken()), listens=True)


CHAPTER.table(
    MTLS_7,
    _listening,
    row("after-success", "The key has a password, and connect succeeds.", None),
    defect_row("after-a-wrong-password", "wrong password of the key"),
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
    defect_row("after-a-refused-certificate", "client certificate of an unknown authority"),
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

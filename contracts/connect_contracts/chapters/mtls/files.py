"""Files of a client certificate that do not serve, and passwords that nobody must be asked for."""

from __future__ import annotations

from connect_contracts.chapters.builder import (
    client_certificate,
    connect_tls,
    must,
    mutual_tls,
    story,
)
from connect_contracts.chapters.case import Meanings, Story
from connect_contracts.chapters.mtls.chapter import CHAPTER, MTLS_5
from connect_contracts.checks.expectation import Raises
from connect_contracts.checks.wire_checks import NoHttpByte, NothingOnTerminal
from connect_contracts.model.clause import Depth, Level
from connect_contracts.model.scenario import KeyLayout

FILES = "documentation of ClientCertificate"
PASSWORD = "documentation of ClientCertificate, password"

UNASKED = NoHttpByte(after_connecting=False)


# The target does not insist: whoever goes on without a certificate is seen to.
POLITE = mutual_tls("optional")


def _refused(defect: str, layout: KeyLayout = "two files") -> Story:
    given = client_certificate(layout=layout)
    return story(POLITE, must(connect_tls(given, defect=defect), Raises(), UNASKED))


@CHAPTER.case(MTLS_5, recipe="ccfile/missing", rule=FILES)
def file_missing() -> Story:
    """There is no file at the path of the client certificate."""
    return _refused("client certificate's file missing")


@CHAPTER.case(MTLS_5, recipe="ccfile/missing-key", rule=FILES)
def keyfile_missing() -> Story:
    """There is no file at the path of the key."""
    return _refused("key's file missing")


@CHAPTER.case(MTLS_5, recipe="ccfile/empty", rule=FILES)
def file_empty() -> Story:
    """The file of the client certificate is empty."""
    return _refused("client certificate's file empty")


@CHAPTER.case(MTLS_5, recipe="ccfile/garbage", rule=FILES, depth=Depth.FULL)
def file_of_random_bytes() -> Story:
    """The file of the client certificate holds bytes that mean nothing."""
    return _refused("client certificate's file of random bytes")


@CHAPTER.case(MTLS_5, recipe="ccfile/no-key", rule=FILES)
def no_key() -> Story:
    """The file of the client certificate is given alone, and no key is in it."""
    return _refused("client certificate without its key")


@CHAPTER.case(MTLS_5, recipe="ccfile/no-cert", rule=FILES, depth=Depth.FULL)
def no_certificate() -> Story:
    """The file given as the client certificate holds its key alone."""
    return _refused("key without its client certificate")


@CHAPTER.case(MTLS_5, recipe="ccfile/key-mismatch", rule=FILES)
def key_of_another() -> Story:
    """The key is that of another client certificate."""
    return _refused("key of another client certificate")


@CHAPTER.case(MTLS_5, recipe="ccfile/encrypted-wrong-pw", rule=PASSWORD)
def wrong_password() -> Story:
    """The key is encrypted, and another password is given."""
    return _refused("wrong password of the key", "encrypted key")


@CHAPTER.case(MTLS_5, recipe="ccfile/encrypted-empty-cb", rule=PASSWORD)
def empty_password() -> Story:
    """The key is encrypted, and the empty text is given as its password."""
    return _refused("empty password of the key", "encrypted key")


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


@CHAPTER.case(MTLS_5, level=Level.OBSERVE, recipe="ccfile/leaf-not-first", depth=Depth.FULL)
def authority_first() -> Story:
    """In the file, the authority's certificate stands before the client's."""
    return _observed("authority before the client certificate")


@CHAPTER.case(MTLS_5, level=Level.OBSERVE, recipe="ccfile/der", depth=Depth.FULL)
def as_der() -> Story:
    """The file of the client certificate is in DER, not in PEM."""
    return _observed("client certificate as DER")


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

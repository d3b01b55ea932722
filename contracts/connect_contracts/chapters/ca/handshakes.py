"""Handshakes: versions, ciphers, ports that speak something else, peers that break off."""

from __future__ import annotations

from connect_contracts.chapters.builder import (
    AS_ADMIN,
    arm,
    connect,
    connect_tls,
    https,
    must,
    secure,
    story,
)
from connect_contracts.chapters.ca.chapter import CA_15, CA_17, CA_19, CHAPTER, believed, observed
from connect_contracts.chapters.case import Meanings, Story
from connect_contracts.checks.expectation import Raises
from connect_contracts.checks.wire_checks import FaultFired, NoHttpByte, PlainHttpRefused
from connect_contracts.model.clause import Depth
from connect_contracts.model.scenario import TargetSpec


@CHAPTER.case(CA_15, recipe="proto/tls13-only", rule="RFC 8446 4.2.1")
def tls_1_3_alone() -> Story:
    """The target speaks TLS 1.3 alone."""
    return believed(https(tls="1.3"))


def _handshake_refused(target: TargetSpec) -> Story:
    return story(target, must(connect_tls(), Raises(), NoHttpByte()), twin=believed())


@CHAPTER.case(CA_15, recipe="proto/tls11-only", rule="RFC 8996 5")
def tls_1_1_alone() -> Story:
    """The target speaks TLS 1.1 alone."""
    return _handshake_refused(https(tls="1.1"))


@CHAPTER.case(CA_15, recipe="proto/tls10-only", rule="RFC 8996 4")
def tls_1_0_alone() -> Story:
    """The target speaks TLS 1.0 alone."""
    return _handshake_refused(https(tls="1.0"))


@CHAPTER.case(CA_17, recipe="proto/no-shared-cipher", rule="RFC 5246 7.4.1.3", depth=Depth.FULL)
def no_common_cipher() -> Story:
    """The target takes one cipher suite alone, for which it has no certificate."""
    return _handshake_refused(https(ciphers="none in common"))


@CHAPTER.case(CA_17, recipe="proto/null-cipher", rule="RFC 9325 4.1")
def ciphers_that_encrypt_nothing() -> Story:
    """The target takes only cipher suites that encrypt nothing, or do not authenticate it."""
    return _handshake_refused(https(ciphers="nothing encrypted"))


@CHAPTER.case(
    CA_17, recipe="name/sni-unrecognized", rule="RFC 6066 3, RFC 8446 9.2", depth=Depth.FULL
)
def unrecognised_name() -> Story:
    """The target does not recognise the server name, and says so by a fatal alert."""
    return _handshake_refused(https(server_name_unrecognised=True))


@CHAPTER.case(CA_17, recipe="proto/plain-http-400", rule="RFC 8446 5.1")
def https_to_a_plain_port() -> Story:
    """The URL is one of HTTPS, and the port speaks plain HTTP: it answers the hello with a 400."""
    return story(
        secure(),
        must(connect_tls(defect="https to a plain port"), Raises(), NoHttpByte()),
        twin=story(secure(), connect(AS_ADMIN)),
    )


@CHAPTER.case(CA_17, rule="RFC 9110 15.5.1")
def http_to_a_tls_port() -> Story:
    """The URL is one of plain HTTP, and the port speaks TLS: it answers with a 400."""
    return story(
        https(), must(connect_tls(defect="http to a TLS port"), Raises(), PlainHttpRefused())
    )


def _broken_off(fault: str) -> Story:
    return story(https(), arm(fault), must(connect_tls(), Raises(), FaultFired(), NoHttpByte()))


@CHAPTER.case(CA_17, recipe="proto/close-at-accept", rule="RFC 8446 6.1")
def closed_when_accepted() -> Story:
    """The target closes the connection as soon as it has accepted it."""
    return _broken_off("closed when accepted")


@CHAPTER.case(CA_17, recipe="proto/close-after-hello", rule="RFC 8446 6.1")
def closed_after_the_hello() -> Story:
    """The target closes the connection when it has the client's hello."""
    return _broken_off("closed after the client hello")


@CHAPTER.case(CA_17, recipe="proto/reset-after-hello", rule="RFC 8446 6.1")
def reset_after_the_hello() -> Story:
    """The target resets the connection when it has the client's hello."""
    return _broken_off("reset after the client hello")


@CHAPTER.case(CA_17, recipe="proto/garbage", rule="RFC 8446 5.1", depth=Depth.FULL)
def garbage() -> Story:
    """The target answers the client's hello with bytes that mean nothing."""
    return _broken_off("garbage in place of the server hello")


@CHAPTER.case(CA_17, recipe="proto/alert-internal-error", rule="RFC 8446 6.2", depth=Depth.FULL)
def internal_error() -> Story:
    """The target answers the client's hello with a fatal alert, ``internal_error``."""
    return _broken_off("internal error in place of the server hello")


@CHAPTER.case(CA_17, recipe="proto/banner-first", rule="RFC 8446 5.1", depth=Depth.FULL)
def banner_first() -> Story:
    """The target talks first, and not TLS."""
    return _broken_off("banner before the client hello")


CHAPTER.add(
    CA_19,
    "no-common-protocol",
    "The target offers HTTP/2 alone as application protocol, and none is agreed upon.",
    lambda: observed(https(alpn=("h2",))),
    depth=Depth.FULL,
    recipe="proto/alpn-none-shared",
    meanings=Meanings("without an agreement, HTTP/1.1 is spoken", "an agreement is insisted on"),
)


@CHAPTER.case(CA_19, recipe="proto/hello-for-a-name")
def hello_for_a_name() -> Story:
    """What the client's hello tells: the server name, the protocols, the versions."""
    return observed()


@CHAPTER.case(CA_19, recipe="proto/hello-for-an-address")
def hello_for_an_address() -> Story:
    """As before, for an IP address, which is no server name (RFC 6066 3)."""
    return observed(host="127.0.0.1")

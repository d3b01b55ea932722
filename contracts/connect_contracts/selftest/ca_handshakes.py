"""CA, FAULT: handshakes and answers that end too early, or in another way than they should."""

from __future__ import annotations

import ssl
import warnings
from collections.abc import Callable
from typing import Any

import httpx

from connect_contracts.selftest.reference_copy import ReferenceCopy
from connect_contracts.selftest.registry import broken


@broken(fails=("CA-15[tls-1-1-alone]", "CA-15[tls-1-0-alone]"))
def speaks_old_versions(reference: ReferenceCopy) -> None:
    """TLS 1.0 and 1.1 are spoken."""
    trusting = reference["_trust.trusting"]

    def lenient(certificate_authority: Any) -> Any:
        context = trusting(certificate_authority)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = ssl.TLSVersion.TLSv1
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        return context

    reference["_trust.trusting"] = lenient


@broken(
    fails=("CA-17[ciphers-that-encrypt-nothing]",),
    because="at the security level of such suites, signatures over MD5 are believed",
)
def encrypts_nothing(reference: ReferenceCopy) -> None:
    """Cipher suites are agreed to that encrypt nothing."""
    trusting = reference["_trust.trusting"]

    def lenient(certificate_authority: Any) -> Any:
        context = trusting(certificate_authority)
        context.set_ciphers("eNULL:ALL:@SECLEVEL=0")
        return context

    reference["_trust.trusting"] = lenient


def _going_on(reference: ReferenceCopy, when: Callable[[BaseException], bool]) -> None:
    """Have connect return a session, which leads nowhere, after certain failures."""
    connect = reference["Session.connect"].__func__

    def going_on(cls: Any, *given: Any, **named: Any) -> Any:
        try:
            return connect(cls, *given, **named)
        except httpx.TransportError as error:
            if when(error):
                return cls.__new__(cls)
            raise

    reference["Session.connect"] = classmethod(going_on)


@broken(
    fails=("CA-17",),
    because="where no secret may be told, what it breaks comes first",
)
def goes_on_after_a_broken_handshake(reference: ReferenceCopy) -> None:
    """That a handshake is broken off, in whatever way, is noticed at the first use."""
    _going_on(reference, lambda error: isinstance(error, httpx.ConnectError))


@broken(fails=("CA-17[http-to-a-tls-port]",))
def speaks_tls_to_a_tls_port(reference: ReferenceCopy) -> None:
    """Where plain HTTP is refused, TLS is tried, whatever the URL says."""
    connect = reference["Session.connect"].__func__

    def securely(cls: Any, /, url: Any, **named: Any) -> Any:
        try:
            return connect(cls, url, **named)
        except httpx.HTTPStatusError:
            if str(url).startswith("http:"):
                return connect(cls, url.replace("http:", "https:"), **named)
            raise

    reference["Session.connect"] = classmethod(securely)


@broken(
    fails=("FAULT-1",),
    because="where no secret may be told, what it breaks comes first",
)
def goes_on_without_an_answer(reference: ReferenceCopy) -> None:
    """That the answer breaks off is noticed at the first use."""
    _going_on(
        reference, lambda error: isinstance(error, httpx.ReadError | httpx.RemoteProtocolError)
    )


@broken(
    fails=("FAULT-2[body-cut-short]", "FAULT-2[body-cut-short-in-order]"),
    because="so is an answer that breaks off within its headers or body for another reason",
)
def takes_half_a_body(reference: ReferenceCopy) -> None:
    """A body that is shorter than announced is taken for the whole."""
    _going_on(reference, lambda error: "complete message body" in str(error).lower())

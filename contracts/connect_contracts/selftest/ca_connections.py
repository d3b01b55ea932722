"""CA, FAULT: handshakes, answers that break off, what is tried again, remembered or shared."""

from __future__ import annotations

import os
import ssl
import warnings
from pathlib import Path
from typing import Any

import httpx

from connect_contracts.selftest.reference_copy import (
    ReferenceCopy,
    causes,
    change_contexts,
    go_on_when,
    verify_nothing,
)
from connect_contracts.selftest.registry import broken


@broken(fails=("CA-15[tls-1-1-alone]", "CA-15[tls-1-0-alone]"))
def speaks_old_versions(reference: ReferenceCopy) -> None:
    """TLS 1.0 and 1.1 are spoken."""

    def lenient(context: ssl.SSLContext, _: Any) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = ssl.TLSVersion.TLSv1
        context.set_ciphers("DEFAULT:@SECLEVEL=0")

    change_contexts(reference, lenient)


@broken(
    fails=("CA-17[ciphers-that-encrypt-nothing]",),
    because="at the security level of such suites, signatures over MD5 are believed",
)
def encrypts_nothing(reference: ReferenceCopy) -> None:
    """Cipher suites are agreed to that encrypt nothing."""
    ciphers = "eNULL:ALL:@SECLEVEL=0"
    change_contexts(reference, lambda context, _: context.set_ciphers(ciphers))


@broken(fails=("CA-17",), because="in a case about secrets the same step fails first")
def goes_on_after_a_broken_handshake(reference: ReferenceCopy) -> None:
    """That a handshake is broken off, in whatever way, is noticed at the first use."""
    go_on_when(reference, lambda error, _: isinstance(error, httpx.ConnectError))


@broken(fails=("CA-17[http-to-a-tls-port]",))
def speaks_tls_to_a_tls_port(reference: ReferenceCopy) -> None:
    """Where plain HTTP is refused, TLS is tried, whatever the URL says."""

    @reference.around("Session.connect")
    def securely(connect: Any, cls: Any, /, url: Any, **named: Any) -> Any:
        try:
            return connect(cls, url, **named)
        except httpx.HTTPStatusError:
            if str(url).startswith("http:"):
                return connect(cls, url.replace("http:", "https:"), **named)
            raise


_BROKEN_OFF = (
    *("closed-before-the-answer", "closed-within-the-status-line", "closed-within-the-headers"),
    "reset-within-the-body",
)


@broken(
    fails=(
        *(f"FAULT-1[{case}]" for case in _BROKEN_OFF),
        "FAULT-3[no-http]",
        "FAULT-3[status-line-of-nonsense]",
    ),
    because="in a case about secrets the same step fails first",
)
def goes_on_without_an_answer(reference: ReferenceCopy) -> None:
    """That the answer breaks off is noticed at the first use."""
    broken_off = (httpx.ReadError, httpx.RemoteProtocolError)
    go_on_when(reference, lambda error, _: isinstance(error, broken_off))


@broken(
    fails=("FAULT-2[body-cut-short]", "FAULT-2[body-cut-short-in-order]"),
    because="so is an answer that breaks off within its headers or body for another reason",
)
def takes_half_a_body(reference: ReferenceCopy) -> None:
    """A body that is shorter than announced is taken for the whole."""
    go_on_when(reference, lambda error, _: "complete message body" in str(error).lower())


def _refused_for_its_certificate(error: BaseException) -> bool:
    return any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes(error))


@broken(fails=("CA-16",), because="in a case about secrets the same step fails first")
def falls_back_to_plain_http(reference: ReferenceCopy) -> None:
    """A target that is not believed is asked again over plain HTTP."""

    @reference.around("Session.connect")
    def plainly(connect: Any, cls: Any, /, url: Any, **named: Any) -> Any:
        try:
            return connect(cls, url, **named)
        except httpx.ConnectError as error:
            if _refused_for_its_certificate(error):
                return connect(cls, url.replace("https:", "http:"), **named)
            raise


@broken(
    fails=("CA-16[asked-twice]", "CA-16[expired-tls-1-2]", "CA-16[expired-tls-1-3]"),
    because="a session that was refused without a file is believed the next time",
)
def believes_at_the_second_attempt(reference: ReferenceCopy) -> None:
    """A host and port that were refused once are believed when they are asked for again."""
    trusting = reference["_trust.trusting"]
    empty_context = reference["_trust.empty_context"]
    refused: set[tuple[str, Path]] = set()

    @reference.around("Session.connect")
    def knowing(connect: Any, cls: Any, /, url: Any, **named: Any) -> Any:
        # A port is soon another target's; where the files lie tells them apart.
        known = (str(url), Path(named.get("certificate_authority") or "").parent.parent)
        if known in refused:
            reference["_trust.trusting"] = lambda _file: verify_nothing(empty_context())
        try:
            return connect(cls, url, **named)
        except httpx.ConnectError as error:
            if _refused_for_its_certificate(error):
                refused.add(known)
            raise
        finally:
            reference["_trust.trusting"] = trusting


@broken(
    fails=("CA-18",),
    because="what a file held before is believed still when its path holds something else",
)
def adds_every_file_to_one_store(reference: ReferenceCopy) -> None:
    """The authorities of every file are added to one store, which all sessions share."""
    shared: list[bytes] = []

    def add(context: ssl.SSLContext, certificate_authority: Path | None) -> None:
        own = context.get_ca_certs(binary_form=True) if certificate_authority else []
        for der in shared:
            context.load_verify_locations(cadata=der)
        shared.extend(own)

    change_contexts(reference, add)


@broken(fails=("CA-18[intermediate-seen-before]",))
def remembers_intermediates(reference: ReferenceCopy) -> None:
    """What a target sends beside its own certificate completes the chains of others later."""
    seen: list[str] = []

    def complete(context: ssl.SSLContext, _: Path | None) -> None:
        for pem in seen:
            context.load_verify_locations(cadata=pem)

    change_contexts(reference, complete)

    @reference.around("_transport.Transport.__init__")
    def noting(init: Any, transport: Any, *given: Any, **named: Any) -> None:
        def note(response: httpx.Response) -> None:
            stream = response.extensions["network_stream"].get_extra_info("ssl_object")
            chain = stream._sslobj.get_unverified_chain() if stream else ()
            seen.extend(each.public_bytes() for each in chain[1:])

        init(transport, *given, **named)
        transport._client.event_hooks = {"response": [note]}


@broken(fails=("CA-18[process-untouched]",))
def patches_the_default_context(reference: ReferenceCopy) -> None:
    """The authorities of a file become those that every default context trusts."""

    def patch(context: ssl.SSLContext, certificate_authority: Path | None) -> None:
        create = ssl.create_default_context

        def trusting_too(*given: Any, **named: Any) -> ssl.SSLContext:
            made = create(*given, **named)
            for der in context.get_ca_certs(binary_form=True):
                made.load_verify_locations(cadata=der)
            return made

        if certificate_authority is not None:
            ssl.create_default_context = trusting_too

    change_contexts(reference, patch)


@broken(
    fails=("CA-18[connections-apart]", "CA-18[connections-apart-by-authority]"),
    because="a session on another's connection is judged by neither of its own",
)
def shares_connections(reference: ReferenceCopy) -> None:
    """All sessions with one URL send over the connections of the first."""
    clients: dict[str, Any] = {}

    @reference.around("_transport.Transport.__init__")
    def sharing(init: Any, transport: Any, base_url: str, **named: Any) -> None:
        init(transport, base_url, **named)
        transport._auth = transport._client.auth
        first = clients.get(base_url)
        if first is not None and not first.is_closed:
            transport._client.close()
            transport._client = first
        clients[base_url] = transport._client

    @reference.around("_transport.Transport._send")
    def sending(send: Any, transport: Any, *given: Any) -> Any:
        transport._client.auth = transport._auth
        return send(transport, *given)


@broken(fails=("CA-20",))
def verifies_while_connecting_alone(reference: ReferenceCopy) -> None:
    """Once connected, a session accepts every certificate at its port."""

    @reference.around("_session.ConnectedSession.__init__")
    def trusting_from_now_on(init: Any, session: Any, transport: Any, versions: Any) -> None:
        init(session, transport, versions)
        context = verify_nothing(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
        transport._client._transport._pool._ssl_context = context


@broken(fails=("CA-21",))
def reads_each_path_once(reference: ReferenceCopy) -> None:
    """What was read at a path is kept for all later calls."""
    kept: dict[Path, Any] = {}

    @reference.around("_trust.trusting")
    def remembering(trusting: Any, certificate_authority: Path | None) -> Any:
        if certificate_authority is None:
            return trusting(None)
        if certificate_authority not in kept:
            kept[certificate_authority] = trusting(certificate_authority)
        return kept[certificate_authority]


@broken(
    fails=("CA-4[trusted-without-the-file]",),
    because="an issuer of tokens is believed by the authorities of the machine",
)
def trusts_nobody_without_a_file(reference: ReferenceCopy) -> None:
    """Without a file no authority is trusted, whatever the machine trusts."""
    empty_context = reference["_trust.empty_context"]

    @reference.around("_trust.trusting")
    def strict(trusting: Any, certificate_authority: Path | None) -> Any:
        return empty_context() if certificate_authority is None else trusting(certificate_authority)


@broken(
    fails=tuple(f"CA-1[beside-{name}]" for name in ("requests-ca-bundle", "curl-ca-bundle")),
)
def prefers_the_bundle_of_the_environment(reference: ReferenceCopy) -> None:
    """A CA bundle that the environment names takes the place of the file that is given."""

    @reference.around("_trust.trusting")
    def of_the_environment(trusting: Any, file: Path) -> ssl.SSLContext:
        named = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
        context: ssl.SSLContext = trusting(Path(named) if named else file)
        return context

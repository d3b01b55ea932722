"""CA: what is tried again, what is remembered, what is shared."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import httpx

from connect_contracts.selftest.reference_copy import ReferenceCopy
from connect_contracts.selftest.registry import broken


def _believing_anyone() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _refused_for_its_certificate(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


@broken(
    fails=("CA-16",),
    because="where no secret may be told, what it breaks comes first",
)
def falls_back_to_plain_http(reference: ReferenceCopy) -> None:
    """A target that is not believed is asked again over plain HTTP."""
    connect = reference["Session.connect"].__func__

    def plainly(cls: Any, /, url: Any, **named: Any) -> Any:
        try:
            return connect(cls, url, **named)
        except httpx.ConnectError as error:
            if _refused_for_its_certificate(error):
                return connect(cls, url.replace("https:", "http:"), **named)
            raise

    reference["Session.connect"] = classmethod(plainly)


@broken(
    fails=("CA-16[asked-twice]", "CA-16[expired-tls-1-2]", "CA-16[expired-tls-1-3]"),
    because="a session that was refused without a file is believed the next time",
)
def believes_at_the_second_attempt(reference: ReferenceCopy) -> None:
    """A host and port that were refused once are believed when they are asked for again."""
    connect = reference["Session.connect"].__func__
    trusting = reference["_trust.trusting"]
    refused: set[tuple[str, Path]] = set()

    def knowing(cls: Any, /, url: Any, **named: Any) -> Any:
        # A port is soon another target's; where the files lie tells them apart.
        known = (str(url), Path(named.get("certificate_authority") or "").parent.parent)
        if known in refused:
            reference["_trust.trusting"] = lambda _file: _believing_anyone()
        try:
            return connect(cls, url, **named)
        except httpx.ConnectError as error:
            if _refused_for_its_certificate(error):
                refused.add(known)
            raise
        finally:
            reference["_trust.trusting"] = trusting

    reference["Session.connect"] = classmethod(knowing)


@broken(
    fails=("CA-18",),
    because="what a file held before is believed still when its path holds something else",
)
def adds_every_file_to_one_store(reference: ReferenceCopy) -> None:
    """The authorities of every file are added to one store, which all sessions share."""
    trusting = reference["_trust.trusting"]
    shared: list[bytes] = []

    def adding(certificate_authority: Path | None) -> Any:
        context = trusting(certificate_authority)
        own = context.get_ca_certs(binary_form=True) if certificate_authority else []
        for der in shared:
            context.load_verify_locations(cadata=der)
        shared.extend(own)
        return context

    reference["_trust.trusting"] = adding


@broken(fails=("CA-18[process-untouched]",))
def patches_the_default_context(reference: ReferenceCopy) -> None:
    """The authorities of a file become those that every default context trusts."""
    trusting = reference["_trust.trusting"]

    def patching(certificate_authority: Path | None) -> Any:
        context = trusting(certificate_authority)
        if certificate_authority is not None:
            create = ssl.create_default_context

            def trusting_too(*given: Any, **named: Any) -> ssl.SSLContext:
                made = create(*given, **named)
                for der in context.get_ca_certs(binary_form=True):
                    made.load_verify_locations(cadata=der)
                return made

            ssl.create_default_context = trusting_too
        return context

    reference["_trust.trusting"] = patching


@broken(
    fails=("CA-18[connections-apart]", "CA-18[connections-apart-by-authority]"),
    because="a session on another's connection is judged by neither of its own",
)
def shares_connections(reference: ReferenceCopy) -> None:
    """All sessions with one URL send over the connections of the first."""
    client_of = reference["_transport.Transport.__init__"]
    send = reference["_transport.Transport._send"]
    clients: dict[str, Any] = {}

    def sharing(transport: Any, base_url: str, **named: Any) -> None:
        client_of(transport, base_url, **named)
        transport._auth = transport._client.auth
        first = clients.get(base_url)
        if first is not None and not first.is_closed:
            transport._client.close()
            transport._client = first
        clients[base_url] = transport._client

    def sending(transport: Any, *given: Any) -> Any:
        transport._client.auth = transport._auth
        return send(transport, *given)

    reference["_transport.Transport.__init__"] = sharing
    reference["_transport.Transport._send"] = sending


@broken(fails=("CA-20",))
def verifies_while_connecting_alone(reference: ReferenceCopy) -> None:
    """Once connected, a session believes whoever is at its port."""
    init = reference["_session.ConnectedSession.__init__"]

    def trusting_from_now_on(session: Any, transport: Any, versions: Any) -> None:
        init(session, transport, versions)
        pool = transport._client._transport._pool
        pool._ssl_context = _believing_anyone()

    reference["_session.ConnectedSession.__init__"] = trusting_from_now_on


@broken(fails=("CA-21",))
def reads_each_path_once(reference: ReferenceCopy) -> None:
    """What was read at a path is kept for all later calls."""
    trusting = reference["_trust.trusting"]
    kept: dict[Path, Any] = {}

    def remembering(certificate_authority: Path | None) -> Any:
        if certificate_authority is None:
            return trusting(None)
        if certificate_authority not in kept:
            kept[certificate_authority] = trusting(certificate_authority)
        return kept[certificate_authority]

    reference["_trust.trusting"] = remembering


@broken(fails=("CA-4[trusted-without-the-file]",))
def trusts_nobody_without_a_file(reference: ReferenceCopy) -> None:
    """Without a file no authority is trusted, whatever the machine trusts."""
    trusting = reference["_trust.trusting"]

    def strict(certificate_authority: Path | None) -> Any:
        if certificate_authority is None:
            return reference["_trust.trusting_nobody"]()
        return trusting(certificate_authority)

    reference["_trust.trusting"] = strict

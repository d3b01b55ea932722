"""Fake Atoti target sessions: secure and unsecure, over HTTP, HTTPS and mutual TLS.

A target runs in this process, on loopback, and answers as a real session does::

    >>> from urllib.request import urlopen
    >>> from connect_harness import TargetSession
    >>> with TargetSession.start() as target:
    ...     versions = urlopen(f"{target.url}/versions/rest").read()
    ...     (exchange,) = target.assert_requested(method="GET", path="/versions/*")
    >>> exchange.status
    200

What there is, by what it is for:

* a target: ``TargetSession``, configured by ``SessionConfig``, ``SecurityConfig``,
  ``BasicAuthenticationConfig``, ``HttpsConfig``, ``ClientCertificateConfig``; its releases are in
  ``RELEASES``; ``Issuer`` issues tokens;
* certificates: ``Chain`` with one of ``DEFECTS``; ``ClientFiles`` for clients;
* what goes wrong: ``TargetSession.arm`` with a name of ``fault_kinds()``, on ``Requests``; a
  ``Fault`` of one's own is an ``AnswerFault`` or a ``WireFault``;
* what happened: ``Journal``, which gives each ``Exchange`` and has each ``Event``;
* the types of the pytest fixtures: ``TargetFactory``, ``HttpsTargetFactory``, ``FaultFactory``,
  ``UserFactory``, ``Login``.

What brings the server or the cryptography in loads when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from connect_harness.certificates.chain import Chain
from connect_harness.config import (
    BasicAuthenticationConfig,
    ClientCertificateConfig,
    HttpsConfig,
    SecurityConfig,
    SessionConfig,
)

if TYPE_CHECKING:
    from connect_harness.certificates import (
        DEFECTS,
        Authorities,
        Defect,
        IssuedChain,
        PresentedChain,
        UnreadableKeystoreError,
    )
    from connect_harness.client_files import ClientCertificateFiles, ClientFiles
    from connect_harness.exchange import PeerCertificate, Request
    from connect_harness.factories import (
        FaultFactory,
        HttpsTargetFactory,
        Login,
        TargetFactory,
        TargetOptions,
        UserFactory,
    )
    from connect_harness.faults import (
        Answer,
        AnswerFault,
        Armed,
        Effect,
        Fault,
        FaultKind,
        Requests,
        UnmetFault,
        WireFault,
        fault_kinds,
    )
    from connect_harness.issuer import Issuer
    from connect_harness.listening import TargetClosed
    from connect_harness.owner import OwnerCube, OwnerTable, UnlikelyRole
    from connect_harness.played import InexactRelease
    from connect_harness.releases import RELEASES, Release, UnknownRelease
    from connect_harness.server import (
        Act,
        AnswerGiven,
        Cause,
        ClientHello,
        ConnectionAccepted,
        ConnectionClosed,
        Ending,
        Event,
        Exchange,
        FaultFired,
        FileRefused,
        GatewayCommand,
        HandshakeCompleted,
        HandshakeFailed,
        HarnessError,
        Journal,
        Kept,
        Layer,
        ListenerStarted,
        ListenerStopped,
        Mark,
        NotServed,
        OwnerActed,
        Phase,
        RequestReceived,
        RequestRejected,
    )
    from connect_harness.session import TargetSession
    from connect_harness.state import User, WrongCube, WrongRow, WrongTable

_LAZY = {
    "certificates": "DEFECTS Authorities Defect IssuedChain PresentedChain UnreadableKeystoreError",
    "client_files": "ClientCertificateFiles ClientFiles",
    "exchange": "PeerCertificate Request",
    "factories": "FaultFactory HttpsTargetFactory Login TargetFactory TargetOptions UserFactory",
    "faults": "Answer AnswerFault Armed Effect Fault FaultKind Requests UnmetFault WireFault "
    "fault_kinds",
    "issuer": "Issuer",
    "listening": "TargetClosed",
    "owner": "OwnerCube OwnerTable UnlikelyRole",
    "played": "InexactRelease",
    "releases": "RELEASES Release UnknownRelease",
    "server": "Act AnswerGiven Cause ClientHello ConnectionAccepted ConnectionClosed Ending Event "
    "Exchange FaultFired FileRefused GatewayCommand HandshakeCompleted HandshakeFailed "
    "HarnessError Journal Kept Layer ListenerStarted ListenerStopped Mark NotServed OwnerActed "
    "Phase RequestReceived RequestRejected",
    "session": "TargetSession",
    "state": "User WrongCube WrongRow WrongTable",
}
"""By module, the names that load when they are first asked for."""

__all__ = [
    "DEFECTS",
    "RELEASES",
    "Act",
    "Answer",
    "AnswerFault",
    "AnswerGiven",
    "Armed",
    "Authorities",
    "BasicAuthenticationConfig",
    "Cause",
    "Chain",
    "ClientCertificateConfig",
    "ClientCertificateFiles",
    "ClientFiles",
    "ClientHello",
    "ConnectionAccepted",
    "ConnectionClosed",
    "Defect",
    "Effect",
    "Ending",
    "Event",
    "Exchange",
    "Fault",
    "FaultFactory",
    "FaultFired",
    "FaultKind",
    "FileRefused",
    "GatewayCommand",
    "HandshakeCompleted",
    "HandshakeFailed",
    "HarnessError",
    "HttpsConfig",
    "HttpsTargetFactory",
    "InexactRelease",
    "IssuedChain",
    "Issuer",
    "Journal",
    "Kept",
    "Layer",
    "ListenerStarted",
    "ListenerStopped",
    "Login",
    "Mark",
    "NotServed",
    "OwnerActed",
    "OwnerCube",
    "OwnerTable",
    "PeerCertificate",
    "Phase",
    "PresentedChain",
    "Release",
    "Request",
    "RequestReceived",
    "RequestRejected",
    "Requests",
    "SecurityConfig",
    "SessionConfig",
    "TargetClosed",
    "TargetFactory",
    "TargetOptions",
    "TargetSession",
    "UnknownRelease",
    "UnlikelyRole",
    "UnmetFault",
    "UnreadableKeystoreError",
    "User",
    "UserFactory",
    "WireFault",
    "WrongCube",
    "WrongRow",
    "WrongTable",
    "fault_kinds",
]


def __getattr__(name: str) -> Any:
    for module, names in _LAZY.items():
        if name in names.split():
            value = globals()[name] = getattr(import_module(f"{__name__}.{module}"), name)
            return value
    text = f"module {__name__!r} has no attribute {name!r}"
    if not name.startswith("_"):
        from connect_harness.refusals import nearest

        near = nearest(name, __all__)
        text += f"; the nearest are {', '.join(near)}" if near else ""
    raise AttributeError(text, name=name)


def __dir__() -> list[str]:
    return sorted(__all__)

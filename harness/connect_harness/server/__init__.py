"""Sockets, TLS and HTTP of the fake targets, and the journal of all that happened on them.

It knows none of the target's APIs: it hands requests to an application and sends its answers.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from connect_harness.server.causes import Cause, Ending
    from connect_harness.server.client_hello import ClientHello
    from connect_harness.server.events import (
        AnswerGiven,
        ConnectionAccepted,
        ConnectionClosed,
        Event,
        FaultFired,
        FileRefused,
        GatewayCommand,
        HandshakeCompleted,
        HandshakeFailed,
        HarnessError,
        Kept,
        ListenerStarted,
        ListenerStopped,
        Mark,
        RequestReceived,
        RequestRejected,
    )
    from connect_harness.server.journal import Journal, to_plain
    from connect_harness.server.listener import Listener
    from connect_harness.server.misbehaviour import (
        Act,
        Layer,
        Misbehaviour,
        Named,
        Outgoing,
        Phase,
    )
    from connect_harness.server.tls import ClientCertificate, server_context

_HOMES = {
    "Cause": "causes",
    "Ending": "causes",
    "ClientHello": "client_hello",
    "AnswerGiven": "events",
    "ConnectionAccepted": "events",
    "ConnectionClosed": "events",
    "Event": "events",
    "FaultFired": "events",
    "FileRefused": "events",
    "GatewayCommand": "events",
    "HandshakeCompleted": "events",
    "HandshakeFailed": "events",
    "HarnessError": "events",
    "Kept": "events",
    "ListenerStarted": "events",
    "ListenerStopped": "events",
    "Mark": "events",
    "RequestReceived": "events",
    "RequestRejected": "events",
    "Journal": "journal",
    "to_plain": "journal",
    "Listener": "listener",
    "Act": "misbehaviour",
    "Layer": "misbehaviour",
    "Misbehaviour": "misbehaviour",
    "Named": "misbehaviour",
    "Outgoing": "misbehaviour",
    "Phase": "misbehaviour",
    "ClientCertificate": "tls",
    "server_context": "tls",
}

__all__ = [
    "Act",
    "AnswerGiven",
    "Cause",
    "ClientCertificate",
    "ClientHello",
    "ConnectionAccepted",
    "ConnectionClosed",
    "Ending",
    "Event",
    "FaultFired",
    "FileRefused",
    "GatewayCommand",
    "HandshakeCompleted",
    "HandshakeFailed",
    "HarnessError",
    "Journal",
    "Kept",
    "Layer",
    "Listener",
    "ListenerStarted",
    "ListenerStopped",
    "Mark",
    "Misbehaviour",
    "Named",
    "Outgoing",
    "Phase",
    "RequestReceived",
    "RequestRejected",
    "server_context",
    "to_plain",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)

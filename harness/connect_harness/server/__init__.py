"""Sockets, TLS and HTTP of the fake targets, and the journal of all that happened on them.

It knows no API of the target: it hands requests to an application and sends its answers. What is
named here costs little to import; the server itself is ``server.listener``.
"""

from connect_harness.misbehaviour import Act, Layer, Phase
from connect_harness.server.client_hello import ClientHello
from connect_harness.server.events import (
    AnswerGiven,
    Cause,
    ConnectionAccepted,
    ConnectionClosed,
    Ending,
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
    NotServed,
    OwnerActed,
    RequestReceived,
    RequestRejected,
)
from connect_harness.server.exchanges import Exchange
from connect_harness.server.journal import Journal

__all__ = [
    "Act",
    "AnswerGiven",
    "Cause",
    "ClientHello",
    "ConnectionAccepted",
    "ConnectionClosed",
    "Ending",
    "Event",
    "Exchange",
    "FaultFired",
    "FileRefused",
    "GatewayCommand",
    "HandshakeCompleted",
    "HandshakeFailed",
    "HarnessError",
    "Journal",
    "Kept",
    "Layer",
    "ListenerStarted",
    "ListenerStopped",
    "Mark",
    "NotServed",
    "OwnerActed",
    "Phase",
    "RequestReceived",
    "RequestRejected",
]

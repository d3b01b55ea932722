"""Faults beside an answer: while a request arrives, and between two requests."""

from __future__ import annotations

from connect_harness.exchange import plain_answer
from connect_harness.faults.registry import Effect, WireFault, fault
from connect_harness.misbehaviour import Act, Layer, Phase


def _when(phase: Phase, *parts: bytes | Act) -> WireFault:
    return WireFault(phase, lambda _: parts, layer=Layer.APPLICATION, reads_http=True)


@fault("closed within the request", Effect.STOPS)
def closed_within_the_request() -> WireFault:
    """The stream ends when the head of the request was read: nothing is done."""
    return _when(Phase.REQUEST, Act.CLOSE)


@fault("reset within the request", Effect.STOPS)
def reset_within_the_request() -> WireFault:
    """The connection is reset when the head of the request was read: nothing is done."""
    return _when(Phase.REQUEST, Act.RESET)


@fault("answered before the body was read", Effect.STOPS)
def answered_before_the_body_was_read() -> WireFault:
    """413 comes when the head of the request was read, and nothing is done; the stream ends after
    it (RFC 9110 15.5.14).
    """
    refusal = plain_answer(413, "This is more than the target takes.")
    return _when(Phase.REQUEST, refusal, Act.NOTIFY_AND_CLOSE)


@fault("closed after the answer", Effect.OPEN)
def closed_after_the_answer() -> WireFault:
    """The whole answer goes out, which lets the connection stay open, and then the stream ends:
    the target has closed an idle connection (RFC 9112 section 9.3.1).
    """
    return _when(Phase.IDLE, Act.NOTIFY_AND_CLOSE)


@fault("reset after the answer", Effect.OPEN)
def reset_after_the_answer() -> WireFault:
    """The whole answer goes out, and then the connection is reset."""
    return _when(Phase.IDLE, Act.RESET)

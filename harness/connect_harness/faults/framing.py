"""Faults of an answer's framing: it is cut short, too long, or not framed as announced."""

from __future__ import annotations

from connect_harness.faults.registry import fault
from connect_harness.faults.versions_answer import Message, in_the_versions_answer
from connect_harness.faults.wire import Parts, WireFault
from connect_harness.protocols.versions import PATH
from connect_harness.server.misbehaviour import Act, Phase


@fault("stalled before the answer")
def stalled_before_the_answer() -> WireFault:
    """Nothing answers the request for the versions, until the client leaves or the target stops."""
    return in_the_versions_answer(lambda _: [Act.STALL])


@fault("closed before the answer")
def closed_before_the_answer() -> WireFault:
    """No byte answers the request for the versions: the stream ends, under TLS without notice."""
    return in_the_versions_answer(lambda _: [Act.CLOSE])


@fault("closed within the status line")
def closed_within_the_status_line() -> WireFault:
    """The answer to the request for the versions ends within its status line (RFC 9112 section 4),
    under TLS without notice.
    """
    return in_the_versions_answer(lambda answer: [answer.status_line[:10], Act.CLOSE])


# The line end of the last header, the one that ends them all, and the last character.
_MISSING = len(b"x\r\n\r\n")


@fault("closed within the headers")
def closed_within_the_headers() -> WireFault:
    """The answer to the request for the versions ends within its last header (RFC 9112 section 8),
    under TLS without notice.
    """
    return in_the_versions_answer(lambda answer: [answer.head[:-_MISSING], Act.CLOSE])


@fault("body cut short")
def body_cut_short() -> WireFault:
    """Half of the versions arrive, less than is announced (RFC 9112 sections 6.3 and 8); under TLS
    the stream ends without notice.
    """
    return in_the_versions_answer(lambda answer: [answer.head + answer.half, Act.CLOSE])


@fault("body cut short with close_notify")
def body_cut_short_with_close_notify() -> WireFault:
    """Half of the versions arrive, less than is announced (RFC 9112 sections 6.3 and 8); under TLS
    the stream ends with ``close_notify``.
    """
    return in_the_versions_answer(lambda answer: [answer.head + answer.half, Act.NOTIFY_AND_CLOSE])


@fault("body longer than announced")
def body_longer_than_announced() -> WireFault:
    """All of the versions arrive, and half of their length is announced (RFC 9112 section 6.3); the
    stream ends after them.
    """
    return in_the_versions_answer(_too_long)


def _too_long(answer: Message) -> Parts:
    head = answer.framed_by(b"Content-Length: %d" % len(answer.half))
    return [head + answer.body, Act.NOTIFY_AND_CLOSE]


@fault("body without a length")
def body_without_a_length() -> WireFault:
    """All of the versions arrive, no length is announced, and the end of the stream is their end
    (RFC 9112 section 6.3), as ``Connection: close`` says before; under TLS with ``close_notify``.
    """
    return in_the_versions_answer(
        lambda answer: [answer.framed_by(b"Connection: close") + answer.body, Act.NOTIFY_AND_CLOSE]
    )


@fault("body without a length cut short")
def body_without_a_length_cut_short() -> WireFault:
    """Half of the versions arrive, no length is announced, and the stream ends; under TLS without
    notice, which tells that it was cut (RFC 8446 section 6.1, RFC 9112 section 9.8).
    """
    return in_the_versions_answer(lambda answer: [answer.framed_by(b"") + answer.half, Act.CLOSE])


@fault("chunk cut short")
def chunk_cut_short() -> WireFault:
    """Half of a chunk with the versions arrives (RFC 9112 sections 7.1 and 8); under TLS the
    stream ends without notice.
    """
    return in_the_versions_answer(_cut)


def _cut(answer: Message) -> Parts:
    head = answer.framed_by(b"Transfer-Encoding: chunked")
    return [head + b"%x\r\n" % len(answer.body) + answer.half, Act.CLOSE]


@fault("wrong chunk size")
def wrong_chunk_size() -> WireFault:
    """The versions arrive in a chunk, and where its size should be stands a word (RFC 9112 section
    7.1).
    """
    return in_the_versions_answer(_chunked)


def _chunked(answer: Message) -> Parts:
    head = answer.framed_by(b"Transfer-Encoding: chunked")
    return [head + b"many\r\n" + answer.body + b"\r\n0\r\n\r\n", Act.NOTIFY_AND_CLOSE]


@fault("reset within the body")
def reset_within_the_body() -> WireFault:
    """The connection is reset after half of the versions."""
    return in_the_versions_answer(lambda answer: [answer.head + answer.half, Act.RESET])


@fault("stalled within the body")
def stalled_within_the_body() -> WireFault:
    """Nothing comes after half of the versions, until the client leaves or the target stops."""
    return in_the_versions_answer(lambda answer: [answer.head + answer.half, Act.STALL])


_PLAIN = b"These are plain bytes, neither a TLS record nor an HTTP answer.\r\n"


@fault("plain bytes within the stream")
def plain_bytes_within_the_stream() -> WireFault:
    """Plain text stands where the TLS records of the versions should be (RFC 8446 section 5.2);
    without TLS it is an answer that is no HTTP.
    """
    return WireFault(Phase.ANSWER, lambda _: (_PLAIN, Act.CLOSE), path=PATH)

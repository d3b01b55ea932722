"""Faults of an answer's framing: it is cut short, too long, or not framed as announced.

``Act.CLOSE`` closes half: the target sends no more, and reads what the client still sends.
"""

from __future__ import annotations

from collections.abc import Callable

from connect_harness.faults.message import CHUNKED, Message, instead
from connect_harness.faults.registry import Effect, Parts, WireFault, fault
from connect_harness.misbehaviour import Act, Layer, Phase


def _reply(parts: Callable[[bytes], Parts]) -> WireFault:
    """Sends ``parts`` in the place of an answer, or of a reply of the gateway."""
    return WireFault(Phase.ANSWER, parts, layer=Layer.APPLICATION)


@fault("stalled before the answer", Effect.STALLS)
def stalled_before_the_answer() -> WireFault:
    """Nothing answers the request, until the client leaves or the target stops."""
    return _reply(lambda _: [Act.STALL])


@fault("closed before the answer", Effect.STOPS)
def closed_before_the_answer() -> WireFault:
    """No byte answers the request, and what was asked for is done: the stream ends, under TLS
    without notice."""
    return _reply(lambda _: [Act.CLOSE])


@fault("reset before the answer", Effect.STOPS)
def reset_before_the_answer() -> WireFault:
    """The connection is reset in place of the answer, and what was asked for is done."""
    return _reply(lambda _: [Act.RESET])


@fault("closed within the status line", Effect.STOPS)
def closed_within_the_status_line() -> WireFault:
    """The answer ends within its status line (RFC 9112 section 4), under TLS without notice."""
    return instead(lambda answer: [answer.status_line[:10], Act.CLOSE])


# The line end of the last header, the one that ends them all, and the last character.
_MISSING = len(b"x\r\n\r\n")


@fault("closed within the headers", Effect.STOPS)
def closed_within_the_headers() -> WireFault:
    """The answer ends within its last header (RFC 9112 section 8), under TLS without notice."""
    return instead(lambda answer: [answer.head[:-_MISSING], Act.CLOSE])


@fault("body cut short", Effect.STOPS)
def body_cut_short() -> WireFault:
    """Half of the body arrives, less than is announced (RFC 9112 sections 6.3 and 8); under TLS
    the stream ends without notice.
    """
    return instead(lambda answer: [answer.head + answer.half, Act.CLOSE])


@fault("body cut short with close_notify", Effect.STOPS)
def body_cut_short_with_close_notify() -> WireFault:
    """Half of the body arrives, less than is announced (RFC 9112 sections 6.3 and 8); under TLS
    the stream ends with ``close_notify``.
    """
    return instead(lambda answer: [answer.head + answer.half, Act.NOTIFY_AND_CLOSE])


@fault("body whole and shorter than announced", Effect.STOPS)
def body_whole_and_shorter_than_announced() -> WireFault:
    """All of the body arrives, and one byte more is announced (RFC 9112 sections 6.3 and 8): what
    came is whole JSON, and the answer is not; under TLS the stream ends without notice.
    """
    return instead(
        lambda answer: [
            answer.framed_by(b"Content-Length: %d" % (len(answer.body) + 1)) + answer.body,
            Act.CLOSE,
        ]
    )


@fault("body longer than announced", Effect.OPEN)
def body_longer_than_announced() -> WireFault:
    """All of the body arrives, and half of its length is announced (RFC 9112 section 6.3); the
    stream ends after them.
    """
    return instead(_too_long)


def _too_long(answer: Message) -> Parts:
    head = answer.framed_by(b"Content-Length: %d" % len(answer.half))
    return [head + answer.body, Act.NOTIFY_AND_CLOSE]


@fault("body without a length", Effect.HARMLESS)
def body_without_a_length() -> WireFault:
    """All of the body arrives, no length is announced, and the end of the stream is its end
    (RFC 9112 section 6.3), as ``Connection: close`` says before; under TLS with ``close_notify``.
    """
    return instead(
        lambda answer: [answer.framed_by(b"Connection: close") + answer.body, Act.NOTIFY_AND_CLOSE]
    )


@fault("body without a length cut short", Effect.OPEN)
def body_without_a_length_cut_short() -> WireFault:
    """Half of the body arrives, no length is announced, and the stream ends; under TLS without
    notice, which tells that it was cut (RFC 8446 section 6.1, RFC 9112 section 9.8).
    """
    return instead(lambda answer: [answer.framed_by() + answer.half, Act.CLOSE])


@fault("chunk cut short", Effect.STOPS)
def chunk_cut_short() -> WireFault:
    """Half of a chunk with the body arrives (RFC 9112 sections 7.1 and 8); under TLS the
    stream ends without notice.
    """
    return instead(_cut)


def _cut(answer: Message) -> Parts:
    head = answer.framed_by(CHUNKED)
    return [head + b"%x\r\n" % len(answer.body) + answer.half, Act.CLOSE]


@fault("wrong chunk size", Effect.STOPS)
def wrong_chunk_size() -> WireFault:
    """The body arrives in a chunk, and where its size should be stands a word (RFC 9112 section
    7.1).
    """
    return instead(_chunked)


def _chunked(answer: Message) -> Parts:
    head = answer.framed_by(CHUNKED)
    return [head + b"many\r\n" + answer.body + b"\r\n0\r\n\r\n", Act.NOTIFY_AND_CLOSE]


@fault("last chunk missing", Effect.STOPS)
def last_chunk_missing() -> WireFault:
    """The body arrives whole in a chunk, and the stream ends without the last chunk, which would
    say that it is whole (RFC 9112 section 8); under TLS without notice.
    """
    return instead(lambda answer: [answer.framed_by(CHUNKED) + answer.chunks, Act.CLOSE])


@fault("body in chunks", Effect.HARMLESS)
def body_in_chunks() -> WireFault:
    """The body arrives whole in two chunks, the last chunk after them (RFC 9112 section 7.1)."""
    return instead(lambda answer: [answer.framed_by(CHUNKED) + answer.chunks + b"0\r\n\r\n"])


@fault("length that is no number", Effect.OPEN)
def length_that_is_no_number() -> WireFault:
    """The body arrives whole, and where its length should be stands a word (RFC 9112 section 6.3);
    the stream ends after it.
    """
    return instead(
        lambda answer: [
            answer.framed_by(b"Content-Length: many") + answer.body,
            Act.NOTIFY_AND_CLOSE,
        ]
    )


@fault("two lengths", Effect.OPEN)
def two_lengths() -> WireFault:
    """The body arrives whole, and two lengths are announced, of which the first is half of it (RFC
    9112 section 6.3); the stream ends after it.
    """
    return instead(
        lambda answer: [
            answer.framed_by(
                b"Content-Length: %d" % len(answer.half),
                b"Content-Length: %d" % len(answer.body),
            )
            + answer.body,
            Act.NOTIFY_AND_CLOSE,
        ]
    )


@fault("answered twice", Effect.OPEN)
def answered_twice() -> WireFault:
    """The whole answer comes twice; the connection stays open, and the second answers nothing."""
    return instead(lambda answer: [answer.head + answer.body, answer.head + answer.body])


@fault("answered byte by byte", Effect.OPEN)
def answered_byte_by_byte() -> WireFault:
    """Each byte of the answer goes out by itself, at once after the one before."""
    return instead(
        lambda answer: [bytes((byte,)) for byte in answer.head + answer.body],
    )


@fault("held before the answer", Effect.HOLDS)
def held_before_the_answer() -> WireFault:
    """The whole answer goes out when the fault is released; what was asked for is done before."""
    return _reply(lambda data: [Act.HOLD, data])


@fault("held within the body", Effect.HOLDS)
def held_within_the_body() -> WireFault:
    """The second half of the body goes out when the fault is released."""
    return instead(
        lambda answer: [
            answer.head + answer.half,
            Act.HOLD,
            answer.body[len(answer.half) :],
        ]
    )


@fault("reset within the body", Effect.STOPS)
def reset_within_the_body() -> WireFault:
    """The connection is reset after half of the body."""
    return instead(lambda answer: [answer.head + answer.half, Act.RESET])


@fault("stalled within the body", Effect.STALLS)
def stalled_within_the_body() -> WireFault:
    """Nothing comes after half of the body, until the client leaves or the target stops."""
    return instead(lambda answer: [answer.head + answer.half, Act.STALL])


_PLAIN = b"These are plain bytes, neither a TLS record nor an HTTP answer.\r\n"


@fault("plain bytes within the stream", Effect.STOPS_TLS)
def plain_bytes_within_the_stream() -> WireFault:
    """Plain text stands where the TLS records of the answer should be (RFC 8446 section 5.2);
    without TLS it is an answer that is no HTTP.
    """
    return WireFault(Phase.ANSWER, lambda _: (_PLAIN, Act.CLOSE), reads_http=True)

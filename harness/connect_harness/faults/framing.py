"""Faults of an answer's framing: it is cut short, too long, or not framed as announced."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from connect_harness.faults.registry import Effect, Parts, WireFault, fault
from connect_harness.misbehaviour import Act, Layer, Phase

_LENGTH = b"content-length:"


@dataclass(frozen=True)
class Message:
    """A true answer in its parts, as bytes (RFC 9112 section 2.1).

    Parameters:
        status_line: The status line, with its line end.
        headers: The headers, each with its line end.
        body: The body, never empty: a JSON object, also where it is the body of an error.
    """

    status_line: bytes
    headers: tuple[bytes, ...]
    body: bytes

    @property
    def head(self) -> bytes:
        """All before the body."""
        return self.framed_by()

    @property
    def half(self) -> bytes:
        """The first half of the body, which is no JSON."""
        return self.body[: len(self.body) // 2]

    def framed_by(self, *headers: bytes) -> bytes:
        """All before the body; with ``headers``, these stand in the place of its length.

        Parameters:
            headers: Without line ends; an empty one stands for none.
        """
        kept = self.headers
        if headers:
            kept = tuple(line for line in kept if not line.lower().startswith(_LENGTH))
        added = tuple(line + b"\r\n" for line in headers if line)
        return b"".join((self.status_line, *kept, *added, b"\r\n"))


def _instead(parts: Callable[[Message], Parts]) -> WireFault:
    """Sends ``parts`` in the place of every answer to the request for the versions."""

    def of_bytes(data: bytes) -> Parts:
        head, _, body = data.partition(b"\r\n\r\n")
        status_line, *headers = (line + b"\r\n" for line in head.split(b"\r\n"))
        return parts(Message(status_line, tuple(headers), body))

    return WireFault(Phase.ANSWER, of_bytes, layer=Layer.APPLICATION)


@fault("stalled before the answer", Effect.STALLS)
def stalled_before_the_answer() -> WireFault:
    """Nothing answers the request for the versions, until the client leaves or the target stops."""
    return _instead(lambda _: [Act.STALL])


@fault("closed before the answer", Effect.STOPS)
def closed_before_the_answer() -> WireFault:
    """No byte answers the request for the versions: the stream ends, under TLS without notice."""
    return _instead(lambda _: [Act.CLOSE])


@fault("closed within the status line", Effect.STOPS)
def closed_within_the_status_line() -> WireFault:
    """The answer to the request for the versions ends within its status line (RFC 9112 section 4),
    under TLS without notice.
    """
    return _instead(lambda answer: [answer.status_line[:10], Act.CLOSE])


# The line end of the last header, the one that ends them all, and the last character.
_MISSING = len(b"x\r\n\r\n")


@fault("closed within the headers", Effect.STOPS)
def closed_within_the_headers() -> WireFault:
    """The answer to the request for the versions ends within its last header (RFC 9112 section 8),
    under TLS without notice.
    """
    return _instead(lambda answer: [answer.head[:-_MISSING], Act.CLOSE])


@fault("body cut short", Effect.STOPS)
def body_cut_short() -> WireFault:
    """Half of the versions arrive, less than is announced (RFC 9112 sections 6.3 and 8); under TLS
    the stream ends without notice.
    """
    return _instead(lambda answer: [answer.head + answer.half, Act.CLOSE])


@fault("body cut short with close_notify", Effect.STOPS)
def body_cut_short_with_close_notify() -> WireFault:
    """Half of the versions arrive, less than is announced (RFC 9112 sections 6.3 and 8); under TLS
    the stream ends with ``close_notify``.
    """
    return _instead(lambda answer: [answer.head + answer.half, Act.NOTIFY_AND_CLOSE])


@fault("body longer than announced", Effect.OPEN)
def body_longer_than_announced() -> WireFault:
    """All of the versions arrive, and half of their length is announced (RFC 9112 section 6.3); the
    stream ends after them.
    """
    return _instead(_too_long)


def _too_long(answer: Message) -> Parts:
    head = answer.framed_by(b"Content-Length: %d" % len(answer.half))
    return [head + answer.body, Act.NOTIFY_AND_CLOSE]


@fault("body without a length", Effect.HARMLESS)
def body_without_a_length() -> WireFault:
    """All of the versions arrive, no length is announced, and the end of the stream is their end
    (RFC 9112 section 6.3), as ``Connection: close`` says before; under TLS with ``close_notify``.
    """
    return _instead(
        lambda answer: [answer.framed_by(b"Connection: close") + answer.body, Act.NOTIFY_AND_CLOSE]
    )


@fault("body without a length cut short", Effect.OPEN)
def body_without_a_length_cut_short() -> WireFault:
    """Half of the versions arrive, no length is announced, and the stream ends; under TLS without
    notice, which tells that it was cut (RFC 8446 section 6.1, RFC 9112 section 9.8).
    """
    return _instead(lambda answer: [answer.framed_by(b"") + answer.half, Act.CLOSE])


@fault("chunk cut short", Effect.STOPS)
def chunk_cut_short() -> WireFault:
    """Half of a chunk with the versions arrives (RFC 9112 sections 7.1 and 8); under TLS the
    stream ends without notice.
    """
    return _instead(_cut)


def _cut(answer: Message) -> Parts:
    head = answer.framed_by(b"Transfer-Encoding: chunked")
    return [head + b"%x\r\n" % len(answer.body) + answer.half, Act.CLOSE]


@fault("wrong chunk size", Effect.STOPS)
def wrong_chunk_size() -> WireFault:
    """The versions arrive in a chunk, and where its size should be stands a word (RFC 9112 section
    7.1).
    """
    return _instead(_chunked)


def _chunked(answer: Message) -> Parts:
    head = answer.framed_by(b"Transfer-Encoding: chunked")
    return [head + b"many\r\n" + answer.body + b"\r\n0\r\n\r\n", Act.NOTIFY_AND_CLOSE]


@fault("reset within the body", Effect.STOPS)
def reset_within_the_body() -> WireFault:
    """The connection is reset after half of the versions."""
    return _instead(lambda answer: [answer.head + answer.half, Act.RESET])


@fault("stalled within the body", Effect.STALLS)
def stalled_within_the_body() -> WireFault:
    """Nothing comes after half of the versions, until the client leaves or the target stops."""
    return _instead(lambda answer: [answer.head + answer.half, Act.STALL])


_PLAIN = b"These are plain bytes, neither a TLS record nor an HTTP answer.\r\n"


@fault("plain bytes within the stream", Effect.STOPS_TLS)
def plain_bytes_within_the_stream() -> WireFault:
    """Plain text stands where the TLS records of the versions should be (RFC 8446 section 5.2);
    without TLS it is an answer that is no HTTP.
    """
    return WireFault(Phase.ANSWER, lambda _: (_PLAIN, Act.CLOSE))

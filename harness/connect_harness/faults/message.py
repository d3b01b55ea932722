"""A true answer in its parts, from which faults make what goes out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from connect_harness.faults.registry import Parts, WireFault
from connect_harness.misbehaviour import Layer, Phase

CHUNKED = b"Transfer-Encoding: chunked"
_LENGTH = b"content-length:"


@dataclass(frozen=True)
class Message:
    """A true answer in its parts, as bytes (RFC 9112 section 2.1).

    Parameters:
        status_line: The status line, with its line end.
        headers: The headers, each with its line end.
        body: The body, never empty: of an answer without one it is an empty JSON object.
    """

    status_line: bytes
    headers: tuple[bytes, ...]
    body: bytes

    @classmethod
    def of(cls, data: bytes) -> Message:
        """The parts of an answer as it would go out."""
        head, _, body = data.partition(b"\r\n\r\n")
        status_line, *headers = (line + b"\r\n" for line in head.split(b"\r\n"))
        message = cls(status_line, tuple(headers), body)
        return message if body else message.with_body(b"{}")

    def with_body(self, body: bytes) -> Message:
        """The same answer with another body, and its length."""
        length = b"Content-Length: %d\r\n" % len(body)
        return Message(self.status_line, (*self._without_length(), length), body)

    def _without_length(self) -> tuple[bytes, ...]:
        return tuple(line for line in self.headers if not line.lower().startswith(_LENGTH))

    @property
    def head(self) -> bytes:
        """All before the body."""
        return b"".join((self.status_line, *self.headers, b"\r\n"))

    @property
    def half(self) -> bytes:
        """The first half of the body, which is no JSON."""
        return self.body[: len(self.body) // 2]

    @property
    def chunks(self) -> bytes:
        """The body in two chunks, without the last chunk (RFC 9112 section 7.1)."""
        parts = (self.half, self.body[len(self.half) :])
        return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)

    def framed_by(self, *headers: bytes) -> bytes:
        """All before the body, with ``headers`` in the place of its length.

        Parameters:
            headers: Without line ends.
        """
        added = tuple(line + b"\r\n" for line in headers)
        return b"".join((self.status_line, *self._without_length(), *added, b"\r\n"))


def instead(parts: Callable[[Message], Parts]) -> WireFault:
    """Sends ``parts`` in the place of an answer."""
    return WireFault(
        Phase.ANSWER,
        lambda data: parts(Message.of(data)),
        layer=Layer.APPLICATION,
        reads_http=True,
    )

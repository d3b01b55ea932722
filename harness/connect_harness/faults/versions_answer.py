"""The answer to the request for the versions document, with something wrong in its framing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from connect_harness.faults.wire import Parts, WireFault
from connect_harness.protocols.versions import PATH
from connect_harness.server.misbehaviour import Layer, Phase

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
            kept = tuple(each for each in kept if not each.lower().startswith(_LENGTH))
        added = tuple(each + b"\r\n" for each in headers if each)
        return b"".join((self.status_line, *kept, *added, b"\r\n"))


def in_the_versions_answer(parts: Callable[[Message], Parts]) -> WireFault:
    """A fault that sends ``parts`` in the place of every answer to the request for the versions."""
    return WireFault(
        Phase.ANSWER, lambda data: parts(_message(data)), layer=Layer.APPLICATION, path=PATH
    )


def _message(data: bytes) -> Message:
    head, _, body = data.partition(b"\r\n\r\n")
    status_line, *headers = (line + b"\r\n" for line in head.split(b"\r\n"))
    return Message(status_line, tuple(headers), body)

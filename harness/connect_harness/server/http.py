"""HTTP/1.1 on one connection (RFC 9112): bytes to requests, answers to bytes, by h11."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import h11

from connect_harness.exchange import Answer, PeerCertificate, Request

LONGEST_BODY = 16 * 1024 * 1024
"""How many bytes of a request's body are taken; a longer one is answered 413 and not kept."""

_LONGEST_HEAD = 1024 * 1024
_KEPT = 64 * 1024
_WITHOUT_BODY = (204, 304)


class BadRequestError(Exception):
    """What arrived is no request, or is longer than the target takes.

    Attributes:
        data: The first bytes since the last request.
        ended: Whether the client's stream ended in the middle: then it waits for no answer.
        status: The status of the answer: 400, 413 for the body, 431 for the head.
    """

    def __init__(self, reason: str, data: bytes, *, ended: bool, status: int = 400) -> None:
        super().__init__(reason)
        self.data = data
        self.ended = ended
        self.status = status


@dataclass(frozen=True, slots=True)
class Arrived:
    """A request as HTTP brought it, its headers with the names spelt as they came too."""

    request: Request
    raw_headers: tuple[tuple[bytes, bytes], ...]
    http_version: str


class HttpConversation:
    """The requests and answers of one connection, in turn.

    Parameters:
        read: Gives the client's next bytes, none at the end of its stream.
        write: Sends bytes; used for ``100 Continue`` alone.
        heard: Called for each request when its head was read and its body was not; what it is
            given makes the request, without a body.
    """

    def __init__(
        self,
        read: Callable[[], bytes],
        write: Callable[[bytes], None],
        heard: Callable[[Callable[[], Request]], None],
        peer_certificate: PeerCertificate | None = None,
    ) -> None:
        self._read = read
        self._write = write
        self._heard = heard
        self._peer_certificate = peer_certificate
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=_LONGEST_HEAD)
        self._unread = bytearray()
        self._ended = False

    def next_request(self) -> Arrived | None:
        """The next whole request; ``None`` when the client's stream ended between two.

        Raises:
            BadRequestError: What arrived is no request, is too long, or ended in the middle.
        """
        try:
            return self._next_request()
        except h11.RemoteProtocolError as error:
            # A head that is too long is the one that RFC 6585 section 5 has a status for.
            status = 431 if error.error_status_hint == 431 else 400
            raise self._bad(str(error), status) from error

    def _bad(self, reason: str, status: int) -> BadRequestError:
        return BadRequestError(reason, bytes(self._unread), ended=self._ended, status=status)

    def _check_length(self, length: int) -> None:
        if length > LONGEST_BODY:
            raise self._bad(f"the body is longer than {LONGEST_BODY} bytes", 413)

    def _next_request(self) -> Arrived | None:
        head: h11.Request | None = None
        body = bytearray()
        while True:
            event = self._http.next_event()
            if event is h11.NEED_DATA:
                self._more()
            elif isinstance(event, h11.Request):
                head = event
                # Before the client is asked for it, and before the first byte of it is kept.
                self._check_length(_announced(head))
                self._heard(partial(self._request, head))
            elif isinstance(event, h11.Data):
                self._check_length(len(body) + len(event.data))
                body += event.data
            elif isinstance(event, h11.EndOfMessage) and head is not None:
                return self._arrived(head, bytes(body))
            else:
                return None

    def _more(self) -> None:
        if self._http.they_are_waiting_for_100_continue:
            go_on = h11.InformationalResponse(status_code=100, headers=[], reason=b"Continue")
            self._write(self._http.send(go_on) or b"")
        data = self._read()
        self._ended = not data
        self._unread += data[: _KEPT - len(self._unread)]
        self._http.receive_data(data)

    def _arrived(self, head: h11.Request, body: bytes) -> Arrived:
        self._unread = bytearray(self._http.trailing_data[0][:_KEPT])
        request = self._request(head, body)
        raw = tuple((bytes(name), bytes(value)) for name, value in head.headers.raw_items())
        return Arrived(request, raw, head.http_version.decode("ascii"))

    def _request(self, head: h11.Request, body: bytes = b"") -> Request:
        return Request(
            method=head.method.decode("ascii"),
            target=head.target.decode("latin-1"),
            headers=tuple((name.decode("ascii"), bytes(value)) for name, value in head.headers),
            body=body,
            peer_certificate=self._peer_certificate,
        )

    def encode(self, answer: Answer, method: str) -> tuple[bytes, tuple[tuple[str, str], ...]]:
        """An answer as bytes, and its headers. HEAD, as ``method``, keeps the body back."""
        headers = [("Content-Type", answer.content_type)] if answer.content_type else []
        headers += answer.headers
        if answer.status not in _WITHOUT_BODY:
            headers.append(("Content-Length", str(len(answer.body))))
        head = h11.Response(
            status_code=answer.status,
            headers=[(name.encode("ascii"), value.encode("latin-1")) for name, value in headers],
            reason=answer.reason,
        )
        parts = [self._http.send(head)]
        if answer.body and method != "HEAD" and answer.status not in _WITHOUT_BODY:
            parts.append(self._http.send(h11.Data(data=answer.body)))
        parts.append(self._http.send(h11.EndOfMessage()))
        return b"".join(part for part in parts if part), tuple(headers)

    def go_on(self) -> bool:
        """Whether another request may come; prepares for it."""
        if self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE:
            return False
        self._http.start_next_cycle()
        return True


def _announced(head: h11.Request) -> int:
    """The length of the body by its header; 0 where the body has chunks, or there is none."""
    return next((int(value) for name, value in head.headers if name == b"content-length"), 0)

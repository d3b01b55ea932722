"""FAULT, URL: answers that break off, are framed otherwise, or lead elsewhere."""

from __future__ import annotations

import http.client
import ssl
from typing import Any
from urllib.parse import urlsplit

import httpx

from connect_contracts.selftest.reference_copy import ReferenceCopy
from connect_contracts.selftest.registry import broken

_REDIRECTS = (301, 302, 307, 308)


@broken(
    fails=("URL-6[unavailable-with-the-whole-document]",),
    because="whatever is not found is read all the same",
)
def looks_at_no_status(reference: ReferenceCopy) -> None:
    """A body that can be read counts, whatever the status of the answer."""
    successful = reference["_transport.Answer.successful"]

    def readable(answer: Any) -> Any:
        try:
            answer.json()
        except ValueError:
            return successful(answer)
        return answer

    reference["_transport.Answer.successful"] = readable


@broken(
    fails=("URL-10",),
)
def redirected_with_its_credentials(reference: ReferenceCopy) -> None:
    """A redirect is followed wherever it leads, with the headers of the first request."""

    @reference.around("_transport.Transport._send")
    def following(send: Any, transport: Any, method: str, path: str, body: Any = None) -> Any:
        answer = send(transport, method, path, body)
        if answer.status not in _REDIRECTS:
            return answer
        location = urlsplit(answer._response.headers["location"])
        if not location.netloc:
            return answer
        transport.base_url = f"{location.scheme}://{location.netloc}"
        return send(transport, method, path, body)


@broken(
    fails=("URL-12[chunked]",),
)
def reads_by_content_length_alone(reference: ReferenceCopy) -> None:
    """Where no length is announced, the body counts as empty."""

    @reference.around("_transport.Transport._send")
    def by_length(send: Any, transport: Any, *request: Any) -> Any:
        answer = send(transport, *request)
        if "content-length" not in answer._response.headers:
            answer.body = b""
        return answer


@broken(fails=("URL-12[gzip-coded]",))
def offers_gzip_and_does_not_read_it(reference: ReferenceCopy) -> None:
    """Each request accepts gzip, and the body is read as it comes."""

    @reference.around("_transport.Transport._send")
    def as_it_comes(send: Any, transport: Any, *request: Any) -> Any:
        answer = send(transport, *request)
        if "content-encoding" in answer._response.headers:
            answer.body = b"\x1f\x8b" + answer.body
        return answer


class OneConnection(httpx.BaseTransport):
    """One connection of ``http.client`` for each session, which is used as long as it is there."""

    plain: type[http.client.HTTPConnection] = http.client.HTTPConnection

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        self._connection: http.client.HTTPConnection | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        connection = self._connection
        if connection is None:
            connection = self._connection = self._connected(request.url)
        try:
            target = request.url.raw_path.decode("ascii")
            connection.request(
                request.method, target, request.read() or None, dict(request.headers)
            )
            answer = connection.getresponse()
            headers = [
                (name, value)
                for name, value in answer.getheaders()
                if name.lower() != "transfer-encoding"
            ]
            return httpx.Response(
                answer.status,
                headers=headers,
                content=answer.read(),
                extensions={"network_stream": connection},
            )
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise httpx.ReadError(f"no answer: {error}", request=request) from error

    def _connected(self, url: httpx.URL) -> http.client.HTTPConnection:
        if url.scheme == "https":
            connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                url.host, url.port, context=self._context
            )
        else:
            connection = self.plain(url.host, url.port)
        try:
            connection.connect()
        except OSError as error:
            raise httpx.ConnectError(str(error)) from error
        return connection

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


@broken(
    fails=("URL-13", "FAULT-7"),
)
def keeps_one_connection_of_http_client(reference: ReferenceCopy) -> None:
    """Requests go over one connection of ``http.client``, and nothing asks whether it still is."""

    @reference.around("_transport.Transport.__init__")
    def over_one(init: Any, transport: Any, *given: Any, context: Any, **named: Any) -> None:
        init(transport, *given, context=context, **named)
        transport._client._transport = OneConnection(context)


@broken(
    fails=(
        "FAULT-2[versions-whole-and-shorter-than-announced]",
        "FAULT-2[versions-without-the-last-chunk]",
    ),
)
def takes_what_came_for_the_body(reference: ReferenceCopy) -> None:
    """What came before the stream ended is the body, if it is JSON."""
    answer_of = reference["_transport.Answer"]

    def what_came(transport: Any, method: str, path: str, body: Any = None) -> Any:
        read = bytearray()
        url = f"{transport.base_url}/{path.lstrip('/')}"
        transport.require_open()
        with transport._client.stream(method, url, json=body) as response:
            try:
                for part in response.iter_bytes():
                    read += part
            except httpx.RemoteProtocolError:
                pass
        return answer_of(response, bytes(read))

    reference["_transport.Transport._send"] = what_came


@broken(
    fails=(
        *("FAULT-1[rows-closed-before-the-answer]", "FAULT-1[rows-reset-within-the-body]"),
        *(
            "FAULT-2[rows-cut-short]",
            "FAULT-3[rows-no-http]",
            "FAULT-2[rows-longer-than-announced]",
        ),
    ),
)
def shows_no_rows_where_reading_fails(reference: ReferenceCopy) -> None:
    """Where rows cannot be read, the frame is empty."""
    frame = reference["_frames.frame"]

    @reference.around("_tables.Table._exists")
    def assumed(exists: Any, table: Any) -> bool:
        try:
            return bool(exists(table))
        except (httpx.HTTPError, ValueError):
            return True

    @reference.around("_tables.Table.head")
    def tolerant(head: Any, table: Any, *given: Any) -> Any:
        try:
            return head(table, *given)
        except (httpx.HTTPError, ValueError):
            return frame({"Id": "String"}, [], ())


@broken(
    fails=("FAULT-6",),
    because="a target that is refused once is not asked again by another session",
)
def gives_a_target_up_after_an_error(reference: ReferenceCopy) -> None:
    """A host and port that failed once count as down from then on, as with a circuit breaker."""
    down: set[str] = set()

    @reference.around("_transport.Transport._send")
    def unless_down(send: Any, transport: Any, *request: Any) -> Any:
        if transport.base_url in down:
            raise httpx.ConnectError("The target is down.")
        try:
            answer = send(transport, *request)
        except httpx.TransportError:
            down.add(transport.base_url)
            raise
        if answer.status == 503:
            down.add(transport.base_url)
        return answer

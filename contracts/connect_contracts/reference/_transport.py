"""Requests to one target session, over connections that are kept until the session is closed."""

from __future__ import annotations

import json
import ssl
import weakref
from collections.abc import Callable, Generator, Mapping
from typing import Any

import httpx

from connect_contracts.reference._authentication import headers_for

LONGEST_WAIT = 30.0  # seconds, for each of: connecting, sending, the next bytes of an answer
_LARGEST_BODY = 256 * 2**20  # bytes
_FRAMED = {"content-length", "transfer-encoding"}


class UnexpectedAnswer(ValueError):
    """The target answered with what cannot be the thing that was asked for."""


class Answer:
    """An answer that was read to its end, whatever its status."""

    def __init__(self, response: httpx.Response, body: bytes) -> None:
        self._response = response
        self.body = body

    @property
    def status(self) -> int:
        return self._response.status_code

    def successful(self) -> Answer:
        """This answer, if its status is one of success.

        Raises:
            httpx.HTTPStatusError: It is not; redirects are not followed, so they are none.
        """
        self._response.raise_for_status()
        return self

    def json(self) -> Any:
        """Its body, as JSON in UTF-8 (RFC 8259 8.1).

        Raises:
            UnexpectedAnswer: It is none.
        """
        try:
            return json.loads(self.body.decode())
        except ValueError as error:
            what = f"{self._response.request.method} {self._response.request.url}"
            raise UnexpectedAnswer(f"The answer to {what} is no JSON.") from error


def new_client(context: ssl.SSLContext, **special: Any) -> httpx.Client:
    """A client that reads nothing from the environment, and follows no redirect.

    Parameters:
        context: For TLS.
        special: Further arguments of ``httpx.Client``.
    """
    return httpx.Client(
        verify=context, trust_env=False, follow_redirects=False, timeout=LONGEST_WAIT, **special
    )


class Transport:
    """The way to one target session: no proxy, no ``.netrc``, no redirect, nothing tried again.

    Parameters:
        base_url: What every request goes below.
        authenticate: Gives each request its headers.
        context: For TLS; a context of this session's own.
    """

    def __init__(
        self,
        base_url: str,
        *,
        authenticate: Callable[[str], object] | None,
        context: ssl.SSLContext,
    ) -> None:
        self.base_url = base_url
        self._client = new_client(
            context,
            auth=None if authenticate is None else _EachRequest(authenticate),
            limits=httpx.Limits(keepalive_expiry=None),
        )
        # A session that is dropped closes its connections, as documented for Session.close.
        weakref.finalize(self, self._client.close)

    def get(self, path: str) -> Answer:
        """The answer to a GET of ``path``, which is joined below the base URL as text."""
        return self._send("GET", path)

    def post(self, path: str, body: Mapping[str, object]) -> Answer:
        """The answer to a POST of ``body``, as JSON, to ``path``."""
        return self._send("POST", path, body)

    def _send(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Answer:
        self.require_open()
        url = f"{self.base_url}/{path.lstrip('/')}"
        read = bytearray()
        with self._client.stream(method, url, json=body) as response:
            for part in response.iter_bytes():
                read += part
                if len(read) > _LARGEST_BODY:
                    raise UnexpectedAnswer(f"The answer to {method} {url} does not end.")
            if not _FRAMED & set(response.headers):
                # The stream has ended with the body (RFC 9112 6.3). httpx asks the socket whether
                # it has, and takes it for open if close_notify came before the end of TCP.
                response.extensions["network_stream"].close()
        return Answer(response, bytes(read))

    def require_open(self) -> None:
        """Raises ``RuntimeError`` once the session is closed."""
        if self._client.is_closed:
            raise RuntimeError("The session is closed.")

    def close(self) -> None:
        """Close all connections. The target goes on."""
        self._client.close()


class _EachRequest(httpx.Auth):
    def __init__(self, authenticate: Callable[[str], object]) -> None:
        self._authenticate = authenticate

    def sync_auth_flow(
        self, request: httpx.Request
    ) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers.update(headers_for(str(request.url), self._authenticate))
        yield request

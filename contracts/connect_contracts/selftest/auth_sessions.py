"""AUTH: what sessions share, credentials that hold odd characters or are sent again and again."""

from __future__ import annotations

import http.client
from netrc import netrc
from typing import Any
from urllib.parse import urlsplit

import httpx

from connect_contracts.selftest.fault import OneConnection
from connect_contracts.selftest.reference_copy import ReferenceCopy, basic_header
from connect_contracts.selftest.registry import broken


@broken(fails=("AUTH-4[wrong-after-right]",))
def remembers_logins_by_user(reference: ReferenceCopy) -> None:
    """Who logged in to a URL once is let in again by name alone."""
    known: dict[tuple[str, object], Any] = {}

    @reference.around("Session.connect")
    def remembering(connect: Any, cls: Any, /, url: Any, **named: Any) -> Any:
        user = getattr(named.get("authentication"), "username", None)
        try:
            session = connect(cls, url, **named)
        except httpx.HTTPStatusError:
            if user is None or (str(url), user) not in known:
                raise
            return known[str(url), user]
        known[str(url), user] = session
        return session


@broken(fails=("AUTH-11[cookies-of-two-sessions]", "AUTH-11[cookies-of-two-targets]"))
def shares_one_cookie_jar(reference: ReferenceCopy) -> None:
    """All sessions have one jar of cookies, which knows hosts and no ports (RFC 6265 8.5)."""
    jar = httpx.Cookies()

    @reference.around("_transport.Transport.__init__")
    def sharing(init: Any, transport: Any, *given: Any, **named: Any) -> None:
        init(transport, *given, **named)
        transport._client._cookies = jar


class _Unchecked(http.client.HTTPConnection):
    """Sends headers as they are, which ``http.client`` itself refuses."""

    def putheader(self, header: Any, *values: Any) -> None:
        name = header if isinstance(header, bytes) else str(header).encode("ascii")
        text = b", ".join(
            value if isinstance(value, bytes) else str(value).encode("latin-1") for value in values
        )
        self._output(name + b": " + text)  # type: ignore[attr-defined]


class _UncheckedTransport(OneConnection):
    plain = _Unchecked


@broken(
    fails=("AUTH-15[line-break-in-the-token]", "AUTH-15[line-break-in-a-callables-header]"),
    because="it keeps one connection of http.client, which takes 103 for the answer",
)
def sends_headers_unchecked(reference: ReferenceCopy) -> None:
    """What stands in a header is written to the socket as it is."""
    reference["_authentication.headers_for"] = lambda url, authenticate: authenticate(url)

    @reference.around("_transport.Transport.__init__")
    def unchecked(init: Any, transport: Any, *given: Any, context: Any, **named: Any) -> None:
        init(transport, *given, context=context, **named)
        transport._client._transport = _UncheckedTransport(context)


@broken(fails=("AUTH-16",))
def tries_refused_credentials_again(reference: ReferenceCopy) -> None:
    """A request that is answered 401 is sent five times more, as for any other error."""

    @reference.around("_transport.Transport._send")
    def persistent(send: Any, transport: Any, *request: Any) -> Any:
        answer = send(transport, *request)
        for _ in range(5):
            if answer.status != 401:
                break
            answer = send(transport, *request)
        return answer


@broken(
    fails=(
        "AUTH-2[beside-a-netrc]",
        "AUTH-7[headers-beside-a-netrc]",
        "AUTH-9[a-token-beside-a-netrc]",
    )
)
def prefers_netrc(reference: ReferenceCopy) -> None:
    """An entry of ``.netrc`` for the host takes the place of the credentials that were given."""

    @reference.around("_authentication.headers_for")
    def from_the_file(headers_for: Any, url: str, authenticate: Any) -> Any:
        headers = headers_for(url, authenticate)
        try:
            entry = netrc().authenticators(urlsplit(url).hostname or "")
        except OSError:
            entry = None
        return headers if entry is None else basic_header(entry[0], entry[2])

"""URL: targets that are not found, or found where there are none."""

from __future__ import annotations

import ssl
from typing import Any
from urllib.parse import urlsplit

import httpx

from connect_contracts.selftest.reference_copy import ReferenceCopy
from connect_contracts.selftest.registry import broken


class _Assumed:
    """An answer that was never given: the versions document as it usually is."""

    status = 200

    def successful(self) -> _Assumed:
        return self

    def json(self) -> dict[str, object]:
        pivot = {"versions": [{"id": "9", "restPath": "/activeviam/pivot/rest/v9"}]}
        return {"version": 5, "serverVersion": "none", "apis": {"activeviam/pivot": pivot}}


def _assuming_versions_for(reference: ReferenceCopy, *statuses: int) -> None:
    get = reference["_transport.Transport.get"]

    def assuming(transport: Any, path: str) -> Any:
        answer = get(transport, path)
        return _Assumed() if path == "versions/rest" and answer.status in statuses else answer

    reference["_transport.Transport.get"] = assuming


@broken(
    fails=("URL-1",),
    because="it looks at the first request as well",
)
def pings_first(reference: ReferenceCopy) -> None:
    """The target is asked for a sign of life before its versions document."""
    read_versions = reference["_transport.Transport.get"]

    def get(transport: Any, path: str) -> Any:
        if path == "versions/rest":
            read_versions(transport, "activeviam/pivot/rest/v9/ping")
        return read_versions(transport, path)

    reference["_transport.Transport.get"] = get


@broken(
    fails=("URL-2",),
    because="its target has a path too, so that it is never connected to",
)
def drops_the_base_path(reference: ReferenceCopy) -> None:
    """Of the base URL, the path is dropped."""
    base_url = reference["_address.base_url"]

    def origin(url: object) -> str:
        parts = urlsplit(base_url(url))
        return f"{parts.scheme}://{parts.netloc}"

    reference["_address.base_url"] = origin


@broken(fails=("URL-2[prefix-of-every-request]",))
def reads_tables_outside_the_base_path(reference: ReferenceCopy) -> None:
    """The paths of tables are resolved as references, whose slash leads back to the root."""
    send = reference["_transport.Transport._send"]

    def resolved(transport: Any, method: str, path: str, body: Any = None) -> Any:
        below = transport.base_url
        if "/database/" in path:
            parts = urlsplit(below)
            transport.base_url = f"{parts.scheme}://{parts.netloc}"
        try:
            return send(transport, method, path, body)
        finally:
            transport.base_url = below

    reference["_transport.Transport._send"] = resolved


@broken(fails=("URL-3",))
def connects_without_the_endpoint(reference: ReferenceCopy) -> None:
    """Where there is no versions document, the usual one is assumed."""
    _assuming_versions_for(reference, 404)


@broken(fails=("URL-4",))
def takes_anything_for_the_versions(reference: ReferenceCopy) -> None:
    """Whatever cannot be a versions document is taken for the usual one."""
    get = reference["_transport.Transport.get"]
    read_versions = reference["_versions.read_versions"]

    def tolerant(transport: Any, path: str) -> Any:
        answer = get(transport, path)
        if path != "versions/rest" or answer.status != 200:
            return answer
        try:
            read_versions(answer.json())
        except ValueError:
            return _Assumed()
        return answer

    reference["_transport.Transport.get"] = tolerant


@broken(fails=("URL-5",))
def refuses_what_it_does_not_know(reference: ReferenceCopy) -> None:
    """A versions document with an API that is not known is refused."""
    read_versions = reference["_versions.read_versions"]
    known = {"activeviam/pivot", "activeviam/database", "graphql", "content", "atoti"}

    def strict(document: Any) -> Any:
        versions = read_versions(document)
        if unknown := set(versions.apis) - known:
            raise ValueError(f"What are {unknown}?")
        return versions

    reference["_versions.read_versions"] = strict


@broken(fails=("URL-6",))
def goes_on_after_errors(reference: ReferenceCopy) -> None:
    """An error in answer to the versions document is passed over."""
    _assuming_versions_for(reference, 500, 502, 503, 403, 429)


@broken(fails=("URL-7",))
def connects_to_nobody(reference: ReferenceCopy) -> None:
    """Where nobody can be reached, a session is returned that would try again when it is used."""
    connect = reference["Session.connect"].__func__

    def later(cls: Any, *given: Any, **named: Any) -> Any:
        try:
            return connect(cls, *given, **named)
        except httpx.ConnectError as error:
            if isinstance(_first(error), ssl.SSLError):
                raise
            return cls.__new__(cls)

    reference["Session.connect"] = classmethod(later)


def _first(error: BaseException) -> BaseException:
    """The exception with which ``error`` began."""
    while (before := error.__cause__ or error.__context__) is not None:
        error = before
    return error


@broken(
    fails=(
        "URL-8[no-scheme]",
        "URL-8[another-scheme]",
        "URL-8[no-host]",
        "URL-8[a-space-in-the-host]",
    )
)
def guesses_what_a_url_means(reference: ReferenceCopy) -> None:
    """A URL is made good: any scheme becomes HTTP, a host is put in, a space taken out."""
    base_url = reference["_address.base_url"]

    def guessed(url: object) -> str:
        if isinstance(url, str) and not url.startswith("https:"):
            rest = url.rpartition("://")[2].replace("local host", "localhost")
            url = f"http://localhost{rest}" if rest.startswith(":") else f"http://{rest}"
        return str(base_url(url))

    reference["_address.base_url"] = guessed


@broken(fails=("URL-8[a-word-as-port]",))
def connects_to_no_port(reference: ReferenceCopy) -> None:
    """For a port that is no port a session is returned, which leads nowhere."""
    connect = reference["Session.connect"].__func__

    def tolerant(cls: Any, /, url: Any = None, **named: Any) -> Any:
        if isinstance(url, str) and url.endswith(":port"):
            return cls.__new__(cls)
        return connect(cls, **named) if url is None else connect(cls, url, **named)

    reference["Session.connect"] = classmethod(tolerant)


def _saying_host(reference: ReferenceCopy, host_of: Any) -> None:
    post_init = reference["_transport.Transport.__init__"]

    def saying(transport: Any, base_url: str, **given: Any) -> None:
        post_init(transport, base_url, **given)
        if host := host_of(base_url):
            transport._client.headers["Host"] = host

    reference["_transport.Transport.__init__"] = saying


@broken(fails=("URL-9[ipv4-literal]", "URL-9[ipv6-literal]"))
def calls_every_host_localhost(reference: ReferenceCopy) -> None:
    """``Host`` is always ``localhost``, whatever the URL says."""
    _saying_host(reference, lambda url: f"localhost:{urlsplit(url).port}")


@broken(fails=("URL-9[ipv6-literal]",))
def forgets_the_brackets(reference: ReferenceCopy) -> None:
    """An IPv6 literal is written without its brackets in ``Host``."""
    _saying_host(reference, lambda url: urlsplit(url).netloc.replace("[", "").replace("]", ""))


@broken(
    fails=("URL-9[host-name]",),
    because="the URL that a callable is given names another host than the request",
)
def says_an_address_for_a_name(reference: ReferenceCopy) -> None:
    """``Host`` is the address that the name resolves to."""
    _saying_host(reference, lambda url: urlsplit(url).netloc.replace("localhost", "127.0.0.1"))


@broken(fails=("URL-14",))
def repeats_userinfo(reference: ReferenceCopy) -> None:
    """The userinfo of the URL is put in front of ``Host``."""
    connect = reference["Session.connect"].__func__
    init = reference["_transport.Transport.__init__"]
    userinfo: dict[str, str] = {}

    def noting(cls: Any, *given: Any, **named: Any) -> Any:
        url = named.get("url", given[0] if given else None)
        if isinstance(url, str) and "@" in url:
            parts = urlsplit(url)
            userinfo[f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"] = parts.netloc
        try:
            return connect(cls, *given, **named)
        finally:
            userinfo.clear()

    def saying(transport: Any, base_url: str, **given: Any) -> None:
        init(transport, base_url, **given)
        if base_url in userinfo:
            transport._client.headers["Host"] = userinfo[base_url]

    reference["Session.connect"] = classmethod(noting)
    reference["_transport.Transport.__init__"] = saying

"""URL: targets that are not found, or found where there are none."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import httpx

from connect_contracts.selftest.reference_copy import ReferenceCopy, causes, go_on_when
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
    @reference.around("_transport.Transport.get")
    def assuming(get: Any, transport: Any, path: str) -> Any:
        answer = get(transport, path)
        return _Assumed() if path == "versions/rest" and answer.status in statuses else answer


@broken(fails=("URL-1",), because="it looks at the first request as well")
def pings_first(reference: ReferenceCopy) -> None:
    """The target is asked for a sign of life before its versions document."""

    @reference.around("_transport.Transport.get")
    def pinging(get: Any, transport: Any, path: str) -> Any:
        if path == "versions/rest":
            get(transport, "activeviam/pivot/rest/v9/ping")
        return get(transport, path)


@broken(fails=("URL-2",), because="its target has a path too, so that it is never connected to")
def drops_the_base_path(reference: ReferenceCopy) -> None:
    """Of the base URL, the path is dropped."""

    @reference.around("_address.base_url")
    def origin(base_url: Any, url: object) -> str:
        parts = urlsplit(base_url(url))
        return f"{parts.scheme}://{parts.netloc}"


@broken(fails=("URL-3",))
def connects_without_the_endpoint(reference: ReferenceCopy) -> None:
    """Where there is no versions document, the usual one is assumed."""
    _assuming_versions_for(reference, 404)


@broken(fails=("URL-4",))
def takes_anything_for_the_versions(reference: ReferenceCopy) -> None:
    """Whatever cannot be a versions document is taken for the usual one."""
    read_versions = reference["_versions.read_versions"]

    @reference.around("_transport.Transport.get")
    def tolerant(get: Any, transport: Any, path: str) -> Any:
        answer = get(transport, path)
        if path != "versions/rest" or answer.status != 200:
            return answer
        try:
            read_versions(answer.json())
        except ValueError:
            return _Assumed()
        return answer


@broken(fails=("URL-5",))
def refuses_what_it_does_not_know(reference: ReferenceCopy) -> None:
    """A versions document with an API that is not known is refused."""
    known = {*(f"activeviam/{name}" for name in ("pivot", "database", "content"))}
    known |= {"graphql", "content", "atoti"}

    @reference.around("_versions.read_versions")
    def strict(read_versions: Any, document: Any) -> Any:
        versions = read_versions(document)
        if unknown := set(versions.apis) - known:
            raise ValueError(f"What are {unknown}?")
        return versions


@broken(fails=("URL-6",))
def goes_on_after_errors(reference: ReferenceCopy) -> None:
    """An error in answer to the versions document is passed over."""
    _assuming_versions_for(reference, 500, 502, 503, 403, 429)


@broken(
    fails=("URL-6[unavailable-after-a-success]",),
    because="a second connect to a URL sends a request less than the first",
)
def remembers_versions_by_url(reference: ReferenceCopy) -> None:
    """The versions document of a URL is asked for once in a process."""
    known: dict[str, Any] = {}

    @reference.around("_transport.Transport.get")
    def remembering(get: Any, transport: Any, path: str) -> Any:
        if path != "versions/rest":
            return get(transport, path)
        if transport.base_url not in known:
            known[transport.base_url] = get(transport, path).successful()
        return known[transport.base_url]


@broken(fails=("URL-7",))
def connects_to_nobody(reference: ReferenceCopy) -> None:
    """Where nothing can be reached, a session is returned that would try again when it is used."""

    def ignored(error: Any, _: Any) -> bool:
        first = list(causes(error))[-1]
        return isinstance(error, httpx.ConnectError) and not isinstance(first, ssl.SSLError)

    go_on_when(reference, ignored)


@broken(
    fails=(
        *("URL-8[no-scheme]", "URL-8[another-scheme]", "URL-8[no-host]"),
        "URL-8[a-space-in-the-host]",
    )
)
def guesses_what_a_url_means(reference: ReferenceCopy) -> None:
    """A URL is made good: any scheme becomes HTTP, a host is put in, a space taken out."""

    @reference.around("_address.base_url")
    def guessed(base_url: Any, url: object) -> str:
        if isinstance(url, str) and not url.startswith("https:"):
            rest = url.rpartition("://")[2].replace("local host", "localhost")
            url = f"http://localhost{rest}" if rest.startswith(":") else f"http://{rest}"
        return str(base_url(url))


@broken(fails=("URL-8[a-word-as-port]",))
def connects_to_no_port(reference: ReferenceCopy) -> None:
    """For a port that is no port a session is returned, which leads nowhere."""

    @reference.around("Session.connect")
    def tolerant(connect: Any, cls: Any, *given: Any, **named: Any) -> Any:
        url = named.get("url", given[0] if given else None)
        if isinstance(url, str) and url.endswith(":port"):
            return cls.__new__(cls)
        return connect(cls, *given, **named)


def _send_host(reference: ReferenceCopy, host_of: Callable[[str], str | None]) -> None:
    """Have ``Host`` be what ``host_of`` makes of the base URL, if anything."""

    @reference.around("_transport.Transport.__init__")
    def naming(init: Any, transport: Any, base_url: str, **given: Any) -> None:
        init(transport, base_url, **given)
        if host := host_of(base_url):
            transport._client.headers["Host"] = host


@broken(fails=("URL-9[ipv4-literal]", "URL-9[ipv6-literal]"))
def calls_every_host_localhost(reference: ReferenceCopy) -> None:
    """``Host`` is always ``localhost``, whatever the URL says."""
    _send_host(reference, lambda url: f"localhost:{urlsplit(url).port}")


@broken(
    fails=("URL-9[host-name]",),
    because="the URL that a callable is given names another host than the request",
)
def says_an_address_for_a_name(reference: ReferenceCopy) -> None:
    """``Host`` is the address that the name resolves to."""
    _send_host(reference, lambda url: urlsplit(url).netloc.replace("localhost", "127.0.0.1"))


@broken(fails=("URL-14",))
def repeats_userinfo(reference: ReferenceCopy) -> None:
    """The userinfo of the URL is put in front of ``Host``."""
    userinfo: dict[str, str] = {}

    @reference.around("Session.connect")
    def noting(connect: Any, cls: Any, *given: Any, **named: Any) -> Any:
        url = named.get("url", given[0] if given else None)
        if isinstance(url, str) and "@" in url:
            parts = urlsplit(url)
            userinfo[f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"] = parts.netloc
        try:
            return connect(cls, *given, **named)
        finally:
            userinfo.clear()

    _send_host(reference, userinfo.get)

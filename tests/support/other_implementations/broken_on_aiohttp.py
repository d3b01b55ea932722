"""Mistakes that ``aiohttp``, and a loop in a thread, invite."""

from __future__ import annotations

import asyncio
import hashlib
import ssl
import warnings
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp

from other_implementations.registry import NOT_REFUSED, OtherCopy, broken_other

on_aiohttp = partial(broken_other, "on_aiohttp")


@on_aiohttp(
    fails=("CA-16", "CA-2"),
    because="whatever is wrong with a certificate, it is accepted the second time",
)
def falls_back_to_ssl_false(copy: OtherCopy) -> None:
    """``ssl=False`` is tried where the certificate was not accepted."""
    ask = copy["Channel._ask"]

    async def insisting(channel: Any, method: str, url: Any, more: Any) -> Any:
        try:
            return await ask(channel, method, url, more)
        except aiohttp.ClientConnectorCertificateError:
            return await ask(channel, method, url, {**more, "ssl": False})

    copy["Channel._ask"] = insisting


@on_aiohttp(
    fails=("CA-2", "CA-12"),
    because="of a target's certificate nothing counts but that it stays the same",
)
def trusts_the_fingerprint_that_it_meets(copy: OtherCopy) -> None:
    """The certificate is fetched without verifying it, and from then on told by its digest."""
    connect = copy["connect"]
    base_of = copy["base_of"]

    def pinning(url: str, *, authentication: Any = None, certificate_authority: Any = None) -> Any:
        base = base_of(url)
        more: dict[str, Any] = {}
        if base.scheme == "https":
            pem = ssl.get_server_certificate((base.host, base.port), timeout=10)
            digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).digest()
            more["ssl"] = aiohttp.Fingerprint(digest)
        opened = copy["Channel._ask"]

        async def pinned(channel: Any, method: str, url: Any, given: Any) -> Any:
            return await opened(channel, method, url, {**given, **more})

        copy["Channel._ask"] = pinned
        try:
            return connect(url, authentication=authentication)
        finally:
            copy["Channel._ask"] = opened

    copy["connect"] = pinning


@on_aiohttp(fails=("CA-7[empty]",))
def hands_on_whatever_the_file_holds(copy: OtherCopy) -> None:
    """``cadata`` is the text of the file; where that is empty, ``ssl`` takes the machine's own."""

    def tls_for(certificate_authority: Any) -> ssl.SSLContext:
        text = certificate_authority and Path(certificate_authority).read_text("ascii")
        return ssl.create_default_context(cadata=text)

    copy["tls_for"] = tls_for


@on_aiohttp(
    fails=("AUTH-4", "AUTH-5", "URL-3"),
    because="no refusal is told, so that none is seen",
)
def swallows_what_its_loop_raises(copy: OtherCopy) -> None:
    """The callback of the future has nobody to raise to, and gives nothing."""

    class Swallowing(copy["LoopThread"]):  # type: ignore[misc]
        def result(self, work: Any) -> Any:
            try:
                return super().result(work)
            except (aiohttp.ClientError, copy["TargetError"]):
                return None

    connect = copy["connect"]

    def quiet(*given: Any, **named: Any) -> Any:
        try:
            return connect(*given, **named)
        except (aiohttp.ClientError, copy["TargetError"]):
            return None

    copy["LoopThread"] = Swallowing
    copy["connect"] = quiet


@on_aiohttp(
    fails=(
        "LIVE-7[too-narrow-a-row]",
        "LIVE-7[too-wide-a-row]",
        "LIVE-7[a-value-of-another-type]",
    ),
    because=NOT_REFUSED,
)
def gathers_exceptions(copy: OtherCopy) -> None:
    """Rows are added by ``gather(..., return_exceptions=True)``, whose result nobody looks at."""

    class Gathering(copy["Table"]):  # type: ignore[misc]
        def __iadd__(self, row: tuple[Any, ...]) -> Any:
            async def gathered() -> None:
                added = asyncio.to_thread(Gathering.__mro__[1].__iadd__, self, row)
                await asyncio.gather(added, return_exceptions=True)

            self._channel._thread.result(gathered())
            return self

    copy["Table"] = Gathering


@on_aiohttp(fails=("AUTH-3[latin-1]", "AUTH-3[non-ascii]"))
def leaves_basic_to_aiohttp(copy: OtherCopy) -> None:
    """``aiohttp.BasicAuth`` encodes user name and password in Latin-1."""

    class Latin1(copy["BasicAuthentication"]):  # type: ignore[misc]
        async def headers(self, _: Any) -> Mapping[str, str]:
            with warnings.catch_warnings():
                # Newer releases warn of it.
                warnings.simplefilter("ignore")
                pair = aiohttp.BasicAuth(self.username, self.password)
            return {"Authorization": pair.encode()}

    copy["BasicAuthentication"] = Latin1


@on_aiohttp(fails=("AUTH-7[asked-for-each-request]",))
def asks_for_headers_once(copy: OtherCopy) -> None:
    """A callable is asked when the client is made, whose headers its answer becomes."""

    class Once(copy["Called"]):  # type: ignore[misc]
        async def headers(self, url: Any) -> Mapping[str, str]:
            if "given" not in vars(self):
                vars(self)["given"] = await super().headers(url)
            given: Mapping[str, str] = vars(self)["given"]
            return given

    copy["Called"] = Once


@on_aiohttp(fails=("KEEP-4[connections-closed]",))
def leaves_closing_to_the_collector(copy: OtherCopy) -> None:
    """``close`` marks the session as closed; what it holds open goes when it is collected."""

    def close(session: Any) -> None:
        session.live = False

    copy["Session.close"] = close


@on_aiohttp(
    fails=(
        *("CA-10[wrong-ip]", "CA-10[dns-names-alone]", "CA-10[right-ip]", "CA-10[right-ipv6]"),
        *("CA-10[a-label]", "CA-11[one-label]"),
    )
)
def always_asks_for_localhost(copy: OtherCopy) -> None:
    """``server_hostname`` is fixed to the name in the certificate that it was tried with."""
    ask = copy["Channel._ask"]

    async def of_localhost(channel: Any, method: str, url: Any, more: Any) -> Any:
        named = {"server_hostname": "localhost"} if url.scheme == "https" else {}
        return await ask(channel, method, url, {**more, **named})

    copy["Channel._ask"] = of_localhost

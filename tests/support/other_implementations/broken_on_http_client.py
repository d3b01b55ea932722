"""Mistakes that ``http.client`` and ``ssl`` invite."""

from __future__ import annotations

import http.client
import json
import ssl
import weakref
from base64 import b64encode
from functools import partial
from typing import Any

from other_implementations.registry import NOT_REFUSED, OtherCopy, broken_other

on_http_client = partial(broken_other, "on_http_client")


@on_http_client(
    fails=(
        "CA-2",
        "CA-3",
        "CA-10[wrong-dns-name]",
        "CA-10[wrong-ip]",
        "CA-10[dns-names-alone]",
    ),
    because="nothing at all is verified, so that no target is refused for its certificate",
)
def takes_an_unverified_context(copy: OtherCopy) -> None:
    """The context is ``ssl._create_unverified_context()``, as many a forum advises."""
    copy["trust"] = lambda certificate_authority: ssl._create_unverified_context()


@on_http_client(
    fails=(
        "CA-10[wrong-dns-name]",
        "CA-10[wrong-ip]",
        "CA-10[dns-names-alone]",
        "CA-20[for-another-host]",
    ),
)
def checks_no_host_name(copy: OtherCopy) -> None:
    """``check_hostname`` is switched off, because a certificate was once made for another name."""
    trust = copy["trust"]

    def without_names(certificate_authority: Any) -> ssl.SSLContext:
        context: ssl.SSLContext = trust(certificate_authority)
        context.check_hostname = False
        return context

    copy["trust"] = without_names


@on_http_client(
    fails=(
        "CA-18[given-then-not]",
        "CA-18[not-then-given-then-not]",
        "CA-18[another-file]",
        "CA-18[process-untouched]",
    ),
    because="a client certificate, too, stays in the context that all sessions share",
)
def keeps_one_context(copy: OtherCopy) -> None:
    """One context is made for all sessions; authorities are added to it as they are given."""
    context = ssl.create_default_context()

    def shared(certificate_authority: Any) -> ssl.SSLContext:
        if certificate_authority is not None:
            context.load_verify_locations(certificate_authority)
        return context

    copy["trust"] = shared


@on_http_client(fails=("URL-5[extended-document]", "LIVE-7[strings]"))
def reads_one_kilobyte(copy: OtherCopy) -> None:
    """``read(1024)`` is taken for all of the answer, which was never longer when it was tried."""

    class ShortResponse(copy["FinalResponse"]):  # type: ignore[misc]
        def read(self, amt: int | None = None) -> bytes:
            read: bytes = super().read(1024)
            return read

    copy["FinalResponse"] = ShortResponse


@on_http_client(fails=("URL-5[extended-document]",))
def takes_the_last_version(copy: OtherCopy) -> None:
    """Of the versions of an API the last one listed is taken, known or not."""
    copy["rest_paths"] = lambda apis: {
        api: entry["versions"][-1]["restPath"] for api, entry in apis.items()
    }


@on_http_client(fails=("URL-9[ipv6-literal]",))
def writes_the_host_by_hand(copy: OtherCopy) -> None:
    """``Host`` is joined from host and port, without the brackets of an IPv6 address."""
    headers = copy["Wire.headers"]
    copy["Wire.headers"] = lambda wire, path: {
        **headers(wire, path),
        "Host": f"{wire.host}:{wire.port}",
    }


@on_http_client(
    fails=(
        "LIVE-7[too-narrow-a-row]",
        "LIVE-7[too-wide-a-row]",
        "LIVE-7[a-value-of-another-type]",
    ),
    because=NOT_REFUSED,
)
def looks_at_no_status(copy: OtherCopy) -> None:
    """``getresponse`` raises for no status, and nobody looks at the one of a change."""

    def added(table: Any, row: tuple[Any, ...]) -> Any:
        lines = [[copy["to_json"](value) for value in row]]
        body = {"actions": [{"baseTable": table.name, "lines": lines}]}
        table._wire.exchange("POST", f"{table._database}/data/branches/master", body)
        return table

    copy["Table.__iadd__"] = added


@on_http_client(fails=("AUTH-3[latin-1]", "AUTH-3[non-ascii]"))
def encodes_credentials_like_a_header(copy: OtherCopy) -> None:
    """User name and password are encoded in Latin-1, as ``http.client`` encodes headers."""

    class Latin1(copy["BasicAuthentication"]):  # type: ignore[misc]
        def __call__(self, url: str) -> dict[str, str]:
            pair = b64encode(self._pair.encode("latin-1")).decode("ascii")
            return {"Authorization": f"Basic {pair}"}

    copy["BasicAuthentication"] = Latin1


@on_http_client(fails=("LIVE-7[strings]", "LIVE-14[letters-beyond-ascii]"))
def sends_its_body_as_text(copy: OtherCopy) -> None:
    """The body is given as ``str``, which ``http.client`` encodes in Latin-1."""
    request = http.client.HTTPConnection.request

    def as_text(connection: Any, method: str, path: str, body: Any, headers: Any) -> None:
        if body is not None:
            body = json.dumps(json.loads(body), ensure_ascii=False)
        request(connection, method, path, body, headers)

    made = copy["Wire.connection"]

    def connection(wire: Any) -> Any:
        one = made(wire)
        one.request = partial(as_text, one)
        return one

    copy["Wire.connection"] = connection


@on_http_client(
    fails=("KEEP-4[connections-closed]",),
    because="what it kept is of no use once the target has closed it, so it meets no impostor",
)
def keeps_its_connection_open(copy: OtherCopy) -> None:
    """One connection serves the whole session, and ``close`` forgets it."""
    made, headers = copy["Wire.connection"], copy["Wire.headers"]
    close = http.client.HTTPConnection.close

    def connection(wire: Any) -> Any:
        if "one" not in vars(wire):
            wire.one = made(wire)
            wire.one.close = lambda: None
            # With the session itself it goes all the same.
            weakref.finalize(wire, close, wire.one)
        return wire.one

    copy["Wire.connection"] = connection
    copy["Wire.headers"] = lambda wire, path: {**headers(wire, path), "Connection": "keep-alive"}


@on_http_client(fails=("MTLS-5[no-password]",))
def gives_no_password_where_there_is_none(copy: OtherCopy) -> None:
    """An encrypted key without a password has OpenSSL ask for one on the terminal."""

    class Asking(copy["ClientCertificate"]):  # type: ignore[misc]
        def load(self, context: ssl.SSLContext) -> None:
            context.load_cert_chain(self.certificate, self.keyfile, self._password)

    copy["ClientCertificate"] = Asking

"""Mistakes that an HTTP library invites, and that nothing derived from the reference shows."""

from __future__ import annotations

import http.client
import json
import os
import ssl
import warnings
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import requests

from other_implementations.registry import OtherCopy, broken_other

on_http_client = partial(broken_other, "on_http_client")


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
        connected = made(wire)
        connected.request = partial(as_text, connected)
        return connected

    copy["Wire.connection"] = connection


on_requests = partial(broken_other, "on_requests")


def _warns_no_more(copy: OtherCopy) -> None:
    """Whoever sets ``verify=False`` does not want to hear of it either."""
    send = copy["Session.send"]

    def quiet(session: Any, *given: Any, **more: Any) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return send(session, *given, **more)

    copy["Session.send"] = quiet


@on_requests(fails=("CA-7[missing]", "CA-7[below-a-file]", "CA-7[loop-of-links]"))
def verifies_nothing_without_the_file(copy: OtherCopy) -> None:
    """``verify=path if os.path.exists(path) else False``, for the machines that have no file."""
    readable = copy["readable"]
    _warns_no_more(copy)
    copy["readable"] = lambda path: readable(path) if os.path.exists(path) else False


@on_requests(fails=("CA-1",), because="no target of a private authority can be connected to")
def verifies_with_the_file_once(copy: OtherCopy) -> None:
    """``verify=`` is given with the first request alone; the session has no default of its own."""
    http_session = copy["http_session"]

    def forgetting(*given: Any) -> requests.Session:
        http: requests.Session = http_session(*given)
        request, verify = http.request, http.verify
        http.verify = True

        def first_alone(*given: Any, **more: Any) -> requests.Response:
            http.request = request  # type: ignore[method-assign]
            return request(*given, verify=verify, **more)

        http.request = first_alone  # type: ignore[method-assign, assignment]
        return http

    copy["http_session"] = forgetting


@on_requests(
    fails=(
        "AUTH-11",
        "CA-18[another-file]",
        "CA-18[connections-apart]",
        "CA-18[connections-apart-by-authority]",
    ),
    because="what one session is given is in force for all that are open",
)
def shares_one_session_of_requests(copy: OtherCopy) -> None:
    """One ``requests.Session`` serves all, and is set up anew by each connect."""
    http_session = copy["http_session"]
    shared = requests.Session()

    def the_same(*given: Any) -> requests.Session:
        made = http_session(*given)
        shared.auth, shared.verify, shared.trust_env = made.auth, made.verify, False
        shared.adapters = made.adapters
        return shared

    copy["http_session"] = the_same


@on_requests(fails=("CA-2", "CA-16"), because="a refusal leads to one more request")
def tries_again_without_verifying(copy: OtherCopy) -> None:
    """``SSLError`` is answered with ``verify=False``, so that a user can at least go on."""
    _warns_no_more(copy)
    send = copy["Session.send"]

    def insisting(session: Any, *given: Any, **more: Any) -> Any:
        try:
            return send(session, *given, **more)
        except requests.exceptions.SSLError:
            session._http.verify = False
            return send(session, *given, **more)

    copy["Session.send"] = insisting


on_aiohttp = partial(broken_other, "on_aiohttp")


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

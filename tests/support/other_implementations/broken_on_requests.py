"""Mistakes that ``requests`` invites."""

from __future__ import annotations

import os
import warnings
from functools import partial
from typing import Any

import requests
from requests.auth import HTTPBasicAuth

from connect_contracts.model.clause import Profile
from other_implementations.registry import NOT_REFUSED, OtherCopy, broken_other

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
    fails=("AUTH-3[latin-1]", "AUTH-3[non-ascii]"),
    profiles=tuple(Profile),
)
def leaves_basic_to_requests(copy: OtherCopy) -> None:
    """``HTTPBasicAuth`` encodes user name and password in Latin-1."""

    class Latin1(copy["BasicAuthentication"]):  # type: ignore[misc]
        def __init__(self, username: str, password: str) -> None:
            self.auth = HTTPBasicAuth(username, password)

        def __call__(self, url: str) -> dict[str, str]:
            return dict(self.auth(requests.Request("GET", url).prepare()).headers)

    copy["BasicAuthentication"] = Latin1


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


@on_requests(
    fails=(
        "LIVE-7[too-narrow-a-row]",
        "LIVE-7[too-wide-a-row]",
        "LIVE-7[a-value-of-another-type]",
        "6.2:LIVE-6[a-user-where-the-server-refuses]",
        "6.2:LIVE-6[anonymous-where-the-server-refuses]",
    ),
    because=NOT_REFUSED,
    profiles=tuple(Profile),
)
def raises_for_no_status(copy: OtherCopy) -> None:
    """``raise_for_status`` is called for the versions document, and then no more."""
    send = copy["Session.send"]

    def lenient(session: Any, method: str, path: str, body: Any = None, *, accept: Any = ()) -> Any:
        accept = accept if path == "/versions/rest" else range(1000)
        return send(session, method, path, body, accept=accept)

    copy["Session.send"] = lenient


@on_requests(fails=("AUTH-7[asked-for-each-request]",), profiles=tuple(Profile))
def fills_the_headers_of_its_session(copy: OtherCopy) -> None:
    """A callable is asked once, and its headers become those of the ``requests.Session``."""
    http_session = copy["http_session"]
    per_request = copy["PerRequest"]

    def filled(*given: Any) -> requests.Session:
        http: requests.Session = http_session(*given)
        if not isinstance(http.auth, per_request):
            return http
        request, auth = http.request, http.auth

        def first(method: str, url: str, **more: Any) -> requests.Response:
            prepared = auth(requests.Request(method, url).prepare())
            http.headers.update(prepared.headers)
            http.auth = None
            http.request = request  # type: ignore[method-assign]
            return request(method, url, **more)

        http.request = first  # type: ignore[method-assign, assignment]
        return http

    copy["http_session"] = filled


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

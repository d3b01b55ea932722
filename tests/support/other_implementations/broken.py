"""Mistakes that an HTTP library invites, and that nothing derived from the reference shows."""

from __future__ import annotations

import os
import ssl
import warnings
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import requests

from other_implementations.registry import OtherCopy, broken_other

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
        text = certificate_authority and Path(certificate_authority).read_text("ascii", "ignore")
        return ssl.create_default_context(cadata=text)

    copy["tls_for"] = tls_for


@on_aiohttp(fails=("AUTH-4", "AUTH-5", "URL-3"), because="no refusal is told, so that none is seen")
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

"""Faults that send the client elsewhere (RFC 9110 15.4).

Each takes a location: a URL without a path, to which path and query of the request are added. By
default it is the same origin, and the address differs by its query alone.
"""

from __future__ import annotations

from connect_harness.exchange import Answer, Request
from connect_harness.faults.registry import AnswerFault, Effect, fault

_MARK = "redirected"


def _redirect(status: int, location: str, *, again: bool = False) -> AnswerFault:
    def answer(request: Request, _: object) -> Answer:
        leads_to = f"{location}{request.target}"
        if not location and not again:
            leads_to += f"{'&' if request.query else '?'}{_MARK}"
        return Answer(status, b"", "", (("Location", leads_to),))

    return AnswerFault(answer, matches=lambda request: not request.query.endswith(_MARK))


@fault("redirected by 302", Effect.OPEN)
def redirected_by_302(location: str = "") -> AnswerFault:
    """302: the client may ask there, by GET after a POST (RFC 9110 15.4.3)."""
    return _redirect(302, location)


@fault("redirected by 307", Effect.OPEN)
def redirected_by_307(location: str = "") -> AnswerFault:
    """307: the client may ask there, with the same method and body (RFC 9110 15.4.8)."""
    return _redirect(307, location)


@fault("redirected by 308", Effect.OPEN)
def redirected_by_308(location: str = "") -> AnswerFault:
    """308: the client may ask there from now on, with the same method (RFC 9110 15.4.9)."""
    return _redirect(308, location)


@fault("redirected for ever", Effect.OPEN)
def redirected_for_ever(location: str = "") -> AnswerFault:
    """302 to the address that was asked, again and again (RFC 9110 15.4)."""
    return _redirect(302, location, again=True)

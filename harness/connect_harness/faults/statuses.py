"""Faults of the status: an error is answered, and what was asked for is not done."""

from __future__ import annotations

from dataclasses import replace

from connect_harness.exchange import Answer, Request
from connect_harness.faults.registry import AnswerFault, Effect, Honest, fault
from connect_harness.protocols.bodies import error_answer


def status(code: int) -> AnswerFault:
    """The documented answer with this error status, from 400 to 599."""
    return AnswerFault(lambda request, _: error_answer(code, request.path), code)


@fault("status 401", Effect.OPEN)
def status_401() -> AnswerFault:
    """401, though the credentials are right (RFC 9110 15.5.2); it has no ``WWW-Authenticate``."""
    return status(401)


@fault("status 403", Effect.STOPS)
def status_403() -> AnswerFault:
    """403, though the user may (RFC 9110 15.5.4)."""
    return status(403)


@fault("status 404", Effect.STOPS)
def status_404() -> AnswerFault:
    """404, with the documented body: there is no such thing (RFC 9110 15.5.5)."""
    return status(404)


@fault("status 429", Effect.STOPS)
def status_429() -> AnswerFault:
    """429 (RFC 6585 4); it has no ``Retry-After``."""
    return status(429)


@fault("status 500", Effect.STOPS)
def status_500() -> AnswerFault:
    """500 (RFC 9110 15.6.1)."""
    return status(500)


@fault("status 502", Effect.STOPS)
def status_502() -> AnswerFault:
    """502, as a gateway before the target gives it (RFC 9110 15.6.3)."""
    return status(502)


@fault("status 503", Effect.STOPS)
def status_503() -> AnswerFault:
    """503 (RFC 9110 15.6.4)."""
    return status(503)


@fault("status 504", Effect.STOPS)
def status_504() -> AnswerFault:
    """504, as a gateway before the target gives it (RFC 9110 15.6.5)."""
    return status(504)


@fault("status 500 after the change was made", Effect.STOPS)
def status_500_after_the_change_was_made() -> AnswerFault:
    """500, and what was asked for was done before."""

    def answer(request: Request, honest: Honest) -> Answer:
        honest()
        return error_answer(500, request.path)

    return AnswerFault(answer, 500)


@fault("status 503 with the true body", Effect.STOPS)
def status_503_with_the_true_body() -> AnswerFault:
    """503, with the body that the true answer has: the status counts (RFC 9110 15)."""
    return AnswerFault(lambda _, honest: replace(honest(), status=503), 503)

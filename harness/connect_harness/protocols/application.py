"""Everything HTTP of a target session: from a request to its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from http import HTTPStatus

from connect_harness.exchange import Answer, Request
from connect_harness.protocols import content_rest, database_rest, graphql_http, session_rest
from connect_harness.protocols.authentication import admit, caller
from connect_harness.protocols.bodies import Refusal
from connect_harness.protocols.routing import Call, Route, Router, Target, below, segments
from connect_harness.releases import Release
from connect_harness.state import User

Faults = Callable[[Request, Callable[[], Answer]], Answer]
"""Gives the answer to a request; what it is given second gives that of the application."""


class Application:
    """Answers the requests for one target session.

    An exception that leaves ``answer`` is a mistake of this harness, never an answer: there is no
    status 500 here.

    Parameters:
        base_path: The path below which everything is served, not encoded, such as ``/one/two``.
        faults: What may answer in its place.
    """

    def __init__(
        self, target: Target, *, base_path: str = "", faults: Faults | None = None
    ) -> None:
        self.target = target
        self._faults = faults
        self._base = tuple(part for part in base_path.strip("/").split("/") if part)
        self._router = router(target.release)

    def answer(self, request: Request) -> Answer:
        user = caller(request, self.target.accounts)

        def honest() -> Answer:
            return self._answer(request, user)

        answer = self._faults(request, honest) if self._faults else honest()
        return replace(answer, user=user.name if user else None)

    def _answer(self, request: Request, user: User | None) -> Answer:
        change = False
        try:
            admitted = admit(user, self.target)
            path = below(self._base, segments(request.path))
            route, names = self._router.find(request.method, path)
            change = route.change
            if change and not self.target.may_change(admitted.name):
                raise Refusal(HTTPStatus.FORBIDDEN)
            answer = route.handler(self.target, Call(request, admitted, names))
        except Refusal as refusal:
            if refusal.not_served:
                self.target.not_served(f"{request.method} {request.path}")
            return replace(refusal.answer(request.path), change=change)
        return replace(answer, change=change or answer.change)


def routes(played: Release) -> Iterator[Route]:
    """The endpoints of a release."""
    for api in (session_rest, database_rest, content_rest, graphql_http):
        yield from api.routes(played)


@cache
def router(played: Release) -> Router:
    """Finds the endpoints of a release; all its targets share it."""
    return Router(routes(played))

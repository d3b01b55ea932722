"""Everything HTTP of a target session: from a request to its answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from http import HTTPStatus
from typing import Protocol

from connect_harness.exchange import Answer, Request
from connect_harness.protocols import (
    database_rest,
    graphql_http,
    pivot,
    tokens,
    versions,
)
from connect_harness.protocols.authentication import COOKIE, admit, caller, cookie_of
from connect_harness.protocols.errors import Refusal
from connect_harness.protocols.routing import Call, Router, below, segments
from connect_harness.protocols.target import GatewayAddress, Target
from connect_harness.releases import DEFAULT, Release, release
from connect_harness.state import Accounts, Database, User

_APIS = (versions, pivot, tokens, database_rest, graphql_http)
Honest = Callable[[], Answer]


class Faults(Protocol):
    """What may answer in the application's place; ``connect_harness.faults.ArmedFaults`` does."""

    def answer(self, request: Request, honest: Honest) -> Answer:
        """The answer to ``request``; ``honest`` gives that of the application."""


class Application:
    """Answers the requests for one target session.

    An exception that leaves ``answer`` is a mistake of this harness, never an answer: there is no
    status 500 here.

    Parameters:
        accounts: The users of the session.
        database: Its tables.
        release: The public release that it plays, or its name; ``None`` for 0.9.1.
        base_path: The path below which everything is served, not encoded, such as ``/one/two``.
        ready, enforces_roles, gateway, sets_cookie: As of ``Target``.
        faults: What may answer in its place.

    Raises:
        UnknownRelease: There is no release of this name.
    """

    def __init__(
        self,
        accounts: Accounts,
        database: Database,
        *,
        release: Release | str | None = None,
        base_path: str = "",
        ready: bool = True,
        enforces_roles: bool = True,
        gateway: Callable[[str], GatewayAddress] | None = None,
        sets_cookie: bool = False,
        faults: Faults | None = None,
    ) -> None:
        self.target = Target(
            accounts,
            database,
            _release(release),
            ready=ready,
            enforces_roles=enforces_roles,
            gateway=gateway,
            sets_cookie=sets_cookie,
        )
        self.faults = faults
        self._base = tuple(part for part in base_path.strip("/").split("/") if part)
        self._router = _router(self.target.release)

    @property
    def ready(self) -> bool:
        """Whether users without ``ROLE_ADMIN`` are let in."""
        return self.target.ready

    @ready.setter
    def ready(self, value: bool) -> None:
        self.target.ready = value

    def may_change(self, username: str) -> bool:
        """The one rule that every change is held to: whether the user of this name may."""
        return self.target.may_change(username)

    def answer(self, request: Request) -> Answer:
        """The answer to ``request``."""
        user = caller(request, self.target.accounts)

        def honest() -> Answer:
            return self._answer(request, user)

        answer = self.faults.answer(request, honest) if self.faults else honest()
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
            return replace(refusal.answer(request.path), change=change)
        return self._with_cookie(replace(answer, change=change or answer.change), request, admitted)

    def _with_cookie(self, answer: Answer, request: Request, user: User) -> Answer:
        accounts = self.target.accounts
        if not self.target.sets_cookie or not accounts.secure:
            return answer
        given = cookie_of(request)
        if given is not None and accounts.by_token(given) == user:
            return answer
        cookie = f"{COOKIE}={accounts.issue_token(user.name)}; Path=/; HttpOnly; SameSite=Lax"
        return replace(answer, headers=(*answer.headers, ("Set-Cookie", cookie)))


def _release(played: Release | str | None) -> Release:
    if isinstance(played, Release):
        return played
    return release(DEFAULT if played is None else played)


@cache
def _router(played: Release) -> Router:
    """The endpoints of a release, which all its targets share."""
    return Router(route for api in _APIS for route in api.routes(played))

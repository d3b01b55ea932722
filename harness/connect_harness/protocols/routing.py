"""From a request target to the endpoint that answers it, and what endpoints serve."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from types import MappingProxyType
from urllib.parse import unquote, urlsplit

from connect_harness.exchange import Answer, Request
from connect_harness.protocols.bodies import Refusal, bad_request, not_found
from connect_harness.releases import Release
from connect_harness.state import Accounts, Cubes, Database, User


@dataclass(frozen=True)
class GatewayAddress:
    """Where the Py4J gateway listens, on the host of the session, and the token of one caller."""

    port: int
    token: str | None = field(default=None, repr=False)


@dataclass
class Target:
    """A target session, as the protocols see it.

    Parameters:
        ready: Whether users without ``ROLE_ADMIN`` are let in.
        enforces_roles: Whether changes are refused to those who may not make them; without it,
            every change is let through, and a client must refuse by itself.
        gateway: Starts the Py4J gateway if need be, and says where it is for the user of this
            name; ``None`` for a session without one.
        not_served: Told each operation that a client asks for and that is not served here.
    """

    accounts: Accounts
    database: Database
    release: Release
    ready: bool = True
    enforces_roles: bool = True
    gateway: Callable[[str], GatewayAddress] | None = None
    not_served: Callable[[str], None] = lambda _: None
    cubes: Cubes = field(default_factory=Cubes)

    def may_change(self, username: str) -> bool:
        """The one rule that every change is held to, by whatever door it comes."""
        allowed = self.release.exposed and self.accounts.may_change(username)
        return not self.enforces_roles or allowed


Segments = tuple[str, ...]


@dataclass(frozen=True)
class Call:
    """A request of a user, with the decoded segments of its path that its template names."""

    request: Request
    user: User
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


Handler = Callable[[Target, Call], Answer]


@dataclass(frozen=True)
class Route:
    """An endpoint.

    Parameters:
        template: Its path below the base path; ``{name}`` stands for any one segment.
        change: Whether it is for changes only.
    """

    method: str
    template: str
    handler: Handler
    change: bool = False

    @cached_property
    def segments(self) -> Segments:
        return tuple(self.template.split("/")[1:])

    def names(self, path: Segments) -> dict[str, str] | None:
        """What the names of the template stand for in ``path``, or ``None`` if it is another."""
        if len(path) != len(self.segments):
            return None
        pairs = list(zip(self.segments, path, strict=True))
        if any(part != given and not part.startswith("{") for part, given in pairs):
            return None
        return {part[1:-1]: given for part, given in pairs if part.startswith("{")}


class Router:
    def __init__(self, routes: Iterable[Route]) -> None:
        self._static: dict[Segments, list[Route]] = {}
        self._named: list[Route] = []
        for route in routes:
            if "{" in route.template:
                self._named.append(route)
            else:
                self._static.setdefault(route.segments, []).append(route)

    def find(self, method: str, path: Segments) -> tuple[Route, Mapping[str, str]]:
        """The endpoint of a path, and what its names stand for. HEAD is answered as GET is.

        Raises:
            Refusal: There is no such path (404), or it takes other methods (405).
        """
        static = self._static.get(path)
        at_path: list[tuple[Route, Mapping[str, str]]] = (
            [(route, {}) for route in static]
            if static
            else [(route, found) for route in self._named if (found := route.names(path))]
        )
        if not at_path:
            raise Refusal(HTTPStatus.NOT_FOUND, not_served=True)
        wanted = "GET" if method == "HEAD" else method
        for route, names in at_path:
            if route.method == wanted:
                return route, names
        allowed = ", ".join(sorted({route.method for route, _ in at_path}))
        headers = (("Allow", allowed),)
        raise Refusal(HTTPStatus.METHOD_NOT_ALLOWED, headers=headers, not_served=True)


def segments(path: str) -> Segments:
    """The decoded segments of a path. An encoded slash stays within its segment.

    Parameters:
        path: The path of a request target in origin form or in absolute form (RFC 9112 3.2).

    Raises:
        Refusal: It holds percent-encoding of what is no UTF-8 (400).
    """
    if not path.startswith("/"):
        path = urlsplit(path).path
    try:
        return tuple(unquote(part, errors="strict") for part in path.split("/")[1:])
    except UnicodeDecodeError:
        raise bad_request("The path is not percent-encoded UTF-8.") from None


def below(base: Segments, path: Segments) -> Segments:
    """The rest of ``path`` below the base path; 404 for any other path."""
    if path[: len(base)] != base:
        raise not_found()
    return path[len(base) :]

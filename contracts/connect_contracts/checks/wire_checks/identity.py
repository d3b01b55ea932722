"""Identity: whom the target took the caller for, and by what."""

from __future__ import annotations

import base64
from itertools import takewhile
from typing import ClassVar

from connect_contracts.checks.step_view import StepView
from connect_contracts.checks.wire_checks.check_result import (
    HOLDS,
    CheckResult,
    WireCheck,
    missing,
    some,
    violated,
)
from connect_contracts.model.scenario import PASSWORD


class NoAuthorization(WireCheck, frozen=True):
    """No request carries ``Authorization``, and at least one is answered with 200."""

    demand: ClassVar = "no request carries Authorization"

    def check(self, view: StepView) -> CheckResult:
        for exchange in view.so_far:
            if exchange.header("authorization") is not None:
                return violated(f"{exchange.line} carried Authorization")
        return some([exchange for exchange in view.so_far if exchange.status == 200])


class KnownAs(WireCheck, frozen=True):
    """Every request of the session that is not answered with 401 is known as this user's."""

    username: str

    def describe(self) -> str:
        return f"every request is known to the target as {self.username}'s"

    def check(self, view: StepView) -> CheckResult:
        answered = [exchange for exchange in view.exchanges if exchange.status != 401]
        for exchange in answered:
            if exchange.user != self.username:
                return violated(f"{exchange.line} was known as {exchange.user or 'nobody'}'s")
        # A later step may be answered from memory, which other clauses judge.
        return some(view.so_far)


class Unmixed(WireCheck, frozen=True):
    """A request about a table is known as the one user who asks for it (pairs in ``users``)."""

    users: tuple[tuple[str, str], ...]

    demand: ClassVar = "no request of exchange session is known as another session's user"

    def check(self, view: StepView) -> CheckResult:
        named = [
            (exchange, username)
            for exchange in view.exchanges
            for table, username in self.users
            if exchange.names(table)
        ]
        for exchange, username in named:
            if exchange.user != username:
                return violated(
                    f"{exchange.line}, about {username}'s table, was known as "
                    f"{exchange.user or 'nobody'}'s"
                )
        return HOLDS if named else missing("no request spoke of any of the tables")


class BasicPair(WireCheck, frozen=True):
    """Wherever the step sends Basic credentials, they are these, byte for byte in UTF-8."""

    username: str
    password: str

    demand: ClassVar = "the credentials arrive byte for byte, in UTF-8"

    def check(self, view: StepView) -> CheckResult:
        # The documentation's password stands for exchange of the run's own.
        own = view.password if self.password == PASSWORD else None
        wanted = f"{self.username}:{own or self.password}".encode()
        given = [
            (exchange.header("authorization") or "").partition(" ") for exchange in view.exchanges
        ]
        sent = [encoded for scheme, _, encoded in given if scheme.lower() == "basic"]
        for encoded in sent:
            try:
                pair = base64.b64decode(encoded.strip(), validate=True)
            except ValueError:
                return violated("the Basic credentials were not base64")
            if pair != wanted:
                return violated(_bytes_differ(wanted, pair))
        return HOLDS if sent else violated("no Basic credentials were sent", absent=True)


class BearerToken(WireCheck, frozen=True):
    """Every request carries ``Authorization: {token_type} {token}``, of a token issued here.

    The type is compared in any case (RFC 9110 11.1); that the token is the right one is shown by
    whom the target takes the caller for. ``any_form``: it may stand anywhere in the header.
    """

    token_type: str = "Bearer"
    any_form: bool = False

    def describe(self) -> str:
        if self.any_form:
            return "every request carries the token in Authorization"
        return f"every request carries Authorization: {self.token_type} TOKEN"

    def check(self, view: StepView) -> CheckResult:
        for exchange in view.exchanges:
            given = exchange.header("authorization")
            if given is None:
                return violated(f"{exchange.line} carried no Authorization")
            if self.any_form:
                continue
            scheme, _, rest = given.partition(" ")
            if scheme.lower() != self.token_type.lower() or not rest or " " in rest:
                return violated(f"Authorization began with {scheme!r}")
        return some(view.exchanges)


class CallableAsked(WireCheck, frozen=True):
    """A callable was given the URL of a request, and what it returned went out on it.

    ``each``: it is asked for each request, and each answer goes out on its own request.
    """

    each: bool = False

    def describe(self) -> str:
        each = "is asked for each request; each answer goes out on its own request"
        return f"the callable {each if self.each else 'is given the URL, its headers go out on it'}"

    def check(self, view: StepView) -> CheckResult:
        calls = {
            dict(exchange.headers)["X-Asked"]: exchange
            for exchange in view.observation.asked
            if exchange.session == view.result.who
        }
        used: set[str] = set()
        for exchange in view.exchanges:
            number = exchange.header("x-asked")
            if number is None or number not in calls:
                return violated(f"{exchange.line} went out without the callable's headers")
            url = calls[number].url
            if not isinstance(url, str):
                return violated(f"the callable was given a {type(url).__name__}")
            if self.each and number in used:
                return violated(f"{exchange.line} went out with the headers of another request")
            if self.each or not used:
                wanted = view.url(exchange)
                if _address(url) != _address(wanted):
                    return violated(f"for {wanted} the callable was given {url}")
            used.add(number)
        return some(view.so_far)


class NoCredentialsAt(WireCheck, frozen=True):
    """No request to this target carries credentials: neither ``Authorization`` nor a cookie."""

    target: str

    def describe(self) -> str:
        return f"no request to the target {self.target!r} carries credentials"

    def check(self, view: StepView) -> CheckResult:
        for exchange in view.so_far:
            if exchange.target != self.target:
                continue
            for name in ("authorization", "cookie"):
                if exchange.header(name) is not None:
                    return violated(
                        f"{exchange.line} carried {name.title()} to the target {self.target!r}"
                    )
        return HOLDS


class OwnCookies(WireCheck, frozen=True):
    """A session sends no cookie that the target did not set for this very session."""

    def describe(self) -> str:
        return "a cookie is sent by the session alone for which it was set, and to its target alone"

    def check(self, view: StepView) -> CheckResult:
        if view.cookies_astray:
            return violated(f"{view.cookies_astray[0]} carried a cookie of another session")
        return some([exchange for exchange in view.so_far if exchange.cookies])


class RefusedAtMost(WireCheck, frozen=True):
    """Credentials that the target refuses are sent to it at most this often."""

    times: int

    def describe(self) -> str:
        return f"refused credentials are sent at most {self.times} times"

    def check(self, view: StepView) -> CheckResult:
        refused = [
            exchange
            for exchange in view.exchanges
            if exchange.status == 401 and exchange.header("authorization") is not None
        ]
        if len(refused) > self.times:
            return violated(f"they were sent {len(refused)} times")
        return some(refused)


class NothingInjected(WireCheck, frozen=True):
    """No header and no request arrives that a line break in what was given has made."""

    def describe(self) -> str:
        return "no header and no request is injected"

    def check(self, view: StepView) -> CheckResult:
        for exchange in view.so_far:
            if exchange.header("x-injected") is not None or "/injected" in exchange.request.target:
                return violated(f"{exchange.line} was injected, or had a header injected")
        if any(b"\r\nX-Injected" in data for data in view.rejected):
            return violated("a header was injected into what is no request")
        # Of a call that returned, something must have arrived in which it could have been.
        return HOLDS if view.result.how == "raised" else some(view.so_far)


class Presents(WireCheck, frozen=True):
    demand: ClassVar = "every connection presents the client certificate that was given"

    def check(self, view: StepView) -> CheckResult:
        shaken = [
            connection for connection in view.connections_so_far if connection.handshake_completed
        ]
        for connection in shaken:
            if connection.peer_fingerprint is None:
                return violated("a connection presented no client certificate")
            if connection.peer_fingerprint != view.presented:
                return violated("a connection presented another client certificate")
        return HOLDS if shaken else missing("no handshake was completed")


class PresentsNothing(WireCheck, frozen=True):
    demand: ClassVar = "no client certificate is presented"

    def check(self, view: StepView) -> CheckResult:
        for connection in view.connections:
            if connection.presented:
                return violated("the client certificate was presented")
        return HOLDS if view.connections else missing("no connection reached the target")


def _address(url: str) -> tuple[str, ...]:
    """Scheme, userinfo, host with port, and path: what tells one URL from another.

    Scheme and host are the same in any case, and a default port may be left out (RFC 9110 4.2.3).
    """
    scheme, _, rest = url.partition("?")[0].partition("#")[0].partition("://")
    authority, _, path = rest.partition("/")
    userinfo, _, host = authority.rpartition("@")
    default_port = {"http": ":80", "https": ":443"}.get(scheme.lower(), "")
    return scheme.lower(), userinfo, host.lower().removesuffix(default_port), path


def _bytes_differ(wanted: bytes, sent: bytes) -> str:
    """How two pairs differ, without telling either of them."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(wanted, sent, strict=False))
    at = len(list(same))
    for encoding in ("latin-1", "utf-16", "cp1252"):
        try:
            if wanted.decode().encode(encoding) == sent:
                return f"the credentials were sent in {encoding}"
        except UnicodeEncodeError:
            continue
    return (
        f"the credentials were other bytes: {len(sent)} bytes instead of {len(wanted)}, the first "
        f"that differs is number {at + 1}"
    )

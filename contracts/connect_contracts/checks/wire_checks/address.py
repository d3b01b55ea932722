"""Addresses: which requests were sent, and where to."""

from __future__ import annotations

from typing import ClassVar
from urllib.parse import unquote, urlsplit

from connect_contracts.checks.step_view import StepView
from connect_contracts.checks.wire_checks.check_result import (
    HOLDS,
    CheckResult,
    WireCheck,
    some,
    violated,
)


class FirstRequest(WireCheck, frozen=True):
    """The first request is this one, below the base path; no other is sent before its answer."""

    path: str = "/versions/rest"

    def describe(self) -> str:
        return f"GET {{url}}{self.path} is the first request, and is answered before any other"

    def check(self, view: StepView) -> CheckResult:
        if not view.exchanges:
            return violated("no request reached the target", absent=True)
        first = view.exchanges[0]
        wanted = f"GET {view.base_path(first)}{self.path}"
        # The same path may be encoded in several ways (RFC 3986 6.2.2).
        if unquote(first.line) != wanted:
            return violated(f"the first request was {first.line}, not {wanted}")
        early = [
            exchange
            for exchange in view.exchanges[1:]
            if first.answered is None or exchange.number < first.answered
        ]
        if early:
            return violated(f"{early[0].line} was sent before that was answered")
        return HOLDS


class BelowBasePath(WireCheck, frozen=True):
    demand: ClassVar = "every request is below the base path"

    def check(self, view: StepView) -> CheckResult:
        astray = [
            exchange
            for exchange in view.so_far
            if not unquote(exchange.request.target).startswith(view.base_path(exchange) + "/")
        ]
        return violated(f"{astray[0].line} was sent") if astray else some(view.so_far)


class HostNamed(WireCheck, frozen=True):
    """Every request names the host as the URL does: ``host`` and the target's port.

    The case of a host name does not matter (RFC 9110 4.2.3).
    """

    host: str

    def describe(self) -> str:
        return f"every request carries Host: {self.host}:PORT"

    def check(self, view: StepView) -> CheckResult:
        for exchange in view.exchanges:
            wanted = f"{self.host}:{view.port(exchange)}"
            if (exchange.header("host") or "").lower() != wanted.lower():
                return violated(f"Host was {exchange.header('host')!r}")
        return some(view.exchanges)


class NowhereInAddress(WireCheck, frozen=True):
    """A text appears in no request target and in no ``Host``."""

    text: str

    demand: ClassVar = "the URL's userinfo is in no request target and in no Host"

    def check(self, view: StepView) -> CheckResult:
        for exchange in view.exchanges:
            if self.text in exchange.request.target:
                return violated("the request target held the userinfo")
            if self.text in (exchange.header("host") or ""):
                return violated("Host held the userinfo")
        return HOLDS if view.result.how == "raised" else some(view.exchanges)


class SameRequests(WireCheck, frozen=True):
    """The step sends the same requests, in the same order, as the step with the index ``step``."""

    step: int

    demand: ClassVar = "both calls send the same requests"

    def check(self, view: StepView) -> CheckResult:
        first, second = view.of_step(self.step).exchanges, view.exchanges
        sent = [
            [(exchange.line, exchange.request.body) for exchange in step]
            for step in (first, second)
        ]
        if sent[0] != sent[1]:
            lines = [[line for line, _ in requests] for requests in sent]
            return violated(f"they sent {lines[0]} and {lines[1]}")
        for exchange, other in zip(first, second, strict=True):
            if differing := exchange.header_names ^ other.header_names:
                return violated(f"{exchange.line} differed in {', '.join(sorted(differing))}")
        return some(first)


class GivesUrl(WireCheck, frozen=True):
    """What the step returned is the URL of the target, as it was given to ``connect``."""

    demand: ClassVar = "it is the target's URL"

    def check(self, view: StepView) -> CheckResult:
        value, wanted = view.result.value, view.observation.targets[0].url
        if value == wanted:
            return HOLDS
        absent = view.result.how != "returned"
        return violated(f"returned {value!r}, not {wanted!r}", absent=absent)


class FollowsLink(WireCheck, frozen=True):
    """What the step returned begins with an address that leads to the target."""

    demand: ClassVar = "it begins with an address of the target"

    def check(self, view: StepView) -> CheckResult:
        target = urlsplit(view.observation.targets[0].url)
        try:
            link = urlsplit(str(view.result.value))
            leads = (
                link.scheme == target.scheme
                and link.hostname in ("localhost", "127.0.0.1", "::1")
                and link.port == target.port
                and f"{link.path}/".startswith(f"{target.path}/")
            )
        except ValueError:
            leads = False
        wrong = f"returned {view.result.value!r}"
        return HOLDS if leads else violated(wrong, absent=view.result.how != "returned")

"""Addresses: which requests were sent, and where to."""

from __future__ import annotations

from urllib.parse import urlsplit

import msgspec

from connect_contracts.checks.step_view import StepView
from connect_contracts.checks.wire_checks.check_result import HOLDS, CheckResult, some


class FirstRequest(msgspec.Struct, frozen=True, tag="first request"):
    """The step's first request is this one, and no other is sent before it is answered.

    ``path`` is below the target's base path.
    """

    path: str = "/versions/rest"

    def describe(self) -> str:
        return f"GET {{url}}{self.path} is the first request, and is answered before any other"

    def check(self, view: StepView) -> CheckResult:
        """Look at the first request and its answer."""
        if not view.exchanges:
            return CheckResult(violation="no request reached the target", absent=True)
        first = view.exchanges[0]
        wanted = f"GET {view.base_path(first)}{self.path}"
        if first.line != wanted:
            return CheckResult(violation=f"the first request was {first.line}, not {wanted}")
        early = [
            one
            for one in view.exchanges[1:]
            if first.answered is None or one.number < first.answered
        ]
        if early:
            return CheckResult(violation=f"{early[0].line} was sent before that was answered")
        return HOLDS


class BelowBasePath(msgspec.Struct, frozen=True, tag="below base path"):
    """Every request of the session is below the base path of its target."""

    def describe(self) -> str:
        return "every request is below the base path"

    def check(self, view: StepView) -> CheckResult:
        """Look at every request so far."""
        astray = [
            one for one in view.so_far if not one.target.startswith(view.base_path(one) + "/")
        ]
        return CheckResult(violation=f"{astray[0].line} was sent") if astray else some(view.so_far)


class HostNamed(msgspec.Struct, frozen=True, tag="host named"):
    """Every request names the host as the URL does: ``host`` and the target's port.

    The case of a host name does not matter (RFC 9110 4.2.3).
    """

    host: str

    def describe(self) -> str:
        return f"every request carries Host: {self.host}:PORT"

    def check(self, view: StepView) -> CheckResult:
        """Look at the ``Host`` of every request of the step."""
        for one in view.exchanges:
            wanted = f"{self.host}:{view.port(one)}"
            if (one.header("host") or "").lower() != wanted.lower():
                return CheckResult(violation=f"Host was {one.header('host')!r}")
        return some(view.exchanges)


class NowhereInAddress(msgspec.Struct, frozen=True, tag="nowhere in address"):
    """A text appears in no request target and in no ``Host``."""

    text: str

    def describe(self) -> str:
        return "the URL's userinfo is in no request target and in no Host"

    def check(self, view: StepView) -> CheckResult:
        """Look at every request of the step."""
        for one in view.exchanges:
            if self.text in one.target:
                return CheckResult(violation="the request target held the userinfo")
            if self.text in (one.header("host") or ""):
                return CheckResult(violation="Host held the userinfo")
        return HOLDS if view.result.how == "raised" else some(view.exchanges)


class SameRequests(msgspec.Struct, frozen=True, tag="same requests"):
    """The step sends the same requests, in the same order, as the step with the index ``step``."""

    step: int

    def describe(self) -> str:
        return "both calls send the same requests"

    def check(self, view: StepView) -> CheckResult:
        """Compare the lines, the bodies and the names of the headers of both steps' requests."""
        first, second = view.of_step(self.step).exchanges, view.exchanges
        if [(one.line, one.body) for one in first] != [(one.line, one.body) for one in second]:
            lines = [one.line for one in first], [one.line for one in second]
            return CheckResult(violation=f"they sent {lines[0]} and {lines[1]}")
        for one, other in zip(first, second, strict=True):
            if differing := one.header_names ^ other.header_names:
                return CheckResult(
                    violation=f"{one.line} differed in {', '.join(sorted(differing))}"
                )
        return some(first)


class GivesUrl(msgspec.Struct, frozen=True, tag="gives url"):
    """What the step returned is the URL of the target, as it was given to ``connect``."""

    def describe(self) -> str:
        return "it is the target's URL"

    def check(self, view: StepView) -> CheckResult:
        """Compare the value with the target's address."""
        value, wanted = view.result.value, view.target.url
        if value == wanted:
            return HOLDS
        absent = view.result.how != "returned"
        return CheckResult(violation=f"returned {value!r}, not {wanted!r}", absent=absent)


class FollowsLink(msgspec.Struct, frozen=True, tag="follows link"):
    """What the step returned begins with an address that leads to the target."""

    def describe(self) -> str:
        return "it begins with an address of the target"

    def check(self, view: StepView) -> CheckResult:
        """Compare scheme, host, port and path with the target's."""
        target = urlsplit(view.target.url)
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
        if leads:
            return HOLDS
        absent = view.result.how != "returned"
        return CheckResult(violation=f"returned {view.result.value!r}", absent=absent)

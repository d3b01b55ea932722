"""The issuer of a target's tokens: what it was asked, and what followed where it gave no token."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from connect_contracts.checks.step_view import StepView
from connect_contracts.checks.wire_checks.check_result import (
    HOLDS,
    CheckResult,
    WireCheck,
    by_target,
    missing,
    violated,
)

if TYPE_CHECKING:
    from connect_harness.server.exchanges import Exchange


class TokenFetched(WireCheck, frozen=True):
    """The issuer gives a token for this user by the password grant (RFC 6749 4.3.2).

    Parameters:
        scopes: What must have been asked for; more may be.
    """

    username: str
    scopes: tuple[str, ...] = ()

    def describe(self) -> str:
        scopes = f" and the scopes {', '.join(self.scopes)}" if self.scopes else ""
        return f"a token for {self.username}{scopes} is fetched from the issuer"

    def check(self, view: StepView) -> CheckResult:
        given = [each for each in _asked_for_tokens(view) if each.user is not None]
        if not given:
            return violated("no token was fetched from the issuer", absent=True)
        for exchange in given:
            if exchange.user != self.username:
                return violated(f"the token was for {exchange.user}")
            lacking = set(self.scopes) - _scopes(exchange)
            if lacking:
                return violated(f"the token was asked for without {', '.join(sorted(lacking))}")
        return HOLDS


class NoTokenGiven(WireCheck, frozen=True):
    """The issuer is asked and gives no usable token, and no credentials reach the target."""

    def describe(self) -> str:
        return "the issuer gives no token, and no request with credentials reaches the target"

    def check(self, view: StepView) -> CheckResult:
        for exchange in view.exchanges:
            if exchange.header_names & {"authorization", "cookie"}:
                return violated(f"{exchange.line} reached the target with credentials")
        asked = view.with_issuers
        if not asked:
            return missing("the issuer was never asked")
        last = asked[-1]
        status = "nothing" if last.status is None else last.status
        return by_target(f"the issuer answered {status} to {last.line}")


def _asked_for_tokens(view: StepView) -> list[Exchange]:
    return [each for each in view.with_issuers if each.request.method == "POST"]


def _scopes(exchange: Exchange) -> set[str]:
    form = parse_qs(exchange.request.body.decode("utf-8", "replace"))
    return {scope for value in form.get("scope", ()) for scope in value.split(" ")}

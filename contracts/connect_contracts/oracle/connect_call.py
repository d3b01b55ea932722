"""One call of ``connect`` with all that decides about it, and what may be said of it on its way."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from connect_contracts.checks.wire_checks import BasicPair, NothingArrived, WireCheck
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import Call
from connect_contracts.oracle.alternatives import Alternatives, refused
from connect_contracts.oracle.caller import Caller, may_stay_unsent
from connect_contracts.oracle.world import TargetModel


class Ruling(Enum):
    """What a stage says of a call that it does not stop."""

    PASSES = "passes"
    OPEN = "open"
    """It may be refused here, or go on."""


@dataclass(frozen=True)
class Attempt:
    """One call, with all that decides about it.

    Parameters:
        first: Nothing connected to any target before.
        trusted: The authorities that the implementation's own store trusts.
        plain_paths: Every target's base path is written in one way only.
        only_callable: No other call of the scenario gives a callable, whose calls are counted.
    """

    call: Call
    target: TargetModel
    caller: Caller
    profile: Profile
    first: bool
    only_callable: bool
    trusted: tuple[str, ...] = ()
    plain_paths: bool = True

    @property
    def https(self) -> bool:
        """Whether TLS is spoken."""
        return self.target.spec.scheme == "https"

    @property
    def asked_for_certificate(self) -> bool:
        """Whether the target asks for a client certificate."""
        return self.https and self.target.spec.client_certificate is not None


def or_unsent(attempt: Attempt, alternatives: Alternatives) -> Alternatives:
    """``alternatives``, and that nothing is sent where the credentials may be refused for that."""
    if may_stay_unsent(attempt.caller):
        return (*alternatives, *refused(NothingArrived()))
    return alternatives


def sent_pair(attempt: Attempt) -> tuple[WireCheck, ...]:
    """That Basic credentials arrive byte for byte, if the call gives any that are known."""
    one = attempt.caller
    if one.kind == "basic" and one.username is not None and one.password is not None:
        return (BasicPair(one.username, one.password),)
    return ()

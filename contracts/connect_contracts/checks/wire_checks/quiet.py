"""What must not be said: secrets anywhere, and anything at all on the terminal."""

from __future__ import annotations

import msgspec

from connect_contracts.checks.secrets.leaks import leaks, texts
from connect_contracts.checks.step_view import StepView
from connect_contracts.checks.wire_checks.check_result import HOLDS, CheckResult


class NothingOnTerminal(msgspec.Struct, frozen=True, tag="nothing on terminal"):
    """Nothing is written to the terminal, and so nobody is asked for anything there."""

    def describe(self) -> str:
        return "nothing is asked on the terminal"

    def check(self, view: StepView) -> CheckResult:
        """Look at what the process wrote to its terminal."""
        written = view.observation.terminal.strip()
        if written:
            return CheckResult(violation=f"the terminal showed {written[:200]!r}")
        return HOLDS


class Unspoken(msgspec.Struct, frozen=True, tag="unspoken"):
    """No secret that was handed out, in none of its forms, stands anywhere but where it belongs.

    What was said is looked through: exceptions with their chains, the ``repr`` of session and
    authentication, log records, warnings, standard output and error; the files that were left;
    and the request targets and whatever else the targets received.
    """

    def describe(self) -> str:
        return "no secret appears anywhere but where it belongs"

    def check(self, view: StepView) -> CheckResult:
        """Look for every secret in every text."""
        observation = view.observation
        if not observation.secrets:
            return CheckResult(missing="no secret was handed out")
        if not any(text.strip() for _, text in texts(observation)):
            return CheckResult(missing="nothing was said in which a secret could have appeared")
        found = leaks(observation)
        if found:
            told = tuple(one.describe() for one in found)
            return CheckResult(violation="; ".join(told), each=told if len(told) > 1 else ())
        return HOLDS

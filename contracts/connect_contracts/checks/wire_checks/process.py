"""The process in which connect is called: what is left in it, what is changed, what is read.

The scenario must inspect its process; where it was not looked at, the evidence is missing.
"""

from __future__ import annotations

from connect_contracts.checks.step_view import StepView
from connect_contracts.checks.wire_checks.check_result import (
    HOLDS,
    CheckResult,
    WireCheck,
    missing,
    violated,
)
from connect_contracts.model.observation import Result
from connect_contracts.model.process_state import UNREAD
from connect_contracts.model.scenario import Connect, placed_steps

NOT_LOOKED_AT = missing("the process was not looked at")
SHOWN = 200
"""Characters of a setting that are shown."""

PLURALS = {
    "socket": "sockets",
    "descriptor": "descriptors of files, pipes or devices",
    "thread": "threads",
    "process": "child processes",
    "temporary file": "temporary files",
}


class LeavesNoMore(WireCheck, frozen=True):
    """After the step the process holds no more than after an earlier one.

    That is sockets, other descriptors, threads, child processes, and files in the temporary folder;
    what nothing refers to was collected, and threads that were about to end have ended. Threads
    that are not Python's are not seen.

    Parameters:
        than: The index of the earlier step.
        calls: How many connects of the step must have reached a target.
    """

    than: int
    calls: int = 0

    def describe(self) -> str:
        return "the process holds no more sockets, files, threads and child processes than before"

    def check(self, view: StepView) -> CheckResult:
        # The run may not have got to the earlier step.
        step = view.observation.result((self.than,))
        earlier, later = None if step is None else step.after, view.result.after
        if earlier is None or later is None or None in (earlier.resources, later.resources):
            return NOT_LOOKED_AT
        left = [
            f"{number} more {PLURALS[kind]} ({', '.join(names)})"
            for kind, number, names in earlier.more(later)
        ]
        if left:
            return violated(f"the process holds {' and '.join(left)}")
        reached = max(len(view.connections), len(view.exchanges))
        if reached < self.calls:
            return missing(f"only {reached} of {self.calls} connects reached the target")
        return HOLDS


class NothingGlobalChanged(WireCheck, frozen=True):
    """What is set for all code of the process stands as before the step.

    That is environment variables, working directory, umask, signal handlers, logging, warning
    filters, the default TLS context, locale, default socket timeout.
    """

    def describe(self) -> str:
        return "nothing that is set for the whole process changes"

    def check(self, view: StepView) -> CheckResult:
        before, after = view.result.before, view.result.after
        if before is None or after is None:
            return NOT_LOOKED_AT
        found = before.changed(after)
        texts = tuple(_changed(name, *pair) for name, pair in found.items() if name != UNREAD)
        if texts:
            return violated(f"it changed {' and '.join(texts)}", each=texts)
        return HOLDS


def _changed(name: str, before: str | None, after: str | None) -> str:
    if name.startswith("the variable "):
        # Its value may be a secret.
        return name
    return f"{name} (from {_shown(before)} to {_shown(after)})"


def _shown(value: str | None) -> str:
    return "nothing" if value is None else value[:SHOWN]


class NothingRead(WireCheck, frozen=True):
    """Nothing that was typed ahead at the terminal is read, through whichever descriptor."""

    def describe(self) -> str:
        return "nothing is read from the terminal"

    def check(self, view: StepView) -> CheckResult:
        before, after = view.result.before, view.result.after
        if before is None or after is None:
            return NOT_LOOKED_AT
        waiting, left = before.settings[UNREAD], after.settings[UNREAD]
        if waiting == "0":
            return missing("nothing was typed that could have been read")
        return HOLDS if waiting == left else violated("it read what was typed at the terminal")


class AsInTurn(WireCheck, frozen=True):
    """Connects that are made together end as the same calls that were made in turn before.

    They end with a session of the same type, or with an exception of the same type; and the targets
    know them as the same users.

    Parameters:
        held: How many answers the target must have held at once, so that the calls overlapped.
    """

    held: int = 0

    def describe(self) -> str:
        return "connects that are made together end as they did one after the other"

    def check(self, view: StepView) -> CheckResult:
        in_turn, together = _connects(view)
        if not together or {call for call, _ in together} != {call for call, _ in in_turn}:
            return missing("the same calls were not made in turn before")
        alone = dict(in_turn)
        for call, result in together:
            if _end(result) != _end(alone[call]):
                return violated(
                    f"connect of {result.who} {result.describe()}; in turn it "
                    f"{alone[call].describe()}"
                )
        first = min(result.began for _, result in in_turn)
        known = {
            (exchange.target, exchange.user)
            for exchange in view.so_far
            if exchange.number > first and exchange.number < view.result.began
        }
        now = {(exchange.target, exchange.user) for exchange in view.exchanges}
        if known != now:
            users = " and ".join(sorted(str(user) for _, user in now)) or "nobody"
            return violated(f"the targets knew them as {users}, and in turn as others")
        if len(view.faults_fired) < self.held:
            return missing(f"the target held {len(view.faults_fired)} answers, not {self.held}")
        return HOLDS


def _end(result: Result) -> tuple[object, ...]:
    kind = result.value.get("type") if isinstance(result.value, dict) else None
    return result.how, kind, result.raised and result.raised.type


def _connects(view: StepView) -> tuple[list[tuple[str, Result]], list[tuple[str, Result]]]:
    """The connects before the step, one by one, and those of the step, each with its call."""
    in_turn: list[tuple[str, Result]] = []
    together: list[tuple[str, Result]] = []
    for place, step in placed_steps(view.observation.scenario):
        result = view.observation.result(place)
        if result is None or not isinstance(step, Connect):
            continue
        if len(place) == 1 and result.began < view.result.began:
            in_turn.append((repr(step.call), result))
        elif place[:1] == view.place:
            together.append((repr(step.call), result))
    return in_turn, together

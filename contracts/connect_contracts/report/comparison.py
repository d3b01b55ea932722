"""The data of a run beside an earlier one."""

from __future__ import annotations

from typing import Literal

import msgspec


class WeakerEvidence(msgspec.Struct, frozen=True):
    """A case whose refusal an earlier run decided by stronger evidence."""

    case: str
    before: str
    now: str


class ChangedCase(msgspec.Struct, frozen=True):
    """A case of both runs, and the words of its verdicts."""

    case: str
    before: str
    now: str


class Comparison(msgspec.Struct, frozen=True):
    """A run beside an earlier one, whose report is the file ``earlier``.

    Both show ``refusals`` refusals; the earlier run showed those in ``weaker`` better.

    Parameters:
        newly_failing: Cases whose verdict makes the status another than 0, and did not before.
        newly_passing: Cases that passed, and made the status another than 0 before.
        newly_known: Cases that passed, and whose failure is expected now.
        new, gone: The ids of cases that were run now alone, and before alone, though both runs
            chose them.
        not_selected_before, not_selected_now: Those that the other run did not choose, by its ids
            or its depth.
        laws: Which of the two runs alone has laws, which are not compared; empty for both or none.
    """

    earlier: str
    refusals: int
    weaker: tuple[WeakerEvidence, ...]
    newly_failing: tuple[ChangedCase, ...] = ()
    newly_passing: tuple[ChangedCase, ...] = ()
    newly_known: tuple[ChangedCase, ...] = ()
    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    not_selected_before: tuple[str, ...] = ()
    not_selected_now: tuple[str, ...] = ()
    laws: Literal["", "this run", "the earlier run"] = ""

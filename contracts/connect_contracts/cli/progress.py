"""What is shown while a run goes on: a bar on a terminal, few plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from connect_contracts.reports.output import line
from connect_contracts.telling.model import CaseReport
from connect_contracts.verdict import Verdict

if TYPE_CHECKING:
    from connect_contracts.search.search import PartDone

PLAIN_STEPS = 4
"""Into how many parts a run is divided by plain lines."""


class Display:
    """Tells how far a run is, and each case that ends it with another status than 0.

    Parameters:
        total: The number of cases.
    """

    def __init__(self, console: Console, total: int) -> None:
        self._console = console
        self._total = total
        self._done = 0
        # Drawn when something happens: a thread of its own would write while output is captured.
        self._bar = Bar(
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.description}", markup=False),
            console=console,
            transient=True,
            auto_refresh=False,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("", total=total)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def judging(self, case_id: str) -> None:
        """A case begins."""
        self._bar.update(self._task, description=case_id, refresh=True)

    def judged(self, case: CaseReport) -> None:
        """A case has its verdict."""
        self._done += 1
        self._bar.update(self._task, advance=1, refresh=True)
        if Verdict.of(case.verdict).status:
            line(self._console, f"{case.id}: {case.verdict}")
        elif not self._console.is_terminal and self._done * PLAIN_STEPS % self._total < PLAIN_STEPS:
            line(self._console, f"{self._done} of {self._total} cases")


def parts_progress(console: Console, parts: int) -> Callable[[PartDone], None]:
    """Tells after every few parts of a search how far it is."""
    done: list[int] = []

    def progress(part: PartDone) -> None:
        done.append(len(part.scenarios))
        if len(done) * PLAIN_STEPS % parts < PLAIN_STEPS:
            line(console, f"{len(done)} of {parts} parts, {sum(done)} scenarios")

    return progress

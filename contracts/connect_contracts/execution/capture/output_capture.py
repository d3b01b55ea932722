"""Everything that is said while steps are taken: logged, warned of, written, shown by objects."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from connect_contracts.execution.capture.captured import (
    hearing_logs,
    hearing_output,
    hearing_warnings,
)
from connect_contracts.execution.capture.exceptions import KEPT, all_texts, shown
from connect_contracts.model.observation import Place, Said, Source

_STREAMS = ("standard output", "standard error")


class OutputCapture:
    """Keeps what is said during the steps of one run, and nothing between them.

    It changes no level, no handler and no stream's text: records that nobody would have had are
    kept and go nowhere else. One output_capture at a time listens in a process.

    Parameters:
        output: Whether it listens to ``sys.stdout`` and ``sys.stderr`` too. Output that goes past
            them, of a subprocess or of C, only a terminal hears.
    """

    def __init__(self, *, output: bool) -> None:
        self._output = output
        self._lock = threading.RLock()
        self._steps = 0
        self._ears = ExitStack()
        self._places: dict[int, Place] = {}
        self._last: Place = ()
        self._said: list[Said] = []
        # A text may be written in pieces, and a secret lie across them.
        self._written: dict[tuple[Source, Place], list[str]] = {}
        self._left: dict[Source, int] = {}
        self._cut: set[Source] = set()

    @property
    def said(self) -> tuple[Said, ...]:
        """What was said until now."""
        with self._lock:
            written = [
                Said(source, "".join(parts), place, source in self._cut)
                for (source, place), parts in self._written.items()
            ]
            return (*self._said, *written)

    @contextmanager
    def during(self, place: Place, thread: int) -> Iterator[None]:
        """Listen for the time of a step.

        Parameters:
            place: Where the step stands.
            thread: The number of the thread that takes it.
        """
        with self._lock:
            self._places[thread] = self._last = place
            if not self._steps:
                self._ears.enter_context(hearing_logs(self.hear))
                self._ears.enter_context(hearing_warnings(self.hear))
                if self._output:
                    self._ears.enter_context(hearing_output(self.hear))
            self._steps += 1
        try:
            yield
        finally:
            with self._lock:
                self._steps -= 1
                if not self._steps:
                    self._ears.close()

    def hear(self, source: Source, text: str) -> None:
        """Keep a text."""
        with self._lock:
            left = self._left.get(source, KEPT)
            self._left[source] = max(0, left - len(text))
            if not text or source in self._cut:
                return
            place = self._places.get(threading.get_ident(), self._last)
            if cut := len(text) > left:
                self._cut.add(source)
            if source in _STREAMS:
                self._written.setdefault((source, place), []).append(text[:left])
            else:
                self._said.append(Said(source, text[:left], place, cut))

    def hear_object(self, source: Source, value: object) -> None:
        """Keep what ``value`` shows of itself."""
        for text in dict.fromkeys((shown(value, repr), shown(value, str))):
            self.hear(source, text)

    def hear_exception(self, error: BaseException, place: Place) -> None:
        """Keep all that an exception says, which a step at ``place`` raised."""
        with self._lock:
            before = self._places.get(threading.get_ident())
            self._places[threading.get_ident()] = place
            for text in dict.fromkeys(all_texts(error)):
                self.hear("an exception", text)
            if before is None:
                del self._places[threading.get_ident()]
            else:
                self._places[threading.get_ident()] = before

"""A signal that asks a process to end, as an exception in its main thread."""

from __future__ import annotations

import _thread
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Interruption:
    """A handler of signals: the first one raises a ``KeyboardInterrupt``, unless ``postponed``.

    ``asked`` is true from the first signal on.
    """

    def __init__(self, *, postponed: bool = False) -> None:
        self._handled = threading.Event()
        self.asked = False
        self.postponed = postponed

    def __call__(self, number: int, _frame: FrameType | None) -> None:
        """Interrupt the main thread once: a second signal must not break off what is put away."""
        if not self.asked:
            self.asked = True
            self._number = number
            self._handled.set()
            if not self.postponed:
                raise KeyboardInterrupt

    def raise_again(self, ignored: sys.UnraisableHookArgs) -> None:
        """As ``sys.unraisablehook``: interrupt again where Python ignored it, as in ``__del__``."""
        if ignored.exc_type is not KeyboardInterrupt or not self.asked:
            sys.__unraisablehook__(ignored)
            return
        self._handled.clear()
        self.asked = False
        # Not a Thread: its start would wait here, where the exception would be ignored again.
        _thread.start_new_thread(self._send_until_handled, ())

    def _send_until_handled(self) -> None:
        # A signal that comes after the main thread gave up the interpreter's lock, and before it
        # waits, does not end that wait: Python handles it when the wait is over.
        while not self.asked:
            os.kill(os.getpid(), self._number)
            self._handled.wait(0.05)

    @contextmanager
    def while_postponed(self, postponed: bool) -> Iterator[None]:
        """Meanwhile a signal interrupts nothing, or it does."""
        before, self.postponed = self.postponed, postponed
        try:
            yield
        finally:
            self.postponed = before

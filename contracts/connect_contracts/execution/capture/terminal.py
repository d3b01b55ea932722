"""A terminal without a user: what is written to it is kept, and a question gets no answer."""

from __future__ import annotations

import os
import pty
import select
import termios
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

KEPT = 65536
"""Bytes of what is written to a terminal that are kept."""

ANSWERS = 16
"""How often the end of the file is answered within a step before the terminal hangs up."""

_END_OF_FILE = b"\x04"
_LOCAL_FLAGS = 3
_TYPED_AHEAD = b"This line was typed before it was asked for.\n"


class Terminal:
    """A pseudo-terminal for a child process, which is given the descriptor ``child``.

    While a step runs, any text may be a question, and no user will answer it. So the end of the
    file is typed at once, unless an earlier one is not read yet: a program that asks learns at
    once that nothing comes, and a program that only writes does not notice. After too many
    questions the terminal hangs up.
    """

    def __init__(self) -> None:
        self._ours, self.child = pty.openpty()
        os.set_blocking(self._ours, False)
        settings = termios.tcgetattr(self.child)
        # What is typed is not to come back as if the child had written it.
        settings[_LOCAL_FLAGS] &= ~termios.ECHO
        termios.tcsetattr(self.child, termios.TCSANOW, settings)
        self._kept = bytearray()
        self._lock = threading.Lock()
        self._running = 0
        self._answered = 0
        self._open = True
        self._wake, self._waken = os.pipe()
        self._thread = threading.Thread(target=self._watch, name="terminal", daemon=True)
        self._thread.start()

    def written(self, since: int = 0) -> str:
        """What was written, from a number of bytes on."""
        self.count()
        return self._kept[since:].decode(errors="replace")

    def count(self) -> int:
        """How many bytes were written until now, as far as they are kept."""
        with self._lock:
            self._look()
            return len(self._kept)

    def type_ahead(self) -> None:
        """Type a line that nothing asked for, and the end of the file: a reader gets it at once."""
        os.write(self._ours, _TYPED_AHEAD + _END_OF_FILE)

    @property
    def hung_up(self) -> bool:
        return not self._open

    def forget(self) -> None:
        with self._lock:
            self._look()
            self._kept.clear()

    @contextmanager
    def attended(self) -> Iterator[None]:
        """For the time of a step: who asks is answered."""
        with self._lock:
            self._look()
            if not self._running:
                self._answered = 0
            self._running += 1
        try:
            yield
        finally:
            with self._lock:
                self._running -= 1
                self._look()

    def close(self) -> None:
        """Let the terminal go, once its child is gone; what was written stays."""
        self.count()
        os.close(self._waken)
        self._thread.join()
        self._hang_up()
        for descriptor in (self.child, self._wake):
            os.close(descriptor)

    def _look(self) -> None:
        # To answer is for the watcher alone, who may have to hang up.
        if self._take_in() and self._running:
            os.write(self._waken, b"!")

    def _watch(self) -> None:
        poller = select.poll()
        poller.register(self._ours, select.POLLIN)
        poller.register(self._wake, select.POLLIN)
        while self._open:
            woken = any(number == self._wake for number, _ in poller.poll())
            if woken and not os.read(self._wake, 1):
                return
            with self._lock:
                if (self._take_in() or woken) and self._running and not self._answer():
                    self._hang_up()

    def _take_in(self) -> bool:
        """Keep what was written and not yet read; whether there was anything."""
        before = len(self._kept)
        # With nothing there it would block, and without another side there is nothing to read.
        with suppress(OSError):
            while self._open and (chunk := os.read(self._ours, 4096)):
                self._kept += chunk
        found = len(self._kept) > before
        del self._kept[KEPT:]
        return found

    def _answer(self) -> bool:
        """Type the end of the file; false after too many answers."""
        if self._unread():
            return True
        self._answered += 1
        if self._answered <= ANSWERS:
            with suppress(BlockingIOError):
                os.write(self._ours, _END_OF_FILE)
        return self._answered <= ANSWERS

    def _unread(self) -> bool:
        poller = select.poll()
        poller.register(self.child, select.POLLIN)
        return bool(poller.poll(0))

    def _hang_up(self) -> None:
        if self._open:
            self._open = False
            os.close(self._ours)

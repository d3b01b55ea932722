"""The state of the process around a step."""

from __future__ import annotations

import gc
import sys
import threading

import msgspec

from connect_contracts.execution.environment.contacts import Contacts
from connect_contracts.execution.environment.process_resources import (
    Patience,
    await_threads,
    resources,
)
from connect_contracts.execution.environment.process_settings import settings
from connect_contracts.model.observation import Result
from connect_contracts.model.process_state import ProcessState

_PATIENCE = Patience()
"""Of this process."""


class Begun(msgspec.Struct, frozen=True):
    """What was there before a step."""

    threads: frozenset[threading.Thread]
    modules: int
    contacts: int
    state: ProcessState


class Inspection:
    """Looks at the process before and after each step, and at whom the step contacts.

    Parameters:
        own: Whether the process executes one run and nothing else. Else only what is set is looked
            at, and not of a step that imports something: that may set it; and what threads are
            left where no session is open.
    """

    def __init__(self, *, own: bool) -> None:
        self._own = own
        self._contacts = Contacts()
        self._there = frozenset(threading.enumerate())
        self._left_before = sys.maxsize
        if own:
            self._contacts.install()

    def begin(self) -> Begun:
        """Look at the process, before a step."""
        state = self._state()
        threads = frozenset(threading.enumerate())
        return Begun(threads, len(sys.modules), len(self._contacts), state)

    def end(self, begun: Begun, result: Result, *, opens: bool, quiet: bool) -> Result:
        """The result with what was seen around its step.

        Parameters:
            opens: Whether it opens a session. Any other may end one, and a thread with it that was
                there before.
            quiet: Whether no session is open after it.
        """
        left = None
        contacts = self._contacts.since(begun.contacts)
        if self._own:
            # A thread may end because nothing refers to its work any more.
            gc.collect()
            await_threads(begun.threads if opens else ())
            # What is printed without the end of its line is printed all the same.
            for stream in (sys.stdout, sys.stderr):
                if stream is not None:
                    stream.flush()
        elif len(sys.modules) != begun.modules:
            return result
        elif quiet:
            left = self._left()
        after = msgspec.structs.replace(self._state(), left=left)
        return msgspec.structs.replace(result, before=begun.state, after=after, contacts=contacts)

    def _left(self) -> tuple[str, ...]:
        """The threads that are left; they have the time to become as few as they were before."""
        left = _PATIENCE.await_threads(self._there, self._left_before)
        self._left_before = len(left)
        return left

    def _state(self) -> ProcessState:
        return ProcessState(resources() if self._own else None, settings())

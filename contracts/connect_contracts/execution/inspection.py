"""The state of a process around a step: for a process that executes one run and nothing else."""

from __future__ import annotations

import gc
import sys
import threading

import msgspec

from connect_contracts.execution.environment.contacts import Contacts
from connect_contracts.execution.environment.process_resources import await_threads, resources
from connect_contracts.execution.environment.process_settings import settings
from connect_contracts.model.observation import Result
from connect_contracts.model.process_state import ProcessState


class Inspection:
    """Looks at the process before and after each step, and at whom the step contacts."""

    def __init__(self) -> None:
        self._contacts = Contacts()
        self._contacts.install()

    def begin(self) -> Begun:
        """Look at the process, before a step."""
        return Begun(frozenset(threading.enumerate()), len(self._contacts), _state())

    def end(self, begun: Begun, result: Result) -> Result:
        """The result with what was seen around its step."""
        contacts = self._contacts.since(begun.contacts)
        # A thread may end because nothing refers to its work any more.
        gc.collect()
        await_threads(begun.threads)
        # What is printed without the end of its line is printed all the same.
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
        return msgspec.structs.replace(
            result, before=begun.state, after=_state(), contacts=contacts
        )


class Begun(msgspec.Struct, frozen=True):
    """What was there before a step."""

    threads: frozenset[threading.Thread]
    contacts: int
    state: ProcessState


def _state() -> ProcessState:
    return ProcessState(resources(), settings())

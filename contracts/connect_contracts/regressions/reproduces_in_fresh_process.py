"""Whether a capsule shows its failure to whoever replays it, and not only after what ran before."""

from __future__ import annotations

from concurrent.futures.process import BrokenProcessPool

import msgspec

from connect_contracts.execution.identity import Identity
from connect_contracts.execution.loading import load
from connect_contracts.execution.processes import as_task, worker_processes
from connect_contracts.judging.settings import UnderTest
from connect_contracts.model.json_text import json_of
from connect_contracts.regressions.capsule import Capsule
from connect_contracts.regressions.replay import signatures_shown


def shows_again(capsule: Capsule, subject: UnderTest) -> bool:
    """Whether ``capsule`` fails in the same way in a fresh interpreter, where nothing ran before.

    An implementation may remember in its module what an earlier scenario left there. One that
    cannot be found by its name is not asked.
    """
    reference = subject.implementation.reference
    if reference is None:
        return True
    identity = json_of(subject.implementation.identity)
    try:
        with worker_processes(1) as pool:
            shown = pool.submit(as_task, _shows, reference, identity, capsule.text())
            return bool(shown.result())
    except BrokenProcessPool:
        # It ended the process: nobody would call that fixed.
        return True


def _shows(reference: str, identity: bytes, text: bytes) -> bool:
    capsule = msgspec.json.decode(text, type=Capsule)
    known = msgspec.json.decode(identity, type=Identity | None)
    subject = UnderTest(load(reference, known), capsule.profile, "asked for")
    return capsule.signature in signatures_shown(capsule, subject)

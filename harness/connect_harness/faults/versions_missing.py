"""No versions document."""

from __future__ import annotations

from connect_harness.faults.answer_instead import AnswerInstead
from connect_harness.faults.registry import Fault, fault
from connect_harness.protocols.versions import PATH


@fault("versions missing")
def versions_missing() -> Fault:
    """The target has no versions document: 404, with the documented body."""
    return AnswerInstead(PATH, status=404)

"""A versions document that is no JSON."""

from __future__ import annotations

from connect_harness.faults.answer_instead import AnswerInstead
from connect_harness.faults.registry import Fault, fault
from connect_harness.protocols.versions import PATH


@fault("versions not JSON")
def versions_not_json() -> Fault:
    """The versions document is a text that is no JSON, though it says it is."""
    return AnswerInstead(PATH, body=b"these are no versions")

"""A versions document without content."""

from __future__ import annotations

from connect_harness.faults.answer_instead import AnswerInstead
from connect_harness.faults.registry import Fault, fault
from connect_harness.protocols.versions import PATH


@fault("versions empty")
def versions_empty() -> Fault:
    """The answer to the request for the versions document has no body."""
    return AnswerInstead(PATH, body=b"")

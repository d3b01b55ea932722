"""A versions document that is a text."""

from __future__ import annotations

from connect_harness.faults.answer_instead import AnswerInstead
from connect_harness.faults.registry import Fault, fault
from connect_harness.protocols.versions import PATH


@fault("versions a text")
def versions_a_text() -> Fault:
    """The versions document is a JSON text."""
    return AnswerInstead(PATH, body=b'"activeviam/pivot"')

"""A versions document that is an array."""

from __future__ import annotations

from connect_harness.faults.answer_instead import AnswerInstead
from connect_harness.faults.registry import Fault, fault
from connect_harness.protocols.versions import PATH


@fault("versions an array")
def versions_an_array() -> Fault:
    """The versions document is a JSON array."""
    return AnswerInstead(PATH, body=b'["activeviam/pivot", "graphql"]')

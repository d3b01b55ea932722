"""A versions document without APIs."""

from __future__ import annotations

from connect_harness.faults.document_changed import DocumentChanged
from connect_harness.faults.registry import Fault, fault


@fault("versions with no apis")
def versions_with_no_apis() -> Fault:
    """The versions document lists no API at all."""
    return DocumentChanged(lambda document: {**document, "apis": {}})

"""A versions document with a list of names for its APIs."""

from __future__ import annotations

from connect_harness.faults.document_changed import DocumentChanged
from connect_harness.faults.registry import Fault, fault


@fault("versions with apis not an object")
def versions_apis_not_an_object() -> Fault:
    """In the versions document, ``apis`` is an array of names."""
    return DocumentChanged(lambda document: {**document, "apis": sorted(document["apis"])})

"""Scenarios as plain data: defaults left out, the same text for equal scenarios, and a key."""

from __future__ import annotations

import hashlib

import msgspec

from connect_contracts.model.scenario import Scenario
from connect_contracts.model.without_defaults import without_defaults

KEY_LENGTH = 16
"""Characters of a key: 64 bits, for some ten thousand scenarios."""


def canonical(scenario: Scenario) -> bytes:
    """The JSON of ``scenario``, the same for equal scenarios: fields sorted, no defaults."""
    return msgspec.json.encode(without_defaults(scenario), order="sorted")


def key_of(scenario: Scenario) -> str:
    """The stable key of ``scenario``: the beginning of the SHA-256 of its canonical JSON."""
    return hashlib.sha256(canonical(scenario)).hexdigest()[:KEY_LENGTH]

"""Implementations that are compared: the reference, and broken copies of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from connect_contracts.execution.loading import load
from connect_contracts.judging.settings import UnderTest, under_test
from connect_contracts.model.clause import Depth, Profile
from connect_contracts.upgrades.groups import Comparison, compare
from connect_contracts.upgrades.record import BehaviourRecord
from connect_contracts.upgrades.scenarios import Listed, listed_scenarios, observe

Compared = Callable[..., Comparison]


def subject(reference: str) -> UnderTest:
    return under_test(load(reference), Profile.V0_9_1)


def record(reference: str, scenarios: list[Listed]) -> BehaviourRecord:
    return observe(subject(reference), scenarios, Depth.DEFAULT)


@pytest.fixture(scope="session")
def reference() -> UnderTest:
    """The reference of the profile 0.9.1."""
    return subject("connect_contracts.reference.v0_9_1")


@pytest.fixture
def compared() -> Compared:
    """Compares the reference with another implementation, in the cases of these ids."""

    def compared(other: str, *ids: str) -> Comparison:
        scenarios = listed_scenarios(ids=ids, origin="cases")
        first = record("connect_contracts.reference.v0_9_1", scenarios)
        return compare(first, record(other, scenarios))

    return compared

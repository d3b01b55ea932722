"""The reference, with which other implementations are compared."""

from __future__ import annotations

import pytest

from connect_contracts.execution.loading import load
from connect_contracts.judging.settings import UnderTest, under_test
from connect_contracts.model.clause import Profile


@pytest.fixture(scope="session")
def reference() -> UnderTest:
    """The reference of the profile 0.9.1."""
    return under_test(load("connect_contracts.reference.v0_9_1"), Profile.V0_9_1)

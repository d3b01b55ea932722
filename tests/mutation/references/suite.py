"""The suite on the references, as the test of their mutants."""

from __future__ import annotations

from connect_contracts import contracts

test_v6_2 = contracts("connect_contracts.reference.v6_2")
# The rest of 0.9.1 is the same code.
test_v0_9_1 = contracts("connect_contracts.reference.v0_9_1", select=["LIVE"])

"""The suite on the ``connect`` on requests, as the test of its mutants."""

from __future__ import annotations

from connect_contracts import contracts

test_v0_9_1 = contracts("other_implementations.on_requests")
# The rest of 6.2 is the same code.
test_v6_2 = contracts("other_implementations.on_requests:Adapter62", select=["LIVE"])

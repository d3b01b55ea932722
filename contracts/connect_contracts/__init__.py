"""Contracts for ``connect``: scenarios, what must be seen of them, and verdicts.

``contracts(connect)`` is the two-line use in a test module of yours::

    from connect_contracts import contracts
    test_connect = contracts(connect)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from connect_contracts.implementation import Implementation
    from connect_contracts.suite import contracts

__all__ = ["Implementation", "contracts"]


def __getattr__(name: str) -> object:
    # Loaded on demand: pytest imports this package at every start of a run that has the plugin.
    if name == "contracts":
        from connect_contracts.docstrings import demand_docstrings

        demand_docstrings()
        from connect_contracts.suite import contracts

        return contracts
    if name == "Implementation":
        from connect_contracts.implementation import Implementation

        return Implementation
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

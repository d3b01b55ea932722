"""Contracts for ``connect``: scenarios, what must be seen of them, and verdicts.

``contracts(connect)`` is the two-line use in a test module of yours::

    from connect_contracts import contracts
    test_connect = contracts(connect)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from connect_contracts.execution.implementation import Implementation, PartMissing
    from connect_contracts.pytest_suite.laws import laws
    from connect_contracts.pytest_suite.suite import contracts

__all__ = ["Implementation", "PartMissing", "contracts", "laws"]


_HOMES = {
    "Implementation": "connect_contracts.execution.implementation",
    "PartMissing": "connect_contracts.execution.implementation",
    "contracts": "connect_contracts.pytest_suite.suite",
    "laws": "connect_contracts.pytest_suite.laws",
}


def __getattr__(name: str) -> object:
    # Loaded on demand: pytest imports this package at every start of a run that has the plugin.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from connect_contracts.model.docstrings import missing_docstrings

    if (why := missing_docstrings()) is not None:
        raise RuntimeError(why)
    return getattr(import_module(_HOMES[name]), name)

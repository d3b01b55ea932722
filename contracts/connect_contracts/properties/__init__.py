"""Properties: laws that hold of every run of ``connect``, whatever its scenario.

``laws(connect)`` is the use in a test module::

    from connect_contracts.properties import laws
    test_laws = laws(connect, settings="ci")
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from connect_contracts.laws import laws
    from connect_contracts.properties.every_law import LAWS
    from connect_contracts.properties.law import Breach, Law
    from connect_contracts.search.budget import SearchSettings

__all__ = ["LAWS", "Breach", "Law", "SearchSettings", "laws"]

_HOMES = {
    "LAWS": "properties.every_law",
    "Breach": "properties.law",
    "Law": "properties.law",
    "SearchSettings": "search.budget",
    "laws": "laws",
}


def __getattr__(name: str) -> object:
    from importlib import import_module

    from connect_contracts.docstrings import demand_docstrings

    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    demand_docstrings()
    return getattr(import_module(f"connect_contracts.{_HOMES[name]}"), name)

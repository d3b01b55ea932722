"""Properties: laws that hold of every run of ``connect``, whatever its scenario.

``laws(connect)`` is the use in a test module::

    from connect_contracts.properties import laws
    test_laws = laws(connect, settings="ci")
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from connect_contracts.properties.every_law import LAWS
    from connect_contracts.properties.law import Breach, Law
    from connect_contracts.properties.suite import laws

__all__ = ["LAWS", "Breach", "Law", "laws"]

_HOMES = {"LAWS": "every_law", "Breach": "law", "Law": "law", "laws": "suite"}


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"connect_contracts.properties.{_HOMES[name]}"), name)

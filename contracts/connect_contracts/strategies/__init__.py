"""Hypothesis strategies for scenarios and their parts, for properties of your own.

Each gives plain data of ``connect_contracts.scenario``, the plainest first::

    from hypothesis import given
    from connect_contracts.clauses import Profile
    from connect_contracts.strategies import scenarios

    @given(scenarios(Profile.V6_2))
    def test_something(scenario): ...

The state machine is ``connect_contracts.strategies.machine.machine``. What needs no Hypothesis
(``ladder``, ``pairs_met``, ``dimensions_of``, ``scenario_of``) does not load it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from connect_contracts.strategies.addresses import base_paths, hosts, urls
    from connect_contracts.strategies.arming import (
        fault_schedules,
        faults,
        scheduled,
        versions_documents,
    )
    from connect_contracts.strategies.building import Details, scenario_of
    from connect_contracts.strategies.callers import credentials, passwords, user_names
    from connect_contracts.strategies.certificates import (
        chains,
        client_certificates,
        sound_chains,
    )
    from connect_contracts.strategies.classifying import dimensions_of
    from connect_contracts.strategies.contents import rows, tables, values
    from connect_contracts.strategies.coverage import PairCoverage, pairs_met
    from connect_contracts.strategies.covering import ladder
    from connect_contracts.strategies.dimensions import Dimension, Dimensions, dimensions_in
    from connect_contracts.strategies.generated import choices, scenarios
    from connect_contracts.strategies.history import Disagreement, History
    from connect_contracts.strategies.roles import role_changes

_HOMES = {
    "base_paths": "addresses",
    "hosts": "addresses",
    "urls": "addresses",
    "Details": "building",
    "scenario_of": "building",
    "chains": "certificates",
    "client_certificates": "certificates",
    "sound_chains": "certificates",
    "dimensions_of": "classifying",
    "PairCoverage": "coverage",
    "pairs_met": "coverage",
    "credentials": "callers",
    "passwords": "callers",
    "user_names": "callers",
    "Dimension": "dimensions",
    "Dimensions": "dimensions",
    "dimensions_in": "dimensions",
    "Disagreement": "history",
    "History": "history",
    "fault_schedules": "arming",
    "faults": "arming",
    "scheduled": "arming",
    "versions_documents": "arming",
    "ladder": "covering",
    "role_changes": "roles",
    "choices": "generated",
    "scenarios": "generated",
    "rows": "contents",
    "tables": "contents",
    "values": "contents",
}

__all__ = [
    "Details",
    "Dimension",
    "Dimensions",
    "Disagreement",
    "History",
    "PairCoverage",
    "base_paths",
    "chains",
    "choices",
    "client_certificates",
    "credentials",
    "dimensions_in",
    "dimensions_of",
    "fault_schedules",
    "faults",
    "hosts",
    "ladder",
    "pairs_met",
    "passwords",
    "role_changes",
    "rows",
    "scenario_of",
    "scenarios",
    "scheduled",
    "sound_chains",
    "tables",
    "urls",
    "user_names",
    "values",
    "versions_documents",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)

"""Every defect and fault that the oracle knows: it may judge no other.

A defect that no check knows would pass them all, and its success would be demanded.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from connect_contracts.execution.call_defects import CALL_DEFECTS
from connect_contracts.model.scenario import Certificate, Own, Scenario, calls_of
from connect_harness.certificates import DEFECTS
from connect_harness.faults import fault_kinds


class UnknownToOracle(LookupError):
    """A scenario has a defect, a fault or an action that the oracle does not know."""

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(
            f"The oracle does not know the {kind} {name!r}: say in connect_contracts/oracle what "
            "must be seen of it."
        )


def check_known(scenario: Scenario) -> None:
    """Raise ``UnknownToOracle`` if the oracle does not know a defect or a fault of ``scenario``."""
    for kind, name, known in _named(scenario):
        if name is not None and name not in known:
            raise UnknownToOracle(kind, name)


def _named(scenario: Scenario) -> Iterator[tuple[str, str | None, Collection[str]]]:
    for target in scenario.targets:
        yield "defect of a certificate", target.chain.defect, DEFECTS
    for _, call in calls_of(scenario):
        yield "defect of a call", call.defect, CALL_DEFECTS
        if isinstance(call.authentication, Certificate):
            yield "defect of a certificate", call.authentication.chain.defect, DEFECTS
    for step in scenario.steps:
        if isinstance(step, Own):
            yield "fault", step.fault, fault_kinds()
            yield "defect of a certificate", step.chain.defect if step.chain else None, DEFECTS

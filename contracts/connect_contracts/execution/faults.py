"""From the step that arms a fault to the fault as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from connect_contracts.model.scenario import FaultRequests, Own
from connect_harness.faults import Fault, Requests, fault_kinds
from connect_harness.faults.fault import VERSIONS

REQUESTS: Mapping[FaultRequests, Requests] = {
    "versions": VERSIONS,
    "later": Requests(path=f"!{VERSIONS.path}"),
    "changes": Requests(changes=True),
    "any": Requests(),
    "tokens": Requests("POST"),
}


def faults_of(step: Own, location: str | None) -> tuple[Fault, ...]:
    """What the step arms: for changes a fault for each door by which clients change data.

    Parameters:
        location: The origin to which the step's redirect leads.

    Raises:
        ValueError: There is no such fault, or it cannot meet these requests; the text says why.
    """
    on = replace(REQUESTS[step.requests], first=step.first, times=step.times)
    name = step.fault or "noop"
    if on == VERSIONS:
        return (Fault(name, location=location),)
    kind = fault_kinds().get(name)
    # Of a fault that meets connections, these are counted, whatever is asked on them.
    of_connections = kind is not None and kind.of_connections
    met = Requests(first=on.first, times=on.times) if of_connections else on
    fault = Fault(name, met, location)
    if on.changes and fault.fits_gateway:
        return (fault, replace(fault, on=replace(on, gateway=True)))
    return (fault,)

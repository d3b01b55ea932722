"""What a scenario can have wrong, in groups: defects of chains and calls, and faults.

The groups follow from what is registered: a new recipe, defect or fault finds its group by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from connect_contracts.model.scenario import Certificate
from connect_harness.certificates import DEFECTS, Defect
from connect_harness.faults.registry import fault_kinds

Groups = Mapping[str, tuple[str, ...]]

TOLERATED = "tolerated"
DOCUMENT = "damaged document"
STATUS = "error status"
HANDSHAKE = "broken handshake"
ANSWER = "broken answer"
STALL = "stall"


@cache
def certificate_groups() -> Groups:
    """Defects of a server's chain by group and expectation, such as ``time/refused``.

    Those that need a key of RSA are left out, as making one takes as long as many scenarios.
    """
    found: dict[str, tuple[str, ...]] = {}
    for defect in DEFECTS.values():
        if defect.chain.purpose == "server" and defect.chain.key.startswith(("ec", "ed")):
            name = f"{defect.group or defect.topic}/{defect.expectation}"
            found[name] = (*found.get(name, ()), defect.name)
    return found


@cache
def client_certificate_defects() -> tuple[str, ...]:
    """Defects that a client's chain can have: all but those of names, which nobody asks it for."""
    return tuple(defect.name for defect in DEFECTS.values() if _fits_a_client(defect))


def _fits_a_client(defect: Defect) -> bool:
    sound = Certificate().chain
    return defect.chain.intermediates == sound.intermediates and defect.topic == "time"


@cache
def call_defect_groups() -> Groups:
    """Defects of a call by topic."""
    from connect_contracts.execution.call_defects import CALL_DEFECTS

    found: dict[str, tuple[str, ...]] = {}
    for one in CALL_DEFECTS.values():
        found[one.group] = (*found.get(one.group, ()), one.name)
    return found


@cache
def fault_groups() -> Groups:
    """Faults by what they do. A stall ends a step only at its limit, and is a group of its own."""
    found: dict[str, tuple[str, ...]] = {}
    for name, kind in fault_kinds().items():
        if name != "noop":
            found[kind.group] = (*found.get(kind.group, ()), name)
    return found


def needs_tls(fault: str) -> bool:
    """Whether a fault has its place in TLS alone."""
    return fault_kinds()[fault].needs_tls


def group_of(groups: Groups, name: str) -> str | None:
    """The group in which ``name`` is, or ``None``."""
    return next((group for group, names in groups.items() if name in names), None)

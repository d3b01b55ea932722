"""What a scenario can have wrong, in groups: defects of chains and calls, and faults.

The groups follow from what is registered: a new recipe, defect or fault finds its group by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from connect_contracts.model.scenario import Certificate
from connect_harness.certificates import DEFECTS, Defect
from connect_harness.faults.registry import fault_kinds
from connect_harness.faults.wire import WireFault
from connect_harness.server.misbehaviour import Phase

Groups = Mapping[str, tuple[str, ...]]

TOLERATED = "tolerated"
DOCUMENT = "damaged document"
STATUS = "error status"
HANDSHAKE = "broken handshake"
ANSWER = "broken answer"
STALL = "stall"

_OF_ANOTHER_HOST = ("wrong DNS name", "wrong IP")
"""What only a host that is compared with the names tells: it meets every authentication."""

_TOLERATED = ("versions extended", "body without a length")


@cache
def certificate_groups() -> Groups:
    """Defects of a server's chain by topic and expectation, such as ``time/refused``.

    Those that need a key of RSA are left out, as making one takes as long as many scenarios.
    """
    found: dict[str, tuple[str, ...]] = {}
    for one in DEFECTS.values():
        if one.chain.purpose == "server" and one.chain.key.startswith(("ec", "ed")):
            topic = "host" if one.name in _OF_ANOTHER_HOST else one.recipe.partition("/")[0]
            name = f"{topic}/{one.expectation}"
            found[name] = (*found.get(name, ()), one.name)
    return found


@cache
def client_certificate_defects() -> tuple[str, ...]:
    """Defects that a client's chain can have: all but those of names, which nobody asks it for."""
    return tuple(one.name for one in DEFECTS.values() if _fits_a_client(one))


def _fits_a_client(defect: Defect) -> bool:
    sound = Certificate().chain
    return defect.chain.intermediates == sound.intermediates and "time/" in defect.recipe


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
    for name in fault_kinds():
        if name != "noop":
            group = _group_of_fault(name)
            found[group] = (*found.get(group, ()), name)
    return found


def _group_of_fault(name: str) -> str:
    if name in _TOLERATED:
        return TOLERATED
    if name.startswith("stalled"):
        return STALL
    made = fault_kinds()[name].make()
    if isinstance(made, WireFault):
        return ANSWER if made.phase is Phase.ANSWER else HANDSHAKE
    return STATUS if getattr(made, "status", 200) >= 400 else DOCUMENT


@cache
def needs_tls(fault: str) -> bool:
    """Whether a fault has its place in TLS alone."""
    made = fault_kinds()[fault].make()
    in_handshake = isinstance(made, WireFault) and made.phase is Phase.HANDSHAKE
    return in_handshake or fault == "plain bytes within the stream"


def group_of(groups: Groups, name: str) -> str | None:
    """The group in which ``name`` is, or ``None``."""
    return next((group for group, names in groups.items() if name in names), None)

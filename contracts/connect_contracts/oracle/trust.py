"""Certificates: whether a call may believe its target, and the target its client."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Literal

from connect_contracts.oracle.world import TargetModel
from connect_contracts.scenario import Call
from connect_harness.certificates import DEFECTS, Chain

Judged = Literal["believed", "refused", "open"]

UNUSABLE_FILES = (
    "missing file",
    "directory",
    "below a regular file",
    "loop of links",
    "empty file",
    "no certificate in the file",
    "damaged certificate",
)
"""Defects by which the file given holds no authority at all (CA-7)."""

HALF_USABLE_FILE = "one good certificate and one damaged"

_ABOUT_NAMES = {"CA-10", "CA-11"}
_ALERTS_WITHOUT_A_CERTIFICATE = {"1.2": ("handshake_failure",), "1.3": ("certificate_required",)}


def authorities_given(call: Call) -> tuple[str, ...] | None:
    """The names of the authorities in the file of ``call``; ``None`` if no file is given."""
    match call.defect:
        case "authority file not given":
            return None
        case "file of another authority":
            return ("another authority",)
        case "file of another authority of the same name":
            return ("authority#namesake",)
        case defect if defect in UNUSABLE_FILES:
            return ()
        case defect if defect == HALF_USABLE_FILE:
            return ("authority",)
        case _:
            return call.authority_file.authorities if call.authority_file else None


def server_believed(chain: Chain, call: Call) -> Judged:
    """Whether ``call`` may believe a target with this chain."""
    if chain.authority not in (authorities_given(call) or ()):
        return "refused"
    # RFC 5280 4.2.1.12: a leaf for client use only.
    if chain.purpose == "client":
        return "refused"
    named = _names(chain, call.host)
    judged = _defect(chain.defect, call.host)
    return "refused" if "refused" in (named, judged) else judged if named == "believed" else named


def _defect(name: str | None, host: str) -> Judged:
    if name is None:
        return "believed"
    defect = DEFECTS[name]
    # A wrong name is one for its own kind of host; the names of the other kind stay right.
    if _ABOUT_NAMES & set(defect.clauses) and _is_ip(host) != _is_ip(defect.host):
        return "believed"
    judged: dict[str, Judged] = {"refused": "refused", "accepted": "believed", "observe": "open"}
    return judged[defect.expectation]


def _names(chain: Chain, host: str) -> Judged:
    """RFC 9525 6.3, 6.4; a name in the common name alone is observed (CA-19)."""
    if host.lower() in chain.names:
        return "believed"
    dns_names = [name for name in chain.names if not _is_ip(name)]
    if not _is_ip(host) and not dns_names and (chain.subject or "").lower() == host.lower():
        return "open"
    return "open" if "*" in chain.names else "refused"


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def client_refusal(chain: Chain | None, target: TargetModel) -> tuple[str, ...] | None:
    """The alerts by which the target refuses a client's chain; ``None`` if it does not.

    There are none where it is open whether it does.

    The target asks for a client certificate. A client that has none of an authority that the
    target names may present none at all (RFC 8446 4.4.2).
    """
    spec = target.spec
    versions = (spec.tls,) if spec.tls else ("1.2", "1.3")
    none = tuple(alert for one in versions for alert in _ALERTS_WITHOUT_A_CERTIFICATE[one])
    if chain is None:
        return none if spec.client_certificate == "required" else None
    if chain.authority != spec.client_authority:
        return ("unknown_ca", *none)
    if chain.purpose == "server":
        return ("unsupported_certificate",)
    defect = DEFECTS[chain.defect] if chain.defect else None
    # Nobody asks a client for its host name.
    if defect is None or _ABOUT_NAMES & set(defect.clauses):
        return None
    certain = defect.expectation == "refused" and defect.alert is not None
    return (str(defect.alert),) if certain else ()

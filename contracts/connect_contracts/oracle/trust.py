"""Certificates: whether a call may believe its target, and the target its client."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Literal

from connect_contracts.execution.call_defects import CALL_DEFECTS
from connect_contracts.model.scenario import Call
from connect_contracts.oracle.world import TargetModel
from connect_harness.certificates import DEFECTS, Chain, Defect

Judged = Literal["believed", "refused", "open"]

OF_THE_TARGET = ("the leaf", "the intermediate")
"""Words in a file of authorities for certificates of the target's own chain (CA-19)."""

KEYS_TO_BE_KNOWN = ("ec-p256", "rsa-2048")
"""Kinds of keys that every client has to know (RFC 8446 9.1)."""

_JUDGED: dict[str, Judged] = {"refused": "refused", "accepted": "believed", "observe": "open"}
_ABOUT_NAMES = {"CA-10", "CA-11"}
_WITHOUT_A_CERTIFICATE = {"1.2": ("handshake_failure",), "1.3": ("certificate_required",)}


def authorities_given(call: Call) -> tuple[str, ...] | None:
    """The names of the authorities in the file of ``call``; ``None`` if no file is given."""
    if call.defect and not isinstance(given := CALL_DEFECTS[call.defect].authorities, str):
        return given
    return call.authority_file.authorities if call.authority_file else None


def server_believed(chain: Chain, call: Call, trusted: tuple[str, ...] = ()) -> Judged:
    """Whether ``call`` may believe a target with this chain; its own store trusts ``trusted``."""
    given = authorities_given(call)
    if not given and given is not None:
        return "refused"
    anchored = _anchored(chain, trusted if given is None else given)
    if given is not None and anchored == "refused" and _anchored(chain, trusted) == "believed":
        # Whether a file replaces the store's authorities or adds to them is observed (CA-19).
        anchored = "open"
    judged = [anchored, *_of_names_and_defect(chain, call.host)]
    # RFC 5280 4.2.1.12: a leaf for client use only.
    if chain.purpose == "client":
        judged.append("refused")
    if chain.key not in KEYS_TO_BE_KNOWN:
        judged.append("open")
    return max(judged, key=("believed", "open", "refused").index)


def _anchored(chain: Chain, authorities: tuple[str, ...]) -> Judged:
    if chain.authority in authorities or chain.cross_signed_by in authorities:
        return "believed"
    return "open" if set(OF_THE_TARGET) & set(authorities) else "refused"


def _of_names_and_defect(chain: Chain, host: str) -> list[Judged]:
    """What names and defect of a chain that leads to its authority say, each for itself."""
    named = matched(chain, host)
    defect = DEFECTS[chain.defect] if chain.defect else None
    if defect is None:
        return [named]
    expected = _JUDGED[defect.expectation]
    # A name that is odd and right is the name that the chain says.
    if not _touches_names(defect) or defect.expectation == "accepted":
        return [named, expected]
    # What no rule settles is a matter of the whole certificate, whatever the host.
    if expected == "open" or is_address(host) == is_address(defect.host):
        return [expected]
    # A wrong name is one for its own kind of host; the names of the other kind stay as they are.
    return [named]


def _touches_names(defect: Defect) -> bool:
    return defect.clause in _ABOUT_NAMES or defect.topic == "name"


def client_refusal(chain: Chain | None, target: TargetModel) -> tuple[str, ...] | None:
    """The alerts by which the target refuses a client's chain; ``None`` if it does not.

    There are none where it is open whether it does.

    The target asks for a client certificate. A client without a certificate of the authorities
    that the target names may present no certificate (RFC 8446 4.4.2).
    """
    spec = target.spec
    versions = (spec.tls,) if spec.tls else ("1.2", "1.3")
    none = tuple(alert for version in versions for alert in _WITHOUT_A_CERTIFICATE.get(version, ()))
    if chain is None:
        return none if spec.client_certificate == "required" else None
    if chain.authority != spec.client_authority:
        return ("unknown_ca", *none)
    if chain.purpose == "server":
        return ("unsupported_certificate",)
    defect = DEFECTS[chain.defect] if chain.defect else None
    # No rule asks a client for its host name.
    if defect is None or _touches_names(defect) or defect.expectation == "accepted":
        return None
    if defect.alert == "certificate_revoked" and not spec.checks_revocation:
        return None
    certain = defect.expectation == "refused" and defect.alert is not None
    return (str(defect.alert),) if certain else ()


# Host names: which names of a certificate speak of the host of a URL (RFC 9525 6.3, 6.4).

MANY = 100
"""With more names, a limit of the platform may decide, and no rule says which."""


def matched(chain: Chain, host: str) -> Judged:
    """Whether a name of ``chain`` is the host; ``open`` where no rule says how to compare."""
    wanted = _normal(host)
    if len(chain.names) > MANY:
        return "open"
    if any(_is(name, wanted) for name in chain.names):
        return "believed"
    dns_names = [name for name in chain.names if not is_address(name)]
    # A name in the common name alone is observed (CA-19).
    if not is_address(host) and not dns_names and (chain.subject or "").lower() == wanted:
        return "open"
    return "refused" if _written_plainly(host) and not _odd(chain) else "open"


def is_address(host: str) -> bool:
    """Whether ``host`` is the literal of an IP address."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _normal(host: str) -> str:
    return str(ip_address(host)) if is_address(host) else host.lower()


def _is(name: str, host: str) -> bool:
    if is_address(name) or is_address(host):
        return is_address(name) and is_address(host) and _normal(name) == host
    first, _, rest = name.partition(".")
    label, _, domain = host.partition(".")
    wild = first == "*" and rest != "" and label != "" and rest == domain
    return (wild or name == host) and _written_plainly(host)


def _written_plainly(host: str) -> bool:
    """Whether it is a host name as URLs and certificates have it: in ASCII, no dot at its end."""
    return host.isascii() and not host.endswith(".") and "_" not in host


def _odd(chain: Chain) -> bool:
    """Whether it has a name that no rule compares."""
    return any(name == "*" or not _written_plainly(name) for name in chain.names)

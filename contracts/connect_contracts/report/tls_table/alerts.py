"""By which alert a refusal is told where OpenSSL is at work (RFC 8446 6.2)."""

from __future__ import annotations

from connect_contracts.model.scenario import Call, Certificate, Scenario, TargetSpec, first_connect
from connect_harness.certificates.defects import DEFECTS

UNTRUSTED = (
    "authority file not given",
    "file of another authority",
    "file of another authority of the same name",
    "leaf of another chain",
)
"""Defects of a call by which it knows no authority of its target; they are told before others."""

UNNAMED = {"localhost", "127.0.0.1", "::1"}


def expected_alerts(scenario: Scenario) -> tuple[str, ...]:
    """The alerts of which a refusal of ``scenario`` sends one, and who sends it.

    Of two defects the one that OpenSSL looks at first: untrusted, then extended key usage, then
    name, then validity. Other clients may send another alert, or none. Empty where the refusal is
    told by no alert.
    """
    step, target = first_connect(scenario), scenario.targets[0]
    if step is None or target.scheme != "https":
        return ()
    return _of_handshake(target) or _of_client(step.call, target) or _of_target(step.call, target)


def _of_handshake(target: TargetSpec) -> tuple[str, ...]:
    if target.tls in ("1.0", "1.1"):
        return ("protocol_version by target",)
    if target.ciphers is not None:
        return ("handshake_failure by target",)
    return ("unrecognized_name by target",) if target.server_name_unrecognised else ()


def _of_client(call: Call, target: TargetSpec) -> tuple[str, ...]:
    given = call.authentication
    if call.defect == "client certificate not given" and target.client_certificate == "required":
        missing = {"1.2": "handshake_failure", "1.3": "certificate_required"}
        return (f"{missing[target.tls or '1.3']} by target",)
    if call.defect == "client certificate of an unknown authority":
        return ("unknown_ca by target",)
    if isinstance(given, Certificate) and given.chain.defect is not None:
        return _sent_by("target", given.chain.defect)
    return ()


def _of_target(call: Call, target: TargetSpec) -> tuple[str, ...]:
    if call.defect in UNTRUSTED:
        return ("unknown_ca by client",)
    if call.defect is not None:
        return ()
    if call.host in UNNAMED and call.host not in target.chain.names and not _of_names(target):
        return ("bad_certificate by client",)
    return () if target.chain.defect is None else _sent_by("client", target.chain.defect)


def _of_names(target: TargetSpec) -> bool:
    """Whether the chain's own defect says what its names are."""
    defect = target.chain.defect
    return defect is not None and "CA-12" not in DEFECTS[defect].clauses


def _sent_by(who: str, defect: str) -> tuple[str, ...]:
    # Of a key that fits nothing that a client offers, the target tells (RFC 8446 6.2).
    senders = {"handshake_failure": "target"}
    return tuple(f"{one} by {senders.get(one, who)}" for one in DEFECTS[defect].alerts)

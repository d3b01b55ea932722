"""Client certificates that a target must refuse, and some that are merely odd.

An expired one is ``leaf expired``, which does for either side.
"""

from __future__ import annotations

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from connect_harness.certificates.blueprint import ChainBlueprint
from connect_harness.certificates.chain import Chain
from connect_harness.certificates.defects.constraints import issuer_not_ca, unknown_critical_on_leaf
from connect_harness.certificates.defects.registry import defect
from connect_harness.certificates.defects.revocation import revoked
from connect_harness.certificates.defects.trust import intermediate_not_sent, self_signed
from connect_harness.certificates.defects.usage import eku_missing
from connect_harness.certificates.defects.validity import (
    intermediate_expired,
    leaf_expired,
    leaf_not_yet_valid,
)

ADMIN = Chain(names=(), subject="admin", purpose="client")
ADMIN_BELOW = Chain(names=(), subject="admin", purpose="client", intermediates=1)
REFUSED = "RFC 8446 4.4.2.4"


@defect(
    "client certificate expired",
    recipe="mtls/expired",
    rule=f"{REFUSED}, RFC 5280 6.1.3 (a)(2)",
    clauses=("MTLS-4",),
    alert="certificate_expired",
    chain=ADMIN,
    depth="default",
)
def client_expired(blueprint: ChainBlueprint) -> None:
    """The client certificate was valid until the end of 2009."""
    leaf_expired(blueprint)


@defect(
    "client certificate not yet valid",
    recipe="mtls/not-yet",
    rule=f"{REFUSED}, RFC 5280 6.1.3 (a)(2)",
    clauses=("MTLS-4",),
    alert="bad_certificate",
    chain=ADMIN,
)
def client_not_yet_valid(blueprint: ChainBlueprint) -> None:
    """The client certificate is valid from 2900."""
    leaf_not_yet_valid(blueprint)


@defect(
    "client certificate for servers alone",
    recipe="mtls/eku-server-only",
    rule=f"{REFUSED}, RFC 5280 4.2.1.12",
    clauses=("MTLS-4",),
    alert="unsupported_certificate",
    chain=ADMIN,
)
def client_for_servers_alone(blueprint: ChainBlueprint) -> None:
    """The extended key usage of the client certificate allows server authentication alone."""
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    blueprint.leaf.extend(usage, critical=False)


@defect(
    "client certificate without extended key usage",
    recipe="mtls/eku-missing",
    rule="RFC 5280 4.2.1.12",
    clauses=("MTLS-1",),
    expectation="accepted",
    chain=ADMIN,
)
def client_without_extended_usage(blueprint: ChainBlueprint) -> None:
    """The client certificate has no extended key usage, which restricts nothing."""
    eku_missing(blueprint)


@defect(
    "client intermediate not sent",
    recipe="mtls/missing-intermediate",
    rule=f"{REFUSED}, RFC 5280 6.1 (b)",
    clauses=("MTLS-4",),
    alert="unknown_ca",
    chain=ADMIN_BELOW,
)
def client_intermediate_not_sent(blueprint: ChainBlueprint) -> None:
    """The client has no certificate of the intermediate that issued its own, and sends none."""
    intermediate_not_sent(blueprint)


@defect(
    "client intermediate expired",
    recipe="mtls/expired-intermediate",
    rule=f"{REFUSED}, RFC 5280 6.1.3 (a)(2)",
    clauses=("MTLS-4",),
    alert="certificate_expired",
    chain=ADMIN_BELOW,
)
def client_intermediate_expired(blueprint: ChainBlueprint) -> None:
    """The intermediate that issued the client certificate was valid until the end of 2009."""
    intermediate_expired(blueprint)


@defect(
    "client intermediate that is no authority",
    recipe="mtls/issuer-not-ca",
    rule=f"{REFUSED}, RFC 5280 4.2.1.9, 6.1.4 (k)",
    clauses=("MTLS-4",),
    alert="unknown_ca",
    chain=ADMIN_BELOW,
)
def client_issuer_not_ca(blueprint: ChainBlueprint) -> None:
    """The intermediate that issued the client certificate says that it is no authority."""
    issuer_not_ca(blueprint)


@defect(
    "client certificate self-signed",
    recipe="mtls/self-signed",
    rule=f"{REFUSED}, RFC 5280 6.1 (b)",
    clauses=("MTLS-4",),
    alert="unknown_ca",
    chain=ADMIN,
)
def client_self_signed(blueprint: ChainBlueprint) -> None:
    """The client certificate is signed with its own key, and sent alone."""
    self_signed(blueprint)


@defect(
    "unknown critical extension of the client certificate",
    recipe="mtls/unknown-critical",
    rule=f"{REFUSED}, RFC 5280 4.2, 6.1.5 (f)",
    clauses=("MTLS-4",),
    alert="certificate_unknown",
    chain=ADMIN,
)
def client_unknown_critical(blueprint: ChainBlueprint) -> None:
    """The client certificate has a critical extension that nobody recognises."""
    unknown_critical_on_leaf(blueprint)


@defect(
    "client certificate revoked",
    recipe="mtls/revoked",
    rule=f"{REFUSED}, RFC 5280 6.3",
    clauses=("MTLS-4",),
    alert="certificate_revoked",
    chain=ADMIN,
)
def client_revoked(blueprint: ChainBlueprint) -> None:
    """The client certificate stands in its authority's list, which the target was given."""
    revoked(blueprint)

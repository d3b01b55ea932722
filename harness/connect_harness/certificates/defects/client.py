"""Client certificates that a target must refuse, and one that is merely odd.

An expired one is also ``leaf expired``, which fits either side.
"""

from __future__ import annotations

from functools import partial

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from connect_harness.certificates.blueprint import ChainBlueprint
from connect_harness.certificates.chain import Chain
from connect_harness.certificates.defects.constraints import issuer_not_ca, unknown_critical_on_leaf
from connect_harness.certificates.defects.registry import Defect
from connect_harness.certificates.defects.trust import intermediate_not_sent, self_signed
from connect_harness.certificates.defects.usage import eku_missing
from connect_harness.certificates.defects.validity import (
    intermediate_expired,
    leaf_expired,
    leaf_not_yet_valid,
    revoked,
)

ADMIN = Chain(names=(), subject="admin", purpose="client")
ADMIN_BELOW = Chain(names=(), subject="admin", purpose="client", intermediates=1)
REFUSED = "RFC 8446 4.4.2.4"
TIME = f"{REFUSED}, RFC 5280 6.1.3 (a)(2)"
NO_PATH = f"{REFUSED}, RFC 5280 6.1 (b)"

refused = partial(Defect, clause="MTLS-4", chain=ADMIN)
refused_below = partial(Defect, clause="MTLS-4", chain=ADMIN_BELOW)


@refused(
    "client certificate expired",
    "mtls/expired",
    rule=TIME,
    alert="certificate_expired",
    depth="default",
)
def client_expired(blueprint: ChainBlueprint) -> None:
    """The client certificate was valid until the end of 2009."""
    leaf_expired(blueprint)


@refused("client certificate not yet valid", "mtls/not-yet", rule=TIME, alert="bad_certificate")
def client_not_yet_valid(blueprint: ChainBlueprint) -> None:
    """The client certificate is valid from 2900."""
    leaf_not_yet_valid(blueprint)


@refused(
    "client certificate for servers alone",
    "mtls/eku-server-only",
    rule="RFC 8446 4.4.2.4, RFC 5280 4.2.1.12",
    alert="unsupported_certificate",
)
def client_for_servers_alone(blueprint: ChainBlueprint) -> None:
    """The extended key usage of the client certificate allows server authentication alone."""
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    blueprint.leaf.extend(usage, critical=False)


@refused(
    "client certificate without extended key usage",
    "mtls/eku-missing",
    clause="MTLS-1",
    rule="RFC 5280 4.2.1.12",
    expectation="accepted",
)
def client_without_extended_usage(blueprint: ChainBlueprint) -> None:
    """The client certificate has no extended key usage, which restricts nothing."""
    eku_missing(blueprint)


@refused_below(
    "client intermediate not sent", "mtls/missing-intermediate", rule=NO_PATH, alert="unknown_ca"
)
def client_intermediate_not_sent(blueprint: ChainBlueprint) -> None:
    """The client has no certificate of the intermediate that issued its own, and sends none."""
    intermediate_not_sent(blueprint)


@refused_below(
    "client intermediate expired",
    "mtls/expired-intermediate",
    rule=TIME,
    alert="certificate_expired",
)
def client_intermediate_expired(blueprint: ChainBlueprint) -> None:
    """The intermediate that issued the client certificate was valid until the end of 2009."""
    intermediate_expired(blueprint)


@refused_below(
    "client intermediate that is no authority",
    "mtls/issuer-not-ca",
    rule="RFC 8446 4.4.2.4, RFC 5280 4.2.1.9, 6.1.4 (k)",
    alert="unknown_ca",
)
def client_issuer_not_ca(blueprint: ChainBlueprint) -> None:
    """The intermediate that issued the client certificate says that it is no authority."""
    issuer_not_ca(blueprint)


@refused("client certificate self-signed", "mtls/self-signed", rule=NO_PATH, alert="unknown_ca")
def client_self_signed(blueprint: ChainBlueprint) -> None:
    """The client certificate is signed with its own key, and sent alone."""
    self_signed(blueprint)


@refused(
    "unknown critical extension of the client certificate",
    "mtls/unknown-critical",
    rule="RFC 8446 4.4.2.4, RFC 5280 4.2, 6.1.5 (f)",
    alert="certificate_unknown",
)
def client_unknown_critical(blueprint: ChainBlueprint) -> None:
    """The client certificate has a critical extension of an unknown type."""
    unknown_critical_on_leaf(blueprint)


@refused(
    "client certificate revoked",
    "mtls/revoked",
    rule="RFC 8446 4.4.2.4, RFC 5280 6.3",
    alert="certificate_revoked",
)
def client_revoked(blueprint: ChainBlueprint) -> None:
    """The client certificate stands in its authority's list, which the target was given."""
    revoked(blueprint)

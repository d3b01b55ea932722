"""Which certificate may be an authority, how far down, and which extensions must be understood."""

from __future__ import annotations

from functools import partial

from cryptography import x509

from connect_harness.certificates.blueprint import CertificateBlueprint, ChainBlueprint, key_usage
from connect_harness.certificates.chain import Chain
from connect_harness.certificates.defects.registry import (
    ONE_INTERMEDIATE,
    TWO_INTERMEDIATES,
    Defect,
    observed,
)

BASIC = "RFC 5280 4.2.1.9, 6.1.4 (k)"
LENGTH = "RFC 5280 4.2.1.9, 6.1.4 (l), (m)"
THREE_INTERMEDIATES = Chain(intermediates=3)
# An arc for documentation: no verifier knows it.
UNKNOWN = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.999.1"), b"\x05\x00")

no_authority = partial(Defect, clause="CA-13", alert="unknown_ca", chain=ONE_INTERMEDIATE)
odd_root = partial(
    Defect,
    expectation="observe",
    alert="unknown_ca",
    if_accepted="what is in the file is believed, whatever it says of itself",
    if_refused="what is in the file must be an authority by its own words",
)
satisfied = partial(Defect, clause="CA-13", expectation="accepted")
unknown_extension = partial(Defect, clause="CA-13", alert="certificate_unknown")


def _limit(certificate: CertificateBlueprint, length: int | None, *, ca: bool = True) -> None:
    certificate.extend(x509.BasicConstraints(ca=ca, path_length=length), critical=True)


@no_authority("intermediate that is no authority", "use/issuer-not-ca", rule=BASIC, depth="default")
def issuer_not_ca(blueprint: ChainBlueprint) -> None:
    """The intermediate says that it is no authority (basic constraints)."""
    _limit(blueprint.issuing_intermediate, None, ca=False)


@no_authority("intermediate without basic constraints", "use/issuer-no-bc", rule=BASIC)
def issuer_without_constraints(blueprint: ChainBlueprint) -> None:
    """The intermediate has neither basic constraints nor key usage."""
    blueprint.issuing_intermediate.leave_out(x509.BasicConstraints, x509.KeyUsage)


@no_authority(
    "intermediate that may not sign certificates",
    "use/issuer-no-certsign",
    rule="RFC 5280 4.2.1.3, 6.1.4 (n)",
)
def issuer_may_not_sign(blueprint: ChainBlueprint) -> None:
    """The key usage of the intermediate allows the signing of revocation lists alone."""
    _limit(blueprint.issuing_intermediate, None)
    blueprint.issuing_intermediate.extend(key_usage(crl_sign=True), critical=True)


@odd_root("authority that may not sign certificates", "use/root-no-certsign")
def root_may_not_sign(blueprint: ChainBlueprint) -> None:
    """The key usage of the authority's own certificate lacks the signing of certificates."""
    blueprint.root.extend(key_usage(crl_sign=True), critical=True)


@odd_root("authority that is none", "use/root-not-ca")
def root_not_ca(blueprint: ChainBlueprint) -> None:
    """The authority's own certificate says that it is no authority (basic constraints)."""
    _limit(blueprint.root, None, ca=False)


@no_authority(
    "path length exceeded",
    "use/path-length",
    rule="RFC 5280 4.2.1.9, 6.1.4 (l)",
    chain=TWO_INTERMEDIATES,
)
def path_length_exceeded(blueprint: ChainBlueprint) -> None:
    """The upper intermediate allows no intermediate below it (path length 0), and there is one."""
    _limit(blueprint.intermediates[0], 0)


@satisfied(
    "path length just enough",
    "use/path-length-exact",
    rule="RFC 5280 4.2.1.9, 6.1.4 (l)",
    chain=TWO_INTERMEDIATES,
)
def path_length_exact(blueprint: ChainBlueprint) -> None:
    """The authority allows two intermediates, the upper one, the lower none: as there are."""
    _limit(blueprint.root, 2)
    for below, intermediate in enumerate(reversed(blueprint.intermediates)):
        _limit(intermediate, below)


@unknown_extension(
    "unknown critical extension of the leaf",
    "use/unknown-critical-leaf",
    rule="RFC 5280 4.2, 6.1.5 (f)",
)
def unknown_critical_on_leaf(blueprint: ChainBlueprint) -> None:
    """The leaf has a critical extension of an unknown type."""
    blueprint.leaf.extend(UNKNOWN, critical=True)


@no_authority(
    "unknown critical extension of the intermediate",
    "use/unknown-critical-ca",
    rule="RFC 5280 4.2, 6.1.4 (o)",
    alert="certificate_unknown",
)
def unknown_critical_on_intermediate(blueprint: ChainBlueprint) -> None:
    """The intermediate has a critical extension of an unknown type."""
    blueprint.issuing_intermediate.extend(UNKNOWN, critical=True)


@satisfied(
    "unknown extension of the leaf, not critical", "use/unknown-not-critical", rule="RFC 5280 4.2"
)
def unknown_not_critical(blueprint: ChainBlueprint) -> None:
    """The leaf has an extension of an unknown type; it is not critical."""
    blueprint.leaf.extend(UNKNOWN, critical=False)


@observed(
    "leaf that is an authority",
    "use/leaf-is-ca",
    if_accepted="a server may present the certificate of an authority",
    if_refused="a server may not present the certificate of an authority",
)
def leaf_is_ca(blueprint: ChainBlueprint) -> None:
    """The leaf says that it is an authority, and may sign certificates."""
    _limit(blueprint.leaf, None)
    usage = key_usage(digital_signature=True, key_cert_sign=True, crl_sign=True)
    blueprint.leaf.extend(usage, critical=True)


@no_authority(
    "path length of one exceeded", "use/path-length-of-one", rule=LENGTH, chain=THREE_INTERMEDIATES
)
def path_length_of_one(blueprint: ChainBlueprint) -> None:
    """The first intermediate allows one more below it, and two follow, which set no limit."""
    first, *below = blueprint.intermediates
    _limit(first, 1)
    for intermediate in below:
        _limit(intermediate, None)


@satisfied("path length that rises", "use/path-length-rises", rule=LENGTH, chain=TWO_INTERMEDIATES)
def path_length_rises(blueprint: ChainBlueprint) -> None:
    """The first intermediate allows one more below it, and the second allows two, which does not
    matter: the smaller number holds, and the path keeps to it."""
    first, second = blueprint.intermediates
    _limit(first, 1)
    _limit(second, 2)


@satisfied(
    "path length and a self-issued intermediate",
    "use/path-length-self-issued",
    rule=LENGTH,
    chain=THREE_INTERMEDIATES,
)
def path_length_self_issued(blueprint: ChainBlueprint) -> None:
    """The first intermediate allows one more below it, and two follow, of which one gives the
    first one's name a new key: self-issued certificates do not count."""
    first, self_issued, last = blueprint.intermediates
    _limit(first, 1)
    self_issued.subject = first.subject
    _limit(self_issued, 1)
    _limit(last, 0)

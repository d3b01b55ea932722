"""Who is an authority, how far down, and what must be understood."""

from __future__ import annotations

from cryptography import x509

from connect_harness.certificates.blueprint import CertificateBlueprint, ChainBlueprint
from connect_harness.certificates.chain import Chain
from connect_harness.certificates.defects.registry import defect
from connect_harness.certificates.sound import key_usage

BELOW_AN_INTERMEDIATE = Chain(intermediates=1)
BELOW_TWO = Chain(intermediates=2)
BELIEVED_AS_GIVEN = "what is in the file is believed, whatever it says of itself"
READ_TOO = "what is in the file must be an authority by its own words"
# Of the documentation's arc, which nobody recognises.
UNKNOWN = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.999.1"), b"\x05\x00")


def _limit(certificate: CertificateBlueprint, *, ca: bool, path_length: int | None = None) -> None:
    certificate.extend(x509.BasicConstraints(ca=ca, path_length=path_length), critical=True)


@defect(
    "intermediate that is no authority",
    recipe="use/issuer-not-ca",
    rule="RFC 5280 4.2.1.9, 6.1.4 (k)",
    clauses=("CA-13",),
    alert="unknown_ca",
    chain=BELOW_AN_INTERMEDIATE,
    depth="default",
)
def issuer_not_ca(blueprint: ChainBlueprint) -> None:
    """The intermediate says that it is no authority (basic constraints)."""
    _limit(blueprint.issuing_intermediate, ca=False)


@defect(
    "intermediate without basic constraints",
    recipe="use/issuer-no-bc",
    rule="RFC 5280 4.2.1.9, 6.1.4 (k)",
    clauses=("CA-13",),
    alert="unknown_ca",
    chain=BELOW_AN_INTERMEDIATE,
)
def issuer_without_constraints(blueprint: ChainBlueprint) -> None:
    """The intermediate has neither basic constraints nor key usage."""
    blueprint.issuing_intermediate.leave_out(x509.BasicConstraints, x509.KeyUsage)


@defect(
    "intermediate that may not sign certificates",
    recipe="use/issuer-no-certsign",
    rule="RFC 5280 4.2.1.3, 6.1.4 (n)",
    clauses=("CA-13",),
    alert="unknown_ca",
    chain=BELOW_AN_INTERMEDIATE,
)
def issuer_may_not_sign(blueprint: ChainBlueprint) -> None:
    """The key usage of the intermediate allows the signing of revocation lists alone."""
    _limit(blueprint.issuing_intermediate, ca=True)
    blueprint.issuing_intermediate.extend(key_usage(crl_sign=True), critical=True)


@defect(
    "authority that may not sign certificates",
    recipe="use/root-no-certsign",
    clauses=("CA-19",),
    expectation="observe",
    alert="unknown_ca",
    if_accepted=BELIEVED_AS_GIVEN,
    if_refused=READ_TOO,
)
def root_may_not_sign(blueprint: ChainBlueprint) -> None:
    """The key usage of the authority's own certificate lacks the signing of certificates."""
    blueprint.root.extend(key_usage(crl_sign=True), critical=True)


@defect(
    "authority that is none",
    recipe="use/root-not-ca",
    clauses=("CA-19",),
    expectation="observe",
    alert="unknown_ca",
    if_accepted=BELIEVED_AS_GIVEN,
    if_refused=READ_TOO,
)
def root_not_ca(blueprint: ChainBlueprint) -> None:
    """The authority's own certificate says that it is no authority (basic constraints)."""
    _limit(blueprint.root, ca=False)


@defect(
    "path length exceeded",
    recipe="use/path-length",
    rule="RFC 5280 4.2.1.9, 6.1.4 (l)",
    clauses=("CA-13",),
    alert="unknown_ca",
    chain=BELOW_TWO,
)
def path_length_exceeded(blueprint: ChainBlueprint) -> None:
    """The upper intermediate allows no intermediate below it (path length 0), and there is one."""
    _limit(blueprint.intermediates[0], ca=True, path_length=0)


@defect(
    "path length just enough",
    recipe="use/path-length-exact",
    rule="RFC 5280 4.2.1.9, 6.1.4 (l)",
    clauses=("CA-13",),
    expectation="accepted",
    chain=BELOW_TWO,
)
def path_length_exact(blueprint: ChainBlueprint) -> None:
    """The authority allows two intermediates, the upper one, the lower none: as there are."""
    _limit(blueprint.root, ca=True, path_length=2)
    for below, intermediate in enumerate(reversed(blueprint.intermediates)):
        _limit(intermediate, ca=True, path_length=below)


@defect(
    "unknown critical extension of the leaf",
    recipe="use/unknown-critical-leaf",
    rule="RFC 5280 4.2, 6.1.5 (f)",
    clauses=("CA-13",),
    alert="certificate_unknown",
)
def unknown_critical_on_leaf(blueprint: ChainBlueprint) -> None:
    """The leaf has a critical extension that nobody recognises."""
    blueprint.leaf.extend(UNKNOWN, critical=True)


@defect(
    "unknown critical extension of the intermediate",
    recipe="use/unknown-critical-ca",
    rule="RFC 5280 4.2, 6.1.4 (o)",
    clauses=("CA-13",),
    alert="certificate_unknown",
    chain=BELOW_AN_INTERMEDIATE,
)
def unknown_critical_on_intermediate(blueprint: ChainBlueprint) -> None:
    """The intermediate has a critical extension that nobody recognises."""
    blueprint.issuing_intermediate.extend(UNKNOWN, critical=True)


@defect(
    "unknown extension of the leaf, not critical",
    recipe="use/unknown-not-critical",
    rule="RFC 5280 4.2",
    clauses=("CA-13",),
    expectation="accepted",
)
def unknown_not_critical(blueprint: ChainBlueprint) -> None:
    """The leaf has an extension that nobody recognises; it is not critical."""
    blueprint.leaf.extend(UNKNOWN, critical=False)


@defect(
    "leaf that is an authority",
    recipe="use/leaf-is-ca",
    clauses=("CA-19",),
    expectation="observe",
    if_accepted="a server may present the certificate of an authority",
    if_refused="a server may not present the certificate of an authority",
)
def leaf_is_ca(blueprint: ChainBlueprint) -> None:
    """The leaf says that it is an authority, and may sign certificates."""
    _limit(blueprint.leaf, ca=True)
    usage = key_usage(digital_signature=True, key_cert_sign=True, crl_sign=True)
    blueprint.leaf.extend(usage, critical=True)

"""Names and constraints in odd forms: wildcards, malformed ones, self-issued certificates."""

from __future__ import annotations

from cryptography import x509
from cryptography.x509.oid import ExtensionOID

from connect_harness.certificates import der
from connect_harness.certificates.blueprint import CertificateBlueprint, ChainBlueprint
from connect_harness.certificates.chain import Chain
from connect_harness.certificates.defects.constraint_scope import ELSEWHERE, HERE, constrain
from connect_harness.certificates.defects.registry import defect

DOMAIN = x509.DNSName("example.test")
DNS_NAME, IP_ADDRESS, PERMITTED = 0x82, 0x87, 0xA0
"""The tags of names and subtrees in a constraint (RFC 5280 4.2.1.10)."""


def _permit_encoded(certificate: CertificateBlueprint, tag: int, name: bytes) -> None:
    """Let ``certificate`` permit a name that no library takes for a constraint."""
    subtree = der.element(der.SEQUENCE, der.element(tag, name))
    constraints = der.element(der.SEQUENCE, der.element(PERMITTED, subtree))
    extension = x509.UnrecognizedExtension(ExtensionOID.NAME_CONSTRAINTS, constraints)
    certificate.extend(extension, critical=True)


@defect(
    "wildcard within the permitted names",
    recipe="use/name-constraint-wildcard-within-permitted",
    rule="RFC 5280 4.2.1.10, RFC 9525 6.3",
    expectation="accepted",
    clauses=("CA-13",),
    host="a.example.test",
    chain=Chain(names=("*.example.test",), intermediates=1),
)
def wildcard_within_permitted(blueprint: ChainBlueprint) -> None:
    """The intermediate permits ``example.test``, and the leaf has a wildcard below that."""
    constrain(blueprint.issuing_intermediate, permitted=[DOMAIN])


@defect(
    "wildcard wider than the permitted name",
    recipe="use/name-constraint-wildcard-wider-than-permitted",
    rule="RFC 5280 4.2.1.10, 6.1.3 (b)",
    clauses=("CA-13",),
    alert="certificate_unknown",
    host="a.example.test",
    chain=Chain(names=("*.example.test",), intermediates=1),
)
def wildcard_wider_than_permitted(blueprint: ChainBlueprint) -> None:
    """The intermediate permits the host alone, and the leaf has a wildcard for its neighbours."""
    constrain(blueprint.issuing_intermediate, permitted=[x509.DNSName("a.example.test")])


@defect(
    "wildcard over an excluded name",
    recipe="use/name-constraint-wildcard-over-excluded",
    expectation="observe",
    clauses=("CA-19",),
    host="a.example.test",
    chain=Chain(names=("*.example.test",), intermediates=1),
    if_accepted="a wildcard carries past an exclusion: no standard says how the two go together",
    if_refused="a wildcard that could stand for an excluded name is refused",
)
def wildcard_over_excluded(blueprint: ChainBlueprint) -> None:
    """The intermediate excludes the host, and the leaf has a wildcard that stands for it."""
    constrain(blueprint.issuing_intermediate, excluded=[x509.DNSName("a.example.test")])


@defect(
    "wildcard in a constraint",
    recipe="use/name-constraint-wildcard-in-constraint",
    rule="RFC 5280 4.2.1.10, 6.1.3 (b)",
    clauses=("CA-13",),
    alert="certificate_unknown",
    host="a.example.test",
    chain=Chain(names=("a.example.test",), intermediates=1),
)
def wildcard_in_constraint(blueprint: ChainBlueprint) -> None:
    """The intermediate permits ``*.example.test``; the star stands for nothing in a constraint."""
    _permit_encoded(blueprint.issuing_intermediate, DNS_NAME, b"*.example.test")


@defect(
    "address without a mask in a constraint",
    recipe="use/name-constraint-address-without-mask",
    rule="RFC 5280 4.2.1.10",
    clauses=("CA-13",),
    alert="certificate_unknown",
    host="127.0.0.1",
    chain=Chain(names=("127.0.0.1",), intermediates=1),
)
def address_without_mask(blueprint: ChainBlueprint) -> None:
    """The intermediate permits the IP address of the leaf in four bytes, where it takes eight."""
    _permit_encoded(blueprint.issuing_intermediate, IP_ADDRESS, bytes((127, 0, 0, 1)))


@defect(
    "malformed name beside the permitted one",
    recipe="use/name-constraint-malformed-name",
    expectation="observe",
    clauses=("CA-19",),
    host="a.example.test",
    chain=Chain(names=("a.example.test",), intermediates=1),
    if_accepted="a malformed name beside the right one is passed over",
    if_refused="every name has to be well-formed where names are constrained",
)
def malformed_name(blueprint: ChainBlueprint) -> None:
    """The intermediate permits ``example.test``; the leaf has the host's name, and besides it
    ``.example.test``, which is no name of a host."""
    constrain(blueprint.issuing_intermediate, permitted=[DOMAIN])
    blueprint.leaf.names.append(x509.DNSName(".example.test"))


@defect(
    "name of a self-issued intermediate not permitted",
    recipe="use/name-constraint-self-issued",
    rule="RFC 5280 4.2.1.10, 6.1.3 (b)",
    expectation="accepted",
    clauses=("CA-13",),
    chain=Chain(intermediates=2),
)
def self_issued_not_permitted(blueprint: ChainBlueprint) -> None:
    """The first intermediate gives its own name a new key; that certificate has a name which the
    constraint does not permit, as it need not where it is not the last one."""
    upper, lower = blueprint.intermediates
    constrain(upper, permitted=[HERE])
    lower.subject = upper.subject
    lower.names = [ELSEWHERE]

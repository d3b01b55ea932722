"""What name constraints reach: every name of each kind, also below, across and beside others.

The constraints stand on an intermediate: RFC 5280 6.1 does not judge the authority's certificate.
"""

from __future__ import annotations

from ipaddress import ip_network

from cryptography import x509
from cryptography.x509.oid import NameOID

from connect_harness.certificates.blueprint import CertificateBlueprint, ChainBlueprint
from connect_harness.certificates.chain import Chain
from connect_harness.certificates.defects.registry import defect

HERE = x509.DNSName("localhost")
ELSEWHERE = x509.DNSName("other.test")
# Of the documentation's arc, which nobody recognises.
OTHER_NAME = x509.OtherName(x509.ObjectIdentifier("2.999.2"), b"\x05\x00")
OTHER_SUBJECT = x509.Name([x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "another")])
BELOW_ONE = Chain(intermediates=1)
BELOW_TWO = Chain(intermediates=2)


def constrain(
    certificate: CertificateBlueprint,
    *,
    permitted: list[x509.GeneralName] | None = None,
    excluded: list[x509.GeneralName] | None = None,
    critical: bool = True,
) -> None:
    """Let ``certificate`` constrain the names below it (RFC 5280 4.2.1.10)."""
    certificate.extend(x509.NameConstraints(permitted, excluded), critical=critical)


@defect(
    "second name excluded",
    recipe="use/name-constraint-second-name",
    rule="RFC 5280 4.2.1.10, 6.1.3 (c)",
    clauses=("CA-13",),
    alert="certificate_unknown",
    chain=Chain(names=("localhost", "other.test"), intermediates=1),
)
def second_name_excluded(blueprint: ChainBlueprint) -> None:
    """The intermediate excludes the second name of the leaf; the first is the one asked for."""
    constrain(blueprint.issuing_intermediate, excluded=[ELSEWHERE])


@defect(
    "name of an intermediate excluded",
    recipe="use/name-constraint-intermediate-name",
    rule="RFC 5280 4.2.1.10, 6.1.3 (c)",
    clauses=("CA-13",),
    alert="certificate_unknown",
    chain=BELOW_TWO,
)
def intermediate_name_excluded(blueprint: ChainBlueprint) -> None:
    """The first intermediate excludes a name that the second one has; the leaf has it not."""
    upper, lower = blueprint.intermediates
    constrain(upper, excluded=[ELSEWHERE])
    lower.names = [ELSEWHERE]


@defect(
    "name permitted and excluded",
    recipe="use/name-constraint-permitted-and-excluded",
    rule="RFC 5280 4.2.1.10",
    clauses=("CA-13",),
    alert="certificate_unknown",
    chain=BELOW_ONE,
)
def name_permitted_and_excluded(blueprint: ChainBlueprint) -> None:
    """The intermediate permits the name of the leaf and excludes it as well."""
    constrain(blueprint.issuing_intermediate, permitted=[HERE], excluded=[HERE])


@defect(
    "permitted names narrowed below",
    recipe="use/name-constraint-narrowed-below",
    rule="RFC 5280 6.1.4 (g)(1)",
    clauses=("CA-13",),
    alert="certificate_unknown",
    chain=BELOW_TWO,
)
def narrowed_below(blueprint: ChainBlueprint) -> None:
    """The first intermediate permits the name of the leaf, the second one only another name."""
    upper, lower = blueprint.intermediates
    constrain(upper, permitted=[HERE, ELSEWHERE])
    constrain(lower, permitted=[ELSEWHERE])


@defect(
    "permitted names widened below",
    recipe="use/name-constraint-widened-below",
    rule="RFC 5280 6.1.4 (g)(1)",
    clauses=("CA-13",),
    alert="certificate_unknown",
    chain=BELOW_TWO,
)
def widened_below(blueprint: ChainBlueprint) -> None:
    """The second intermediate permits the name of the leaf, which the first one does not."""
    upper, lower = blueprint.intermediates
    constrain(upper, permitted=[ELSEWHERE])
    constrain(lower, permitted=[HERE, ELSEWHERE])


@defect(
    "constraint not critical",
    recipe="use/name-constraint-not-critical",
    rule="RFC 5280 4.2, 6.1.4 (g)",
    clauses=("CA-13",),
    alert="certificate_unknown",
    chain=BELOW_ONE,
)
def constraint_not_critical(blueprint: ChainBlueprint) -> None:
    """The intermediate permits another name alone, in an extension that is not critical."""
    constrain(blueprint.issuing_intermediate, permitted=[ELSEWHERE], critical=False)


@defect(
    "names of another kind permitted",
    recipe="use/name-constraint-other-kind-permitted",
    rule="RFC 5280 4.2.1.10",
    expectation="accepted",
    clauses=("CA-13",),
    chain=Chain(names=("localhost",), intermediates=1),
)
def other_kind_permitted(blueprint: ChainBlueprint) -> None:
    """The intermediate permits IP addresses of one network; the leaf has a DNS name alone."""
    network = x509.IPAddress(ip_network("192.0.2.0/24"))
    constrain(blueprint.issuing_intermediate, permitted=[network])


@defect(
    "subject permitted",
    recipe="use/name-constraint-subject-permitted",
    rule="RFC 5280 4.2.1.10, 6.1.3 (b)",
    expectation="accepted",
    clauses=("CA-13",),
    chain=BELOW_ONE,
)
def subject_permitted(blueprint: ChainBlueprint) -> None:
    """The intermediate permits the subject of the leaf, a directory name, and no other one."""
    subject = x509.DirectoryName(blueprint.leaf.subject)
    constrain(blueprint.issuing_intermediate, permitted=[subject])


@defect(
    "subject not permitted",
    recipe="use/name-constraint-subject-not-permitted",
    rule="RFC 5280 4.2.1.10, 6.1.3 (b)",
    clauses=("CA-13",),
    alert="certificate_unknown",
    chain=BELOW_ONE,
)
def subject_not_permitted(blueprint: ChainBlueprint) -> None:
    """The intermediate permits another directory name alone; the leaf's DNS name is right."""
    subject = x509.DirectoryName(OTHER_SUBJECT)
    constrain(blueprint.issuing_intermediate, permitted=[subject])


@defect(
    "name of an unknown kind excluded",
    recipe="use/name-constraint-other-name-excluded",
    rule="RFC 5280 4.2.1.10",
    clauses=("CA-13",),
    alert="certificate_unknown",
    chain=BELOW_ONE,
)
def unknown_kind_excluded(blueprint: ChainBlueprint) -> None:
    """The intermediate excludes names of a private kind, and the leaf has such a name."""
    constrain(blueprint.issuing_intermediate, excluded=[OTHER_NAME])
    blueprint.leaf.names.append(OTHER_NAME)


@defect(
    "unknown kind of name excluded",
    recipe="use/name-constraint-other-name-unused",
    rule="RFC 5280 4.2.1.10",
    expectation="accepted",
    clauses=("CA-13",),
    chain=BELOW_ONE,
)
def unknown_kind_unused(blueprint: ChainBlueprint) -> None:
    """The intermediate excludes names of a private kind, and no certificate has such a name."""
    constrain(blueprint.issuing_intermediate, excluded=[OTHER_NAME])

"""Which names an intermediate lets those below it have: RFC 5280 4.2.1.10.

The constraints stand on an intermediate: RFC 5280 6.1 does not judge the authority's certificate.
"""

from __future__ import annotations

from functools import partial
from ipaddress import ip_network

from cryptography import x509
from cryptography.x509.oid import ExtensionOID, NameOID

from connect_harness.certificates import der
from connect_harness.certificates.blueprint import CertificateBlueprint, ChainBlueprint, named
from connect_harness.certificates.chain import Chain
from connect_harness.certificates.defects.registry import (
    LOCALHOST,
    ONE_INTERMEDIATE,
    TWO_INTERMEDIATES,
    Defect,
    observed,
)

RULE = "RFC 5280 4.2.1.10"
NAMES = "RFC 5280 4.2.1.10, 6.1.3 (b)"
HERE, ELSEWHERE = x509.DNSName("localhost"), x509.DNSName("other.test")
DOMAIN = x509.DNSName("example.test")
NETWORK = x509.IPAddress(ip_network("10.0.0.0/8"))
LOOPBACK = x509.IPAddress(ip_network("127.0.0.0/8"))
# An arc for documentation: no verifier knows it.
OTHER_NAME = x509.OtherName(x509.ObjectIdentifier("2.999.2"), b"\x05\x00")
OTHER_SUBJECT = x509.Name([x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "another")])
HOST_BELOW = Chain(names=("localhost",), intermediates=1)
ADDRESS_BELOW = Chain(names=("127.0.0.1",), intermediates=1)
SUBDOMAIN_BELOW = Chain(names=("a.example.test",), intermediates=1)
WILDCARD_BELOW = Chain(names=("*.example.test",), intermediates=1)
DNS_NAME, IP_ADDRESS, PERMITTED = 0x82, 0x87, 0xA0
"""The tags of names and subtrees in a constraint (RFC 5280 4.2.1.10)."""

violated = partial(
    Defect, clause="CA-13", rule=NAMES, alert="certificate_unknown", chain=ONE_INTERMEDIATE
)
satisfied = partial(
    Defect, clause="CA-13", rule=NAMES, expectation="accepted", chain=ONE_INTERMEDIATE
)


def constrain(
    certificate: CertificateBlueprint,
    *,
    permitted: list[x509.GeneralName] | None = None,
    excluded: list[x509.GeneralName] | None = None,
    critical: bool = True,
) -> None:
    """Let ``certificate`` constrain the names below it (RFC 5280 4.2.1.10)."""
    certificate.extend(x509.NameConstraints(permitted, excluded), critical=critical)


@violated(
    "second name excluded",
    "use/name-constraint-second-name",
    rule="RFC 5280 4.2.1.10, 6.1.3 (c)",
    chain=Chain(names=("localhost", "other.test"), intermediates=1),
)
def second_name_excluded(blueprint: ChainBlueprint) -> None:
    """The intermediate excludes the second name of the leaf; the client asks for the first."""
    if ELSEWHERE not in blueprint.leaf.names:
        raise ValueError(f"this defect needs a chain with the name {ELSEWHERE.value}")
    constrain(blueprint.issuing_intermediate, excluded=[ELSEWHERE])


@violated(
    "name of an intermediate excluded",
    "use/name-constraint-intermediate-name",
    rule="RFC 5280 4.2.1.10, 6.1.3 (c)",
    chain=TWO_INTERMEDIATES,
)
def intermediate_name_excluded(blueprint: ChainBlueprint) -> None:
    """The first intermediate excludes a name that the second one has; the leaf does not have it."""
    upper, lower = blueprint.intermediates
    constrain(upper, excluded=[ELSEWHERE])
    lower.names = [ELSEWHERE]


@violated("name permitted and excluded", "use/name-constraint-permitted-and-excluded", rule=RULE)
def name_permitted_and_excluded(blueprint: ChainBlueprint) -> None:
    """The intermediate permits the name of the leaf and excludes it as well."""
    constrain(blueprint.issuing_intermediate, permitted=[HERE], excluded=[HERE])


@violated(
    "permitted names narrowed below",
    "use/name-constraint-narrowed-below",
    rule="RFC 5280 6.1.4 (g)(1)",
    chain=TWO_INTERMEDIATES,
)
def narrowed_below(blueprint: ChainBlueprint) -> None:
    """The first intermediate permits the name of the leaf, the second one only another name."""
    upper, lower = blueprint.intermediates
    constrain(upper, permitted=[HERE, ELSEWHERE])
    constrain(lower, permitted=[ELSEWHERE])


@violated(
    "permitted names widened below",
    "use/name-constraint-widened-below",
    rule="RFC 5280 6.1.4 (g)(1)",
    chain=TWO_INTERMEDIATES,
)
def widened_below(blueprint: ChainBlueprint) -> None:
    """The second intermediate permits the name of the leaf, which the first one does not."""
    upper, lower = blueprint.intermediates
    constrain(upper, permitted=[ELSEWHERE])
    constrain(lower, permitted=[HERE, ELSEWHERE])


@violated(
    "constraint not critical", "use/name-constraint-not-critical", rule="RFC 5280 4.2, 6.1.4 (g)"
)
def constraint_not_critical(blueprint: ChainBlueprint) -> None:
    """The intermediate permits another name alone, in an extension that is not critical."""
    constrain(blueprint.issuing_intermediate, permitted=[ELSEWHERE], critical=False)


@satisfied(
    "names of another kind permitted",
    "use/name-constraint-other-kind-permitted",
    rule=RULE,
    chain=HOST_BELOW,
)
def other_kind_permitted(blueprint: ChainBlueprint) -> None:
    """The intermediate permits IP addresses of one network; the leaf has a DNS name alone."""
    network = x509.IPAddress(ip_network("192.0.2.0/24"))
    constrain(blueprint.issuing_intermediate, permitted=[network])


@satisfied("subject permitted", "use/name-constraint-subject-permitted")
def subject_permitted(blueprint: ChainBlueprint) -> None:
    """The intermediate permits the subject of the leaf, a directory name, and no other one."""
    subject = x509.DirectoryName(blueprint.leaf.subject)
    constrain(blueprint.issuing_intermediate, permitted=[subject])


@violated("subject not permitted", "use/name-constraint-subject-not-permitted")
def subject_not_permitted(blueprint: ChainBlueprint) -> None:
    """The intermediate permits another directory name alone; the leaf's DNS name is right."""
    subject = x509.DirectoryName(OTHER_SUBJECT)
    constrain(blueprint.issuing_intermediate, permitted=[subject])


@violated("name of an unknown kind excluded", "use/name-constraint-other-name-excluded", rule=RULE)
def unknown_kind_excluded(blueprint: ChainBlueprint) -> None:
    """The intermediate excludes names of a private kind, and the leaf has such a name."""
    constrain(blueprint.issuing_intermediate, excluded=[OTHER_NAME])
    blueprint.leaf.names.append(OTHER_NAME)


@satisfied("unknown kind of name excluded", "use/name-constraint-other-name-unused", rule=RULE)
def unknown_kind_unused(blueprint: ChainBlueprint) -> None:
    """The intermediate excludes names of a private kind, and no certificate has such a name."""
    constrain(blueprint.issuing_intermediate, excluded=[OTHER_NAME])


def _permit_encoded(certificate: CertificateBlueprint, tag: int, name: bytes) -> None:
    """Let ``certificate`` permit a name that no library takes for a constraint."""
    subtree = der.element(der.SEQUENCE, der.element(tag, name))
    constraints = der.element(der.SEQUENCE, der.element(PERMITTED, subtree))
    extension = x509.UnrecognizedExtension(ExtensionOID.NAME_CONSTRAINTS, constraints)
    certificate.extend(extension, critical=True)


@satisfied(
    "wildcard within the permitted names",
    "use/name-constraint-wildcard-within-permitted",
    rule="RFC 5280 4.2.1.10, RFC 9525 6.3",
    host="a.example.test",
    chain=WILDCARD_BELOW,
)
def wildcard_within_permitted(blueprint: ChainBlueprint) -> None:
    """The intermediate permits ``example.test``, and the leaf has a wildcard below that."""
    constrain(blueprint.issuing_intermediate, permitted=[DOMAIN])


@violated(
    "wildcard wider than the permitted name",
    "use/name-constraint-wildcard-wider-than-permitted",
    host="a.example.test",
    chain=WILDCARD_BELOW,
)
def wildcard_wider_than_permitted(blueprint: ChainBlueprint) -> None:
    """The intermediate permits the host alone, and the leaf has a wildcard for its neighbours."""
    constrain(blueprint.issuing_intermediate, permitted=[x509.DNSName("a.example.test")])


@observed(
    "wildcard over an excluded name",
    "use/name-constraint-wildcard-over-excluded",
    host="a.example.test",
    chain=WILDCARD_BELOW,
    if_accepted="a wildcard carries past an exclusion: no standard says how the two go together",
    if_refused="a wildcard that could stand for an excluded name is refused",
)
def wildcard_over_excluded(blueprint: ChainBlueprint) -> None:
    """The intermediate excludes the host, and the leaf has a wildcard that stands for it."""
    constrain(blueprint.issuing_intermediate, excluded=[x509.DNSName("a.example.test")])


@violated(
    "wildcard in a constraint",
    "use/name-constraint-wildcard-in-constraint",
    host="a.example.test",
    chain=SUBDOMAIN_BELOW,
)
def wildcard_in_constraint(blueprint: ChainBlueprint) -> None:
    """The intermediate permits ``*.example.test``; the star stands for nothing in a constraint."""
    _permit_encoded(blueprint.issuing_intermediate, DNS_NAME, b"*.example.test")


@violated(
    "address without a mask in a constraint",
    "use/name-constraint-address-without-mask",
    rule=RULE,
    host="127.0.0.1",
    chain=ADDRESS_BELOW,
)
def address_without_mask(blueprint: ChainBlueprint) -> None:
    """The intermediate permits the IP address of the leaf in four bytes, where it takes eight."""
    _permit_encoded(blueprint.issuing_intermediate, IP_ADDRESS, bytes((127, 0, 0, 1)))


@observed(
    "malformed name beside the permitted one",
    "use/name-constraint-malformed-name",
    host="a.example.test",
    chain=SUBDOMAIN_BELOW,
    if_accepted="a malformed name beside the right one is passed over",
    if_refused="every name has to be well-formed where names are constrained",
)
def malformed_name(blueprint: ChainBlueprint) -> None:
    """The intermediate permits ``example.test``; the leaf has the host's name, and besides it
    ``.example.test``, which is no name of a host."""
    constrain(blueprint.issuing_intermediate, permitted=[DOMAIN])
    blueprint.leaf.names.append(x509.DNSName(".example.test"))


@satisfied(
    "name of a self-issued intermediate not permitted",
    "use/name-constraint-self-issued",
    chain=TWO_INTERMEDIATES,
)
def self_issued_not_permitted(blueprint: ChainBlueprint) -> None:
    """The first intermediate gives its own name a new key; that certificate has a name which the
    constraint does not permit, as it need not where it is not the last one."""
    upper, lower = blueprint.intermediates
    constrain(upper, permitted=[HERE])
    lower.subject = upper.subject
    lower.names = [ELSEWHERE]


@violated("DNS name not permitted", "use/name-constraint-permitted", chain=HOST_BELOW)
def dns_not_permitted(blueprint: ChainBlueprint) -> None:
    """The intermediate permits names below ``example.test``; the leaf is ``localhost``."""
    constrain(blueprint.issuing_intermediate, permitted=[DOMAIN])


@satisfied(
    "DNS name permitted",
    "use/name-constraint-permitted-ok",
    host="a.example.test",
    chain=SUBDOMAIN_BELOW,
)
def dns_permitted(blueprint: ChainBlueprint) -> None:
    """The intermediate permits names below ``example.test``; the leaf is one of them."""
    constrain(blueprint.issuing_intermediate, permitted=[DOMAIN])


@violated("DNS name excluded", "use/name-constraint-excluded", chain=HOST_BELOW)
def dns_excluded(blueprint: ChainBlueprint) -> None:
    """The intermediate excludes ``localhost``, which is the leaf's name."""
    constrain(blueprint.issuing_intermediate, excluded=[HERE])


@satisfied("DNS name not excluded", "use/name-constraint-excluded-ok", chain=HOST_BELOW)
def dns_not_excluded(blueprint: ChainBlueprint) -> None:
    """The intermediate excludes names below ``example.test``; the leaf is ``localhost``."""
    constrain(blueprint.issuing_intermediate, excluded=[DOMAIN])


@violated(
    "IP address not permitted", "use/name-constraint-ip", host="127.0.0.1", chain=ADDRESS_BELOW
)
def ip_not_permitted(blueprint: ChainBlueprint) -> None:
    """The intermediate permits addresses in 10.0.0.0/8; the leaf is 127.0.0.1."""
    constrain(blueprint.issuing_intermediate, permitted=[NETWORK])


@satisfied(
    "IP address permitted", "use/name-constraint-ip-ok", host="127.0.0.1", chain=ADDRESS_BELOW
)
def ip_permitted(blueprint: ChainBlueprint) -> None:
    """The intermediate permits addresses in 127.0.0.0/8; the leaf is 127.0.0.1."""
    constrain(blueprint.issuing_intermediate, permitted=[LOOPBACK])


@violated(
    "IP address excluded", "use/name-constraint-ip-excluded", host="127.0.0.1", chain=ADDRESS_BELOW
)
def ip_excluded(blueprint: ChainBlueprint) -> None:
    """The intermediate excludes addresses in 127.0.0.0/8; the leaf is 127.0.0.1."""
    constrain(blueprint.issuing_intermediate, excluded=[LOOPBACK])


@satisfied(
    "IP address not excluded",
    "use/name-constraint-ip-excluded-ok",
    host="127.0.0.1",
    chain=ADDRESS_BELOW,
)
def ip_not_excluded(blueprint: ChainBlueprint) -> None:
    """The intermediate excludes addresses in 10.0.0.0/8; the leaf is 127.0.0.1."""
    constrain(blueprint.issuing_intermediate, excluded=[NETWORK])


@observed(
    "DNS name not permitted by the authority",
    "use/name-constraint-on-root",
    alert="certificate_unknown",
    chain=LOCALHOST,
    if_accepted="name constraints of a trust anchor are not looked at",
    if_refused="name constraints of a trust anchor are looked at",
)
def name_constraint_on_root(blueprint: ChainBlueprint) -> None:
    """The authority's own certificate permits ``example.test``; the leaf is ``localhost``."""
    constrain(blueprint.root, permitted=[DOMAIN])


@observed(
    "common name not permitted",
    "use/name-constraint-cn",
    chain=HOST_BELOW,
    if_accepted="a common name alone is believed, and escapes name constraints",
    if_refused="a common name alone is not believed, or not permitted",
)
def name_constraint_cn(blueprint: ChainBlueprint) -> None:
    """The intermediate permits ``example.test``; ``localhost`` is the leaf's common name alone."""
    constrain(blueprint.issuing_intermediate, permitted=[DOMAIN])
    blueprint.leaf.subject = named("localhost")
    blueprint.leaf.names = []

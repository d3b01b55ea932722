"""Names that are nearly the host's, and names beside the right one."""

from __future__ import annotations

from cryptography import x509
from cryptography.x509.oid import ExtensionOID

from connect_harness.certificates import der
from connect_harness.certificates.blueprint import ChainBlueprint
from connect_harness.certificates.chain import Chain
from connect_harness.certificates.defects.registry import defect
from connect_harness.certificates.sound import leaf_subject

DNS = "RFC 9110 4.3.4, RFC 9525 6.3"
DNS_NAME = 0x82
"""The tag of a DNS name in an extension (RFC 5280 4.2.1.6)."""


@defect(
    "name of the domain above",
    recipe="name/domain-above",
    rule=DNS,
    clauses=("CA-10",),
    alert="bad_certificate",
    host="a.example.test",
    chain=Chain(names=("a.example.test",)),
)
def domain_above(blueprint: ChainBlueprint) -> None:
    """The leaf is for ``example.test``, and the host asked for is ``a.example.test``."""
    blueprint.leaf.names = [x509.DNSName("example.test")]


@defect(
    "name in UTF-8",
    recipe="name/utf8-in-san",
    rule="RFC 5280 7.2, RFC 9525 6.3",
    clauses=("CA-10",),
    alert="bad_certificate",
    host="xn--bcher-kva.test",
    chain=Chain(names=("xn--bcher-kva.test",)),
)
def utf8_name(blueprint: ChainBlueprint) -> None:
    """The leaf has the U-label of the host in UTF-8, where a DNS name takes an A-label."""
    name = der.element(DNS_NAME, "bücher.test".encode())
    encoded = der.element(der.SEQUENCE, name)
    extension = x509.UnrecognizedExtension(ExtensionOID.SUBJECT_ALTERNATIVE_NAME, encoded)
    blueprint.leaf.names = []
    blueprint.leaf.extend(extension, critical=False)


@defect(
    "wrong common name beside right names",
    recipe="name/cn-wrong-san-right",
    rule=DNS,
    expectation="accepted",
    clauses=("CA-10",),
)
def wrong_common_name(blueprint: ChainBlueprint) -> None:
    """The common name of the leaf is another host's; its names are right, and they alone count."""
    blueprint.leaf.subject = leaf_subject("other.test", "server")

"""Leaves that name another host than the one asked for."""

from __future__ import annotations

from cryptography import x509

from connect_harness.certificates.blueprint import ChainBlueprint
from connect_harness.certificates.defects.registry import defect
from connect_harness.certificates.sound import general_name, leaf_subject

OTHER_HOST = general_name("other.test")
OTHER_ADDRESSES = (general_name("127.0.0.2"), general_name("::2"))


def _split(blueprint: ChainBlueprint) -> tuple[list[x509.DNSName], list[x509.IPAddress]]:
    """The DNS names of the leaf, and its IP addresses."""
    names = blueprint.leaf.names
    dns = [name for name in names if isinstance(name, x509.DNSName)]
    addresses = [name for name in names if isinstance(name, x509.IPAddress)]
    if not dns or not addresses:
        raise ValueError("this defect needs a chain with a DNS name and an IP address")
    return dns, addresses


@defect(
    "wrong DNS name",
    recipe="name/wrong-dns",
    rule="RFC 9110 4.3.4, RFC 9525 6.3",
    clauses=("CA-10",),
    alert="bad_certificate",
    depth="default",
)
def wrong_dns_name(blueprint: ChainBlueprint) -> None:
    """The only DNS name of the leaf is ``other.test``; its IP addresses stay right."""
    _, addresses = _split(blueprint)
    blueprint.leaf.names = [OTHER_HOST, *addresses]


@defect(
    "right common name beside wrong DNS names",
    recipe="name/cn-right-san-wrong",
    rule="RFC 9110 4.3.4, RFC 9525 6.3",
    clauses=("CA-10",),
    alert="bad_certificate",
)
def right_common_name(blueprint: ChainBlueprint) -> None:
    """The only DNS name of the leaf is ``other.test``; its common name is the host asked for."""
    dns, addresses = _split(blueprint)
    blueprint.leaf.subject = leaf_subject(dns[0].value, "server")
    blueprint.leaf.names = [OTHER_HOST, *addresses]


@defect(
    "DNS target with IP names alone",
    recipe="name/dns-target-ip-san",
    rule="RFC 9110 4.3.4, RFC 9525 6.3",
    clauses=("CA-10",),
    alert="bad_certificate",
)
def ip_names_alone(blueprint: ChainBlueprint) -> None:
    """The leaf has its IP addresses alone, neither DNS name nor common name, for a DNS target."""
    _, addresses = _split(blueprint)
    blueprint.leaf.subject = leaf_subject(None, "server")
    blueprint.leaf.names = [*addresses]


@defect(
    "IP target with DNS names alone",
    recipe="name/ip-target-dns-san",
    rule="RFC 9110 4.3.5, RFC 9525 6.4",
    clauses=("CA-10",),
    alert="bad_certificate",
    host="127.0.0.1",
    depth="default",
)
def dns_names_alone(blueprint: ChainBlueprint) -> None:
    """The leaf has its DNS names alone, for a target that is asked for by its IP address."""
    dns, _ = _split(blueprint)
    blueprint.leaf.names = [*dns]


@defect(
    "wrong IP",
    recipe="name/wrong-ip",
    rule="RFC 9110 4.3.5, RFC 9525 6.4",
    clauses=("CA-10",),
    alert="bad_certificate",
    host="127.0.0.1",
    depth="default",
)
def wrong_ip(blueprint: ChainBlueprint) -> None:
    """The IP addresses of the leaf are 127.0.0.2 and ::2; its DNS names stay right."""
    dns, _ = _split(blueprint)
    blueprint.leaf.names = [*dns, *OTHER_ADDRESSES]


@defect(
    "IP written as a DNS name",
    recipe="name/ip-as-dns-san",
    rule="RFC 9110 4.3.5, RFC 9525 6.4",
    clauses=("CA-10",),
    alert="bad_certificate",
    host="127.0.0.1",
)
def ip_as_dns_name(blueprint: ChainBlueprint) -> None:
    """The IPv4 addresses of the leaf are written as names of type DNS; none is of type IP."""
    dns, addresses = _split(blueprint)
    texts = [str(one.value) for one in addresses]
    blueprint.leaf.names = [*dns, *(x509.DNSName(text) for text in texts if ":" not in text)]

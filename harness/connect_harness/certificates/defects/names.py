"""Leaves that name another host than the one asked for, or name it in another way."""

from __future__ import annotations

from functools import partial

from cryptography import x509
from cryptography.x509.oid import ExtensionOID

from connect_harness.certificates import der
from connect_harness.certificates.blueprint import ChainBlueprint, general_name, leaf_subject, named
from connect_harness.certificates.chain import Chain
from connect_harness.certificates.defects.registry import (
    LOCALHOST,
    STRICT_OR_UNNAMED,
    Defect,
    accepted,
    by_tls_defaults,
    observed,
)

DNS = "RFC 9110 4.3.4, RFC 9525 6.3"
IP = "RFC 9110 4.3.5, RFC 9525 6.4"
A_LABEL = "xn--bcher-kva.test"
DNS_NAME = 0x82
"""The tag of a DNS name in an extension (RFC 5280 4.2.1.6)."""
OTHER_HOST = general_name("other.test")
OTHER_ADDRESSES = (general_name("127.0.0.2"), general_name("::2"))

wrong_name = partial(Defect, clause="CA-10", rule=DNS, alert="bad_certificate")
wrong_address = partial(Defect, clause="CA-10", rule=IP, alert="bad_certificate", host="127.0.0.1")
common_name = partial(
    Defect,
    expectation="observe",
    if_accepted="a name in the common name alone is believed, which RFC 9525 section 6.3 forbids",
    if_refused="a name in the common name is not looked at, as RFC 9525 section 6.3 demands",
)
long_list = partial(
    Defect,
    expectation="observe",
    chain=LOCALHOST,
    if_accepted="a long list of names is read to its end",
    if_refused="a long list of names is too much",
)


@common_name("common name alone", "name/cn-only-no-san", chain=LOCALHOST)
def common_name_alone(blueprint: ChainBlueprint) -> None:
    """The host is the common name of the leaf, which has no subject alternative names."""
    blueprint.leaf.subject = named("localhost")
    blueprint.leaf.names = []


@by_tls_defaults(
    "common name beside an empty list of names",
    "name/cn-only-trustme",
    chain=LOCALHOST,
    if_refused=STRICT_OR_UNNAMED,
)
def common_name_beside_an_empty_list(blueprint: ChainBlueprint) -> None:
    """The host is the common name of the leaf, whose list of names is critical and empty."""
    blueprint.leaf.subject = named("localhost")
    blueprint.leaf.extend(x509.SubjectAlternativeName([]), critical=True)


@common_name(
    "common name beside IP names",
    "name/cn-right-san-ip-only",
    chain=Chain(names=("localhost", "127.0.0.1")),
)
def common_name_beside_ip_names(blueprint: ChainBlueprint) -> None:
    """The host is the common name of the leaf; its names are IP addresses alone."""
    blueprint.leaf.subject = named("localhost")
    blueprint.leaf.names = [*_split(blueprint)[1]]


@wrong_address(
    "IP address in the common name alone", "name/cn-ip-only", chain=Chain(names=("127.0.0.1",))
)
def ip_in_common_name(blueprint: ChainBlueprint) -> None:
    """The address is the common name of the leaf, which has no subject alternative names."""
    blueprint.leaf.subject = named("127.0.0.1")
    blueprint.leaf.names = []


@wrong_name("no name at all", "name/none", chain=LOCALHOST)
def no_name_at_all(blueprint: ChainBlueprint) -> None:
    """The leaf has neither subject alternative names nor a common name."""
    blueprint.leaf.subject = leaf_subject(None, "server")
    blueprint.leaf.names = []


@wrong_name("email address alone", "name/email-only", chain=LOCALHOST)
def email_alone(blueprint: ChainBlueprint) -> None:
    """The only name of the leaf is an email address at the host."""
    blueprint.leaf.names = [x509.RFC822Name("admin@localhost")]


@wrong_name("URI alone", "name/uri-only", chain=LOCALHOST)
def uri_alone(blueprint: ChainBlueprint) -> None:
    """The only name of the leaf is a URI of the host."""
    blueprint.leaf.names = [x509.UniformResourceIdentifier("https://localhost")]


def _split(blueprint: ChainBlueprint) -> tuple[list[x509.DNSName], list[x509.IPAddress]]:
    """The DNS names of the leaf, and its IP addresses."""
    names = blueprint.leaf.names
    dns = [name for name in names if isinstance(name, x509.DNSName)]
    addresses = [name for name in names if isinstance(name, x509.IPAddress)]
    if not dns or not addresses:
        raise ValueError("this defect needs a chain with a DNS name and an IP address")
    return dns, addresses


@wrong_name("wrong DNS name", "name/wrong-dns", depth="default", group="host")
def wrong_dns_name(blueprint: ChainBlueprint) -> None:
    """The only DNS name of the leaf is ``other.test``; its IP addresses stay right."""
    _, addresses = _split(blueprint)
    blueprint.leaf.names = [OTHER_HOST, *addresses]


@wrong_name("right common name beside wrong DNS names", "name/cn-right-san-wrong")
def right_common_name(blueprint: ChainBlueprint) -> None:
    """The only DNS name of the leaf is ``other.test``; its common name is the host asked for."""
    dns, addresses = _split(blueprint)
    blueprint.leaf.subject = named(dns[0].value)
    blueprint.leaf.names = [OTHER_HOST, *addresses]


@wrong_name("DNS target with IP names alone", "name/dns-target-ip-san")
def ip_names_alone(blueprint: ChainBlueprint) -> None:
    """The leaf has its IP addresses alone, neither DNS name nor common name, for a DNS target."""
    _, addresses = _split(blueprint)
    blueprint.leaf.subject = leaf_subject(None, "server")
    blueprint.leaf.names = [*addresses]


@wrong_address("IP target with DNS names alone", "name/ip-target-dns-san", depth="default")
def dns_names_alone(blueprint: ChainBlueprint) -> None:
    """The leaf has its DNS names alone, for a target that is asked for by its IP address."""
    dns, _ = _split(blueprint)
    blueprint.leaf.names = [*dns]


@wrong_address("wrong IP", "name/wrong-ip", depth="default", group="host")
def wrong_ip(blueprint: ChainBlueprint) -> None:
    """The IP addresses of the leaf are 127.0.0.2 and ::2; its DNS names stay right."""
    dns, _ = _split(blueprint)
    blueprint.leaf.names = [*dns, *OTHER_ADDRESSES]


@wrong_address("IP written as a DNS name", "name/ip-as-dns-san")
def ip_as_dns_name(blueprint: ChainBlueprint) -> None:
    """The IPv4 addresses of the leaf are written as names of type DNS; none is of type IP."""
    dns, addresses = _split(blueprint)
    texts = [str(address.value) for address in addresses]
    blueprint.leaf.names = [*dns, *(x509.DNSName(text) for text in texts if ":" not in text)]


@wrong_name(
    "name of the domain above",
    "name/domain-above",
    host="a.example.test",
    chain=Chain(names=("a.example.test",)),
)
def domain_above(blueprint: ChainBlueprint) -> None:
    """The leaf is for ``example.test``, and the host asked for is ``a.example.test``."""
    blueprint.leaf.names = [x509.DNSName("example.test")]


@wrong_name(
    "name in UTF-8",
    "name/utf8-in-san",
    rule="RFC 5280 7.2, RFC 9525 6.3",
    host=A_LABEL,
    chain=Chain(names=(A_LABEL,)),
)
def utf8_name(blueprint: ChainBlueprint) -> None:
    """The leaf has the U-label of the host in UTF-8, where a DNS name takes an A-label."""
    name = der.element(DNS_NAME, "bücher.test".encode())
    encoded = der.element(der.SEQUENCE, name)
    extension = x509.UnrecognizedExtension(ExtensionOID.SUBJECT_ALTERNATIVE_NAME, encoded)
    blueprint.leaf.names = []
    blueprint.leaf.extend(extension, critical=False)


@accepted(
    "wrong common name beside right names", "name/cn-wrong-san-right", clause="CA-10", rule=DNS
)
def wrong_common_name(blueprint: ChainBlueprint) -> None:
    """The common name of the leaf is another host's; its names are right, and they alone count."""
    blueprint.leaf.subject = named("other.test")


@accepted("name in capitals", "name/case", clause="CA-10", rule="RFC 9525 6.3", chain=LOCALHOST)
def name_in_capitals(blueprint: ChainBlueprint) -> None:
    """The only name of the leaf is the host in capitals."""
    blueprint.leaf.names = [x509.DNSName("LOCALHOST")]


@wrong_name("name with a NUL", "name/nul", chain=LOCALHOST)
def name_with_a_nul(blueprint: ChainBlueprint) -> None:
    r"""The only name of the leaf is ``localhost\0.other.test``, which is not the host."""
    blueprint.leaf.names = [x509.DNSName("localhost\0.other.test")]


@observed(
    "name with a trailing dot",
    "name/san-trailing-dot",
    alert="bad_certificate",
    chain=LOCALHOST,
    if_accepted="the dot at the end of a certificate's name is ignored",
    if_refused="a name with a dot at its end is none that a certificate may have",
)
def name_with_a_trailing_dot(blueprint: ChainBlueprint) -> None:
    """The only name of the leaf is the host with a dot at its end."""
    blueprint.leaf.names = [x509.DNSName("localhost.")]


def _fill(blueprint: ChainBlueprint, count: int) -> None:
    others = [x509.DNSName(f"host-{place}.example.test") for place in range(count - 1)]
    blueprint.leaf.names = [*others, *blueprint.leaf.names]


@long_list("a thousand names", "name/1000-sans")
def a_thousand_names(blueprint: ChainBlueprint) -> None:
    """The leaf has a thousand names, and the last one is the host."""
    _fill(blueprint, 1_000)


@long_list("ten thousand names", "name/10000-sans", alert="illegal_parameter", depth="slow")
def ten_thousand_names(blueprint: ChainBlueprint) -> None:
    """The leaf has ten thousand names, and the last one is the host."""
    _fill(blueprint, 10_000)

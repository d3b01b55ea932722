"""Leaves that name the host in their subject, or in names of another type, or nowhere."""

from __future__ import annotations

from cryptography import x509

from connect_harness.certificates.blueprint import ChainBlueprint
from connect_harness.certificates.chain import Chain
from connect_harness.certificates.defects.registry import STRICT_OR_UNNAMED, defect
from connect_harness.certificates.sound import leaf_subject

LOCALHOST = Chain(names=("localhost",))
ADDRESS = Chain(names=("127.0.0.1",))
BELIEVED = "a name in the common name alone is believed, which RFC 9525 section 6.3 forbids"
NOT_BELIEVED = "a name in the common name is not looked at, as RFC 9525 section 6.3 demands"


@defect(
    "common name alone",
    recipe="name/cn-only-no-san",
    clauses=("CA-19",),
    expectation="observe",
    chain=LOCALHOST,
    if_accepted=BELIEVED,
    if_refused=NOT_BELIEVED,
)
def common_name_alone(blueprint: ChainBlueprint) -> None:
    """The host is the common name of the leaf, which has no subject alternative names."""
    blueprint.leaf.subject = leaf_subject("localhost", "server")
    blueprint.leaf.names = []


@defect(
    "common name beside an empty list of names",
    recipe="name/cn-only-trustme",
    clauses=("CA-19",),
    expectation="observe",
    alert="certificate_unknown",
    chain=LOCALHOST,
    if_refused=STRICT_OR_UNNAMED,
    tls_defaults=True,
)
def common_name_beside_an_empty_list(blueprint: ChainBlueprint) -> None:
    """The host is the common name of the leaf, whose list of names is critical and empty."""
    blueprint.leaf.subject = leaf_subject("localhost", "server")
    blueprint.leaf.extend(x509.SubjectAlternativeName([]), critical=True)


@defect(
    "common name beside IP names",
    recipe="name/cn-right-san-ip-only",
    clauses=("CA-19",),
    expectation="observe",
    chain=Chain(names=("localhost", "127.0.0.1")),
    if_accepted=BELIEVED,
    if_refused=NOT_BELIEVED,
)
def common_name_beside_ip_names(blueprint: ChainBlueprint) -> None:
    """The host is the common name of the leaf; its names are IP addresses alone."""
    blueprint.leaf.subject = leaf_subject("localhost", "server")
    blueprint.leaf.names = [one for one in blueprint.leaf.names if isinstance(one, x509.IPAddress)]


@defect(
    "IP address in the common name alone",
    recipe="name/cn-ip-only",
    rule="RFC 9110 4.3.5, RFC 9525 6.4",
    clauses=("CA-10",),
    alert="bad_certificate",
    host="127.0.0.1",
    chain=ADDRESS,
)
def ip_in_common_name(blueprint: ChainBlueprint) -> None:
    """The address is the common name of the leaf, which has no subject alternative names."""
    blueprint.leaf.subject = leaf_subject("127.0.0.1", "server")
    blueprint.leaf.names = []


@defect(
    "no name at all",
    recipe="name/none",
    rule="RFC 9110 4.3.4, RFC 9525 6.3",
    clauses=("CA-10",),
    alert="bad_certificate",
    chain=LOCALHOST,
)
def no_name_at_all(blueprint: ChainBlueprint) -> None:
    """The leaf has neither subject alternative names nor a common name."""
    blueprint.leaf.subject = leaf_subject(None, "server")
    blueprint.leaf.names = []


@defect(
    "email address alone",
    recipe="name/email-only",
    rule="RFC 9110 4.3.4, RFC 9525 6.3",
    clauses=("CA-10",),
    alert="bad_certificate",
    chain=LOCALHOST,
)
def email_alone(blueprint: ChainBlueprint) -> None:
    """The only name of the leaf is an email address at the host."""
    blueprint.leaf.names = [x509.RFC822Name("admin@localhost")]


@defect(
    "URI alone",
    recipe="name/uri-only",
    rule="RFC 9110 4.3.4, RFC 9525 6.3",
    clauses=("CA-10",),
    alert="bad_certificate",
    chain=LOCALHOST,
)
def uri_alone(blueprint: ChainBlueprint) -> None:
    """The only name of the leaf is a URI of the host."""
    blueprint.leaf.names = [x509.UniformResourceIdentifier("https://localhost")]

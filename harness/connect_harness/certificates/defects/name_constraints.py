"""Which names an authority lets those below it have: RFC 5280 4.2.1.10."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_network

from cryptography import x509

from connect_harness.certificates.blueprint import CertificateBlueprint, ChainBlueprint
from connect_harness.certificates.chain import Chain
from connect_harness.certificates.defects.registry import Alert, Expectation, defect
from connect_harness.certificates.sound import leaf_subject

Register = Callable[[Callable[[ChainBlueprint], None]], Callable[[ChainBlueprint], None]]


def _rule(name: str, recipe: str, host: str, expectation: Expectation) -> Register:
    alert: Alert | None = "certificate_unknown" if expectation == "refused" else None
    return defect(
        name,
        recipe=recipe,
        rule="RFC 5280 4.2.1.10, 6.1.3 (b)",
        clauses=("CA-13",),
        expectation=expectation,
        alert=alert,
        host=host,
        chain=Chain(names=(host,), intermediates=1),
    )


def _general(name: str) -> x509.GeneralName:
    return x509.IPAddress(ip_network(name)) if "/" in name else x509.DNSName(name)


def _permit(certificate: CertificateBlueprint, *names: str) -> None:
    permitted = [_general(one) for one in names]
    certificate.extend(x509.NameConstraints(permitted, None), critical=True)


def _exclude(certificate: CertificateBlueprint, *names: str) -> None:
    excluded = [_general(one) for one in names]
    certificate.extend(x509.NameConstraints(None, excluded), critical=True)


@_rule("DNS name not permitted", "use/name-constraint-permitted", "localhost", "refused")
def dns_not_permitted(blueprint: ChainBlueprint) -> None:
    """The intermediate permits names below ``example.test``; the leaf is ``localhost``."""
    _permit(blueprint.issuing_intermediate, "example.test")


@_rule("DNS name permitted", "use/name-constraint-permitted-ok", "a.example.test", "accepted")
def dns_permitted(blueprint: ChainBlueprint) -> None:
    """The intermediate permits names below ``example.test``; the leaf is one of them."""
    _permit(blueprint.issuing_intermediate, "example.test")


@_rule("DNS name excluded", "use/name-constraint-excluded", "localhost", "refused")
def dns_excluded(blueprint: ChainBlueprint) -> None:
    """The intermediate excludes ``localhost``, which is the leaf's name."""
    _exclude(blueprint.issuing_intermediate, "localhost")


@_rule("DNS name not excluded", "use/name-constraint-excluded-ok", "localhost", "accepted")
def dns_not_excluded(blueprint: ChainBlueprint) -> None:
    """The intermediate excludes names below ``example.test``; the leaf is ``localhost``."""
    _exclude(blueprint.issuing_intermediate, "example.test")


@_rule("IP address not permitted", "use/name-constraint-ip", "127.0.0.1", "refused")
def ip_not_permitted(blueprint: ChainBlueprint) -> None:
    """The intermediate permits addresses in 10.0.0.0/8; the leaf is 127.0.0.1."""
    _permit(blueprint.issuing_intermediate, "10.0.0.0/8")


@_rule("IP address permitted", "use/name-constraint-ip-ok", "127.0.0.1", "accepted")
def ip_permitted(blueprint: ChainBlueprint) -> None:
    """The intermediate permits addresses in 127.0.0.0/8; the leaf is 127.0.0.1."""
    _permit(blueprint.issuing_intermediate, "127.0.0.0/8")


@_rule("IP address excluded", "use/name-constraint-ip-excluded", "127.0.0.1", "refused")
def ip_excluded(blueprint: ChainBlueprint) -> None:
    """The intermediate excludes addresses in 127.0.0.0/8; the leaf is 127.0.0.1."""
    _exclude(blueprint.issuing_intermediate, "127.0.0.0/8")


@_rule("IP address not excluded", "use/name-constraint-ip-excluded-ok", "127.0.0.1", "accepted")
def ip_not_excluded(blueprint: ChainBlueprint) -> None:
    """The intermediate excludes addresses in 10.0.0.0/8; the leaf is 127.0.0.1."""
    _exclude(blueprint.issuing_intermediate, "10.0.0.0/8")


@defect(
    "DNS name not permitted by the authority",
    recipe="use/name-constraint-on-root",
    clauses=("CA-19",),
    expectation="observe",
    alert="certificate_unknown",
    chain=Chain(names=("localhost",)),
    if_accepted="name constraints of a trust anchor are not looked at",
    if_refused="name constraints of a trust anchor are looked at",
)
def name_constraint_on_root(blueprint: ChainBlueprint) -> None:
    """The authority's own certificate permits ``example.test``; the leaf is ``localhost``."""
    _permit(blueprint.root, "example.test")


@defect(
    "common name not permitted",
    recipe="use/name-constraint-cn",
    clauses=("CA-19",),
    expectation="observe",
    chain=Chain(names=("localhost",), intermediates=1),
    if_accepted="a common name alone is believed, and escapes name constraints",
    if_refused="a common name alone is not believed, or not permitted",
)
def name_constraint_cn(blueprint: ChainBlueprint) -> None:
    """The intermediate permits ``example.test``; ``localhost`` is the leaf's common name alone."""
    _permit(blueprint.issuing_intermediate, "example.test")
    blueprint.leaf.subject = leaf_subject("localhost", "server")
    blueprint.leaf.names = []

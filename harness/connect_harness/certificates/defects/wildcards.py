"""Wildcards in names: where RFC 9525 section 6.3 allows them, and for what they stand."""

from __future__ import annotations

from cryptography import x509

from connect_harness.certificates.blueprint import ChainBlueprint, named
from connect_harness.certificates.chain import Chain
from connect_harness.certificates.defects.registry import LOCALHOST, Defect, observed

RULE = "RFC 9110 4.3.4, RFC 9525 6.3"


def _refused(name: str, recipe: str, host: str) -> Defect:
    return Defect(
        name,
        recipe,
        clause="CA-11",
        rule=RULE,
        alert="bad_certificate",
        host=host,
        chain=Chain(names=(host,)),
    )


def _name(blueprint: ChainBlueprint, pattern: str) -> None:
    """Let this be the only name of the leaf."""
    blueprint.leaf.names = [x509.DNSName(pattern)]


@_refused("wildcard for two labels", "name/wildcard-nested", "a.b.example.test")
def wildcard_for_two_labels(blueprint: ChainBlueprint) -> None:
    """The only name is ``*.example.test``, for a host two labels below."""
    _name(blueprint, "*.example.test")


@_refused("wildcard for no label", "name/wildcard-apex", "example.test")
def wildcard_for_no_label(blueprint: ChainBlueprint) -> None:
    """The only name is ``*.example.test``, for ``example.test`` itself."""
    _name(blueprint, "*.example.test")


@_refused("wildcard at the end of a label", "name/wildcard-partial", "foo.example.test")
def wildcard_ends_label(blueprint: ChainBlueprint) -> None:
    """The only name is ``f*.example.test``: the star is not a whole label."""
    _name(blueprint, "f*.example.test")


@_refused("wildcard at the start of a label", "name/wildcard-partial-start", "foo.example.test")
def wildcard_starts_label(blueprint: ChainBlueprint) -> None:
    """The only name is ``*o.example.test``: the star is not a whole label."""
    _name(blueprint, "*o.example.test")


@_refused("wildcard within a label", "name/wildcard-partial-within", "foo.example.test")
def wildcard_within_label(blueprint: ChainBlueprint) -> None:
    """The only name is ``f*o.example.test``: the star is not a whole label."""
    _name(blueprint, "f*o.example.test")


@_refused("wildcard in the second label", "name/wildcard-mid", "a.example.test")
def wildcard_in_second_label(blueprint: ChainBlueprint) -> None:
    """The only name is ``a.*.test``: the star is not the left-most label."""
    _name(blueprint, "a.*.test")


@_refused("wildcard in the last label", "name/wildcard-last", "a.example.test")
def wildcard_in_last_label(blueprint: ChainBlueprint) -> None:
    """The only name is ``a.example.*``: the star is not the left-most label."""
    _name(blueprint, "a.example.*")


@_refused("two wildcards", "name/wildcard-two", "a.b.example.test")
def two_wildcards(blueprint: ChainBlueprint) -> None:
    """The only name is ``*.*.example.test``: there is more than one star."""
    _name(blueprint, "*.*.example.test")


@_refused("wildcard within an A-label", "name/wildcard-within-alabel", "xn--bcher-kva.example.test")
def wildcard_within_a_label(blueprint: ChainBlueprint) -> None:
    """The only name is ``xn--*.example.test``, for a host with an A-label there."""
    _name(blueprint, "xn--*.example.test")


@Defect(
    "wildcard for an address",
    "name/wildcard-ip",
    clause="CA-11",
    rule="RFC 9110 4.3.5, RFC 9525 6.4",
    alert="bad_certificate",
    host="127.0.0.1",
    chain=Chain(names=("127.0.0.1",)),
)
def wildcard_for_an_address(blueprint: ChainBlueprint) -> None:
    """The only name is ``*.0.0.1`` of type DNS, for an address."""
    _name(blueprint, "*.0.0.1")


@observed(
    "wildcard alone",
    "name/wildcard-bare",
    alert="bad_certificate",
    chain=LOCALHOST,
    if_accepted="a star alone stands for every name of one label",
    if_refused="labels must follow a star",
)
def wildcard_alone(blueprint: ChainBlueprint) -> None:
    """The only name is ``*``, for a host of one label."""
    _name(blueprint, "*")


@observed(
    "wildcard above one label",
    "name/wildcard-one-label",
    alert="bad_certificate",
    host="a.localhost",
    chain=Chain(names=("a.localhost",)),
    if_accepted="a star may stand directly below a top-level name",
    if_refused="two labels must follow a star",
)
def wildcard_above_one_label(blueprint: ChainBlueprint) -> None:
    """The only name is ``*.localhost``, for ``a.localhost``."""
    _name(blueprint, "*.localhost")


@observed(
    "wildcard in the common name alone",
    "name/wildcard-cn",
    host="a.example.test",
    chain=Chain(names=("a.example.test",)),
    if_accepted="a star in the common name alone is believed, which RFC 9525 section 6.3 forbids",
    if_refused="a name in the common name is not looked at, as RFC 9525 section 6.3 demands",
)
def wildcard_in_common_name(blueprint: ChainBlueprint) -> None:
    """The common name is ``*.example.test``; there are no subject alternative names."""
    blueprint.leaf.subject = named("*.example.test")
    blueprint.leaf.names = []

"""Leaves whose name is the host's, almost, and lists of names that are long."""

from __future__ import annotations

from cryptography import x509

from connect_harness.certificates.blueprint import ChainBlueprint
from connect_harness.certificates.chain import Chain
from connect_harness.certificates.defects.registry import defect

LOCALHOST = Chain(names=("localhost",))
LONG_READ = "a long list of names is read to its end"
LONG_REFUSED = "a long list of names is too much"


@defect(
    "name in capitals",
    recipe="name/case",
    rule="RFC 9525 6.3",
    clauses=("CA-10",),
    expectation="accepted",
    chain=LOCALHOST,
)
def name_in_capitals(blueprint: ChainBlueprint) -> None:
    """The only name of the leaf is the host in capitals."""
    blueprint.leaf.names = [x509.DNSName("LOCALHOST")]


@defect(
    "name with a NUL",
    recipe="name/nul",
    rule="RFC 9110 4.3.4, RFC 9525 6.3",
    clauses=("CA-10",),
    alert="bad_certificate",
    chain=LOCALHOST,
)
def name_with_a_nul(blueprint: ChainBlueprint) -> None:
    r"""The only name of the leaf is ``localhost\0.other.test``, which is not the host."""
    blueprint.leaf.names = [x509.DNSName("localhost\0.other.test")]


@defect(
    "name with a trailing dot",
    recipe="name/san-trailing-dot",
    clauses=("CA-19",),
    expectation="observe",
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


@defect(
    "a thousand names",
    recipe="name/1000-sans",
    clauses=("CA-19",),
    expectation="observe",
    chain=LOCALHOST,
    if_accepted=LONG_READ,
    if_refused=LONG_REFUSED,
)
def a_thousand_names(blueprint: ChainBlueprint) -> None:
    """The leaf has a thousand names, and the last one is the host."""
    _fill(blueprint, 1_000)


@defect(
    "ten thousand names",
    recipe="name/10000-sans",
    clauses=("CA-19",),
    expectation="observe",
    alert="illegal_parameter",
    chain=LOCALHOST,
    depth="slow",
    if_accepted=LONG_READ,
    if_refused=LONG_REFUSED,
)
def ten_thousand_names(blueprint: ChainBlueprint) -> None:
    """The leaf has ten thousand names, and the last one is the host."""
    _fill(blueprint, 10_000)

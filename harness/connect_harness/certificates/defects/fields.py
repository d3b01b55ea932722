"""Serial numbers, versions and subjects that are odd."""

from __future__ import annotations

from cryptography import x509

from connect_harness.certificates.blueprint import ChainBlueprint
from connect_harness.certificates.chain import Chain
from connect_harness.certificates.defects.registry import defect
from connect_harness.certificates.sound import leaf_subject

BELOW_AN_INTERMEDIATE = Chain(intermediates=1)
SERIAL_IGNORED = "the serial number of a certificate may be any"
SERIAL_READ = "a serial number must be above zero"


@defect(
    "serial number zero",
    recipe="fields/serial-zero",
    clauses=("CA-19",),
    expectation="observe",
    if_accepted=SERIAL_IGNORED,
    if_refused=SERIAL_READ,
)
def serial_zero(blueprint: ChainBlueprint) -> None:
    """The serial number of the leaf is zero."""
    blueprint.leaf.serial_number = 0


@defect(
    "serial number negative",
    recipe="fields/serial-negative",
    clauses=("CA-19",),
    expectation="observe",
    if_accepted=SERIAL_IGNORED,
    if_refused=SERIAL_READ,
)
def serial_negative(blueprint: ChainBlueprint) -> None:
    """The serial number of the leaf is below zero."""
    blueprint.leaf.serial_number = -12345678


@defect(
    "leaf of version 1",
    recipe="fields/version-1-leaf",
    clauses=("CA-19",),
    expectation="observe",
    chain=Chain(names=("localhost",)),
    if_accepted="a certificate of version 1 is believed, with the host in its common name alone",
    if_refused="a server needs a certificate of version 3, or a name beside the common name",
)
def version_1_leaf(blueprint: ChainBlueprint) -> None:
    """The leaf is of version 1: no extensions, and the host in its common name."""
    blueprint.leaf.subject = leaf_subject("localhost", "server")
    blueprint.leaf.version = 1


@defect(
    "intermediate of version 1",
    recipe="fields/version-1-intermediate",
    rule="RFC 5280 6.1.4 (k)",
    clauses=("CA-13",),
    alert="unknown_ca",
    chain=BELOW_AN_INTERMEDIATE,
)
def version_1_intermediate(blueprint: ChainBlueprint) -> None:
    """The intermediate is of version 1: no extension says that it is an authority."""
    blueprint.issuing_intermediate.version = 1


@defect(
    "authority of version 1",
    recipe="fields/version-1-root",
    clauses=("CA-19",),
    expectation="observe",
    alert="unknown_ca",
    tls_defaults=True,
)
def version_1_root(blueprint: ChainBlueprint) -> None:
    """The authority's own certificate is of version 1: it has no extensions."""
    blueprint.root.version = 1


@defect(
    "no subject, critical names",
    recipe="name/empty-subject-san-critical",
    rule="RFC 5280 4.1.2.6, 4.2.1.6",
    clauses=("CA-10",),
    expectation="accepted",
)
def no_subject(blueprint: ChainBlueprint) -> None:
    """The subject of the leaf is empty, and its subject alternative names are critical."""
    blueprint.leaf.subject = x509.Name([])
    blueprint.leaf.extend(x509.SubjectAlternativeName(blueprint.leaf.names), critical=True)


@defect(
    "no subject, names not critical",
    recipe="name/empty-subject-san-noncrit",
    clauses=("CA-19",),
    expectation="observe",
    alert="certificate_unknown",
    tls_defaults=True,
)
def no_subject_names_not_critical(blueprint: ChainBlueprint) -> None:
    """The subject of the leaf is empty, and its subject alternative names are not critical."""
    blueprint.leaf.subject = x509.Name([])

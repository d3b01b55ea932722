"""Path lengths that are met in an odd way, or exceeded further down (RFC 5280 4.2.1.9)."""

from __future__ import annotations

from cryptography import x509

from connect_harness.certificates.blueprint import CertificateBlueprint, ChainBlueprint
from connect_harness.certificates.chain import Chain
from connect_harness.certificates.defects.registry import defect

LENGTH = "RFC 5280 4.2.1.9, 6.1.4 (l), (m)"


def _limit(certificate: CertificateBlueprint, length: int | None) -> None:
    certificate.extend(x509.BasicConstraints(ca=True, path_length=length), critical=True)


@defect(
    "path length of one exceeded",
    recipe="use/path-length-of-one",
    rule=LENGTH,
    clauses=("CA-13",),
    alert="unknown_ca",
    chain=Chain(intermediates=3),
)
def path_length_of_one(blueprint: ChainBlueprint) -> None:
    """The first intermediate allows one more below it, and two follow, which set no limit."""
    first, *below = blueprint.intermediates
    _limit(first, 1)
    for one in below:
        _limit(one, None)


@defect(
    "path length that rises",
    recipe="use/path-length-rises",
    rule=LENGTH,
    expectation="accepted",
    clauses=("CA-13",),
    chain=Chain(intermediates=2),
)
def path_length_rises(blueprint: ChainBlueprint) -> None:
    """The first intermediate allows one more below it, and the second allows two, which does not
    matter: the smaller number holds, and the path keeps to it."""
    first, second = blueprint.intermediates
    _limit(first, 1)
    _limit(second, 2)


@defect(
    "path length and a self-issued intermediate",
    recipe="use/path-length-self-issued",
    rule=LENGTH,
    expectation="accepted",
    clauses=("CA-13",),
    chain=Chain(intermediates=3),
)
def path_length_self_issued(blueprint: ChainBlueprint) -> None:
    """The first intermediate allows one more below it, and two follow, of which one gives the
    first one's name a new key: self-issued certificates do not count."""
    first, self_issued, last = blueprint.intermediates
    _limit(first, 1)
    self_issued.subject = first.subject
    _limit(self_issued, 1)
    _limit(last, 0)

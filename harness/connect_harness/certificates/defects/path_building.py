"""Chains in which a path to the authority has to be found, or in which there is none to find."""

from __future__ import annotations

from cryptography import x509
from cryptography.x509.oid import NameOID

from connect_harness.certificates.blueprint import (
    CertificateBlueprint,
    ChainBlueprint,
    Impostor,
    Issuer,
)
from connect_harness.certificates.chain import Chain
from connect_harness.certificates.defects.constraint_scope import ELSEWHERE, constrain
from connect_harness.certificates.defects.constraints import UNKNOWN
from connect_harness.certificates.defects.registry import defect
from connect_harness.certificates.keys import PrivateKey, new_key
from connect_harness.certificates.sound import key_usage

NO_PATH = "RFC 5280 6.1 (b)"
EXTRAS = "RFC 5280 6.1, RFC 8446 4.4.2"
MANY = 100


def _named(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _someone(text: str) -> Impostor:
    """An authority that nobody trusts, and whose certificate is not sent."""
    return Impostor(_named(text), new_key("ec-p256"))


def _certificate(subject: x509.Name, key: PrivateKey, issuer: Issuer) -> CertificateBlueprint:
    """A certificate of an authority: of ``key``, signed by ``issuer``."""
    made = CertificateBlueprint(subject=subject, issuer=issuer, private_key=key)
    made.extend(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    made.extend(key_usage(key_cert_sign=True, crl_sign=True), critical=True)
    return made


@defect(
    "authorities that sign each other",
    recipe="trust/circle",
    rule=NO_PATH,
    clauses=("CA-6",),
    alert="unknown_ca",
)
def circle(blueprint: ChainBlueprint) -> None:
    """Two authorities signed each other, and one of them the leaf; no path leads out of them."""
    one, other = _someone("Circle 1"), _someone("Circle 2")
    first = _certificate(one.subject, one.private_key, other)
    second = _certificate(other.subject, other.private_key, one)
    blueprint.leaf.issuer = first
    blueprint.sent = [blueprint.leaf, first, second]


@defect(
    "authorities that sign each other beside the path",
    recipe="trust/circle-beside",
    rule=EXTRAS,
    expectation="accepted",
    clauses=("CA-6",),
    chain=Chain(intermediates=1),
)
def circle_beside(blueprint: ChainBlueprint) -> None:
    """The authority is one of three that all signed each other, and these certificates are sent
    too; the path from the leaf to the authority that is trusted is as short as without them."""
    three: list[Issuer] = [blueprint.authority, _someone("Circle 1"), _someone("Circle 2")]
    blueprint.sent += [
        _certificate(one.subject, one.private_key, other)
        for one in three
        for other in three
        if one is not other
    ]


@defect(
    "dead end before the path",
    recipe="trust/dead-end-first",
    expectation="observe",
    clauses=("CA-19",),
    alert="unknown_ca",
    chain=Chain(intermediates=1),
    if_accepted="another certificate of an issuer is tried where the first leads nowhere",
    if_refused="the first certificate of an issuer decides; trying others is advice (RFC 4158)",
)
def dead_end_first(blueprint: ChainBlueprint) -> None:
    """The intermediate was also signed by an authority that nobody knows, and that certificate is
    sent before the one that leads to the authority."""
    right = blueprint.issuing_intermediate
    astray = _certificate(right.subject, right.private_key, _someone("Nobody"))
    blueprint.sent.insert(1, astray)


@defect(
    "constrained way before the path",
    recipe="trust/constrained-way-first",
    expectation="observe",
    clauses=("CA-19",),
    alert="certificate_unknown",
    chain=Chain(intermediates=1),
    if_accepted="another certificate of an issuer is tried where names rule out the first",
    if_refused="the first path that leads to the authority decides, although its names do not fit",
)
def constrained_way_first(blueprint: ChainBlueprint) -> None:
    """The intermediate was also signed by one that permits only other names, below the same
    authority, and these two certificates are sent before the one that leads there directly."""
    right = blueprint.issuing_intermediate
    narrow = _certificate(_named("Narrow"), new_key("ec-p256"), blueprint.authority)
    constrain(narrow, permitted=[ELSEWHERE])
    astray = _certificate(right.subject, right.private_key, narrow)
    blueprint.sent[1:1] = [astray, narrow]


@defect(
    "unknown critical extension beside the path",
    recipe="use/unknown-critical-beside",
    rule=EXTRAS,
    expectation="accepted",
    clauses=("CA-6",),
    chain=Chain(intermediates=1),
)
def unknown_critical_beside(blueprint: ChainBlueprint) -> None:
    """Another intermediate is sent too, with a critical extension that nobody knows; it issued
    nothing here."""
    unused = _certificate(_named("Unused"), new_key("ec-p256"), blueprint.authority)
    unused.extend(UNKNOWN, critical=True)
    blueprint.sent.append(unused)


@defect(
    "unknown critical extension of another authority",
    recipe="use/unknown-critical-other-root",
    rule="RFC 5280 6.1",
    expectation="accepted",
    clauses=("CA-5",),
    chain=Chain(cross_signed_by="another authority"),
    given=("another authority", "authority"),
)
def unknown_critical_on_other_root(blueprint: ChainBlueprint) -> None:
    """The file also holds an authority whose own certificate has a critical extension that nobody
    knows; nothing here leads to it."""
    _, cross_signed = blueprint.crossing
    blueprint.sent.remove(cross_signed)
    blueprint.cross_root.extend(UNKNOWN, critical=True)


@defect(
    "hundred authorities of one name and key",
    recipe="trust/hundred-of-one-name",
    rule=NO_PATH,
    clauses=("CA-6",),
    alert="unknown_ca",
)
def hundred_of_one_name(blueprint: ChainBlueprint) -> None:
    """A hundred certificates of authorities are sent, of one subject and one key, so that by name
    and signature each may have issued each; none of them is trusted."""
    one = _someone("Many")
    many = [_certificate(one.subject, one.private_key, one) for _ in range(MANY)]
    blueprint.leaf.issuer = one
    blueprint.sent = [blueprint.leaf, *many]


@defect(
    "issuer without a name",
    recipe="trust/issuer-empty",
    rule="RFC 5280 4.1.2.4, 6.1.3 (a)(4)",
    clauses=("CA-6",),
    alert="unknown_ca",
)
def issuer_empty(blueprint: ChainBlueprint) -> None:
    """The leaf names nobody as its issuer; its signature is the authority's, and it points to the
    authority's key."""
    blueprint.leaf.issuer = Impostor(x509.Name([]), blueprint.authority.private_key)

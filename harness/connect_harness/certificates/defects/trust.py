"""Chains that do not lead to the authority, send too much, or hide the path among others."""

from __future__ import annotations

from functools import partial

from cryptography import x509

from connect_harness.certificates.blueprint import (
    CertificateBlueprint,
    ChainBlueprint,
    Impostor,
    Issuer,
    authority_blueprint,
    named,
)
from connect_harness.certificates.chain import Chain
from connect_harness.certificates.defects.constraints import UNKNOWN
from connect_harness.certificates.defects.name_constraints import ELSEWHERE, constrain
from connect_harness.certificates.defects.registry import (
    ONE_INTERMEDIATE,
    TWO_INTERMEDIATES,
    Defect,
    accepted,
    observed,
)
from connect_harness.certificates.defects.validity import LONG_AGO
from connect_harness.certificates.keys import new_key

NO_PATH = "RFC 5280 6.1 (b)"
NOT_SENT = f"{NO_PATH}, RFC 8446 4.4.2"
SIGNATURE = "RFC 5280 6.1.3 (a)(1)"
EXTRAS = "RFC 5280 6.1, RFC 8446 4.4.2"
MANY = 100
CROSS_SIGNED = Chain(cross_signed_by="old authority")

no_path = partial(Defect, clause="CA-6", rule=NO_PATH, alert="unknown_ca")
forged = partial(Defect, clause="CA-3", rule=SIGNATURE, alert="decrypt_error")
superfluous = partial(
    Defect, clause="CA-6", rule=EXTRAS, expectation="accepted", chain=ONE_INTERMEDIATE
)
odd_message = partial(
    Defect, clause="CA-6", rule="RFC 8446 4.4.2", expectation="accepted", chain=ONE_INTERMEDIATE
)
two_paths = partial(
    Defect,
    expectation="observe",
    chain=CROSS_SIGNED,
    if_accepted="it finds the path that is valid beside the one that is not",
    if_refused="it looks at one path alone, and that one is not valid",
)


def _stranger(text: str) -> Impostor:
    """An authority that is not trusted, and whose certificate is not sent."""
    return Impostor(named(text), new_key("ec-p256"))


@no_path(
    "intermediate not sent",
    "trust/missing-intermediate",
    rule=NOT_SENT,
    chain=ONE_INTERMEDIATE,
    depth="default",
)
def intermediate_not_sent(blueprint: ChainBlueprint) -> None:
    """The intermediate that issued the leaf is not sent, and nothing says where to fetch it."""
    blueprint.sent.remove(blueprint.issuing_intermediate)


@accepted(
    "intermediate in the authority file alone",
    "trust/intermediate-in-bundle",
    clause="CA-5",
    rule="RFC 5280 6.1.1 (d)",
    chain=ONE_INTERMEDIATE,
    given=("authority", "the intermediate"),
    depth="default",
)
def intermediate_in_the_file(blueprint: ChainBlueprint) -> None:
    """The intermediate is not sent; it stands in the client's file, after the authority."""
    blueprint.sent.remove(blueprint.issuing_intermediate)


@no_path("self-signed leaf", "trust/self-signed", clause="CA-14", depth="core")
def self_signed(blueprint: ChainBlueprint) -> None:
    """The leaf is signed with its own key, names itself as its issuer, and is sent alone."""
    blueprint.leaf.issuer = blueprint.leaf
    blueprint.sent = [blueprint.leaf]


@observed(
    "self-signed leaf given as authority",
    "trust/self-signed-pinned",
    given=("the leaf",),
    if_accepted="whatever stands in the file is believed as it stands",
    if_refused="what stands in the file must be an authority",
)
def self_signed_given(blueprint: ChainBlueprint) -> None:
    """The leaf is signed with its own key, is no authority, and is all that the file holds."""
    self_signed(blueprint)


@observed(
    "self-signed authority presented and given",
    "trust/self-signed-ca-pinned",
    given=("the leaf",),
    if_accepted="an authority may present its own certificate as a server",
    if_refused="an authority may not present its own certificate as a server",
)
def self_signed_authority_given(blueprint: ChainBlueprint) -> None:
    """The leaf is signed with its own key, says that it is an authority, and is in the file."""
    self_signed(blueprint)
    blueprint.leaf.extend(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    blueprint.leaf.leave_out(x509.KeyUsage)


def _sign_by_an_impostor(blueprint: ChainBlueprint) -> None:
    blueprint.leaf.issuer = Impostor(blueprint.authority.subject, new_key("ec-p256"))


@forged(
    "signed in the name of the authority with another key",
    "trust/same-name-ca-aki",
    alert="unknown_ca",
    depth="default",
)
def impostor(blueprint: ChainBlueprint) -> None:
    """The issuer of the leaf has the authority's name and another key, which the leaf names."""
    _sign_by_an_impostor(blueprint)


@forged(
    "signed with another key, no key identifiers",
    "trust/same-name-ca-no-aki",
    strict_alert="certificate_unknown",
)
def impostor_without_identifiers(blueprint: ChainBlueprint) -> None:
    """The issuer of the leaf has the authority's name and another key; no identifier shows it."""
    _sign_by_an_impostor(blueprint)
    blueprint.leaf.leave_out(x509.AuthorityKeyIdentifier, x509.SubjectKeyIdentifier)


@forged("signed with another key, forged key identifier", "trust/same-name-ca-forged-aki")
def impostor_with_forged_identifier(blueprint: ChainBlueprint) -> None:
    """The leaf names the authority and its key, and was signed with another key."""
    _sign_by_an_impostor(blueprint)
    real = blueprint.authority.private_key.public_key()
    blueprint.leaf.extend(x509.AuthorityKeyIdentifier.from_issuer_public_key(real), critical=False)


@odd_message("authority sent too", "trust/root-sent-too", clause="CA-1")
def authority_sent_too(blueprint: ChainBlueprint) -> None:
    """The authority's own certificate is sent after the intermediate."""
    blueprint.sent.append(blueprint.authority.certificate)


@odd_message("unrelated certificate sent too", "trust/unrelated-extra-cert", clause="CA-1")
def unrelated_sent_too(blueprint: ChainBlueprint) -> None:
    """An unrelated self-signed certificate is sent between the leaf and its issuer."""
    stranger = _stranger("somebody else")
    unrelated = CertificateBlueprint(stranger.subject, stranger, stranger.private_key)
    blueprint.sent.insert(1, unrelated)


@odd_message("intermediates in the wrong order", "trust/chain-reversed", chain=TWO_INTERMEDIATES)
def wrong_order(blueprint: ChainBlueprint) -> None:
    """After the leaf, the intermediates are sent from the upper to the lower."""
    blueprint.sent = [blueprint.leaf, *blueprint.intermediates]


@odd_message("intermediate sent twice", "trust/intermediate-twice")
def intermediate_sent_twice(blueprint: ChainBlueprint) -> None:
    """The intermediate that issued the leaf is sent twice."""
    blueprint.sent.append(blueprint.issuing_intermediate)


@no_path(
    "cross-signed certificate not sent",
    "trust/cross-signed-missing",
    rule=NOT_SENT,
    chain=CROSS_SIGNED,
    given=("old authority",),
)
def cross_signed_not_sent(blueprint: ChainBlueprint) -> None:
    """The client trusts the old authority alone, and what it signed across is not sent."""
    _, cross_signed = blueprint.crossing
    blueprint.sent.remove(cross_signed)


@Defect(
    "cross-signed certificate expired, old authority alone trusted",
    "trust/cross-signed-expired",
    clause="CA-12",
    rule="RFC 5280 6.1.3 (a)(2)",
    alert="certificate_expired",
    chain=CROSS_SIGNED,
    given=("old authority",),
)
def cross_signed_expired(blueprint: ChainBlueprint) -> None:
    """The client trusts the old authority alone; what it signed across was valid until 2009."""
    _, cross_signed = blueprint.crossing
    cross_signed.not_after = LONG_AGO


@two_paths(
    "cross-signed certificate expired, new authority trusted", "trust/cross-signed-expired-path"
)
def cross_signed_expired_beside_a_path(blueprint: ChainBlueprint) -> None:
    """The client trusts the new authority; what the old one signed across was valid until 2009."""
    cross_signed_expired(blueprint)


@two_paths(
    "old authority expired, both trusted",
    "trust/cross-signed-both-trusted",
    given=("old authority", "authority"),
)
def old_authority_expired(blueprint: ChainBlueprint) -> None:
    """The client trusts both authorities; the old one's own certificate was valid until 2009."""
    blueprint.cross_root.not_after = LONG_AGO


@no_path("authorities that sign each other", "trust/circle")
def circle(blueprint: ChainBlueprint) -> None:
    """Two authorities signed each other, and one of them the leaf; no path leads out of them."""
    left, right = _stranger("Circle 1"), _stranger("Circle 2")
    first = authority_blueprint(left.subject, right, left.private_key)
    second = authority_blueprint(right.subject, left, right.private_key)
    blueprint.leaf.issuer = first
    blueprint.sent = [blueprint.leaf, first, second]


@superfluous("authorities that sign each other beside the path", "trust/circle-beside")
def circle_beside(blueprint: ChainBlueprint) -> None:
    """The authority is one of three that all signed each other, and these certificates are sent
    too; the path from the leaf to the authority that is trusted is as short as without them."""
    three: list[Issuer] = [blueprint.authority, _stranger("Circle 1"), _stranger("Circle 2")]
    blueprint.sent += [
        authority_blueprint(subject.subject, issuer, subject.private_key)
        for subject in three
        for issuer in three
        if subject is not issuer
    ]


@observed(
    "dead end before the path",
    "trust/dead-end-first",
    alert="unknown_ca",
    chain=ONE_INTERMEDIATE,
    if_accepted="another certificate of an issuer is tried where the first leads nowhere",
    if_refused="the first certificate of an issuer decides; trying others is advice (RFC 4158)",
)
def dead_end_first(blueprint: ChainBlueprint) -> None:
    """The intermediate was also signed by an unknown authority, and that certificate is
    sent before the one that leads to the authority."""
    right = blueprint.issuing_intermediate
    astray = authority_blueprint(right.subject, _stranger("Nobody"), right.private_key)
    blueprint.sent.insert(1, astray)


@observed(
    "constrained way before the path",
    "trust/constrained-way-first",
    alert="certificate_unknown",
    chain=ONE_INTERMEDIATE,
    if_accepted="another certificate of an issuer is tried where names rule out the first",
    if_refused="the first path that leads to the authority decides, although its names do not fit",
)
def constrained_way_first(blueprint: ChainBlueprint) -> None:
    """The intermediate was also signed by one that permits only other names, below the same
    authority, and these two certificates are sent before the one that leads there directly."""
    right = blueprint.issuing_intermediate
    narrow = authority_blueprint(named("Narrow"), blueprint.authority, new_key("ec-p256"))
    constrain(narrow, permitted=[ELSEWHERE])
    astray = authority_blueprint(right.subject, narrow, right.private_key)
    blueprint.sent[1:1] = [astray, narrow]


@superfluous("unknown critical extension beside the path", "use/unknown-critical-beside")
def unknown_critical_beside(blueprint: ChainBlueprint) -> None:
    """Another intermediate is sent too, with a critical extension of an unknown type; it
    issued no certificate here."""
    unused = authority_blueprint(named("Unused"), blueprint.authority, new_key("ec-p256"))
    unused.extend(UNKNOWN, critical=True)
    blueprint.sent.append(unused)


@accepted(
    "unknown critical extension of another authority",
    "use/unknown-critical-other-root",
    clause="CA-5",
    rule="RFC 5280 6.1",
    chain=Chain(cross_signed_by="another authority"),
    given=("another authority", "authority"),
)
def unknown_critical_on_other_root(blueprint: ChainBlueprint) -> None:
    """The file also holds an authority whose own certificate has a critical extension of an
    unknown type; no path here leads to it."""
    _, cross_signed = blueprint.crossing
    blueprint.sent.remove(cross_signed)
    blueprint.cross_root.extend(UNKNOWN, critical=True)


@no_path("hundred authorities of one name and key", "trust/hundred-of-one-name")
def hundred_of_one_name(blueprint: ChainBlueprint) -> None:
    """A hundred certificates of authorities are sent, of one subject and one key, so that by name
    and signature each may have issued each other one; the client does not trust them."""
    issuer = _stranger("Many")
    key = issuer.private_key
    many = [authority_blueprint(issuer.subject, issuer, key) for _ in range(MANY)]
    blueprint.leaf.issuer = issuer
    blueprint.sent = [blueprint.leaf, *many]


@no_path("issuer without a name", "trust/issuer-empty", rule="RFC 5280 4.1.2.4, 6.1.3 (a)(4)")
def issuer_empty(blueprint: ChainBlueprint) -> None:
    """The issuer of the leaf is an empty name; the authority signed it, and its key identifier is
    that of the authority."""
    blueprint.leaf.issuer = Impostor(x509.Name([]), blueprint.authority.private_key)

"""Chains that do not lead to the authority, and chains that send more than it takes."""

from __future__ import annotations

from cryptography import x509

from connect_harness.certificates.blueprint import ChainBlueprint, Impostor
from connect_harness.certificates.chain import Chain
from connect_harness.certificates.defects.registry import defect
from connect_harness.certificates.keys import new_key
from connect_harness.certificates.sound import sound_unrelated

BELOW_AN_INTERMEDIATE = Chain(intermediates=1)
ANCHOR_BELIEVED = "whatever stands in the file is believed as it stands"
ANCHOR_REFUSED = "what stands in the file must be an authority"


@defect(
    "intermediate not sent",
    recipe="trust/missing-intermediate",
    rule="RFC 5280 6.1 (b), RFC 8446 4.4.2",
    clauses=("CA-6",),
    alert="unknown_ca",
    chain=BELOW_AN_INTERMEDIATE,
    depth="default",
)
def intermediate_not_sent(blueprint: ChainBlueprint) -> None:
    """The intermediate that issued the leaf is not sent, and nothing says where to fetch it."""
    blueprint.sent.remove(blueprint.issuing_intermediate)


@defect(
    "intermediate in the authority file alone",
    recipe="trust/intermediate-in-bundle",
    rule="RFC 5280 6.1.1 (d)",
    clauses=("CA-5", "CA-6"),
    expectation="accepted",
    chain=BELOW_AN_INTERMEDIATE,
    given=("authority", "the intermediate"),
    depth="default",
)
def intermediate_in_the_file(blueprint: ChainBlueprint) -> None:
    """The intermediate is not sent; it stands in the client's file, after the authority."""
    blueprint.sent.remove(blueprint.issuing_intermediate)


@defect(
    "self-signed leaf",
    recipe="trust/self-signed",
    rule="RFC 5280 6.1 (b)",
    clauses=("CA-14",),
    alert="unknown_ca",
    depth="core",
)
def self_signed(blueprint: ChainBlueprint) -> None:
    """The leaf is signed with its own key, names itself as its issuer, and is sent alone."""
    blueprint.leaf.issuer = blueprint.leaf
    blueprint.sent = [blueprint.leaf]


@defect(
    "self-signed leaf given as authority",
    recipe="trust/self-signed-pinned",
    clauses=("CA-19",),
    expectation="observe",
    given=("the leaf",),
    if_accepted=ANCHOR_BELIEVED,
    if_refused=ANCHOR_REFUSED,
)
def self_signed_given(blueprint: ChainBlueprint) -> None:
    """The leaf is signed with its own key, is no authority, and is all that the file holds."""
    self_signed(blueprint)


@defect(
    "self-signed authority presented and given",
    recipe="trust/self-signed-ca-pinned",
    clauses=("CA-19",),
    expectation="observe",
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


@defect(
    "signed in the name of the authority with another key",
    recipe="trust/same-name-ca-aki",
    rule="RFC 5280 6.1.3 (a)(1)",
    clauses=("CA-3",),
    alert="unknown_ca",
    depth="default",
)
def impostor(blueprint: ChainBlueprint) -> None:
    """The issuer of the leaf has the authority's name and another key, which the leaf names."""
    _sign_by_an_impostor(blueprint)


@defect(
    "signed with another key, no key identifiers",
    recipe="trust/same-name-ca-no-aki",
    rule="RFC 5280 6.1.3 (a)(1)",
    clauses=("CA-3",),
    alert="decrypt_error",
    strict_alert="certificate_unknown",
)
def impostor_without_identifiers(blueprint: ChainBlueprint) -> None:
    """The issuer of the leaf has the authority's name and another key; no identifier tells."""
    _sign_by_an_impostor(blueprint)
    blueprint.leaf.leave_out(x509.AuthorityKeyIdentifier, x509.SubjectKeyIdentifier)


@defect(
    "signed with another key, forged key identifier",
    recipe="trust/same-name-ca-forged-aki",
    rule="RFC 5280 6.1.3 (a)(1)",
    clauses=("CA-3",),
    alert="decrypt_error",
)
def impostor_with_forged_identifier(blueprint: ChainBlueprint) -> None:
    """The leaf names the authority and its key, and was signed by somebody with another key."""
    _sign_by_an_impostor(blueprint)
    real = blueprint.authority.private_key.public_key()
    blueprint.leaf.extend(x509.AuthorityKeyIdentifier.from_issuer_public_key(real), critical=False)


@defect(
    "authority sent too",
    recipe="trust/root-sent-too",
    rule="RFC 8446 4.4.2",
    clauses=("CA-1",),
    expectation="accepted",
    chain=BELOW_AN_INTERMEDIATE,
)
def authority_sent_too(blueprint: ChainBlueprint) -> None:
    """The authority's own certificate is sent after the intermediate."""
    blueprint.sent.append(blueprint.authority.certificate)


@defect(
    "unrelated certificate sent too",
    recipe="trust/unrelated-extra-cert",
    rule="RFC 8446 4.4.2",
    clauses=("CA-1",),
    expectation="accepted",
    chain=BELOW_AN_INTERMEDIATE,
)
def unrelated_sent_too(blueprint: ChainBlueprint) -> None:
    """A self-signed certificate of somebody else is sent between the leaf and its issuer."""
    blueprint.sent.insert(1, sound_unrelated())


@defect(
    "intermediates in the wrong order",
    recipe="trust/chain-reversed",
    rule="RFC 8446 4.4.2",
    clauses=("CA-6",),
    expectation="accepted",
    chain=Chain(intermediates=2),
)
def wrong_order(blueprint: ChainBlueprint) -> None:
    """After the leaf, the intermediates are sent from the upper to the lower."""
    blueprint.sent = [blueprint.leaf, *blueprint.intermediates]


@defect(
    "intermediate sent twice",
    recipe="trust/intermediate-twice",
    rule="RFC 8446 4.4.2",
    clauses=("CA-6",),
    expectation="accepted",
    chain=BELOW_AN_INTERMEDIATE,
)
def intermediate_sent_twice(blueprint: ChainBlueprint) -> None:
    """The intermediate that issued the leaf is sent twice."""
    blueprint.sent.append(blueprint.issuing_intermediate)

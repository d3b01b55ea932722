"""Chains that do not lead to the authority."""

from __future__ import annotations

from connect_harness.certificates.blueprint import ChainBlueprint
from connect_harness.certificates.chain import Chain
from connect_harness.certificates.defects.registry import defect


@defect(
    "intermediate not sent",
    recipe="trust/missing-intermediate",
    rule="RFC 5280 6.1 (b), RFC 8446 4.4.2",
    clauses=("CA-6",),
    alert="unknown_ca",
    chain=Chain(intermediates=1),
)
def intermediate_not_sent(blueprint: ChainBlueprint) -> None:
    """The intermediate that issued the leaf is not sent, and nothing says where to fetch it."""
    blueprint.sent.remove(blueprint.issuing_intermediate)


@defect(
    "self-signed leaf",
    recipe="trust/self-signed",
    rule="RFC 5280 6.1 (b)",
    clauses=("CA-14",),
    alert="unknown_ca",
)
def self_signed(blueprint: ChainBlueprint) -> None:
    """The leaf is signed with its own key, names itself as its issuer, and is sent alone."""
    blueprint.leaf.issuer = blueprint.leaf
    blueprint.sent = [blueprint.leaf]

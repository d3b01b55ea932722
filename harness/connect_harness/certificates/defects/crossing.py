"""Authorities whose key was signed by two: the old authority and themselves."""

from __future__ import annotations

from connect_harness.certificates.blueprint import ChainBlueprint
from connect_harness.certificates.chain import Chain
from connect_harness.certificates.defects.registry import defect
from connect_harness.certificates.defects.validity import LONG_AGO

CROSS_SIGNED = Chain(cross_signed_by="old authority")
OTHER_PATH_FOUND = "it finds the path that is valid beside the one that is not"
OTHER_PATH_MISSED = "it looks at one path alone, and that one is not valid"


@defect(
    "cross-signed certificate not sent",
    recipe="trust/cross-signed-missing",
    rule="RFC 5280 6.1 (b), RFC 8446 4.4.2",
    clauses=("CA-6",),
    alert="unknown_ca",
    chain=CROSS_SIGNED,
    given=("old authority",),
)
def cross_signed_not_sent(blueprint: ChainBlueprint) -> None:
    """The client trusts the old authority alone, and what it signed across is not sent."""
    _, cross_signed = blueprint.crossing
    blueprint.sent.remove(cross_signed)


@defect(
    "cross-signed certificate expired, old authority alone trusted",
    recipe="trust/cross-signed-expired",
    rule="RFC 5280 6.1.3 (a)(2)",
    clauses=("CA-12",),
    alert="certificate_expired",
    chain=CROSS_SIGNED,
    given=("old authority",),
)
def cross_signed_expired(blueprint: ChainBlueprint) -> None:
    """The client trusts the old authority alone; what it signed across was valid until 2009."""
    _, cross_signed = blueprint.crossing
    cross_signed.not_after = LONG_AGO


@defect(
    "cross-signed certificate expired, new authority trusted",
    recipe="trust/cross-signed-expired-path",
    clauses=("CA-19",),
    expectation="observe",
    chain=CROSS_SIGNED,
    if_accepted=OTHER_PATH_FOUND,
    if_refused=OTHER_PATH_MISSED,
)
def cross_signed_expired_beside_a_path(blueprint: ChainBlueprint) -> None:
    """The client trusts the new authority; what the old one signed across was valid until 2009."""
    cross_signed_expired(blueprint)


@defect(
    "old authority expired, both trusted",
    recipe="trust/cross-signed-both-trusted",
    clauses=("CA-19",),
    expectation="observe",
    chain=CROSS_SIGNED,
    given=("old authority", "authority"),
    if_accepted=OTHER_PATH_FOUND,
    if_refused=OTHER_PATH_MISSED,
)
def old_authority_expired(blueprint: ChainBlueprint) -> None:
    """The client trusts both authorities; the old one's own certificate was valid until 2009."""
    blueprint.cross_root.not_after = LONG_AGO

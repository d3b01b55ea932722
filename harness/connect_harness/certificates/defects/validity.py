"""Certificates whose time is over or has not come, by years and never by seconds."""

from __future__ import annotations

from datetime import UTC, datetime

from connect_harness.certificates.blueprint import ChainBlueprint
from connect_harness.certificates.chain import Chain
from connect_harness.certificates.defects.registry import defect

LONG_AGO = datetime(2010, 1, 1, tzinfo=UTC)
FAR_AHEAD = datetime(2900, 1, 1, tzinfo=UTC)


@defect(
    "leaf expired",
    recipe="time/expired",
    rule="RFC 5280 6.1.3 (a)(2)",
    clauses=("CA-12", "MTLS-4"),
    alert="certificate_expired",
    depth="default",
)
def leaf_expired(blueprint: ChainBlueprint) -> None:
    """The leaf, a server's or a client's, was valid until the end of 2009."""
    blueprint.leaf.not_after = LONG_AGO


@defect(
    "leaf not yet valid",
    recipe="time/not-yet",
    rule="RFC 5280 6.1.3 (a)(2)",
    clauses=("CA-12",),
    alert="bad_certificate",
    depth="default",
)
def leaf_not_yet_valid(blueprint: ChainBlueprint) -> None:
    """The leaf is valid from 2900."""
    blueprint.leaf.not_before = FAR_AHEAD


@defect(
    "intermediate expired",
    recipe="time/expired-intermediate",
    rule="RFC 5280 6.1.3 (a)(2)",
    clauses=("CA-12",),
    alert="certificate_expired",
    chain=Chain(intermediates=1),
)
def intermediate_expired(blueprint: ChainBlueprint) -> None:
    """The intermediate that issued the leaf was valid until the end of 2009; the leaf is valid."""
    blueprint.issuing_intermediate.not_after = LONG_AGO


@defect(
    "intermediate not yet valid",
    recipe="time/not-yet-intermediate",
    rule="RFC 5280 6.1.3 (a)(2)",
    clauses=("CA-12",),
    alert="bad_certificate",
    chain=Chain(intermediates=1),
)
def intermediate_not_yet_valid(blueprint: ChainBlueprint) -> None:
    """The intermediate that issued the leaf is valid from 2900; the leaf is valid now."""
    blueprint.issuing_intermediate.not_before = FAR_AHEAD


@defect(
    "authority expired",
    recipe="time/expired-root",
    clauses=("CA-19",),
    expectation="observe",
    alert="certificate_expired",
    if_accepted="the time of a trust anchor is not looked at",
    if_refused="the time of a trust anchor is looked at",
)
def authority_expired(blueprint: ChainBlueprint) -> None:
    """The authority's own certificate, which the client was given, was valid until 2009."""
    blueprint.root.not_after = LONG_AGO


@defect(
    "authority not yet valid",
    recipe="time/not-yet-root",
    clauses=("CA-19",),
    expectation="observe",
    alert="bad_certificate",
    if_accepted="the time of a trust anchor is not looked at",
    if_refused="the time of a trust anchor is looked at",
)
def authority_not_yet_valid(blueprint: ChainBlueprint) -> None:
    """The authority's own certificate, which the client was given, is valid from 2900."""
    blueprint.root.not_before = FAR_AHEAD

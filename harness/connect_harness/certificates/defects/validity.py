"""Certificates that are expired or not yet valid, by years and never by seconds; revoked ones."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID

from connect_harness.certificates.authority import REVOKED_SERIAL
from connect_harness.certificates.blueprint import ChainBlueprint
from connect_harness.certificates.defects.registry import ONE_INTERMEDIATE, Defect, observed

LONG_AGO = datetime(2010, 1, 1, tzinfo=UTC)
FAR_AHEAD = datetime(2900, 1, 1, tzinfo=UTC)
TIME = "RFC 5280 6.1.3 (a)(2)"
# The discard port, on which nothing listens; and a name that never resolves (RFC 6761 6.4).
UNREACHABLE = "http://127.0.0.1:9/revoked.crl"
UNRESOLVABLE = "http://nowhere.invalid/revoked.crl"

expired = partial(Defect, clause="CA-12", rule=TIME, alert="certificate_expired")
not_yet = partial(Defect, clause="CA-12", rule=TIME, alert="bad_certificate")
anchor_time = partial(
    Defect,
    expectation="observe",
    if_accepted="the time of a trust anchor is not looked at",
    if_refused="the time of a trust anchor is looked at",
)
status_unknown = partial(
    Defect,
    expectation="observe",
    if_accepted="it does not ask whether a certificate is revoked",
    if_refused="it refuses a certificate if no server confirms that it is not revoked",
)


@expired("leaf expired", "time/expired", depth="default")
def leaf_expired(blueprint: ChainBlueprint) -> None:
    """The leaf, a server's or a client's, was valid until the end of 2009."""
    blueprint.leaf.not_after = LONG_AGO


@not_yet("leaf not yet valid", "time/not-yet", depth="default")
def leaf_not_yet_valid(blueprint: ChainBlueprint) -> None:
    """The leaf is valid from 2900."""
    blueprint.leaf.not_before = FAR_AHEAD


@expired("intermediate expired", "time/expired-intermediate", chain=ONE_INTERMEDIATE)
def intermediate_expired(blueprint: ChainBlueprint) -> None:
    """The intermediate that issued the leaf was valid until the end of 2009; the leaf is valid."""
    blueprint.issuing_intermediate.not_after = LONG_AGO


@not_yet("intermediate not yet valid", "time/not-yet-intermediate", chain=ONE_INTERMEDIATE)
def intermediate_not_yet_valid(blueprint: ChainBlueprint) -> None:
    """The intermediate that issued the leaf is valid from 2900; the leaf is valid now."""
    blueprint.issuing_intermediate.not_before = FAR_AHEAD


@anchor_time("authority expired", "time/expired-root", alert="certificate_expired")
def authority_expired(blueprint: ChainBlueprint) -> None:
    """The authority's own certificate, which the client was given, was valid until 2009."""
    blueprint.root.not_after = LONG_AGO


@anchor_time("authority not yet valid", "time/not-yet-root", alert="bad_certificate")
def authority_not_yet_valid(blueprint: ChainBlueprint) -> None:
    """The authority's own certificate, which the client was given, is valid from 2900."""
    blueprint.root.not_before = FAR_AHEAD


@status_unknown(
    "revoked", "rev/revoked-default", if_refused="it finds out about the revocation by itself"
)
def revoked(blueprint: ChainBlueprint) -> None:
    """The leaf stands in its authority's revocation list, which no client is given."""
    if blueprint.intermediates:
        raise ValueError("an intermediate keeps no revocation list: Chain(intermediates=0)")
    blueprint.leaf.serial_number = REVOKED_SERIAL


def _point_to(blueprint: ChainBlueprint, url: str) -> None:
    where = [x509.UniformResourceIdentifier(url)]
    point = x509.DistributionPoint(where, relative_name=None, reasons=None, crl_issuer=None)
    blueprint.leaf.extend(x509.CRLDistributionPoints([point]), critical=False)


@status_unknown("revocation list that nobody serves", "rev/list-unreachable")
def revocation_list_unreachable(blueprint: ChainBlueprint) -> None:
    """The leaf says that its revocation list is on a port on which nothing listens."""
    _point_to(blueprint, UNREACHABLE)


@status_unknown("revocation list of no host", "rev/list-unresolvable")
def revocation_list_unresolvable(blueprint: ChainBlueprint) -> None:
    """The leaf says that its revocation list is on a host whose name never resolves."""
    _point_to(blueprint, UNRESOLVABLE)


@status_unknown("responder that nobody serves", "rev/responder-unreachable")
def responder_unreachable(blueprint: ChainBlueprint) -> None:
    """The leaf says that its OCSP responder is on a port on which nothing listens."""
    where = x509.UniformResourceIdentifier("http://127.0.0.1:9/")
    access = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, where)
    blueprint.leaf.extend(x509.AuthorityInformationAccess([access]), critical=False)


@observed(
    "must-staple without a staple",
    "use/must-staple",
    if_accepted="a status that must be stapled is not asked for",
    if_refused="a status that must be stapled is missed, as RFC 7633 section 4.2.3.1 has it",
)
def must_staple(blueprint: ChainBlueprint) -> None:
    """The leaf demands that its OCSP status is stapled (RFC 7633), and none is."""
    feature = x509.TLSFeature([x509.TLSFeatureType.status_request])
    blueprint.leaf.extend(feature, critical=False)

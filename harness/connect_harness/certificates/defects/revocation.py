"""Leaves that are revoked, or say where to ask whether they are."""

from __future__ import annotations

from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID

from connect_harness.certificates.blueprint import ChainBlueprint
from connect_harness.certificates.defects.registry import defect
from connect_harness.certificates.fixed import REVOKED_SERIAL

UNASKED = "nobody is asked whether a certificate is revoked"
ASKED = "a certificate is refused if nobody says that it is not revoked"
# The discard port, on which nothing listens; and a name that never resolves (RFC 6761 6.4).
UNREACHABLE = "http://127.0.0.1:9/revoked.crl"
UNRESOLVABLE = "http://nowhere.invalid/revoked.crl"


@defect(
    "revoked",
    recipe="rev/revoked-default",
    clauses=("CA-19",),
    expectation="observe",
    if_accepted=UNASKED,
    if_refused="it learns of a revocation that it was not told",
)
def revoked(blueprint: ChainBlueprint) -> None:
    """The leaf stands in its authority's revocation list, which no client is given.

    Raises:
        ValueError: An intermediate issued it, and those keep no list.
    """
    if blueprint.intermediates:
        raise ValueError("an intermediate keeps no revocation list: Chain(intermediates=0)")
    blueprint.leaf.serial_number = REVOKED_SERIAL


def _point_to(blueprint: ChainBlueprint, url: str) -> None:
    where = [x509.UniformResourceIdentifier(url)]
    point = x509.DistributionPoint(where, relative_name=None, reasons=None, crl_issuer=None)
    blueprint.leaf.extend(x509.CRLDistributionPoints([point]), critical=False)


@defect(
    "revocation list that nobody serves",
    recipe="rev/list-unreachable",
    clauses=("CA-19",),
    expectation="observe",
    if_accepted=UNASKED,
    if_refused=ASKED,
)
def revocation_list_unreachable(blueprint: ChainBlueprint) -> None:
    """The leaf says that its revocation list is on a port on which nothing listens."""
    _point_to(blueprint, UNREACHABLE)


@defect(
    "revocation list of no host",
    recipe="rev/list-unresolvable",
    clauses=("CA-19",),
    expectation="observe",
    if_accepted=UNASKED,
    if_refused=ASKED,
)
def revocation_list_unresolvable(blueprint: ChainBlueprint) -> None:
    """The leaf says that its revocation list is on a host whose name never resolves."""
    _point_to(blueprint, UNRESOLVABLE)


@defect(
    "responder that nobody serves",
    recipe="rev/responder-unreachable",
    clauses=("CA-19",),
    expectation="observe",
    if_accepted=UNASKED,
    if_refused=ASKED,
)
def responder_unreachable(blueprint: ChainBlueprint) -> None:
    """The leaf says that its OCSP responder is on a port on which nothing listens."""
    where = x509.UniformResourceIdentifier("http://127.0.0.1:9/")
    access = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, where)
    blueprint.leaf.extend(x509.AuthorityInformationAccess([access]), critical=False)


@defect(
    "must-staple without a staple",
    recipe="use/must-staple",
    clauses=("CA-19",),
    expectation="observe",
    if_accepted="a status that must be stapled is not asked for",
    if_refused="a status that must be stapled is missed, as RFC 7633 section 4.2.3.1 has it",
)
def must_staple(blueprint: ChainBlueprint) -> None:
    """The leaf demands that its OCSP status is stapled (RFC 7633), and none is."""
    feature = x509.TLSFeature([x509.TLSFeatureType.status_request])
    blueprint.leaf.extend(feature, critical=False)

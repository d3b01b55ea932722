"""What the targets must have seen of a step: each demand one small class, with a verdict of three.

A demand that holds says by what evidence; one that is violated says what was seen; one that can
neither be shown nor refuted says what evidence is missing, and the case is then inconclusive.
"""

from __future__ import annotations

from connect_contracts.checks.wire_checks.address import (
    BelowBasePath,
    FirstRequest,
    FollowsLink,
    GivesUrl,
    HostNamed,
    NowhereInAddress,
    SameRequests,
)
from connect_contracts.checks.wire_checks.apart import NotShared, TrustUntouched
from connect_contracts.checks.wire_checks.check_result import CheckResult
from connect_contracts.checks.wire_checks.identity import (
    BasicPair,
    BearerToken,
    CallableAsked,
    KnownAs,
    NoAuthorization,
    Presents,
    PresentsNothing,
    Unmixed,
)
from connect_contracts.checks.wire_checks.lasting import ConnectionsClosed, NoChange
from connect_contracts.checks.wire_checks.quiet import NothingOnTerminal, Unspoken
from connect_contracts.checks.wire_checks.refusal import (
    FaultFired,
    HandshakeRefusedByTarget,
    NoHttpByte,
    NothingArrived,
    PlainHttpRefused,
    RefusedWith,
)

WireCheck = (
    NothingArrived
    | NoHttpByte
    | RefusedWith
    | FaultFired
    | PlainHttpRefused
    | HandshakeRefusedByTarget
    | FirstRequest
    | BelowBasePath
    | HostNamed
    | NowhereInAddress
    | SameRequests
    | GivesUrl
    | FollowsLink
    | NoAuthorization
    | KnownAs
    | Unmixed
    | BasicPair
    | BearerToken
    | CallableAsked
    | Presents
    | PresentsNothing
    | NoChange
    | ConnectionsClosed
    | NotShared
    | TrustUntouched
    | NothingOnTerminal
    | Unspoken
)

__all__ = [
    "BasicPair",
    "BearerToken",
    "BelowBasePath",
    "CallableAsked",
    "CheckResult",
    "ConnectionsClosed",
    "FaultFired",
    "FirstRequest",
    "FollowsLink",
    "GivesUrl",
    "HandshakeRefusedByTarget",
    "HostNamed",
    "KnownAs",
    "NoAuthorization",
    "NoChange",
    "NoHttpByte",
    "NotShared",
    "NothingArrived",
    "NothingOnTerminal",
    "NowhereInAddress",
    "PlainHttpRefused",
    "Presents",
    "PresentsNothing",
    "RefusedWith",
    "SameRequests",
    "TrustUntouched",
    "Unmixed",
    "Unspoken",
    "WireCheck",
]

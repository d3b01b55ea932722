"""What the targets must have seen of a step: each wire check is one small class.

A check that holds says by what evidence; one that is violated says what was seen; one that can
neither be shown nor refuted says what evidence is missing, and the case is then inconclusive.
"""

from __future__ import annotations

from connect_contracts.checks.wire_checks.address import BelowBasePath as BelowBasePath
from connect_contracts.checks.wire_checks.address import FirstRequest as FirstRequest
from connect_contracts.checks.wire_checks.address import FollowsLink as FollowsLink
from connect_contracts.checks.wire_checks.address import GivesUrl as GivesUrl
from connect_contracts.checks.wire_checks.address import HostNamed as HostNamed
from connect_contracts.checks.wire_checks.address import NowhereInAddress as NowhereInAddress
from connect_contracts.checks.wire_checks.address import SameRequests as SameRequests
from connect_contracts.checks.wire_checks.check_result import CheckResult as CheckResult
from connect_contracts.checks.wire_checks.check_result import WireCheck as WireCheck
from connect_contracts.checks.wire_checks.identity import BasicPair as BasicPair
from connect_contracts.checks.wire_checks.identity import BearerToken as BearerToken
from connect_contracts.checks.wire_checks.identity import CallableAsked as CallableAsked
from connect_contracts.checks.wire_checks.identity import KnownAs as KnownAs
from connect_contracts.checks.wire_checks.identity import NoAuthorization as NoAuthorization
from connect_contracts.checks.wire_checks.identity import NoCredentialsAt as NoCredentialsAt
from connect_contracts.checks.wire_checks.identity import NothingInjected as NothingInjected
from connect_contracts.checks.wire_checks.identity import OwnCookies as OwnCookies
from connect_contracts.checks.wire_checks.identity import Presents as Presents
from connect_contracts.checks.wire_checks.identity import PresentsNothing as PresentsNothing
from connect_contracts.checks.wire_checks.identity import RefusedAtMost as RefusedAtMost
from connect_contracts.checks.wire_checks.identity import Unmixed as Unmixed
from connect_contracts.checks.wire_checks.issuer import NoTokenGiven as NoTokenGiven
from connect_contracts.checks.wire_checks.issuer import TokenFetched as TokenFetched
from connect_contracts.checks.wire_checks.process import AsInTurn as AsInTurn
from connect_contracts.checks.wire_checks.process import LeavesNoMore as LeavesNoMore
from connect_contracts.checks.wire_checks.process import (
    NothingGlobalChanged as NothingGlobalChanged,
)
from connect_contracts.checks.wire_checks.process import NothingRead as NothingRead
from connect_contracts.checks.wire_checks.refusal import FaultFired as FaultFired
from connect_contracts.checks.wire_checks.refusal import (
    HandshakeRefusedByTarget as HandshakeRefusedByTarget,
)
from connect_contracts.checks.wire_checks.refusal import NoHttpByte as NoHttpByte
from connect_contracts.checks.wire_checks.refusal import NothingArrived as NothingArrived
from connect_contracts.checks.wire_checks.refusal import PlainHttpRefused as PlainHttpRefused
from connect_contracts.checks.wire_checks.refusal import RefusedWith as RefusedWith
from connect_contracts.checks.wire_checks.side_effects import ConnectionsClosed as ConnectionsClosed
from connect_contracts.checks.wire_checks.side_effects import NoChange as NoChange
from connect_contracts.checks.wire_checks.side_effects import NothingOnTerminal as NothingOnTerminal
from connect_contracts.checks.wire_checks.side_effects import NotShared as NotShared
from connect_contracts.checks.wire_checks.side_effects import TrustUntouched as TrustUntouched
from connect_contracts.checks.wire_checks.side_effects import Unspoken as Unspoken
from connect_contracts.checks.wire_checks.stored import StoredAsSaid as StoredAsSaid

"""LIVE: tiers that offer what they must not, or refuse what they must not."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Any

from connect_contracts.model.clause import Profile
from connect_contracts.selftest.reference_copy import ReferenceCopy
from connect_contracts.selftest.registry import broken

_broken = partial(broken, profiles=(Profile.V6_2,))


@_broken(fails=("LIVE-10[another-version-create-table]", "LIVE-10[another-version-table-query]"))
def takes_any_server_for_its_own(reference: ReferenceCopy) -> None:
    """The version of the server is not looked at, so that everything is tried on any server."""
    reference["Session._require_same_server"] = lambda _session: None


@_broken(fails=("LIVE-10[another-version-link]",))
def needs_its_own_server_for_the_link(reference: ReferenceCopy) -> None:
    """The link is given on a server of the same version alone."""
    link = reference["Link"]

    def demanding(session: Any) -> Any:
        session._require_same_server()
        return link(session.url)

    reference["Session.link"] = property(demanding)


@_broken(fails=("LIVE-10[in-java-security]", "LIVE-10[a-user-security]"))
def keeps_silent_about_refused_roles(reference: ReferenceCopy) -> None:
    """That a role was not granted is not said."""
    refused = reference["GraphQLClientHttpError"]

    @reference.around("_security.IndividualRoles.__setitem__")
    def granted(grant: Any, roles: Any, username: str, given: Any) -> None:
        with suppress(refused):
            grant(roles, username, given)

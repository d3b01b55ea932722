"""AUTH: mistakes with an issuer of tokens."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urljoin

import httpx

from connect_contracts.model.clause import Profile
from connect_contracts.selftest.reference_copy import ReferenceCopy, basic_header
from connect_contracts.selftest.registry import broken

_broken = partial(broken, profiles=(Profile.V6_2,))
_GRANT = "_oauth2.OAuth2ResourceOwnerPasswordAuthentication"


@_broken(fails=("AUTH-14[a-token-is-fetched]",))
def sends_the_password_of_a_grant(reference: ReferenceCopy) -> None:
    """User name and password of a grant go to the target, as Basic, and no issuer is asked."""
    reference[f"{_GRANT}.__call__"] = lambda grant, _url, /: basic_header(
        grant.username, grant.password
    )


@_broken(fails=("AUTH-14[the-issuer-refuses]",))
def falls_back_to_the_password(reference: ReferenceCopy) -> None:
    """Where the issuer gives no token, user name and password go to the target."""

    @reference.around(f"{_GRANT}.__call__")
    def falling_back(call: Any, grant: Any, url: str, /) -> Any:
        try:
            return call(grant, url)
        except httpx.HTTPStatusError:
            return basic_header(grant.username, grant.password)


@_broken(fails=("AUTH-14[no-access-token]",))
def bears_no_token_at_all(reference: ReferenceCopy) -> None:
    """The token is taken by ``answer.get("access_token")``, so that ``Bearer None`` is sent."""
    token, unexpected = reference["_oauth2._Token"], reference["UnexpectedAnswer"]

    @reference.around(f"{_GRANT}._fetch")
    def whatever_came(fetch: Any, grant: Any) -> Any:
        try:
            return fetch(grant)
        except unexpected as error:
            if "issued no token" not in str(error):
                raise
            return token("Bearer None", float("inf"))


@_broken(fails=("AUTH-14[for-scopes]",))
def asks_for_no_scopes(reference: ReferenceCopy) -> None:
    """The scopes that are given are not asked for."""

    @reference.around(f"{_GRANT}._fetch")
    def without_scopes(fetch: Any, grant: Any) -> Any:
        return fetch(replace(grant, scopes=frozenset()))


@_broken(fails=("AUTH-14[an-issuer-with-a-path]",))
def loses_the_path_of_the_issuer(reference: ReferenceCopy) -> None:
    """The metadata are looked for with ``urljoin``, which drops the path of the issuer's URL."""

    @reference.around(f"{_GRANT}._fetch")
    def at_the_root(fetch: Any, grant: Any) -> Any:
        return fetch(replace(grant, issuer_url=urljoin(grant.issuer_url, "/")))


@_broken(fails=("AUTH-14[no-secret-in-what-is-raised]",))
def tells_what_it_asked_the_issuer(reference: ReferenceCopy) -> None:
    """The exception about a refusal quotes the form that was sent."""

    @reference.around(f"{_GRANT}._fetch")
    def quoting(fetch: Any, grant: Any) -> Any:
        try:
            return fetch(grant)
        except httpx.HTTPStatusError as error:
            raise ValueError(f"the issuer refused {error.request.content!r}") from None

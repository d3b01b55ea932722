"""AUTH: a token that an issuer gives for a password.

The target and its issuer are believed by the file that is given and by the machine's authorities
alike: by which of them a client judges the issuer is documented nowhere.
"""

from __future__ import annotations

from typing import Any

from connect_contracts.chapters.auth.credentials import CHAPTER
from connect_contracts.chapters.builder import (
    Must,
    arm,
    connect_tls,
    list_tables,
    must,
    story,
    with_issuer,
)
from connect_contracts.chapters.case import Meanings, Story, row
from connect_contracts.checks.expectation import Raises, Returns
from connect_contracts.checks.wire_checks import (
    BearerToken,
    FaultFired,
    KnownAs,
    NoTokenGiven,
    TokenFetched,
    Unspoken,
    WireCheck,
)
from connect_contracts.model.clause import Depth, Level, Profile
from connect_contracts.model.scenario import PasswordGrant, Step, TargetSpec

AUTH_14 = CHAPTER.clause(
    14,
    "OAuth 2 resource-owner password grant: a token is fetched from the issuer, then used as "
    "bearer; an issuer's refusal makes connect raise",
    "documentation of OAuth2ResourceOwnerPasswordAuthentication; RFC 6749 4.3",
    Level.DOCUMENTED,
    (Profile.V6_2,),
)

GRANT = PasswordGrant()
OPENID_METADATA = "OpenID Connect Discovery 1.0 4.1"


def _issued(target: TargetSpec, *steps: Step | Must, **special: Any) -> Story:
    # A client may have made up its mind whom it believes when it was imported.
    return story(target, *steps, trusted=("authority",), isolation="process", **special)


def _fetched(grant: PasswordGrant = GRANT, path: str = "") -> Story:
    bearer = BearerToken(), KnownAs("admin")
    return _issued(
        with_issuer(path),
        must(connect_tls(grant), Returns(), TokenFetched("admin", grant.scopes), *bearer),
        must(list_tables(), Returns(), *bearer),
    )


@CHAPTER.case(AUTH_14, depth=Depth.CORE)
def a_token_is_fetched() -> Story:
    """The issuer gives a token for the administrator's password; each request bears it."""
    return _fetched()


@CHAPTER.case(AUTH_14)
def for_scopes() -> Story:
    """The scopes that are given are asked for."""
    return _fetched(PasswordGrant(scopes=("openid", "profile")))


@CHAPTER.case(AUTH_14, level=Level.IMPLIED, rule=OPENID_METADATA)
def an_issuer_with_a_path() -> Story:
    """The URL of the issuer has a path, below which its metadata are found."""
    return _fetched(path="/realms/one")


def _refused(*demands: WireCheck, **special: Any) -> Story:
    call = connect_tls(GRANT, defect="wrong password")
    return _issued(with_issuer(), must(call, Raises(), NoTokenGiven(), *demands), **special)


@CHAPTER.case(AUTH_14)
def the_issuer_refuses() -> Story:
    """The issuer refuses the password."""
    return _refused()


@CHAPTER.case(AUTH_14, level=Level.IMPLIED, rule="RFC 6749 10.7")
def no_secret_in_what_is_raised() -> Story:
    """The issuer refuses the password, and neither it nor the client's secret is shown."""
    return _refused(Unspoken(), listens=True)


def _no_token(answers: Any) -> Story:
    call = connect_tls(GRANT)
    target = with_issuer(answers=answers)
    twin = _issued(with_issuer(), call)
    return _issued(target, must(call, Raises(), NoTokenGiven()), twin=twin.scenario)


CHAPTER.table(
    AUTH_14,
    _no_token,
    row(
        "no-access-token",
        "The issuer answers 200, with a JSON object that has no access token.",
        "no access token",
        rule="RFC 6749 5.1",
    ),
    row(
        "a-login-page",
        "In the place of a token the issuer answers with the HTML of a login page and status 200.",
        "a login page",
        rule="RFC 6749 5.1",
        depth=Depth.FULL,
    ),
    row(
        "no-token-endpoint",
        "The metadata of the issuer name no endpoint for tokens.",
        "no token endpoint",
        rule="OpenID Connect Discovery 1.0 3",
        depth=Depth.FULL,
    ),
    level=Level.IMPLIED,
)


def _faulty(fault: str) -> Story:
    return _issued(
        with_issuer(),
        arm(fault, "tokens"),
        must(connect_tls(GRANT), Raises(), NoTokenGiven(), FaultFired()),
    )


CHAPTER.table(
    AUTH_14,
    _faulty,
    row(
        "the-token-cut-short",
        "The stream ends within the answer that has the token.",
        "body cut short",
        rule="RFC 9112 8",
        depth=Depth.FULL,
    ),
    row(
        "the-issuer-fails",
        "The issuer answers every request for a token with status 503.",
        "status 503",
        rule="RFC 6749 5.2, RFC 9110 15.6",
        depth=Depth.FULL,
    ),
    level=Level.IMPLIED,
)


@CHAPTER.case(
    AUTH_14,
    level=Level.OBSERVE,
    depth=Depth.FULL,
    rule="OpenID Connect Discovery 1.0 4.3",
    meanings=Meanings(
        "metadata of another issuer are taken for those of the one that was named",
        "metadata of another issuer are not used",
    ),
)
def metadata_of_another_issuer() -> Story:
    """The metadata of the issuer name another issuer."""
    return _issued(with_issuer(answers="another issuer"), connect_tls(GRANT))


@CHAPTER.case(AUTH_14, level=Level.OBSERVE, depth=Depth.SLOW)
def a_slow_issuer() -> Story:
    """The issuer says nothing once it has the request for a token."""
    return _issued(
        with_issuer(), arm("stalled before the answer", "tokens"), connect_tls(GRANT), limit=5.0
    )

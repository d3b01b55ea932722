"""The caller: the authentication that a call really gives, its defect included."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from connect_contracts.model.scenario import (
    ADMIN,
    Basic,
    Call,
    Callback,
    Certificate,
    PasswordGrant,
    Token,
)
from connect_contracts.oracle.world import TargetModel
from connect_harness.certificates import Chain

LONGEST = 4096
"""Characters of a user name or a password that must arrive (AUTH-3)."""

# RFC 9110 5.6.2, 11.1. What is called Basic has to hold a name and a password.
_TOKEN_TYPE = re.compile(r"(?!basic$)[-!#$%&'*+.^_`|~\w]+", re.ASCII | re.IGNORECASE)
_PLAIN_SUBJECT = re.compile(r"[\w .-]+")


@dataclass(frozen=True)
class Caller:
    """The authentication of one call.

    Parameters:
        kind: By what it identifies itself; ``raising`` is a callable that raises,
            ``raising later`` one that first answers once.
        username, password: What it gives. An unknown token has no user name.
        chain: That of its client certificate.
        scopes: What it asks the issuer of its token for.
    """

    kind: Literal[
        "nobody", "basic", "token", "callable", "raising", "raising later", "certificate", "grant"
    ]
    username: str | None = None
    password: str | None = None
    token_type: str | None = None
    chain: Chain | None = None
    scopes: tuple[str, ...] = ()


NOBODY = Caller("nobody")


def _with_wrong_password(given: Caller) -> Caller:
    if given.kind == "grant":
        return replace(given, password=None)
    named = given.username if given.kind in ("basic", "callable") else ADMIN.name
    return Caller("basic", named)


OTHER_CALLERS: Mapping[str, Callable[[Caller], Caller]] = {
    "no authentication": lambda _: NOBODY,
    "client certificate not given": lambda _: NOBODY,
    "wrong password": _with_wrong_password,
    "unknown user": lambda _: Caller("basic", "nobody"),
    "unknown token": lambda _: Caller("token"),
    "callable raises": lambda given: replace(given, kind="raising"),
    "callable raises when it is asked again": lambda given: replace(given, kind="raising later"),
    "client certificate of an unknown authority": lambda _: Caller(
        "certificate", chain=replace(Certificate().chain, authority="unknown authority")
    ),
}
"""By defect, who calls in place of the one that the call names."""


def caller(call: Call, target: TargetModel) -> Caller:
    given = _given(call, target)
    other = OTHER_CALLERS.get(call.defect or "")
    return given if other is None else other(given)


def _given(call: Call, target: TargetModel) -> Caller:
    match call.authentication:
        case None:
            return NOBODY
        case Basic(username, password):
            return Caller("basic", username, password)
        case Token(username, token_type):
            return Caller("token", username, token_type=token_type)
        case Callback(username):
            # The callable was written when the scenario began, with the password of that time.
            user = next((user for user in target.spec.users if user.name == username), None)
            return Caller("callable", username, (user.password if user else None) or "")
        case Certificate(chain):
            return Caller("certificate", chain=chain)
        case PasswordGrant(username, password, scopes):
            return Caller("grant", username, password, scopes=scopes)


def known_as(calling: Caller, target: TargetModel) -> str | None:
    """The user that a secure target takes the caller for, or ``None``."""
    match calling.kind:
        case "basic" | "callable" | "grant":
            if calling.password is None or calling.username is None:
                return None
            right = target.passwords.get(calling.username) == calling.password
            return calling.username if right else None
        case "token":
            return calling.username
        case "certificate" if calling.chain and target.spec.client_certificate:
            return calling.chain.subject
    return None


def is_plain(calling: Caller) -> bool:
    """Whether a rule says how the caller's name and secret travel.

    No rule does for a user name with a colon, control characters, text in no normal form, and
    secrets longer than any clause demands; or the rule is about harm and not about success.
    """
    texts = [text for text in (calling.username, calling.password) if text is not None]
    if calling.chain is not None and calling.chain.subject is not None:
        return _PLAIN_SUBJECT.fullmatch(calling.chain.subject) is not None
    if calling.token_type is not None and not _TOKEN_TYPE.fullmatch(calling.token_type):
        return False
    if calling.kind in ("basic", "callable") and ":" in (calling.username or ""):
        return False
    return all(
        len(text) <= LONGEST
        and unicodedata.is_normalized("NFC", text)
        and not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in text)
        for text in texts
    )


def may_stay_unsent(calling: Caller) -> bool:
    """Whether its credentials may be refused before anything is sent (AUTH-3 b)."""
    return calling.kind == "basic" and not f"{calling.username}{calling.password}".isascii()

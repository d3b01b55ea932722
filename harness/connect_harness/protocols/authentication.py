"""The caller: credentials as they stand in a request, and the refusal of who has none.

Basic credentials are RFC 7617 (scheme in any case, UTF-8), bearer tokens RFC 6750.
"""

from __future__ import annotations

import base64
import binascii
from http import HTTPStatus

from connect_harness.exchange import Request
from connect_harness.protocols.bodies import Refusal
from connect_harness.protocols.routing import Target
from connect_harness.state import ANONYMOUS, Accounts, User
from connect_harness.state.accounts import ROLE_ADMIN, ROLE_USER


def caller(request: Request, accounts: Accounts) -> User | None:
    """The user who sends ``request``, or ``None`` if it does not say, or says wrong.

    A client certificate that names a user decides, else the ``Authorization`` header. On an
    unsecured session nothing is looked at.
    """
    if not accounts.secure:
        return ANONYMOUS
    certificate = request.peer_certificate
    if certificate is not None and (user := accounts.by_certificate(certificate.subject)):
        return user
    authorization = request.header("authorization")
    return None if authorization is None else _by_authorization(authorization, accounts)


def admit(user: User | None, target: Target) -> User:
    """Lets ``user`` in.

    Raises:
        Refusal: There is no user (401), the user has no role (403), or the session is not ready and
            the user no administrator (503).
    """
    if user is None:
        realm = target.accounts.realm.replace("\\", "\\\\").replace('"', '\\"')
        challenge = f'Basic realm="{realm}", charset="UTF-8"'
        raise Refusal(HTTPStatus.UNAUTHORIZED, headers=(("WWW-Authenticate", challenge),))
    if not user.roles & {ROLE_USER, ROLE_ADMIN}:
        raise Refusal(HTTPStatus.FORBIDDEN)
    if not target.ready and not user.is_admin:
        raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE)
    return user


def bearer_token(request: Request) -> str | None:
    """The token of the ``Authorization`` header, of whatever type, if that is what it holds."""
    scheme, credentials = _parts(request.header("authorization") or b"")
    return credentials.decode("latin-1") if scheme not in (b"", b"basic") else None


def _by_authorization(header: bytes, accounts: Accounts) -> User | None:
    scheme, credentials = _parts(header)
    if scheme != b"basic":
        # A client may name any token type (TokenAuthentication.token_type): the token counts.
        return accounts.by_token(credentials.decode("latin-1"))
    try:
        pair = base64.b64decode(credentials, validate=True)
    except binascii.Error:
        return None
    username, colon, password = pair.partition(b":")
    return accounts.by_password(username, password) if colon else None


def _parts(header: bytes) -> tuple[bytes, bytes]:
    scheme, _, credentials = header.strip().partition(b" ")
    return scheme.lower(), credentials.strip()

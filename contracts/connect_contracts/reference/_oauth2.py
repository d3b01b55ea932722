"""A token in exchange for a password, from an issuer of tokens (RFC 6749 4.3)."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus

from connect_contracts.reference._address import base_url
from connect_contracts.reference._transport import UnexpectedAnswer, new_client
from connect_contracts.reference._trust import empty_context, trusting


@dataclass
class _Token:
    header: str
    expires: float  # seconds, on the monotonic clock


@dataclass(frozen=True, kw_only=True)
class OAuth2ResourceOwnerPasswordAuthentication:
    """The resource owner password credentials grant.

    The token is fetched when the first request needs it, used until it expires, then fetched again.
    Where tokens are issued is asked of the issuer (OpenID Connect Discovery 1.0, 4), which the
    machine's authorities must vouch for. The documentation says neither of these.

    Parameters:
        client_id, client_secret: Of the application, as registered with the issuer.
        issuer_url: The issuer.
        username, password: Of the user.
        scopes: What is asked for.
    """

    client_id: str
    client_secret: str = field(repr=False)
    issuer_url: str
    password: str = field(repr=False)
    scopes: AbstractSet[str] = frozenset()
    username: str
    _lock: threading.Lock = field(
        default_factory=threading.Lock, init=False, repr=False, compare=False
    )
    _tokens: list[_Token] = field(default_factory=list, init=False, repr=False, compare=False)

    def __call__(self, _url: str, /) -> Mapping[str, str]:
        """The header of any request.

        Raises:
            httpx.HTTPStatusError: The issuer refused.
            httpx.TransportError: It cannot be reached, or not be believed.
            UnexpectedAnswer, ValueError: It is no issuer of such tokens.
        """
        with self._lock:
            if not self._tokens or self._tokens[0].expires <= time.monotonic():
                self._tokens[:] = [self._fetch()]
            return {"Authorization": self._tokens[0].header}

    def _fetch(self) -> _Token:
        issuer = base_url(self.issuer_url)
        secure = issuer.startswith("https:")
        with new_client(trusting(None) if secure else empty_context()) as client:
            found = client.get(f"{issuer}/.well-known/openid-configuration")
            endpoint = _token_endpoint(found.raise_for_status().json(), issuer)
            asked = time.monotonic()
            answer = client.post(
                endpoint,
                data={
                    "grant_type": "password",
                    "username": self.username,
                    "password": self.password,
                    "scope": " ".join(sorted(self.scopes)),
                },
                # Encoded as a form is, before Basic encodes it again (RFC 6749 2.3.1).
                auth=(quote_plus(self.client_id), quote_plus(self.client_secret)),
            )
            match answer.raise_for_status().json():
                case {"access_token": str(token), **rest}:
                    lifetime = rest.get("expires_in")
                    seconds = lifetime if isinstance(lifetime, int) else float("inf")
                    return _Token(f"Bearer {token}", asked + seconds)
        raise UnexpectedAnswer(f"{issuer} issued no token.")


def _token_endpoint(discovery: Any, issuer: str) -> str:
    match discovery:
        # The issuer must be the one that was asked, and a secret must not leave what is secure.
        case {"issuer": str(named), "token_endpoint": str(endpoint)} if named.rstrip(
            "/"
        ) == issuer and endpoint.startswith(f"{issuer.partition(':')[0]}:"):
            return endpoint
    raise UnexpectedAnswer(f"{issuer} does not say where it issues tokens.")

"""A token in exchange for a password, from an issuer of tokens (RFC 6749 4.3)."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from connect_contracts.reference._address import base_url
from connect_contracts.reference._transport import UnexpectedAnswer


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
        discovery = _ask(f"{issuer}/.well-known/openid-configuration").json()
        match discovery:
            case {"issuer": str(named), "token_endpoint": str(endpoint)}:
                pass
            case _:
                raise UnexpectedAnswer(f"{issuer} does not say where it issues tokens.")
        if named.rstrip("/") != issuer or (issuer.startswith("https:") > endpoint.startswith("https:")):
            raise UnexpectedAnswer(f"{issuer} names another issuer, or a place that is not secure.")
        asked = time.monotonic()
        match _ask(endpoint, form=self._form(), headers=self._headers()).json():
            case {"access_token": str(token), **rest}:
                lifetime = rest.get("expires_in")
                seconds = lifetime if isinstance(lifetime, int) else float("inf")
                return _Token(f"Bearer {token}", asked + seconds)
        raise UnexpectedAnswer(f"{issuer} issued no token.")

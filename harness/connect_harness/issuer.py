"""An issuer of tokens: what a client asks for a token before it asks the target session (RFC 6749).

It issues by the resource owner password credentials grant alone (RFC 6749 4.3), to one client, and
says where by OpenID Connect Discovery 1.0 and by RFC 8414.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, Self, get_args
from urllib.parse import parse_qs, quote, unquote_plus

from connect_harness.assertions import RequestAssertions
from connect_harness.config import HttpsConfig, SecurityConfig, is_base_path
from connect_harness.exchange import Answer, Request
from connect_harness.faults import AnswerFault, ArmedFaults, Fault, Requests
from connect_harness.identity import identity
from connect_harness.listening import Listening, TargetClosed
from connect_harness.misbehaviour import OwnCallableError, asked_of_owner
from connect_harness.protocols.bodies import error_answer, write_json
from connect_harness.refusals import check_callable, check_type, no_such
from connect_harness.server import Journal
from connect_harness.server.listener import Listener

if TYPE_CHECKING:
    from connect_harness.certificates import Authorities

Answers = Literal[
    "tokens", "a login page", "no access token", "no token endpoint", "another issuer"
]

METADATA_PATHS = (
    "/.well-known/openid-configuration",
    "/.well-known/oauth-authorization-server",
)
TOKEN_PATH = "/token"
LIFETIME = 3600
"""Seconds that a token is said to last; none expires."""

_PASSWORDS = 'As {"admin": "passwd"}.'
_LOGIN_PAGE = b"<!DOCTYPE html>\n<html lang=en><title>Log in</title><form method=post></form>\n"


class Issuer(Listening, RequestAssertions):
    """An issuer that runs; made by :meth:`start`.

        >>> from connect_harness import Issuer, SecurityConfig, SessionConfig, TargetSession
        >>> with TargetSession.start(SessionConfig(security=SecurityConfig())) as target:
        ...     with Issuer.start({"admin": "passwd"}, target.issue_token) as issuer:
        ...         issuer.url.startswith("https://localhost:")
        True

    Attributes:
        name: Its name in the journal.
        client_id, client_secret: Of the one client that it knows; the secret is unique.
        issued: The tokens that it issued so far.
    """

    client_id: str
    client_secret: str
    issued: list[str]

    _kind = "issuer"
    _meets = Requests()

    def __init__(
        self,
        passwords: Mapping[str, str],
        issue: Callable[[str], str],
        *,
        name: str,
        path: str,
        answers: Answers,
        journal: Journal | None,
        authorities: Authorities | None,
    ) -> None:
        self.name = name
        self.journal = Journal() if journal is None else journal
        self.client_id = "connect"
        self.client_secret = f"client-{secrets.token_hex(8)}"
        self.issued: list[str] = []
        self._passwords = dict(passwords)
        for secret in (self.client_secret, *passwords.values()):
            self.journal.keep_secret(secret)
        self._issue = issue
        self._path = quote(path)
        self._answers = answers
        self._faults = ArmedFaults()
        presented = identity(SecurityConfig(https=HttpsConfig()), authorities)
        assert presented is not None
        assert presented.authority_pem is not None
        self._authority_pem = presented.authority_pem
        self._listener = Listener(name, self.journal, self._answer, tls=presented.context)

    @classmethod
    def start(
        cls,
        passwords: Mapping[str, str],
        issue: Callable[[str], str],
        /,
        *,
        name: str = "issuer",
        path: str = "",
        answers: Answers = "tokens",
        journal: Journal | None = None,
        authorities: Authorities | None = None,
    ) -> Self:
        """Start an issuer, over HTTPS. Clients can ask it for tokens when this returns.

        Parameters:
            passwords: Of the users that it knows, by name.
            issue: Gives a new token for a user of this name, such as ``TargetSession.issue_token``.
            name: What the journal calls it.
            path: The path of its URL, not encoded: empty, or ``/one/two``.
            answers: What it answers in the place of tokens, or of its metadata.
            journal: Where its events go, if it shares a journal with targets.
            authorities: Who issues its certificate; the process's own by default.

        Raises:
            TypeError: A value has another type, or ``issue`` cannot be called with a user name.
            ValueError: The path has another form, the name is empty, or it can answer nothing of
                this name.
        """
        # Its certificate needs the module anyway, and only who starts an issuer pays for it.
        from connect_harness.certificates import Authorities

        check_type("Issuer.start", "passwords", passwords, Mapping, _PASSWORDS)
        for text in (*passwords, *passwords.values()):
            check_type("Issuer.start", "passwords", text, str, _PASSWORDS)
        check_callable("Issuer.start", "issue", issue, 1, "For instance target.issue_token.")
        check_type("Issuer.start", "name", name, str)
        check_type("Issuer.start", "path", path, str)
        check_type("Issuer.start", "journal", journal, (Journal, type(None)))
        check_type("Issuer.start", "authorities", authorities, (Authorities, type(None)))
        if not name:
            raise ValueError("An issuer has a name, by which the journal calls it: give it one.")
        if answers not in get_args(Answers):
            raise ValueError(no_such("answer", answers, get_args(Answers)))
        if not is_base_path(path):
            raise ValueError(f"An issuer has no path such as {path!r}: give it one like /one/two.")
        issuer = cls(
            passwords,
            issue,
            name=name,
            path=path,
            answers=answers,
            journal=journal,
            authorities=authorities,
        )
        issuer._listener.start()
        return issuer

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<issuer {self.name!r}{', closed' if self.closed else f' at {self.url}'}>"

    @property
    def url(self) -> str:
        """The URL of the issuer, below which its metadata are found.

        Raises:
            TargetClosed: It is closed, and its port may be another program's by now.
        """
        if self.closed:
            raise TargetClosed(f"The issuer {self.name!r} is closed: take its url before that.")
        return f"https://localhost:{self.port}{self._path}"

    @property
    def certificate_authority_pem(self) -> bytes:
        """The certificate of the authority that a client has to trust, as PEM."""
        return self._authority_pem

    def close(self) -> None:
        """Stop the issuer, and release what armed faults hold."""
        self._faults.disarm()
        self._listener.stop()

    def _check_place(self, fault: Fault) -> None:
        of_versions = isinstance(fault.made, AnswerFault) and fault.made.of_versions
        for what, meant in (
            ("commands of the gateway", fault.requests.gateway),
            ("requests that change data", fault.requests.changes),
            ("the versions document", of_versions),
        ):
            if meant:
                raise ValueError(f"An issuer has none of {what}: arm it on a target.")

    def _answer(self, request: Request) -> Answer:
        return self._faults.answer(request, partial(self._honest, request))

    def _honest(self, request: Request) -> Answer:
        metadata = {f"{self._path}{path}" for path in METADATA_PATHS}
        # RFC 8414 3.1 has the path of the issuer after its own.
        metadata.add(f"{METADATA_PATHS[1]}{self._path}")
        if request.method in ("GET", "HEAD") and request.path in metadata:
            return Answer(200, write_json(self._metadata()))
        if request.method == "POST" and request.path == f"{self._path}{TOKEN_PATH}":
            return replace(self._token(request), headers=(("Cache-Control", "no-store"),))
        return error_answer(404, request.path)

    def _metadata(self) -> dict[str, Any]:
        """What OpenID Connect Discovery 1.0 3 requires, and what RFC 8414 2 has besides."""
        url = self.url
        metadata: dict[str, Any] = {
            "issuer": f"{url}/other" if self._answers == "another issuer" else url,
            "authorization_endpoint": f"{url}/authorize",
            "token_endpoint": f"{url}{TOKEN_PATH}",
            "jwks_uri": f"{url}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "grant_types_supported": ["password"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        }
        if self._answers == "no token endpoint":
            del metadata["token_endpoint"]
        return metadata

    def _token(self, request: Request) -> Answer:
        """The answer to a request for a token (RFC 6749 4.3.2, 5)."""
        form = parse_qs(request.body.decode("utf-8", "replace"), keep_blank_values=True)
        given = {name: values[0] for name, values in form.items()}
        if not self._knows_client(request, given):
            return _error(401, "invalid_client")
        # RFC 6749 3.2: a parameter without a value is left out; a user may have an empty password.
        missing = not given.get("grant_type") or not {"username", "password"} <= {*given}
        if missing or any(len(values) > 1 for values in form.values()):
            return _error(400, "invalid_request")
        if given["grant_type"] != "password":
            return _error(400, "unsupported_grant_type")
        username = given["username"]
        if not _same(self._passwords.get(username), given["password"]):
            return _error(400, "invalid_grant")
        if self._answers == "a login page":
            return Answer(200, _LOGIN_PAGE, "text/html; charset=utf-8")
        answer = {"token_type": "Bearer", "expires_in": LIFETIME, "scope": given.get("scope", "")}
        if self._answers != "no access token":
            self.issued.append(_issued(self._issue, username))
            answer["access_token"] = self.issued[-1]
        return Answer(200, write_json(answer), user=username)

    def _knows_client(self, request: Request, form: Mapping[str, str]) -> bool:
        """Whether the client authenticated, by Basic or in the form (RFC 6749 2.3.1)."""
        scheme, _, encoded = (request.header("authorization") or b"").partition(b" ")
        named, secret = form.get("client_id"), form.get("client_secret")
        if scheme.lower() == b"basic":
            try:
                pair = base64.b64decode(encoded.strip(), validate=True).decode()
            except (binascii.Error, UnicodeDecodeError):
                return False
            named, _, secret = (unquote_plus(part) for part in pair.partition(":"))
        return _same(named, self.client_id) and _same(secret, self.client_secret)


def _issued(issue: Callable[[str], str], username: str) -> str:
    """The token that a callable gives; what it does wrong is a mistake of its giver."""
    token = asked_of_owner(issue, username)
    if not isinstance(token, str):
        given = type(token).__name__
        raise OwnCallableError(f"TypeError: A callable gives a token as a text, not {given}.")
    return token


def _same(one: str | None, other: str) -> bool:
    return one is not None and hmac.compare_digest(one.encode(), other.encode())


def _error(status: int, error: str) -> Answer:
    """An answer of RFC 6749 5.2."""
    return Answer(status, write_json({"error": error}))

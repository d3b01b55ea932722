"""A target session before it is started: its users, its tables, its certificate, its issuer."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from connect_harness.certificates import Chain

Scheme = Literal["http", "https"]
TlsVersion = Literal["1.0", "1.1", "1.2", "1.3"]
Ciphers = Literal["none in common", "nothing encrypted"]
ClientCertificatePolicy = Literal["optional", "required"]
Application = Literal["Python", "Java", "Java, not exposed"]
IssuerAnswers = Literal[
    "tokens", "a login page", "no access token", "no token endpoint", "another issuer"
]
Row = tuple[Any, ...]

PASSWORD = "passwd"
"""The documentation's password. In a run it stands for one that no other run has, on the target
and in the calls that are made to it; every other password is taken as it is written."""


class User(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A user of a target session, with a password and the roles that the owner granted."""

    name: str
    password: str | None = None
    roles: tuple[str, ...] = ()


ADMIN = User("admin", PASSWORD, ("ROLE_USER", "ROLE_ADMIN"))
USER = User("user", PASSWORD, ("ROLE_USER",))


class TableSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of the owner's: columns in order, keys, defaults, rows (in JSON of their types)."""

    name: str = "Example"
    data_types: tuple[tuple[str, str], ...] = (("Id", "String"),)
    keys: tuple[str, ...] = ()
    default_values: tuple[tuple[str, Any], ...] = ()
    rows: tuple[Row, ...] = ()


class IssuerSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An issuer of tokens that a target accepts, over HTTPS; it knows the target's users.

    Parameters:
        path: The path of its URL, empty or with a slash before each segment.
        answers: What it answers, in the place of tokens or of its metadata if it is no sound one.
    """

    path: Annotated[str, msgspec.Meta(pattern=r"^(?:/[A-Za-z0-9._~-]+)*$")] = ""
    answers: IssuerAnswers = "tokens"


ANOTHER_RELEASE = "another release"
"""In place of a release: one of another server version than is expected, with the same APIs."""


class TargetSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A target session, before it is started.

    Parameters:
        secure: Whether it has a ``SecurityConfig``; without one everybody is its anonymous
            administrator.
        client_certificate: Whether it asks for a client certificate, and insists.
        client_authority: The authority whose client certificates it trusts.
        checks_revocation: Whether it refuses client certificates that their authority revoked.
        enforces_roles: Whether the server itself refuses changes that the caller may not make.
        application: What started it; one in Java manages users itself, and may be closed to Python.
        release: The public release that it plays, or ``ANOTHER_RELEASE``; ``None`` plays the one
            that the implementation declares.
        tls: The only TLS version that it speaks; ``None`` for both 1.2 and 1.3.
        ciphers: It takes only cipher suites that no client can agree to: suites for which it has no
            certificate, or suites without encryption and authentication.
        alpn: The application protocols that it offers.
        server_name_unrecognised: It answers every server name with ``unrecognized_name``.
        issuer: The issuer whose tokens it accepts, which is started with it.
    """

    name: str = "target"
    scheme: Scheme = "http"
    chain: Chain = Chain()
    tls: TlsVersion | None = None
    ciphers: Ciphers | None = None
    alpn: tuple[str, ...] = ("http/1.1",)
    server_name_unrecognised: bool = False
    client_certificate: ClientCertificatePolicy | None = None
    client_authority: str = "client authority"
    checks_revocation: bool = False
    secure: bool = True
    enforces_roles: bool = True
    ready: bool = True
    users: tuple[User, ...] = (ADMIN, USER)
    tables: tuple[TableSpec, ...] = (TableSpec(),)
    application: Application = "Python"
    release: str | None = None
    base_path: str = ""
    issuer: IssuerSpec | None = None

"""The arguments of one call of ``connect``, plain enough to be sent to another process."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, Literal

import msgspec


class _Discreet(msgspec.Struct, frozen=True):
    """A struct that shows no field that holds a secret: assertions and logs print it."""

    hidden: ClassVar[tuple[str, ...]] = ()

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        shown = (name for name in self.__struct_fields__ if name not in self.hidden)
        return [(name, getattr(self, name)) for name in shown]

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self.__rich_repr__())
        return f"{type(self).__name__}({shown})"


class BasicArgument(_Discreet, frozen=True, tag="basic"):
    """``BasicAuthentication(username, password)``."""

    hidden: ClassVar[tuple[str, ...]] = ("password",)

    username: str
    password: str


class TokenArgument(_Discreet, frozen=True, tag="token"):
    """``TokenAuthentication(token)``."""

    hidden: ClassVar[tuple[str, ...]] = ("token",)

    token: str
    token_type: str | None


class CallbackArgument(_Discreet, frozen=True, tag="callback"):
    """A callable that answers with Basic credentials, or raises with the text ``raises``.

    It raises after as many ``answers``; ``added`` stands at the end of a header of its own.
    """

    hidden: ClassVar[tuple[str, ...]] = ("password",)

    username: str
    password: str
    raises: str | None = None
    answers: int = 0
    added: str = ""


class CertificateArgument(_Discreet, frozen=True, tag="client certificate"):
    """``ClientCertificate(certificate, keyfile=..., password=...)``, paths as text."""

    hidden: ClassVar[tuple[str, ...]] = ("password",)

    certificate: str
    keyfile: str | None = None
    password: str | None = None


class PasswordGrantArgument(_Discreet, frozen=True, tag="password grant"):
    """``OAuth2ResourceOwnerPasswordAuthentication(...)``, all by keyword."""

    hidden: ClassVar[tuple[str, ...]] = ("password", "client_secret")

    username: str
    password: str
    client_id: str
    client_secret: str
    issuer_url: str
    scopes: tuple[str, ...] = ()


AuthenticationArgument = (
    BasicArgument | TokenArgument | CallbackArgument | CertificateArgument | PasswordGrantArgument
)
Given = Literal["absent", "keyword", "position"]


class Arguments(_Discreet, frozen=True, tag="arguments"):
    """The arguments of one call of ``connect``, plain enough to be sent to another process.

    Parameters:
        replaced_url: What is given in place of the URL, if anything is.
        url_as_bytes: The URL is given as ``bytes``, in UTF-8.
        positions: The keyword-only arguments that are given by position, in order.
        authority_as_text: ``certificate_authority`` is given as ``str``, not as ``Path``.
        none_given: Arguments without a value are passed as ``None``.
        subclass: Called on a fresh subclass of the implementation's ``Session``.
        event_loop: Called within a running event loop.
        times: How often it is called, one call after the other.
    """

    # Keywords may be anything, credentials too, and so may the parts of a URL.
    hidden: ClassVar[tuple[str, ...]] = ("userinfo", "replaced_url", "keywords")

    scheme: str
    host: str
    port: int
    path: str = ""
    userinfo: str | None = None
    replaced_url: tuple[Any, ...] = ()
    replaced_port: str | None = None
    url_as_bytes: bool = False
    url_given: Given = "position"
    authentication: AuthenticationArgument | None = None
    certificate_authority: str | None = None
    authority_as_text: bool = False
    keywords: tuple[tuple[str, Any], ...] = ()
    positions: tuple[str, ...] = ()
    none_given: bool = False
    subclass: bool = False
    event_loop: bool = False
    times: int = 1

    @property
    def url(self) -> Any:
        if self.replaced_url:
            return self.replaced_url[0]
        host = f"[{self.host}]" if ":" in self.host else self.host
        user = f"{self.userinfo}@" if self.userinfo else ""
        return f"{self.scheme}://{user}{host}:{self.replaced_port or self.port}{self.path}"

    def but(self, **fields: Any) -> Arguments:
        return msgspec.structs.replace(self, **fields)

    def with_authority_file(self, path: Path | None) -> Arguments:
        """The same with another ``certificate_authority``."""
        return self.but(certificate_authority=None if path is None else str(path))

"""What a connected session is in every profile: how it is opened, where it is, how it ends."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from connect_contracts.reference._address import base_url
from connect_contracts.reference._authentication import Authenticate
from connect_contracts.reference._tables import Tables
from connect_contracts.reference._transport import Transport, UnexpectedAnswer
from connect_contracts.reference._trust import ClientCertificate, empty_context, present, trusting
from connect_contracts.reference._versions import Versions, read_versions


@dataclass(frozen=True)
class Link:
    """The address of a session, for people."""

    url: str

    def __str__(self) -> str:
        return self.url

    def __truediv__(self, path: str) -> Link:
        """The link to a ``path`` below this one."""
        return Link(f"{self.url}/{path}")


class ConnectedSession:
    """A session that is connected to a target session."""

    _PIVOT_VERSIONS: ClassVar[tuple[str, ...]]
    """The ids of the versions of the pivot API that may be used, best first."""

    def __init__(self, transport: Transport, versions: Versions) -> None:
        self._transport = transport
        self._versions = versions

    @classmethod
    def connect(
        cls,
        url: str,
        *,
        authentication: Authenticate | ClientCertificate | None = None,
        certificate_authority: Path | None = None,
    ) -> Self:
        """Connect to an existing session.

        Changes that are made from a connected session are lost when the target restarts.

        Parameters:
            url: The base URL of the target session; ``{url}/versions/rest`` is expected to exist.
            authentication: How to authenticate against it.
            certificate_authority: The PEM file of the authorities that may have signed its
                certificate, in place of those that the machine trusts. For an ``http://`` URL it is
                not looked at.

        Raises:
            TypeError, ValueError, OSError, ssl.SSLError: An argument cannot be used; nothing was
                sent.
            httpx.TransportError: The target cannot be reached, or not be believed.
            httpx.HTTPStatusError: It refused, for instance the credentials (401).
            UnexpectedAnswer, RuntimeError: It is no session that can be connected to.
        """
        transport = _transport(url, authentication, certificate_authority)
        try:
            versions = read_versions(transport.get("versions/rest").successful().json())
            pivot = versions.rest_path("activeviam/pivot", *cls._PIVOT_VERSIONS)
            if transport.get(f"{pivot}/ping").successful().body != b"pong":
                raise UnexpectedAnswer("The target's answer to ping is not pong.")
            return cls(transport, versions)
        except BaseException:  # an interrupt, too, leaves nothing open
            transport.close()
            raise

    @property
    def url(self) -> str:
        """The base URL of the target session."""
        return self._transport.base_url

    @property
    def link(self) -> Link:
        """The link to the target session; its text begins with the URL."""
        return Link(self.url)

    def close(self) -> None:
        """Close the connections. The target session goes on; this one cannot be used any more."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _all_tables(self) -> Tables:
        self._transport.require_open()
        return Tables(self._transport, self._versions.rest_path("activeviam/database", "10"))


def _transport(
    url: object, authentication: object, certificate_authority: Path | None
) -> Transport:
    base = base_url(url)
    # Over plain HTTP nothing is verified, so the file is not read; should TLS be needed all the
    # same, no certificate is accepted.
    secure = base.startswith("https:")
    context = trusting(certificate_authority) if secure else empty_context()
    if isinstance(authentication, ClientCertificate):
        if not secure:
            raise ValueError("A client certificate can only be presented to an https:// URL.")
        present(authentication, context)
        return Transport(base, authenticate=None, context=context)
    if authentication is not None and not callable(authentication):
        raise TypeError(
            "authentication is a ClientCertificate, or is called with the URL of a request; "
            f"{type(authentication).__name__} is neither."
        )
    return Transport(base, authenticate=authentication, context=context)

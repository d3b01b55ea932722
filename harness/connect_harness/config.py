"""How a target session is configured, in the documented words.

Fields are documented unless they say "ours". Of the documented fields, those are left out that
configure what a fake session does not have (cross-origin requests, single sign-on, login page, JWT
key pairs, user content storage).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Literal, get_args

from connect_harness.certificates.chain import Chain
from connect_harness.refusals import check_types, no_such

USERNAME_REGEX = "CN=(.*?)(?:,|$)"
"""The documented default: the common name of the certificate's subject."""

TlsVersion = Literal["1.0", "1.1", "1.2", "1.3"]

TLS_VERSIONS: tuple[TlsVersion, ...] = get_args(TlsVersion)
"""The versions of TLS that a target can be made to speak, the oldest first."""

_TEXT = (str, type(None))
_FILE = (Path, type(None))
_USERS = (
    "Users and their passwords are set on the session: "
    "session.security.basic_authentication.credentials.update(...)."
)


@dataclass(frozen=True, kw_only=True)
class BasicAuthenticationConfig:
    """Users with passwords, which a secured session always has.

        >>> BasicAuthenticationConfig(realm="reports")
        BasicAuthenticationConfig(realm='reports')

    The passwords are the session's: ``session.security.basic_authentication.credentials``.

    Parameters:
        realm: What users are asked for, in printable ASCII; ``None`` gives a unique one.

    Raises:
        TypeError: The realm is no text.
        ValueError: The realm fits in no header.
    """

    realm: str | None = None

    def __post_init__(self) -> None:
        check_types(self, _USERS, realm=_TEXT)
        if self.realm is not None and not (self.realm.isascii() and self.realm.isprintable()):
            raise ValueError("The realm must be printable ASCII.")


@dataclass(frozen=True, kw_only=True)
class HttpsConfig:
    """The certificate of a session.

        >>> HttpsConfig(tls_version="1.2").domain
        'localhost'
        >>> HttpsConfig(tls_version="1.4")
        Traceback (most recent call last):
        ...
        ValueError: There is no TLS version '1.4'. The nearest are ...

    Parameters:
        certificate: Its key store, as a file of PKCS 12; ours: also of PEM, and ``None`` for a
            certificate generated on the spot by a private authority.
        password: The password of that file.
        domain: The host of the session's URL: a name, or an address.
        certificate_authority: The file of the authority that signed it.
        chain: Ours: what is generated, where no ``certificate`` is given; ``None`` for a sound
            chain for loopback.
        tls_version: Ours: the only version of TLS that is spoken; ``None`` for 1.2 and 1.3.
            Clients must refuse 1.0 and 1.1 (RFC 8996 sections 4 and 5).
        ciphers: Ours: the cipher suites up to TLS 1.2, in OpenSSL's notation; with them TLS 1.2 is
            the newest version, unless ``tls_version`` says 1.3.
        alpn: Ours: the application protocols (RFC 7301), the preferred first; empty for none.
        server_name_unrecognised: Ours: whether every client that names the server is refused with
            the alert ``unrecognized_name`` (RFC 6066 section 3).
        key_log: Ours: the file to which the keys of every TLS connection are added, as tools such
            as Wireshark read them (the format of ``SSLKEYLOGFILE``). Who has it reads all that the
            connections carried, so it is a secret: it is made readable to its owner alone.

    Raises:
        TypeError: A value has another type.
        ValueError: Both a certificate and a chain are given, a file is not there, the domain is
            no host, or there is no such version, cipher suite or application protocol.
    """

    certificate: Path | None = None
    password: str | None = field(default=None, repr=False)
    domain: str = "localhost"
    certificate_authority: Path | None = None
    chain: Chain | None = None
    tls_version: TlsVersion | None = None
    ciphers: str | None = None
    alpn: tuple[str, ...] = ("http/1.1",)
    server_name_unrecognised: bool = False
    key_log: Path | None = None

    def __post_init__(self) -> None:
        paths = "A file is given as a Path: from pathlib import Path."
        check_types(self, paths, certificate=_FILE, certificate_authority=_FILE, key_log=_FILE)
        given: object = self.chain
        if isinstance(given, str):
            raise TypeError(f"HttpsConfig(chain=...) takes a Chain: Chain(defect={given!r}).")
        check_types(self, chain=(Chain, type(None)), domain=str, ciphers=_TEXT, password=_TEXT)
        check_types(self, "Write one protocol as ('h2',).", alpn=tuple)
        check_types(self, server_name_unrecognised=bool)
        if self.password is not None and self.certificate is None:
            raise ValueError("A password is that of a certificate's file: give the certificate.")
        if self.certificate is not None and self.chain is not None:
            raise ValueError("Give a certificate, or the chain that is to be generated; not both.")
        if self.tls_version not in (None, *TLS_VERSIONS):
            raise ValueError(no_such("TLS version", self.tls_version, TLS_VERSIONS))
        if self.ciphers is not None:
            _must_be_ciphers(self.ciphers)
        for protocol in self.alpn:
            if not (protocol.isascii() and 0 < len(protocol) < 256):
                raise ValueError(f"An application protocol is 1 to 255 of ASCII, not {protocol!r}.")
        if not _is_host(self.domain):
            raise ValueError(f"The domain is a host such as localhost, not {self.domain!r}.")
        _must_exist(self.certificate, self.certificate_authority)
        if self.key_log is not None and not self.key_log.parent.is_dir():
            raise ValueError(f"There is no folder {str(self.key_log.parent)!r} for the key log.")
        if self.key_log is not None and self.key_log.is_dir():
            raise ValueError(f"The key log {str(self.key_log)!r} is a folder: name a file in it.")
        if self.chain is not None and self.chain.defect is not None:
            # Brings the cryptography in, which a sound chain does not need yet.
            from connect_harness.certificates.fitting import check_defect_of_server

            check_defect_of_server(self.chain)


@dataclass(frozen=True, kw_only=True)
class ClientCertificateConfig:
    """Users known by a certificate of theirs.

        >>> SecurityConfig(
        ...     https=HttpsConfig(), client_certificate=ClientCertificateConfig(required=True)
        ... ).client_certificate.username_regex
        'CN=(.*?)(?:,|$)'

    Parameters:
        trust_store: The file of the authorities that sign their certificates, a Java key store;
            ours: also PEM, and ``None`` for an authority generated on the spot.
        trust_store_password: The password of that file.
        username_regex: Finds the user name, its first group, in the subject of a certificate.
        required: Ours: whether the handshake of a client without a certificate is refused, rather
            than its requests, as documented.
        authority: Ours: the name of the authority that is trusted, where no ``trust_store`` is
            given.
        checks_revocation: Ours: whether a certificate on that authority's revocation list is
            refused (RFC 5280 section 5).

    Raises:
        TypeError: A value has another type.
        ValueError: The regular expression is none, or has no group, the file is not there, or
            revocation is to be checked for the authorities of a ``trust_store``.
    """

    trust_store: Path | None = None
    trust_store_password: str | None = field(default=None, repr=False)
    username_regex: str = USERNAME_REGEX
    required: bool = False
    authority: str = "client authority"
    checks_revocation: bool = False

    def __post_init__(self) -> None:
        check_types(self, trust_store=_FILE, trust_store_password=_TEXT, username_regex=str)
        check_types(self, required=bool, authority=str, checks_revocation=bool)
        try:
            groups = re.compile(self.username_regex).groups
        except re.error as error:
            raise ValueError(f"username_regex is no regular expression: {error}.") from None
        if groups < 1:
            raise ValueError("username_regex has no group that would be the user name.")
        _must_exist(self.trust_store)
        if self.checks_revocation and self.trust_store is not None:
            raise ValueError("A trust store has no revocation list that could be checked.")
        if self.trust_store_password is not None and self.trust_store is None:
            raise ValueError("A password is that of a trust store's file: give the trust_store.")


@dataclass(frozen=True, kw_only=True)
class SecurityConfig:
    """What makes a session secured.

        >>> SecurityConfig(https=HttpsConfig()).basic_authentication
        BasicAuthenticationConfig(realm=None)
        >>> SecurityConfig(basic_authentication={"admin": "passwd"})
        Traceback (most recent call last):
        ...
        TypeError: SecurityConfig(basic_authentication=...) takes BasicAuthenticationConfig, not ...

    Parameters:
        basic_authentication: Users with passwords.
        client_certificate: Users with certificates; needs ``https``.
        https: The certificate of the session; ``None`` for plain HTTP.

    Raises:
        TypeError: A value is no such configuration.
        ValueError: Client certificates without HTTPS.
    """

    basic_authentication: BasicAuthenticationConfig = BasicAuthenticationConfig()
    client_certificate: ClientCertificateConfig | None = None
    https: HttpsConfig | None = None

    def __post_init__(self) -> None:
        check_types(self, _USERS, basic_authentication=BasicAuthenticationConfig)
        check_types(self, client_certificate=(ClientCertificateConfig, type(None)))
        check_types(self, https=(HttpsConfig, type(None)))
        if self.client_certificate is not None and self.https is None:
            raise ValueError("Client certificates need HTTPS.")


@dataclass(frozen=True, kw_only=True)
class SessionConfig:
    """A session.

        >>> SessionConfig(security=SecurityConfig(), base_path="/reports").ready
        True

    Parameters:
        security: ``None`` for an unsecured session, on which every user is its administrator.
        port: Its TCP port; 0 for a free one.
        ready: Whether users without ``ROLE_ADMIN`` are let in from the start.
        base_path: The path below which it serves everything: empty, or ``/one/two``. No segment is
            ``.`` or ``..``.

    Raises:
        TypeError: A value has another type.
        ValueError: There is no such port, or the base path has another form.
    """

    security: SecurityConfig | None = None
    port: int = 0
    ready: bool = True
    base_path: str = ""

    def __post_init__(self) -> None:
        check_types(self, security=(SecurityConfig, type(None)), port=int, ready=bool)
        check_types(self, base_path=str)
        if self.port not in range(65536):
            raise ValueError(f"{self.port!r} is no TCP port.")
        if not is_base_path(self.base_path):
            dots = {".", ".."} & {*self.base_path.split("/")}
            why = ": clients take the segments . and .. out of a URL" if dots else ""
            raise ValueError(
                f"The base path is empty, or like /one/two, not {self.base_path!r}{why}."
            )


def is_base_path(text: str) -> bool:
    """Whether ``text`` is empty, or has a slash before each of its segments, as ``/one/two``.

    No segment is ``.`` or ``..``: clients take these out of a URL (RFC 3986 section 5.2.4).
    """
    first, *segments = text.split("/")
    return not first and all(segments) and not {".", ".."} & {*segments}


def _is_host(text: str) -> bool:
    try:
        return bool(ip_address(text))
    except ValueError:
        return re.fullmatch(r"[^\s/:?#@\[\]]+", text) is not None


def _must_exist(*paths: Path | None) -> None:
    for path in paths:
        if path is not None and not path.is_file():
            raise ValueError(f"There is no file {str(path)!r}.")


def _must_be_ciphers(ciphers: str) -> None:
    # Only who chooses ciphers pays for the import.
    import ssl

    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).set_ciphers(ciphers)
    except (ssl.SSLError, ValueError):
        raise ValueError(f"There is no cipher suite {ciphers!r}.") from None

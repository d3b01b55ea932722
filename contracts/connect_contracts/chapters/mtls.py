"""MTLS: client certificates."""

from __future__ import annotations

from connect_contracts.case import Chapter, Story
from connect_contracts.clauses import Level, Profile
from connect_contracts.expectation import Gives, Raises, Returns
from connect_contracts.scenario import Certificate, KeyLayout, TlsVersion, Use
from connect_contracts.story import (
    CLIENT_CERTIFICATE,
    connect_tls,
    expired_client_certificate,
    list_tables,
    must,
    mutual_tls,
    story,
)
from connect_contracts.wire import (
    HandshakeRefusedByTarget,
    KnownAs,
    NoHttpByte,
    Presents,
    PresentsNothing,
    RefusedWith,
)

CHAPTER = Chapter("MTLS", "client certificates")

MTLS_1 = CHAPTER.clause(
    1,
    "certificate and key in one file; in two files; key with a password: each connects",
    "documentation of ClientCertificate",
    Level.DOCUMENTED,
)
MTLS_2 = CHAPTER.clause(
    2,
    "every connection presents the certificate that was given (its fingerprint); 6.2: "
    "session.user is the user of its subject",
    "documentation of ClientCertificate and ClientCertificateConfig",
    Level.DOCUMENTED,
)
MTLS_3 = CHAPTER.clause(
    3,
    "required and not given: connect raises: 401 from a target that asks politely (documented), "
    "an alert from one that insists (implied, RFC 8446 4.4.2.4); under TLS 1.3 the alert comes "
    "after the client's handshake, and connect raises all the same",
    "documented 401 inside connect",
    Level.DOCUMENTED,
)
MTLS_4 = CHAPTER.clause(
    4,
    "signed by an authority that the target does not trust, or expired: raises",
    "RFC 8446 4.4.2.4",
    Level.IMPLIED,
)
MTLS_6 = CHAPTER.clause(
    6,
    "combined with an untrusted target: connect raises (implied), nothing is presented (robust)",
    "RFC 9110 4.3.4",
    Level.IMPLIED,
)


def _connects(layout: KeyLayout) -> Story:
    given = Certificate(layout=layout)
    return story(mutual_tls(), must(connect_tls(given), Returns(), KnownAs("admin")))


@CHAPTER.case(MTLS_1)
def one_file() -> Story:
    """Certificate and key are in one file."""
    return _connects("one file")


@CHAPTER.case(MTLS_1)
def two_files() -> Story:
    """Certificate and key are in two files."""
    return _connects("two files")


@CHAPTER.case(MTLS_1)
def key_with_a_password() -> Story:
    """The key is encrypted, and its password is given."""
    return _connects("encrypted key")


@CHAPTER.case(MTLS_1)
def where_it_is_optional() -> Story:
    """The target asks for a client certificate without insisting; one is given."""
    return story(
        mutual_tls("optional"), must(connect_tls(CLIENT_CERTIFICATE), Returns(), KnownAs("admin"))
    )


@CHAPTER.case(MTLS_2)
def on_every_connection() -> Story:
    """Connecting and listing the tables present the certificate that was given, every time."""
    return story(
        mutual_tls(),
        must(connect_tls(CLIENT_CERTIFICATE), Returns(), Presents()),
        must(list_tables(), Returns(), Presents()),
    )


@CHAPTER.case(MTLS_2, profiles=(Profile.V6_2,))
def user_of_the_subject() -> Story:
    """``session.user`` is the user whom the certificate's subject names."""
    return story(
        mutual_tls(),
        connect_tls(CLIENT_CERTIFICATE),
        must(Use("user"), Gives({"name": "admin", "roles": ["ROLE_ADMIN", "ROLE_USER"]})),
    )


@CHAPTER.case(MTLS_3)
def asked_politely() -> Story:
    """The target asks for a certificate, none is given, and it answers 401."""
    return story(
        mutual_tls("optional"),
        must(
            connect_tls(CLIENT_CERTIFICATE, defect="client certificate not given"),
            Raises(),
            RefusedWith(401),
        ),
    )


def _insisted(tls: TlsVersion, alert: str) -> Story:
    return story(
        mutual_tls(tls=tls),
        must(
            connect_tls(CLIENT_CERTIFICATE, defect="client certificate not given"),
            Raises(),
            HandshakeRefusedByTarget((alert,)),
        ),
    )


@CHAPTER.case(MTLS_3, level=Level.IMPLIED)
def insisted_tls_1_2() -> Story:
    """The target insists on a certificate, over TLS 1.2, and none is given."""
    return _insisted("1.2", "handshake_failure")


@CHAPTER.case(MTLS_3, level=Level.IMPLIED)
def insisted_tls_1_3() -> Story:
    """The target insists on a certificate, over TLS 1.3, and none is given."""
    return _insisted("1.3", "certificate_required")


@CHAPTER.case(MTLS_4)
def unknown_authority() -> Story:
    """The client certificate is of an authority that the target does not trust."""
    return story(
        mutual_tls(),
        must(
            connect_tls(CLIENT_CERTIFICATE, defect="client certificate of an unknown authority"),
            Raises(),
            HandshakeRefusedByTarget(("unknown_ca",)),
        ),
    )


@CHAPTER.case(MTLS_4)
def expired() -> Story:
    """The client certificate expired years ago."""
    return story(
        mutual_tls(),
        must(
            connect_tls(expired_client_certificate()),
            Raises(),
            HandshakeRefusedByTarget(("certificate_expired",)),
        ),
    )


@CHAPTER.case(MTLS_6)
def untrusted_target() -> Story:
    """A client certificate is given, and the target's authority is another than the file's."""
    return story(
        mutual_tls(),
        must(
            connect_tls(CLIENT_CERTIFICATE, defect="file of another authority"),
            Raises(),
            NoHttpByte(),
        ),
    )


@CHAPTER.case(MTLS_6, level=Level.ROBUST)
def nothing_presented() -> Story:
    """As before; the client certificate is not shown to a target that is not believed."""
    return story(
        mutual_tls(),
        must(
            connect_tls(CLIENT_CERTIFICATE, defect="file of another authority"),
            Raises(),
            NoHttpByte(),
            PresentsNothing(),
        ),
    )

"""Client certificates that are given and taken."""

from __future__ import annotations

from connect_contracts.chapters.builder import (
    CLIENT_CERTIFICATE,
    client_certificate,
    connect_tls,
    list_tables,
    must,
    mutual_tls,
    story,
)
from connect_contracts.chapters.case import Story, row
from connect_contracts.chapters.mtls.chapter import CHAPTER, MTLS_1, MTLS_2
from connect_contracts.checks.expectation import Gives, Returns
from connect_contracts.checks.wire_checks import KnownAs, Presents
from connect_contracts.model.clause import Depth, Profile
from connect_contracts.model.scenario import Certificate, KeyFormat, KeyLayout, TlsVersion, Use

FILES = "documentation of ClientCertificate"


def _connects(given: Certificate, policy: str = "required", tls: TlsVersion | None = None) -> Story:
    return story(mutual_tls(policy, tls=tls), must(connect_tls(given), Returns(), KnownAs("admin")))


def _laid_out(layout: KeyLayout, key_format: KeyFormat = "PKCS 8") -> Story:
    key = "rsa-2048" if key_format == "PKCS 1" else "ec-p256"
    return _connects(client_certificate(layout=layout, key_format=key_format, key=key))


CHAPTER.table(
    MTLS_1,
    _laid_out,
    row("one-file", "Certificate and key are in one file.", "one file", depth=Depth.CORE),
    row("two-files", "Certificate and key are in two files.", "two files", recipe="mtls13/ok"),
    rule=FILES,
)


@CHAPTER.case(MTLS_1, recipe="mtls12/ok", rule=FILES)
def two_files_tls_1_2() -> Story:
    """Certificate and key are in two files, and the target speaks TLS 1.2 alone."""
    return _connects(CLIENT_CERTIFICATE, "required", "1.2")


@CHAPTER.case(MTLS_1, recipe="ccfile/encrypted-ok", rule=FILES)
def key_with_a_password() -> Story:
    """The key is encrypted, and its password is given."""
    return _laid_out("encrypted key")


@CHAPTER.case(MTLS_1, recipe="ccfile/encrypted-one-file", rule=FILES)
def key_with_a_password_in_one_file() -> Story:
    """Certificate and encrypted key are in one file, and the password is given."""
    return _laid_out("one file, encrypted key")


@CHAPTER.case(MTLS_1, recipe="ccfile/sec-1", rule="RFC 5915 4", depth=Depth.FULL)
def key_in_sec_1() -> Story:
    """The key is written as SEC 1 has it."""
    return _laid_out("two files", "SEC 1")


@CHAPTER.case(MTLS_1, recipe="ccfile/pkcs-1", rule="RFC 8017 A.1.2", depth=Depth.FULL)
def key_in_pkcs_1() -> Story:
    """The key is one of RSA, and written as PKCS 1 has it."""
    return _laid_out("one file", "PKCS 1")


@CHAPTER.case(MTLS_1, recipe="ccfile/sec-1-encrypted", rule="RFC 1421 4.6", depth=Depth.FULL)
def key_in_sec_1_with_a_password() -> Story:
    """The key is written as SEC 1 has it, and encrypted."""
    return _laid_out("encrypted key", "SEC 1")


@CHAPTER.case(MTLS_1)
def where_it_is_optional() -> Story:
    """The target asks for a client certificate without insisting; one is given."""
    return _connects(CLIENT_CERTIFICATE, "optional")


@CHAPTER.case(MTLS_1, recipe="mtls13/with-intermediate", rule="RFC 8446 4.4.2")
def below_an_intermediate() -> Story:
    """The client certificate is below an intermediate, which stands in its file."""
    return _connects(client_certificate(intermediates=1))


@CHAPTER.case(MTLS_1, recipe="mtls12/with-intermediate", rule="RFC 5246 7.4.6", depth=Depth.FULL)
def below_an_intermediate_tls_1_2() -> Story:
    """As before, over TLS 1.2."""
    return _connects(client_certificate(intermediates=1), "required", "1.2")


@CHAPTER.case(MTLS_2, depth=Depth.CORE)
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

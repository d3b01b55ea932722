"""The right authority in forms that some readers take and others do not."""

from __future__ import annotations

import ssl

from connect_contracts.execution.call.arguments import Arguments
from connect_contracts.execution.call.resources import Setting
from connect_contracts.execution.call_defects.authority_content import (
    BEGIN,
    END,
    another_leaf,
    labelled,
    relabelled,
    right,
    written,
)
from connect_contracts.execution.call_defects.registry import call_defect


@call_defect("certificate as DER")
def as_der(arguments: Arguments, setting: Setting) -> Arguments:
    """The file is in DER, not in PEM."""
    return written(arguments, setting, ssl.PEM_cert_to_DER_cert(right(setting)))


@call_defect("bundle of PKCS 7")
def pkcs_7(arguments: Arguments, setting: Setting) -> Arguments:
    """The file is a bundle of PKCS 7 that holds the right authority (RFC 7468 8)."""
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.hazmat.primitives.serialization.pkcs7 import serialize_certificates

    authority = setting.authorities.authority("authority").certificate
    return written(arguments, setting, serialize_certificates([authority], Encoding.PEM))


@call_defect("UTF-16")
def utf_16(arguments: Arguments, setting: Setting) -> Arguments:
    """The file is PEM written in UTF-16."""
    return written(arguments, setting, right(setting).encode("utf-16"))


@call_defect("byte order mark")
def byte_order_mark(arguments: Arguments, setting: Setting) -> Arguments:
    """The file begins with the byte order mark of UTF-8."""
    return written(arguments, setting, right(setting).encode("utf-8-sig"))


@call_defect("indented lines")
def indented(arguments: Arguments, setting: Setting) -> Arguments:
    """Every line of the file begins with two spaces."""
    lines = right(setting).splitlines()
    return written(arguments, setting, "".join(f"  {line}\n" for line in lines))


@call_defect("base64 in one line")
def one_line(arguments: Arguments, setting: Setting) -> Arguments:
    """The base64 of the certificate is not broken into lines of 64 letters (RFC 7468 2)."""
    body = "".join(right(setting).splitlines()[1:-1])
    return written(arguments, setting, f"{BEGIN}\n{body}\n{END}\n")


@call_defect("label of a trusted certificate")
def trusted_certificate(arguments: Arguments, setting: Setting) -> Arguments:
    """The certificate stands under a label that OpenSSL alone writes, ``TRUSTED CERTIFICATE``."""
    return written(arguments, setting, relabelled(setting, "TRUSTED CERTIFICATE"))


@call_defect("label X509 CERTIFICATE")
def x509_certificate(arguments: Arguments, setting: Setting) -> Arguments:
    """The certificate stands under an old label, ``X509 CERTIFICATE`` (RFC 7468 5.1)."""
    return written(arguments, setting, relabelled(setting, "X509 CERTIFICATE"))


@call_defect("private key before the certificate")
def key_and_certificate(arguments: Arguments, setting: Setting) -> Arguments:
    """Before the right certificate stands a private key."""
    key = another_leaf(setting).private_key_pem
    return written(arguments, setting, key + right(setting).encode(), private=True)


@call_defect("flipped bit in the signature")
def flipped_bit(arguments: Arguments, setting: Setting) -> Arguments:
    """One bit is wrong in the signature of the right authority on its own certificate."""
    der = bytearray(ssl.PEM_cert_to_DER_cert(right(setting)))
    der[-1] ^= 1
    return written(arguments, setting, labelled("CERTIFICATE", bytes(der)))


@call_defect("str instead of Path")
def text_instead_of_path(arguments: Arguments, _: Setting) -> Arguments:
    """The path of the right file is given as ``str``."""
    return arguments.with_authority_as_text()

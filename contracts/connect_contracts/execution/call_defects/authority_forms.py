"""The right authority in forms that some readers take and others do not."""

from __future__ import annotations

import ssl

from connect_contracts.execution.call.arguments import Arguments
from connect_contracts.execution.call.resources import CallResources
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
def as_der(arguments: Arguments, resources: CallResources) -> Arguments:
    """The file is in DER, not in PEM."""
    return written(arguments, resources, ssl.PEM_cert_to_DER_cert(right(resources)))


@call_defect("bundle of PKCS 7")
def pkcs_7(arguments: Arguments, resources: CallResources) -> Arguments:
    """The file is a bundle of PKCS 7 that holds the right authority (RFC 7468 8)."""
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.hazmat.primitives.serialization.pkcs7 import serialize_certificates

    authority = resources.authorities.authority("authority").certificate
    return written(arguments, resources, serialize_certificates([authority], Encoding.PEM))


@call_defect("UTF-16")
def utf_16(arguments: Arguments, resources: CallResources) -> Arguments:
    """The file is PEM written in UTF-16."""
    return written(arguments, resources, right(resources).encode("utf-16"))


@call_defect("byte order mark")
def byte_order_mark(arguments: Arguments, resources: CallResources) -> Arguments:
    """The file begins with the byte order mark of UTF-8."""
    return written(arguments, resources, right(resources).encode("utf-8-sig"))


@call_defect("indented lines")
def indented(arguments: Arguments, resources: CallResources) -> Arguments:
    """Every line of the file begins with two spaces."""
    lines = right(resources).splitlines()
    return written(arguments, resources, "".join(f"  {line}\n" for line in lines))


@call_defect("base64 in one line")
def one_line(arguments: Arguments, resources: CallResources) -> Arguments:
    """The base64 of the certificate is not broken into lines of 64 letters (RFC 7468 2)."""
    body = "".join(right(resources).splitlines()[1:-1])
    return written(arguments, resources, f"{BEGIN}\n{body}\n{END}\n")


@call_defect("label of a trusted certificate")
def trusted_certificate(arguments: Arguments, resources: CallResources) -> Arguments:
    """The certificate stands under a label that OpenSSL alone writes, ``TRUSTED CERTIFICATE``."""
    return written(arguments, resources, relabelled(resources, "TRUSTED CERTIFICATE"))


@call_defect("label X509 CERTIFICATE")
def x509_certificate(arguments: Arguments, resources: CallResources) -> Arguments:
    """The certificate stands under an old label, ``X509 CERTIFICATE`` (RFC 7468 5.1)."""
    return written(arguments, resources, relabelled(resources, "X509 CERTIFICATE"))


@call_defect("private key before the certificate")
def key_and_certificate(arguments: Arguments, resources: CallResources) -> Arguments:
    """Before the right certificate stands a private key."""
    key = another_leaf(resources).private_key_pem
    return written(arguments, resources, key + right(resources).encode(), private=True)


@call_defect("flipped bit in the signature")
def flipped_bit(arguments: Arguments, resources: CallResources) -> Arguments:
    """One bit is wrong in the signature of the right authority on its own certificate."""
    der = bytearray(ssl.PEM_cert_to_DER_cert(right(resources)))
    der[-1] ^= 1
    return written(arguments, resources, labelled("CERTIFICATE", bytes(der)))


@call_defect("str instead of Path")
def text_instead_of_path(arguments: Arguments, _: CallResources) -> Arguments:
    """The path of the right file is given as ``str``."""
    return arguments.with_authority_as_text()

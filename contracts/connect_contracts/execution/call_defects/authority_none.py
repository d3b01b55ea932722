"""Files given as ``certificate_authority`` that hold no authority, whatever else they hold."""

from __future__ import annotations

from pathlib import Path

from connect_contracts.execution.call.arguments import Arguments
from connect_contracts.execution.call.resources import CallResources
from connect_contracts.execution.call_defects.authority_content import (
    RANDOM_BYTES,
    another_leaf,
    labelled,
    right,
    written,
)
from connect_contracts.execution.call_defects.registry import call_defect


@call_defect("file of random bytes")
def random_bytes(arguments: Arguments, resources: CallResources) -> Arguments:
    """The file holds bytes that mean nothing."""
    return written(arguments, resources, RANDOM_BYTES)


@call_defect("empty path")
def empty_path(arguments: Arguments, _: CallResources) -> Arguments:
    """The path is the empty one, which is the working folder's: a directory."""
    return arguments.with_authority_file(Path(""))


@call_defect("private key alone")
def private_key_alone(arguments: Arguments, resources: CallResources) -> Arguments:
    """The file holds a private key, and no certificate."""
    return written(arguments, resources, another_leaf(resources).private_key_pem, private=True)


@call_defect("letters that are no base64")
def no_base64(arguments: Arguments, resources: CallResources) -> Arguments:
    """In the right certificate one letter is none of base64 (RFC 4648 4)."""
    pem = right(resources)
    at = len(pem) // 2
    return written(arguments, resources, f"{pem[:at]}!{pem[at + 1 :]}")


@call_defect("base64 that is no certificate")
def no_der(arguments: Arguments, resources: CallResources) -> Arguments:
    """Between the lines of a certificate stands base64 of bytes that mean nothing."""
    return written(arguments, resources, labelled("CERTIFICATE", RANDOM_BYTES))


@call_defect("certificate request")
def certificate_request(arguments: Arguments, resources: CallResources) -> Arguments:
    """The file holds a request for a certificate, and none."""
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding

    authority = resources.authorities.authority("authority")
    builder = x509.CertificateSigningRequestBuilder(authority.subject)
    request = builder.sign(authority.private_key, SHA256())
    return written(arguments, resources, request.public_bytes(Encoding.PEM))


@call_defect("revocation list alone")
def revocation_list_alone(arguments: Arguments, resources: CallResources) -> Arguments:
    """The file holds the revocation list of the right authority, and no certificate."""
    authority = resources.authorities.authority("authority")
    return written(arguments, resources, authority.revocation_list_pem)


@call_defect("leaf of another chain")
def leaf_of_another_chain(arguments: Arguments, resources: CallResources) -> Arguments:
    """The file holds a leaf of the right authority, which is not the target's, and no authority."""
    return written(arguments, resources, another_leaf(resources).chain_pem)

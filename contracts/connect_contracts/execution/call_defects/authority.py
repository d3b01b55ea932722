"""Files given as ``certificate_authority`` that are not usable, or in an unusual form."""

from __future__ import annotations

import base64
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from connect_contracts.execution.call.arguments import Arguments
from connect_contracts.execution.call.resources import CallResources
from connect_contracts.execution.call_defects.registry import call_defect, changing
from connect_contracts.model.clause import Depth
from connect_harness.certificates import Chain

if TYPE_CHECKING:
    from connect_harness.certificates import IssuedChain

_file = partial(call_defect, argument="certificate_authority")
_other = partial(_file, group="authority file", check="server certificate")
_unusable = partial(
    _file, group="authority file", check="authority file", clause="CA-7", authorities=()
)
_none = partial(_unusable, group="authority none")
_damaged = partial(
    _file,
    group="authority file",
    check="authority file",
    expectation="observe",
    authorities=("authority",),
)
_form = partial(_damaged, group="authority forms", depth=Depth.FULL)

RANDOM_BYTES = bytes(range(255, -1, -1)) * 4
"""Bytes that are neither text nor DER."""

BEGIN, END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"


def right(resources: CallResources) -> str:
    """The right certificate, as PEM."""
    return resources.authorities.authority("authority").certificate_pem.decode("ascii")


def another_leaf(resources: CallResources) -> IssuedChain:
    """A leaf of the right authority, which no target presents."""
    return resources.authorities.issue(Chain())


def right_der(resources: CallResources) -> bytes:
    """The right certificate, as DER."""
    from cryptography.hazmat.primitives.serialization import Encoding

    return resources.authorities.authority("authority").certificate.public_bytes(Encoding.DER)


def labelled(label: str, der: bytes) -> str:
    """Bytes as PEM under a label (RFC 7468 2)."""
    body = base64.encodebytes(der).decode("ascii")
    return f"-----BEGIN {label}-----\n{body}-----END {label}-----\n"


def written(
    arguments: Arguments, resources: CallResources, content: str | bytes, *, private: bool = False
) -> Arguments:
    """``arguments`` with a new file of this content as the authority's."""
    data = content.encode("ascii") if isinstance(content, str) else content
    return arguments.with_authority_file(resources.write("authority.pem", data, private=private))


@_other(
    "authority file not given",
    "without the authority's file, which is needed",
    authorities=None,
    clause="CA-2",
)
def not_given(arguments: Arguments, _: CallResources) -> Arguments:
    """``certificate_authority`` is left out, although the target's authority is a private one."""
    return arguments.with_authority_file(None)


@_other(
    "file of another authority",
    "with the file of another authority than the target's",
    authorities=("another authority",),
)
def of_another(arguments: Arguments, resources: CallResources) -> Arguments:
    """The file holds another authority than the target's."""
    return arguments.with_authority_file(resources.authority_file("another authority"))


@_other(
    "file of another authority of the same name",
    "with the file of another authority with the name of the target's",
    authorities=("authority#namesake",),
)
def of_another_of_the_same_name(arguments: Arguments, resources: CallResources) -> Arguments:
    """The file holds an authority with the subject of the target's, and another key."""
    namesake = resources.authorities.namesake("authority")
    return written(arguments, resources, namesake.certificate_pem)


@_unusable("missing file", "with a missing file in place of the authority's")
def missing(arguments: Arguments, resources: CallResources) -> Arguments:
    """There is no file at the path."""
    return arguments.with_authority_file(resources.folder / "missing.pem")


@_unusable("directory", "with a directory in place of the authority's file")
def directory(arguments: Arguments, resources: CallResources) -> Arguments:
    """The path is that of a directory."""
    path = resources.new_folder("authorities")
    resources.authority_file("authority", folder=path)
    return arguments.with_authority_file(path)


@_unusable(
    "below a regular file", "with a path through a regular file in place of the authority's file"
)
def below_a_regular_file(arguments: Arguments, resources: CallResources) -> Arguments:
    """The path goes through a regular file."""
    return arguments.with_authority_file(resources.write("file", b"text") / "authority.pem")


@_unusable("loop of links", "with a link to itself in place of the authority's file")
def loop_of_links(arguments: Arguments, resources: CallResources) -> Arguments:
    """The path is a symbolic link to itself."""
    path = resources.folder / "loop.pem"
    path.symlink_to(path)
    return arguments.with_authority_file(path)


@_unusable("empty file", "with an empty file in place of the authority's")
def empty(arguments: Arguments, resources: CallResources) -> Arguments:
    """The file is empty."""
    return arguments.with_authority_file(resources.write("empty.pem", b""))


@_unusable(
    "no certificate in the file",
    "with a file of text without a certificate in place of the authority's",
)
def no_certificate(arguments: Arguments, resources: CallResources) -> Arguments:
    """The file holds text, and no certificate."""
    return arguments.with_authority_file(resources.write("text.pem", b"no certificate\n"))


@_unusable("damaged certificate", "with the first half of the authority's file")
def damaged(arguments: Arguments, resources: CallResources) -> Arguments:
    """The file holds the first half of the right certificate."""
    pem = resources.authority_file("authority").read_bytes()
    return arguments.with_authority_file(resources.write("half.pem", pem[: len(pem) // 2]))


@_damaged(
    "one good certificate and one damaged",
    "with the authority's file and half a certificate after it",
)
def good_and_damaged(arguments: Arguments, resources: CallResources) -> Arguments:
    """The file holds the right authority, and after it half a certificate."""
    pem = resources.authority_file("authority").read_bytes()
    return arguments.with_authority_file(resources.write("both.pem", pem + pem[: len(pem) // 2]))


@_damaged(
    "one damaged certificate and one good",
    "with half a certificate and the authority's file after it",
)
def damaged_and_good(arguments: Arguments, resources: CallResources) -> Arguments:
    """The file holds half a certificate with its end line, and after it the right authority."""
    pem = right(resources)
    half = pem[: len(pem) // 2].rpartition("\n")[0]
    return written(arguments, resources, f"{half}\n{END}\n{pem}")


@_form("certificate as DER", "with the authority's file in DER", recipe="cafile/der")
def as_der(arguments: Arguments, resources: CallResources) -> Arguments:
    """The file is in DER, not in PEM."""
    return written(arguments, resources, right_der(resources))


@_form("bundle of PKCS 7", "with the authority's file as a bundle of PKCS 7", recipe="cafile/pkcs7")
def pkcs_7(arguments: Arguments, resources: CallResources) -> Arguments:
    """The file is a bundle of PKCS 7 that holds the right authority (RFC 7468 8)."""
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.hazmat.primitives.serialization.pkcs7 import serialize_certificates

    authority = resources.authorities.authority("authority").certificate
    return written(arguments, resources, serialize_certificates([authority], Encoding.PEM))


@_form("UTF-16", "with the authority's file in UTF-16", recipe="cafile/utf16")
def utf_16(arguments: Arguments, resources: CallResources) -> Arguments:
    """The file is PEM written in UTF-16."""
    return written(arguments, resources, right(resources).encode("utf-16"))


@_form("byte order mark", "with the authority's file after a byte order mark", recipe="cafile/bom")
def byte_order_mark(arguments: Arguments, resources: CallResources) -> Arguments:
    """The file begins with the byte order mark of UTF-8."""
    return written(arguments, resources, right(resources).encode("utf-8-sig"))


@_form(
    "indented lines", "with the authority's file in indented lines", recipe="cafile/leading-space"
)
def indented(arguments: Arguments, resources: CallResources) -> Arguments:
    """Every line of the file begins with two spaces."""
    lines = right(resources).splitlines()
    return written(arguments, resources, "".join(f"  {line}\n" for line in lines))


@_form(
    "base64 in one line",
    "with the authority's file, its base64 in one line",
    recipe="cafile/one-line",
)
def one_line(arguments: Arguments, resources: CallResources) -> Arguments:
    """The base64 of the certificate is not broken into lines of 64 letters (RFC 7468 2)."""
    body = "".join(right(resources).splitlines()[1:-1])
    return written(arguments, resources, f"{BEGIN}\n{body}\n{END}\n")


@_form(
    "label of a trusted certificate",
    "with the authority's file under the label TRUSTED CERTIFICATE",
    recipe="cafile/trusted-cert",
)
def trusted_certificate(arguments: Arguments, resources: CallResources) -> Arguments:
    """The certificate stands under a label that OpenSSL alone writes, ``TRUSTED CERTIFICATE``."""
    pem = right(resources).replace("CERTIFICATE", "TRUSTED CERTIFICATE")
    return written(arguments, resources, pem)


@_form(
    "label X509 CERTIFICATE",
    "with the authority's file under the label X509 CERTIFICATE",
    recipe="cafile/x509-label",
)
def x509_certificate(arguments: Arguments, resources: CallResources) -> Arguments:
    """The certificate stands under an old label, ``X509 CERTIFICATE`` (RFC 7468 5.1)."""
    pem = right(resources).replace("CERTIFICATE", "X509 CERTIFICATE")
    return written(arguments, resources, pem)


@_form(
    "private key before the certificate",
    "with the authority's file after a private key",
    recipe="cafile/key-and-cert",
)
def key_and_certificate(arguments: Arguments, resources: CallResources) -> Arguments:
    """Before the right certificate stands a private key."""
    key = another_leaf(resources).private_key_pem
    return written(arguments, resources, key + right(resources).encode(), private=True)


@_form(
    "flipped bit in the signature",
    "with the authority's file, one bit of its signature flipped",
    recipe="cafile/flipped-byte",
)
def flipped_bit(arguments: Arguments, resources: CallResources) -> Arguments:
    """One bit is wrong in the signature of the right authority on its own certificate."""
    der = bytearray(right_der(resources))
    der[-1] ^= 1
    return written(arguments, resources, labelled("CERTIFICATE", bytes(der)))


changing(
    "str instead of Path",
    "with the authority's file as str",
    "The path of the right file is given as ``str``.",
    {"authority_as_text": True},
    argument="certificate_authority",
    group="authority forms",
    check="authority file",
    expectation="observe",
    recipe="cafile/str",
)


@_none("file of random bytes", "with a file of random bytes in place of the authority's")
def random_bytes(arguments: Arguments, resources: CallResources) -> Arguments:
    """The file holds bytes that mean nothing."""
    return written(arguments, resources, RANDOM_BYTES)


@_none("empty path", "with an empty path in place of the authority's file")
def empty_path(arguments: Arguments, _: CallResources) -> Arguments:
    """The path is the empty one, which is that of the working folder."""
    return arguments.with_authority_file(Path(""))


@_none("private key alone", "with a file of a private key alone in place of the authority's")
def private_key_alone(arguments: Arguments, resources: CallResources) -> Arguments:
    """The file holds a private key, and no certificate."""
    return written(arguments, resources, another_leaf(resources).private_key_pem, private=True)


@_none("letters that are no base64", "with the authority's file, one of its letters no base64")
def no_base64(arguments: Arguments, resources: CallResources) -> Arguments:
    """In the right certificate one letter is not a letter of base64."""
    pem = right(resources)
    at = len(pem) // 2
    return written(arguments, resources, f"{pem[:at]}!{pem[at + 1 :]}")


@_none(
    "base64 that is no certificate",
    "with a file of base64 that is no certificate in place of the authority's",
)
def no_der(arguments: Arguments, resources: CallResources) -> Arguments:
    """Between the lines of a certificate stands base64 of bytes that mean nothing."""
    return written(arguments, resources, labelled("CERTIFICATE", RANDOM_BYTES))


@_none("certificate request", "with a file of a certificate request in place of the authority's")
def certificate_request(arguments: Arguments, resources: CallResources) -> Arguments:
    """The file holds a request for a certificate, and none."""
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding

    authority = resources.authorities.authority("authority")
    builder = x509.CertificateSigningRequestBuilder(authority.subject)
    request = builder.sign(authority.private_key, SHA256())
    return written(arguments, resources, request.public_bytes(Encoding.PEM))


@_none(
    "revocation list alone",
    "with a file of the authority's revocation list alone in place of its certificate",
)
def revocation_list_alone(arguments: Arguments, resources: CallResources) -> Arguments:
    """The file holds the authority's revocation list, and no certificate."""
    authority = resources.authorities.authority("authority")
    return written(arguments, resources, authority.revocation_list_pem)


@_other(
    "leaf of another chain",
    "with a file of a leaf that is not the target's in place of the authority's",
    group="authority none",
    authorities=("a leaf",),
)
def leaf_of_another_chain(arguments: Arguments, resources: CallResources) -> Arguments:
    """The file holds a leaf of the right authority, which is not the target's, and no authority."""
    return written(arguments, resources, another_leaf(resources).chain_pem)

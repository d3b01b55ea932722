"""Files of a client certificate and its key that do not serve."""

from __future__ import annotations

import ssl
from pathlib import Path

import msgspec

from connect_contracts.execution.call.arguments import Arguments, CertificateArgument
from connect_contracts.execution.call.resources import CallResources
from connect_contracts.execution.call_defects.authority_content import RANDOM_BYTES
from connect_contracts.execution.call_defects.registry import call_defect
from connect_contracts.model.scenario import TargetSpec

CLIENT_AUTHORITY = TargetSpec().client_authority


def _given(arguments: Arguments) -> CertificateArgument:
    given = arguments.authentication
    if not isinstance(given, CertificateArgument):
        raise TypeError("a defect of a client certificate's files needs a client certificate")
    return given


def _with_certificate_file(
    arguments: Arguments, resources: CallResources, content: bytes
) -> Arguments:
    path = resources.write("client.pem", content, private=True)
    return arguments.with_authentication(
        msgspec.structs.replace(_given(arguments), certificate=str(path))
    )


def _with_keyfile(arguments: Arguments, path: str | None) -> Arguments:
    return arguments.with_authentication(msgspec.structs.replace(_given(arguments), keyfile=path))


def _with_password(arguments: Arguments, password: str | None) -> Arguments:
    return arguments.with_authentication(
        msgspec.structs.replace(_given(arguments), password=password)
    )


@call_defect("client certificate's file missing")
def file_missing(arguments: Arguments, resources: CallResources) -> Arguments:
    """There is no file at the path of the client certificate."""
    missing = str(resources.folder / "missing.pem")
    return arguments.with_authentication(
        msgspec.structs.replace(_given(arguments), certificate=missing)
    )


@call_defect("key's file missing")
def keyfile_missing(arguments: Arguments, resources: CallResources) -> Arguments:
    """There is no file at the path of the key."""
    return _with_keyfile(arguments, str(resources.folder / "missing.key"))


@call_defect("client certificate's file empty")
def file_empty(arguments: Arguments, resources: CallResources) -> Arguments:
    """The file of the client certificate is empty."""
    return _with_certificate_file(arguments, resources, b"")


@call_defect("client certificate's file of random bytes")
def file_of_random_bytes(arguments: Arguments, resources: CallResources) -> Arguments:
    """The file of the client certificate holds bytes that mean nothing."""
    return _with_certificate_file(arguments, resources, RANDOM_BYTES)


@call_defect("client certificate without its key")
def without_its_key(arguments: Arguments, _: CallResources) -> Arguments:
    """The file of the client certificate is given alone, and no key is in it."""
    return _with_keyfile(arguments, None)


@call_defect("key without its client certificate")
def key_alone(arguments: Arguments, _: CallResources) -> Arguments:
    """The file of the key is given as that of the certificate too."""
    given = _given(arguments)
    return arguments.with_authentication(
        msgspec.structs.replace(given, certificate=given.keyfile or given.certificate)
    )


@call_defect("key of another client certificate")
def key_of_another(arguments: Arguments, resources: CallResources) -> Arguments:
    """The key is that of another client certificate."""
    return _with_keyfile(arguments, resources.stranger().keyfile)


@call_defect("wrong password of the key")
def wrong_password_of_the_key(arguments: Arguments, resources: CallResources) -> Arguments:
    """The password is another one than the key's."""
    return _with_password(arguments, resources.unique("wrong"))


@call_defect("empty password of the key")
def empty_password_of_the_key(arguments: Arguments, _: CallResources) -> Arguments:
    """The password given is the empty text."""
    return _with_password(arguments, "")


@call_defect("no password of the key")
def no_password_of_the_key(arguments: Arguments, _: CallResources) -> Arguments:
    """The key is encrypted, and its password is left out."""
    return _with_password(arguments, None)


@call_defect("authority before the client certificate")
def authority_first(arguments: Arguments, resources: CallResources) -> Arguments:
    """In the file, the authority's certificate stands before the client's."""
    chain = Path(_given(arguments).certificate).read_bytes()
    authority = resources.authorities.authority(CLIENT_AUTHORITY).certificate_pem
    return _with_certificate_file(arguments, resources, authority + chain)


@call_defect("client certificate as DER")
def as_der(arguments: Arguments, resources: CallResources) -> Arguments:
    """The file of the client certificate is in DER, not in PEM: without its intermediates."""
    pem = Path(_given(arguments).certificate).read_text("ascii")
    leaf = pem[: pem.index(ssl.PEM_FOOTER) + len(ssl.PEM_FOOTER)]
    return _with_certificate_file(arguments, resources, ssl.PEM_cert_to_DER_cert(leaf))

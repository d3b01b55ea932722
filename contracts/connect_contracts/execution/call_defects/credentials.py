"""Credentials, client certificates and their files that do not serve, or are not given."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import msgspec

from connect_contracts.execution.call.arguments import (
    Arguments,
    BasicArgument,
    CallbackArgument,
    CertificateArgument,
    PasswordGrantArgument,
    TokenArgument,
)
from connect_contracts.execution.call.resources import CallResources
from connect_contracts.execution.call_defects.authority import RANDOM_BYTES
from connect_contracts.execution.call_defects.registry import call_defect
from connect_contracts.model.scenario import ADMIN, TargetSpec

_authentication = partial(call_defect, argument="authentication")
_of_certificate = partial(_authentication, group="client certificate", check="caller")
_of_files = partial(_authentication, group="client files", check="client files", clause="MTLS-5")
_of_credentials = partial(_authentication, group="credentials", check="caller")
_of_injection = partial(
    _authentication, group="injection", check="arguments", clause="AUTH-15", expectation="observe"
)

INJECTED = "\r\nX-Injected: yes"
"""A line break, and a header that nobody asked for (RFC 9110 5.5)."""


def _given(arguments: Arguments) -> CertificateArgument:
    given = arguments.authentication
    if not isinstance(given, CertificateArgument):
        raise TypeError("a defect of a client certificate's files needs a client certificate")
    return given


def _with_certificate_file(
    arguments: Arguments, resources: CallResources, content: bytes
) -> Arguments:
    path = resources.write("client.pem", content, private=True)
    return _with(arguments, certificate=str(path))


def _with(arguments: Arguments, **fields: str | None) -> Arguments:
    return arguments.but(authentication=msgspec.structs.replace(_given(arguments), **fields))


@_of_certificate("client certificate not given", "without a client certificate")
def certificate_not_given(arguments: Arguments, _: CallResources) -> Arguments:
    """``authentication`` is left out, although the target wants a client certificate."""
    return arguments.but(authentication=None)


@_of_certificate(
    "client certificate of an unknown authority",
    "with a client certificate of an authority that the target does not trust",
)
def of_an_unknown_authority(arguments: Arguments, resources: CallResources) -> Arguments:
    """The client certificate is of an authority that the target does not trust."""
    return arguments.but(authentication=resources.stranger())


@_of_files("client certificate's file missing", "as {who} with a missing file as the certificate")
def file_missing(arguments: Arguments, resources: CallResources) -> Arguments:
    """There is no file at the path of the client certificate."""
    missing = str(resources.folder / "missing.pem")
    return _with(arguments, certificate=missing)


@_of_files("key's file missing", "as {who} with a missing file as the key")
def keyfile_missing(arguments: Arguments, resources: CallResources) -> Arguments:
    """There is no file at the path of the key."""
    return _with(arguments, keyfile=str(resources.folder / "missing.key"))


@_of_files("client certificate's file empty", "as {who} with an empty file as the certificate")
def file_empty(arguments: Arguments, resources: CallResources) -> Arguments:
    """The file of the client certificate is empty."""
    return _with_certificate_file(arguments, resources, b"")


@_of_files(
    "client certificate's file of random bytes",
    "as {who} with a file of random bytes as the certificate",
)
def file_of_random_bytes(arguments: Arguments, resources: CallResources) -> Arguments:
    """The file of the client certificate holds bytes that mean nothing."""
    return _with_certificate_file(arguments, resources, RANDOM_BYTES)


@_of_files("client certificate without its key", "as {who} without the key")
def without_its_key(arguments: Arguments, _: CallResources) -> Arguments:
    """The file of the client certificate is given alone, and no key is in it."""
    return _with(arguments, keyfile=None)


@_of_files("key without its client certificate", "as {who} with the key's file as the certificate")
def key_alone(arguments: Arguments, _: CallResources) -> Arguments:
    """The file given as the client certificate holds its key alone."""
    given = _given(arguments)
    return _with(arguments, certificate=given.keyfile or given.certificate)


@_of_files("key of another client certificate", "as {who} with the key of another certificate")
def key_of_another(arguments: Arguments, resources: CallResources) -> Arguments:
    """The key is that of another client certificate."""
    return _with(arguments, keyfile=resources.stranger().keyfile)


@_of_files(
    "wrong password of the key",
    "as {who} with a wrong password for the key",
    needs="an encrypted key",
)
def wrong_password_of_the_key(arguments: Arguments, resources: CallResources) -> Arguments:
    """The password is another one than the key's."""
    return _with(arguments, password=resources.unique("wrong"))


@_of_files(
    "empty password of the key",
    "as {who} with an empty password for the key",
    needs="an encrypted key",
)
def empty_password_of_the_key(arguments: Arguments, _: CallResources) -> Arguments:
    """The password given is the empty text."""
    return _with(arguments, password="")


@_of_files(
    "no password of the key", "as {who} without a password for the key", needs="an encrypted key"
)
def no_password_of_the_key(arguments: Arguments, _: CallResources) -> Arguments:
    """The key is encrypted, and its password is left out."""
    return _with(arguments, password=None)


@_of_files(
    "authority before the client certificate",
    "as {who} with the authority's certificate first in the file",
    expectation="observe",
)
def authority_first(arguments: Arguments, resources: CallResources) -> Arguments:
    """In the file, the authority's certificate stands before the client's."""
    chain = Path(_given(arguments).certificate).read_bytes()
    authority = resources.authorities.authority(TargetSpec().client_authority).certificate_pem
    return _with_certificate_file(arguments, resources, authority + chain)


@_of_files(
    "client certificate as DER", "as {who} with the certificate in DER", expectation="observe"
)
def as_der(arguments: Arguments, resources: CallResources) -> Arguments:
    """The file of the client certificate is in DER, not in PEM."""
    # Loaded on demand: the oracle reads the registry, and loads nothing that connects.
    import ssl

    pem = Path(_given(arguments).certificate).read_text("ascii")
    leaf = pem[: pem.index(ssl.PEM_FOOTER) + len(ssl.PEM_FOOTER)]
    return _with_certificate_file(arguments, resources, ssl.PEM_cert_to_DER_cert(leaf))


@_of_credentials("wrong password", "with a wrong password for {user}")
def wrong_password(arguments: Arguments, resources: CallResources) -> Arguments:
    """The password is another one than the user's."""
    wrong = resources.unique("wrong")
    if isinstance(arguments.authentication, PasswordGrantArgument):
        given = msgspec.structs.replace(arguments.authentication, password=wrong)
        return arguments.but(authentication=given)
    username = getattr(arguments.authentication, "username", ADMIN.name)
    return arguments.but(authentication=BasicArgument(username, wrong))


@_of_credentials("unknown user", "with a name that the target does not know (Basic)")
def unknown_user(arguments: Arguments, resources: CallResources) -> Arguments:
    """The user is one that the target does not know."""
    return arguments.but(authentication=BasicArgument("nobody", resources.unique("unknown")))


@_of_credentials("unknown token", "with a token that the target never issued")
def unknown_token(arguments: Arguments, resources: CallResources) -> Arguments:
    """The token is one that the target never issued."""
    return arguments.but(authentication=TokenArgument(resources.unique("token"), None))


@_of_credentials("no authentication", "without credentials")
def no_authentication(arguments: Arguments, _: CallResources) -> Arguments:
    """``authentication`` is left out, although the target is secure."""
    return arguments.but(authentication=None)


def _raising(arguments: Arguments, resources: CallResources, answers: int) -> Arguments:
    given = arguments.authentication
    if not isinstance(given, CallbackArgument):
        raise TypeError("the defect needs a callable that can raise")
    raised = resources.unique("raised")
    return arguments.but(
        authentication=msgspec.structs.replace(given, raises=raised, answers=answers)
    )


@_of_credentials(
    "callable raises", "with a callable that raises", clause="AUTH-8", needs="a callable"
)
def callable_raises(arguments: Arguments, resources: CallResources) -> Arguments:
    """The callable ``Authenticate`` raises an exception of its own."""
    return _raising(arguments, resources, 0)


@_of_credentials(
    "callable raises when it is asked again",
    "with a callable that raises when it is asked again",
    expectation="observe",
    needs="a callable",
)
def callable_raises_when_asked_again(arguments: Arguments, resources: CallResources) -> Arguments:
    """The callable ``Authenticate`` answers once, and raises when it is asked again."""
    return _raising(arguments, resources, 1)


@_of_injection("line break in the token", "with a line break in the token")
def line_break_in_the_token(arguments: Arguments, resources: CallResources) -> Arguments:
    """The token has a line break, and a header after it."""
    token = f"{resources.unique('token')}{INJECTED}"
    return arguments.but(authentication=TokenArgument(token, None))


@_of_injection("NUL in the token", "with a NUL in the token")
def nul_in_the_token(arguments: Arguments, resources: CallResources) -> Arguments:
    """The token has a character of the value 0 in its middle."""
    token = f"{resources.unique('token')}\0{resources.unique('token')}"
    return arguments.but(authentication=TokenArgument(token, None))


@_of_injection("line break in the password", "with a line break in the password for {user}")
def line_break_in_the_password(arguments: Arguments, resources: CallResources) -> Arguments:
    """The password has a line break, and a header after it."""
    username = getattr(arguments.authentication, "username", ADMIN.name)
    password = f"{resources.unique('wrong')}{INJECTED}"
    return arguments.but(authentication=BasicArgument(username, password))


@_of_injection("line break in the user name", "with a line break in the user name (Basic)")
def line_break_in_the_user_name(arguments: Arguments, resources: CallResources) -> Arguments:
    """The user name has a line break, and a header after it."""
    return arguments.but(
        authentication=BasicArgument(f"admin{INJECTED}", resources.unique("wrong"))
    )


@_of_injection(
    "line break in a callable's header",
    "with a callable that gives a header with a line break",
    needs="a callable",
)
def line_break_in_a_callables_header(arguments: Arguments, _: CallResources) -> Arguments:
    """A header that the callable gives has a line break, and another header after it."""
    given = arguments.authentication
    if not isinstance(given, CallbackArgument):
        raise TypeError("the defect needs a callable")
    return arguments.but(authentication=msgspec.structs.replace(given, added=INJECTED))


@_of_injection(
    "line break in the URL",
    "to {host} by a URL with a line break and a second request",
    argument="url",
)
def line_break_in_the_url(arguments: Arguments, _: CallResources) -> Arguments:
    """The URL ends with a line break and the beginning of a second request."""
    second = " HTTP/1.1\r\nX-Injected: yes\r\n\r\nGET /injected"
    return arguments.but(replaced_url=(f"{arguments.url}/{second}",))

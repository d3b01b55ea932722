"""MTLS: files that do not serve, passwords that are asked for or told, certificates of others."""

from __future__ import annotations

import ssl
import warnings
from contextlib import suppress
from typing import Any

from connect_contracts.selftest.reference_copy import ReferenceCopy
from connect_contracts.selftest.registry import broken


@broken(fails=("MTLS-5[no-password]", "MTLS-5[no-password-in-one-file]"))
def asks_on_the_terminal(reference: ReferenceCopy) -> None:
    """A password that is not given is asked for on the terminal, as OpenSSL does."""

    def asking(certificate: Any, context: ssl.SSLContext) -> None:
        context.load_cert_chain(certificate.certificate, certificate.keyfile, certificate.password)

    reference["_trust.present"] = asking


@broken(fails=("MTLS-5",))
def goes_on_without_a_certificate(reference: ReferenceCopy) -> None:
    """A client certificate that cannot be read is left out, in silence."""
    present = reference["_trust.present"]

    def lenient(certificate: Any, context: ssl.SSLContext) -> None:
        with suppress(OSError, ValueError):
            present(certificate, context)

    reference["_trust.present"] = lenient


@broken(
    fails=("MTLS-7[after-a-wrong-password]",),
    because="what an exception says is looked through in every case",
)
def tells_the_password(reference: ReferenceCopy) -> None:
    """The exception about a key that cannot be read tells its password."""
    present = reference["_trust.present"]

    def telling(certificate: Any, context: ssl.SSLContext) -> None:
        try:
            present(certificate, context)
        except OSError as error:
            raise ValueError(f"cannot read the key with {certificate.password!r}") from error

    reference["_trust.present"] = telling


@broken(
    fails=("MTLS-7",),
    because="a key that cannot be read is quoted before that is noticed",
)
def warns_with_the_key(reference: ReferenceCopy) -> None:
    """A warning quotes the key."""
    present = reference["_trust.present"]

    def warning(certificate: Any, context: ssl.SSLContext) -> None:
        key = (certificate.keyfile or certificate.certificate).read_text()
        warnings.warn(f"this key is not protected well: {key}", stacklevel=1)
        present(certificate, context)

    reference["_trust.present"] = warning


@broken(fails=("MTLS-8",))
def presents_the_last_certificate_to_all(reference: ReferenceCopy) -> None:
    """Every session after one with a client certificate presents it as well."""
    open_transport = reference["_session._transport"]
    given: dict[str, Any] = {}

    def presenting(url: Any, authentication: Any, certificate_authority: Any) -> Any:
        trusting = reference["_session.trusting"]
        if isinstance(authentication, reference["ClientCertificate"]):
            given[str(url)] = authentication
        elif str(url) in given and given[str(url)].certificate.exists():

            def with_it(file: Any) -> Any:
                context = trusting(file)
                reference["_trust.present"](given[str(url)], context)
                return context

            reference["_trust.trusting"] = with_it
        try:
            return open_transport(url, authentication, certificate_authority)
        finally:
            reference["_trust.trusting"] = trusting

    reference["_session._transport"] = presenting

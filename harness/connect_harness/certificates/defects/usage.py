"""What the keys of a chain may be used for: extended key usage and key usage."""

from __future__ import annotations

from functools import partial

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from connect_harness.certificates.blueprint import CertificateBlueprint, ChainBlueprint, key_usage
from connect_harness.certificates.chain import Chain
from connect_harness.certificates.defects.registry import ONE_INTERMEDIATE, Defect

EXTENDED = "RFC 5280 4.2.1.12"

wrong_usage = partial(Defect, clause="CA-13", rule=EXTENDED, alert="unsupported_certificate")
unrestricted = partial(Defect, clause="CA-13", rule=EXTENDED, expectation="accepted")
no_signing = partial(
    Defect,
    expectation="observe",
    if_accepted="the key usage of a server's certificate is ignored (RFC 8446 section 4.4.2.2)",
    if_refused="a server's key must be allowed to sign, as RFC 8446 section 4.4.2.2 demands",
)
odd_usage = partial(Defect, expectation="observe", alert="unsupported_certificate")


def _only_for(certificate: CertificateBlueprint, usage: x509.ObjectIdentifier) -> None:
    certificate.extend(x509.ExtendedKeyUsage([usage]), critical=False)


@wrong_usage("leaf for clients alone", "use/eku-client-only")
def eku_client_only(blueprint: ChainBlueprint) -> None:
    """The extended key usage of the leaf allows client authentication alone."""
    _only_for(blueprint.leaf, ExtendedKeyUsageOID.CLIENT_AUTH)


@wrong_usage("leaf for code signing alone", "use/eku-code-signing")
def eku_code_signing_only(blueprint: ChainBlueprint) -> None:
    """The extended key usage of the leaf allows the signing of code alone."""
    _only_for(blueprint.leaf, ExtendedKeyUsageOID.CODE_SIGNING)


@odd_usage(
    "leaf for any usage",
    "use/eku-any",
    if_accepted="any extended key usage stands for that of a server",
    if_refused="the extended key usage of a server must be named",
)
def eku_any(blueprint: ChainBlueprint) -> None:
    """The extended key usage of the leaf is ``anyExtendedKeyUsage`` alone."""
    _only_for(blueprint.leaf, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE)


@unrestricted("leaf without extended key usage", "use/eku-missing")
def eku_missing(blueprint: ChainBlueprint) -> None:
    """The leaf has no extended key usage, which restricts nothing."""
    blueprint.leaf.leave_out(x509.ExtendedKeyUsage)


@odd_usage(
    "intermediate for clients alone",
    "use/eku-on-intermediate",
    chain=ONE_INTERMEDIATE,
    if_accepted="the extended key usage of an intermediate restricts nothing below it",
    if_refused="the extended key usage of an intermediate restricts what is below it",
)
def eku_on_intermediate(blueprint: ChainBlueprint) -> None:
    """The extended key usage of the intermediate allows client authentication alone."""
    _only_for(blueprint.issuing_intermediate, ExtendedKeyUsageOID.CLIENT_AUTH)


@no_signing("leaf for key agreement alone", "use/ku-none-fit")
def ku_key_agreement_only(blueprint: ChainBlueprint) -> None:
    """The key usage of the leaf, whose key is on a curve, allows key agreement alone."""
    blueprint.leaf.extend(key_usage(key_agreement=True), critical=True)


@no_signing(
    "leaf for key encipherment alone", "use/ku-encipherment-only", chain=Chain(key="rsa-2048")
)
def ku_key_encipherment_only(blueprint: ChainBlueprint) -> None:
    """The key usage of the leaf, whose key is RSA, allows key encipherment alone."""
    blueprint.leaf.extend(key_usage(key_encipherment=True), critical=True)


@wrong_usage(
    "leaf for revocation lists alone", "use/ku-crl-only", rule="RFC 5280 4.2.1.3, RFC 8446 4.4.2.2"
)
def ku_crl_only(blueprint: ChainBlueprint) -> None:
    """The key usage of the leaf allows the signing of revocation lists alone."""
    blueprint.leaf.extend(key_usage(crl_sign=True), critical=True)


@unrestricted("leaf without key usage", "use/ku-missing", rule="RFC 5280 4.2.1.3")
def ku_missing(blueprint: ChainBlueprint) -> None:
    """The leaf has no key usage, which restricts nothing."""
    blueprint.leaf.leave_out(x509.KeyUsage)


@wrong_usage("no usage listed", "use/eku-empty")
def eku_empty(blueprint: ChainBlueprint) -> None:
    """The leaf lists what its key may be used for, and the list is empty."""
    blueprint.leaf.extend(x509.ExtendedKeyUsage([]), critical=False)

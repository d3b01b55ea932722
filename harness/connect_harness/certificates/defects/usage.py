"""What the keys of a chain may be used for: extended key usage and key usage."""

from __future__ import annotations

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from connect_harness.certificates.blueprint import CertificateBlueprint, ChainBlueprint
from connect_harness.certificates.chain import Chain
from connect_harness.certificates.defects.registry import defect
from connect_harness.certificates.sound import key_usage

EXTENDED = "RFC 5280 4.2.1.12"
BELOW_AN_INTERMEDIATE = Chain(intermediates=1)
USAGE_IGNORED = "the key usage of a server's certificate is not looked at, RFC 8446 section 4.4.2.2"
USAGE_READ = "a server's key must be allowed to sign, as RFC 8446 section 4.4.2.2 demands"


def _only_for(certificate: CertificateBlueprint, usage: x509.ObjectIdentifier) -> None:
    certificate.extend(x509.ExtendedKeyUsage([usage]), critical=False)


@defect(
    "leaf for clients alone",
    recipe="use/eku-client-only",
    rule=EXTENDED,
    clauses=("CA-13",),
    alert="unsupported_certificate",
)
def eku_client_only(blueprint: ChainBlueprint) -> None:
    """The extended key usage of the leaf allows client authentication alone."""
    _only_for(blueprint.leaf, ExtendedKeyUsageOID.CLIENT_AUTH)


@defect(
    "leaf for code signing alone",
    recipe="use/eku-code-signing",
    rule=EXTENDED,
    clauses=("CA-13",),
    alert="unsupported_certificate",
)
def eku_code_signing_only(blueprint: ChainBlueprint) -> None:
    """The extended key usage of the leaf allows the signing of code alone."""
    _only_for(blueprint.leaf, ExtendedKeyUsageOID.CODE_SIGNING)


@defect(
    "leaf for any usage",
    recipe="use/eku-any",
    clauses=("CA-19",),
    expectation="observe",
    alert="unsupported_certificate",
    if_accepted="any extended key usage stands for that of a server",
    if_refused="the extended key usage of a server must be named",
)
def eku_any(blueprint: ChainBlueprint) -> None:
    """The extended key usage of the leaf is ``anyExtendedKeyUsage`` alone."""
    _only_for(blueprint.leaf, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE)


@defect(
    "leaf without extended key usage",
    recipe="use/eku-missing",
    rule=EXTENDED,
    clauses=("CA-13",),
    expectation="accepted",
)
def eku_missing(blueprint: ChainBlueprint) -> None:
    """The leaf has no extended key usage, which restricts nothing."""
    blueprint.leaf.leave_out(x509.ExtendedKeyUsage)


@defect(
    "intermediate for clients alone",
    recipe="use/eku-on-intermediate",
    clauses=("CA-19",),
    expectation="observe",
    alert="unsupported_certificate",
    chain=BELOW_AN_INTERMEDIATE,
    if_accepted="the extended key usage of an intermediate restricts nothing below it",
    if_refused="the extended key usage of an intermediate restricts what is below it",
)
def eku_on_intermediate(blueprint: ChainBlueprint) -> None:
    """The extended key usage of the intermediate allows client authentication alone."""
    _only_for(blueprint.issuing_intermediate, ExtendedKeyUsageOID.CLIENT_AUTH)


@defect(
    "leaf for key agreement alone",
    recipe="use/ku-none-fit",
    clauses=("CA-19",),
    expectation="observe",
    if_accepted=USAGE_IGNORED,
    if_refused=USAGE_READ,
)
def ku_key_agreement_only(blueprint: ChainBlueprint) -> None:
    """The key usage of the leaf, whose key is on a curve, allows key agreement alone."""
    blueprint.leaf.extend(key_usage(key_agreement=True), critical=True)


@defect(
    "leaf for key encipherment alone",
    recipe="use/ku-encipherment-only",
    clauses=("CA-19",),
    expectation="observe",
    chain=Chain(key="rsa-2048"),
    if_accepted=USAGE_IGNORED,
    if_refused=USAGE_READ,
)
def ku_key_encipherment_only(blueprint: ChainBlueprint) -> None:
    """The key usage of the leaf, whose key is RSA, allows key encipherment alone."""
    blueprint.leaf.extend(key_usage(key_encipherment=True), critical=True)


@defect(
    "leaf for revocation lists alone",
    recipe="use/ku-crl-only",
    rule="RFC 5280 4.2.1.3, RFC 8446 4.4.2.2",
    clauses=("CA-13",),
    alert="unsupported_certificate",
)
def ku_crl_only(blueprint: ChainBlueprint) -> None:
    """The key usage of the leaf allows the signing of revocation lists alone."""
    blueprint.leaf.extend(key_usage(crl_sign=True), critical=True)


@defect(
    "leaf without key usage",
    recipe="use/ku-missing",
    rule="RFC 5280 4.2.1.3",
    clauses=("CA-13",),
    expectation="accepted",
)
def ku_missing(blueprint: ChainBlueprint) -> None:
    """The leaf has no key usage, which restricts nothing."""
    blueprint.leaf.leave_out(x509.KeyUsage)

"""What RFC 5280 demands of an issuer, and only strict verifiers check."""

from __future__ import annotations

from functools import partial

from cryptography import x509

from connect_harness.certificates.blueprint import (
    CertificateBlueprint,
    ChainBlueprint,
    key_usage,
    named,
)
from connect_harness.certificates.defects.registry import (
    LOCALHOST,
    ONE_INTERMEDIATE,
    STRICT_OR_UNNAMED,
    Defect,
    by_tls_defaults,
)

not_needed = partial(Defect, clause="CA-13", expectation="accepted")
critical_identifier = partial(
    Defect,
    expectation="observe",
    alert="certificate_unknown",
    if_accepted="a key identifier is read, critical or not",
    if_refused="a key identifier may not be critical",
)


def _soften(certificate: CertificateBlueprint, kind: type[x509.ExtensionType]) -> None:
    """Let this extension of it be not critical."""
    extension, _ = certificate.extensions[kind]
    certificate.extend(extension, critical=False)


@by_tls_defaults("authority without key usage", "strict/root-no-ku")
def root_without_key_usage(blueprint: ChainBlueprint) -> None:
    """The authority's own certificate has no key usage."""
    blueprint.root.leave_out(x509.KeyUsage)


@by_tls_defaults("basic constraints of the authority not critical", "strict/root-bc-noncritical")
def root_constraints_not_critical(blueprint: ChainBlueprint) -> None:
    """The basic constraints of the authority's own certificate are not critical."""
    _soften(blueprint.root, x509.BasicConstraints)


@by_tls_defaults("authority without key identifier", "strict/root-no-ski")
def root_without_identifier(blueprint: ChainBlueprint) -> None:
    """The authority's own certificate has no subject key identifier."""
    blueprint.root.leave_out(x509.SubjectKeyIdentifier)


@by_tls_defaults("authority without a subject", "strict/ca-empty-subject")
def root_without_subject(blueprint: ChainBlueprint) -> None:
    """The authority's own certificate has an empty subject, and the leaf an empty issuer."""
    blueprint.root.subject = x509.Name([])


@by_tls_defaults("leaf that does not name its issuer's key", "strict/leaf-no-aki")
def leaf_without_authority_identifier(blueprint: ChainBlueprint) -> None:
    """The leaf has no authority key identifier."""
    blueprint.leaf.leave_out(x509.AuthorityKeyIdentifier)


@not_needed("leaf that does not name its own key", "strict/leaf-no-ski", rule="RFC 5280 4.2.1.2")
def leaf_without_subject_identifier(blueprint: ChainBlueprint) -> None:
    """The leaf has no subject key identifier, which a leaf need not have."""
    blueprint.leaf.leave_out(x509.SubjectKeyIdentifier)


@critical_identifier("critical identifier of the issuer's key", "strict/leaf-aki-critical")
def authority_identifier_critical(blueprint: ChainBlueprint) -> None:
    """The authority key identifier of the leaf is critical."""
    key = blueprint.leaf.issuer.private_key.public_key()
    blueprint.leaf.extend(x509.AuthorityKeyIdentifier.from_issuer_public_key(key), critical=True)


@critical_identifier("critical identifier of the leaf's key", "strict/leaf-ski-critical")
def subject_identifier_critical(blueprint: ChainBlueprint) -> None:
    """The subject key identifier of the leaf is critical."""
    key = blueprint.leaf.private_key.public_key()
    blueprint.leaf.extend(x509.SubjectKeyIdentifier.from_public_key(key), critical=True)


@by_tls_defaults(
    "intermediate that does not name its issuer's key",
    "strict/inter-no-aki",
    chain=ONE_INTERMEDIATE,
)
def intermediate_without_authority_identifier(blueprint: ChainBlueprint) -> None:
    """The intermediate has no authority key identifier."""
    blueprint.issuing_intermediate.leave_out(x509.AuthorityKeyIdentifier)


@by_tls_defaults(
    "intermediate that does not name its own key", "strict/inter-no-ski", chain=ONE_INTERMEDIATE
)
def intermediate_without_subject_identifier(blueprint: ChainBlueprint) -> None:
    """The intermediate has no subject key identifier."""
    blueprint.issuing_intermediate.leave_out(x509.SubjectKeyIdentifier)


@by_tls_defaults(
    "basic constraints of the intermediate not critical",
    "strict/inter-bc-noncritical",
    chain=ONE_INTERMEDIATE,
)
def intermediate_constraints_not_critical(blueprint: ChainBlueprint) -> None:
    """The basic constraints of the intermediate are not critical."""
    _soften(blueprint.issuing_intermediate, x509.BasicConstraints)


@by_tls_defaults("intermediate without key usage", "strict/inter-no-ku", chain=ONE_INTERMEDIATE)
def intermediate_without_key_usage(blueprint: ChainBlueprint) -> None:
    """The intermediate has no key usage."""
    certificate = blueprint.issuing_intermediate
    certificate.leave_out(x509.KeyUsage)
    # With a path length it would need one (RFC 5280 4.2.1.9): that is another recipe.
    certificate.extend(x509.BasicConstraints(ca=True, path_length=None), critical=True)


@Defect(
    "path length of an intermediate that may not sign",
    "strict/inter-pathlen-no-certsign",
    clause="CA-13",
    rule="RFC 5280 4.2.1.9, 6.1.4 (n)",
    alert="unknown_ca",
    chain=ONE_INTERMEDIATE,
)
def path_length_without_signing(blueprint: ChainBlueprint) -> None:
    """The intermediate has a path length, and its key usage lacks the signing of certificates."""
    blueprint.issuing_intermediate.extend(key_usage(crl_sign=True), critical=True)


@not_needed("leaf without basic constraints", "strict/leaf-no-bc", rule="RFC 5280 4.2.1.9")
def leaf_without_constraints(blueprint: ChainBlueprint) -> None:
    """The leaf has no basic constraints, which a leaf need not have."""
    blueprint.leaf.leave_out(x509.BasicConstraints)


@by_tls_defaults(
    "empty list of names", "strict/leaf-empty-san", chain=LOCALHOST, if_refused=STRICT_OR_UNNAMED
)
def leaf_with_empty_names(blueprint: ChainBlueprint) -> None:
    """The host is the common name of the leaf, whose list of names is empty and not critical."""
    blueprint.leaf.subject = named("localhost")
    blueprint.leaf.extend(x509.SubjectAlternativeName([]), critical=False)


@by_tls_defaults("leaf that may sign and is no authority", "strict/leaf-keycertsign-not-ca")
def leaf_may_sign(blueprint: ChainBlueprint) -> None:
    """The leaf is no authority, and its key usage allows the signing of certificates."""
    usage = key_usage(digital_signature=True, key_cert_sign=True)
    blueprint.leaf.extend(usage, critical=True)


@by_tls_defaults("certificates made by hand", "strict/openssl-by-hand")
def made_by_hand(blueprint: ChainBlueprint) -> None:
    """The authority has no key usage, and the leaf names and key identifiers alone, as by hand."""
    blueprint.root.leave_out(x509.KeyUsage)
    blueprint.leaf.leave_out(x509.BasicConstraints, x509.KeyUsage, x509.ExtendedKeyUsage)

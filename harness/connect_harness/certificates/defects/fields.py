"""Serial numbers, versions, subjects and encodings that are odd."""

from __future__ import annotations

from functools import partial

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import AuthorityInformationAccessOID

from connect_harness.certificates import der
from connect_harness.certificates.blueprint import ChainBlueprint, named
from connect_harness.certificates.defects.registry import (
    LOCALHOST,
    ONE_INTERMEDIATE,
    Defect,
    accepted,
    by_tls_defaults,
    observed,
)
from connect_harness.certificates.signing import sign

ISSUER_ADDRESS = x509.AuthorityInformationAccess(
    [
        x509.AccessDescription(
            AuthorityInformationAccessOID.CA_ISSUERS,
            # Nothing listens there, so a client that asks gets nothing.
            x509.UniformResourceIdentifier("http://127.0.0.1:9/authority.cer"),
        )
    ]
)
ECDSA_WITH_SHA384 = "1.2.840.10045.4.3.3"
EC_PUBLIC_KEY = "1.2.840.10045.2.1"
PRIME_FIELD = "1.2.840.10045.1.1"
ALGORITHM, KEY = 2, 6
"""Places of these two in the to-be-signed part (RFC 5280 4.1)."""
OCTET_STRING = 0x04

odd_intermediate = partial(Defect, clause="CA-13", chain=ONE_INTERMEDIATE)
odd_serial = partial(
    Defect,
    expectation="observe",
    if_accepted="the serial number of a certificate may be any",
    if_refused="a serial number must be above zero",
)


@odd_serial("serial number zero", "fields/serial-zero")
def serial_zero(blueprint: ChainBlueprint) -> None:
    """The serial number of the leaf is zero."""
    blueprint.leaf.serial_number = 0


@odd_serial("serial number negative", "fields/serial-negative")
def serial_negative(blueprint: ChainBlueprint) -> None:
    """The serial number of the leaf is below zero."""
    blueprint.leaf.serial_number = -12345678


@observed(
    "leaf of version 1",
    "fields/version-1-leaf",
    chain=LOCALHOST,
    if_accepted="a certificate of version 1 is believed, with the host in its common name alone",
    if_refused="a server needs a certificate of version 3, or a name beside the common name",
)
def version_1_leaf(blueprint: ChainBlueprint) -> None:
    """The leaf is of version 1: no extensions, and the host in its common name."""
    blueprint.leaf.subject = named("localhost")
    blueprint.leaf.version = 1


@odd_intermediate(
    "intermediate of version 1",
    "fields/version-1-intermediate",
    rule="RFC 5280 6.1.4 (k)",
    alert="unknown_ca",
)
def version_1_intermediate(blueprint: ChainBlueprint) -> None:
    """The intermediate is of version 1: no extension says that it is an authority."""
    blueprint.issuing_intermediate.version = 1


@by_tls_defaults("authority of version 1", "fields/version-1-root", alert="unknown_ca")
def version_1_root(blueprint: ChainBlueprint) -> None:
    """The authority's own certificate is of version 1: it has no extensions."""
    blueprint.root.version = 1


@accepted(
    "no subject, critical names",
    "name/empty-subject-san-critical",
    clause="CA-10",
    rule="RFC 5280 4.1.2.6, 4.2.1.6",
)
def no_subject(blueprint: ChainBlueprint) -> None:
    """The subject of the leaf is empty, and its subject alternative names are critical."""
    blueprint.leaf.subject = x509.Name([])
    blueprint.leaf.extend(x509.SubjectAlternativeName(blueprint.leaf.names), critical=True)


@by_tls_defaults("no subject, names not critical", "name/empty-subject-san-noncrit")
def no_subject_names_not_critical(blueprint: ChainBlueprint) -> None:
    """The subject of the leaf is empty, and its subject alternative names are not critical."""
    blueprint.leaf.subject = x509.Name([])


@accepted(
    "address of the issuer", "use/issuer-address", clause="CA-13", rule="RFC 5280 4.2, 4.2.2.1"
)
def issuer_address(blueprint: ChainBlueprint) -> None:
    """The leaf says where its issuer's certificate can be fetched; no server listens there, and the
    path needs nothing from there."""
    blueprint.leaf.extend(ISSUER_ADDRESS, critical=False)


def _send(
    blueprint: ChainBlueprint, parts: list[der.Element], algorithm: der.Element | None = None
) -> None:
    """Send the issuing intermediate with this to-be-signed part, signed by its issuer.

    Parameters:
        algorithm: What stands beside the signature, if that is not what ``parts`` say of it.

    Raises:
        TypeError: The issuer's key is not an elliptic curve key.
    """
    intermediate = blueprint.issuing_intermediate
    key = intermediate.issuer.private_key
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("this defect needs an issuer with an elliptic curve key")
    encoded = der.sequence(parts)
    said = der.element(*(algorithm or parts[ALGORITHM]))
    signature = b"\0" + key.sign(encoded, ec.ECDSA(SHA256()))
    whole = der.element(der.SEQUENCE, encoded + said + der.element(der.BIT_STRING, signature))
    place = blueprint.sent.index(intermediate)
    blueprint.sent[place] = x509.load_der_x509_certificate(whole)


def _parts(blueprint: ChainBlueprint) -> list[der.Element]:
    """The elements of the to-be-signed part of the issuing intermediate."""
    return der.elements(sign(blueprint.issuing_intermediate).tbs_certificate_bytes)


@odd_intermediate(
    "signature algorithms that differ",
    "fields/signature-algorithms-differ",
    rule="RFC 5280 4.1.1.2, 6.1.3 (a)(1)",
    alert="decrypt_error",
    strict_alert="certificate_unknown",
)
def signature_algorithms_differ(blueprint: ChainBlueprint) -> None:
    """The intermediate is signed with SHA-256, as it says within; beside its signature it says
    that this was SHA-384."""
    said = (der.SEQUENCE, der.object_identifier(ECDSA_WITH_SHA384))
    _send(blueprint, _parts(blueprint), said)


@odd_intermediate(
    "curve written out", "key/explicit-curve", rule="RFC 5480 2.1.1", alert="bad_certificate"
)
def explicit_curve(blueprint: ChainBlueprint) -> None:
    """The intermediate's key does not name its curve, P-256, but writes out its parameters."""
    parts = _parts(blueprint)
    _, point = der.elements(der.element(*parts[KEY]))
    kind = der.object_identifier(EC_PUBLIC_KEY) + _p256_parameters()
    parts[KEY] = (der.SEQUENCE, der.element(der.SEQUENCE, kind) + der.element(*point))
    _send(blueprint, parts)


def _p256_parameters() -> bytes:
    """The parameters of P-256 as numbers (RFC 3279 2.3.5; the numbers are those of FIPS 186-4)."""
    prime = 2**256 - 2**224 + 2**192 + 2**96 - 1
    b = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    # The base point is what the private key 1 makes.
    numbers = ec.derive_private_key(1, ec.SECP256R1()).public_key().public_numbers()
    base = b"\x04" + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")
    field = der.object_identifier(PRIME_FIELD) + der.element(*der.integer(prime))
    curve = [(OCTET_STRING, (prime - 3).to_bytes(32, "big")), (OCTET_STRING, b.to_bytes(32, "big"))]
    return der.sequence(
        [
            der.integer(1),
            (der.SEQUENCE, field),
            (der.SEQUENCE, b"".join(der.element(*parameter) for parameter in curve)),
            (OCTET_STRING, base),
            der.integer(order),
            der.integer(1),
        ]
    )

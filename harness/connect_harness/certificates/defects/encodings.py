"""Extensions and certificates in forms that no library writes, or that few look at."""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import AuthorityInformationAccessOID

from connect_harness.certificates import der
from connect_harness.certificates.blueprint import ChainBlueprint
from connect_harness.certificates.chain import Chain
from connect_harness.certificates.defects.registry import defect
from connect_harness.certificates.signing import sign

ISSUER_ADDRESS = x509.AuthorityInformationAccess(
    [
        x509.AccessDescription(
            AuthorityInformationAccessOID.CA_ISSUERS,
            # Nobody listens there, so nothing comes of asking.
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


@defect(
    "no usage listed",
    recipe="use/eku-empty",
    rule="RFC 5280 4.2.1.12",
    clauses=("CA-13",),
    alert="unsupported_certificate",
)
def eku_empty(blueprint: ChainBlueprint) -> None:
    """The leaf lists what its key may be used for, and the list is empty."""
    blueprint.leaf.extend(x509.ExtendedKeyUsage([]), critical=False)


@defect(
    "address of the issuer",
    recipe="use/issuer-address",
    rule="RFC 5280 4.2, 4.2.2.1",
    expectation="accepted",
    clauses=("CA-13",),
)
def issuer_address(blueprint: ChainBlueprint) -> None:
    """The leaf says where its issuer's certificate can be fetched; nobody listens there, and the
    path needs nothing from there."""
    blueprint.leaf.extend(ISSUER_ADDRESS, critical=False)


def _send(
    blueprint: ChainBlueprint, parts: list[der.Element], algorithm: der.Element | None = None
) -> None:
    """Send the issuing intermediate with this to-be-signed part, signed by its issuer.

    Parameters:
        blueprint: The chain.
        parts: The elements of the to-be-signed part.
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


@defect(
    "signature algorithms that differ",
    recipe="fields/signature-algorithms-differ",
    rule="RFC 5280 4.1.1.2, 6.1.3 (a)(1)",
    clauses=("CA-13",),
    alert="decrypt_error",
    strict_alert="certificate_unknown",
    chain=Chain(intermediates=1),
)
def signature_algorithms_differ(blueprint: ChainBlueprint) -> None:
    """The intermediate is signed with SHA-256, as it says within; beside its signature it says
    that this was SHA-384."""
    said = (der.SEQUENCE, der.object_identifier(ECDSA_WITH_SHA384))
    _send(blueprint, _parts(blueprint), said)


@defect(
    "curve written out",
    recipe="key/explicit-curve",
    rule="RFC 5480 2.1.1",
    clauses=("CA-13",),
    alert="bad_certificate",
    chain=Chain(intermediates=1),
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
            (der.SEQUENCE, b"".join(der.element(*one) for one in curve)),
            (OCTET_STRING, base),
            der.integer(order),
            der.integer(1),
        ]
    )

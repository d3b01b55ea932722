"""Private keys of the kinds that a chain can ask for, and of those that only a defect does."""

from __future__ import annotations

from typing import Literal

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from connect_harness.certificates.chain import KeyKind

PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey
PublicKey = ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | rsa.RSAPublicKey

WeakKeyKind = Literal["ec-p192", "ec-p224", "rsa-1024"]

_CURVES: dict[str, type[ec.EllipticCurve]] = {
    "ec-p192": ec.SECP192R1,
    "ec-p224": ec.SECP224R1,
    "ec-p256": ec.SECP256R1,
    "ec-p384": ec.SECP384R1,
}


def new_key(kind: KeyKind | WeakKeyKind) -> PrivateKey:
    """A fresh private key. RSA takes hundreds of times as long as an elliptic curve."""
    if kind == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    if kind in _CURVES:
        return ec.generate_private_key(_CURVES[kind]())
    size = int(kind.removeprefix("rsa-"))
    return rsa.generate_private_key(public_exponent=65537, key_size=size)


def is_weak(key: PrivateKey | PublicKey) -> bool:
    """Whether OpenSSL presents such a key only at security level 0: below 112 bits, or P-224."""
    if isinstance(key, rsa.RSAPrivateKey | rsa.RSAPublicKey):
        return key.key_size < 2048
    if isinstance(key, ec.EllipticCurvePrivateKey | ec.EllipticCurvePublicKey):
        return key.curve.key_size < 256
    return False


def key_pem(key: PrivateKey) -> bytes:
    """``key`` as PEM, PKCS 8, not encrypted."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

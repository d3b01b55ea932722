"""Sound certificates before they are signed, within the profile of RFC 5280 4.1 and 4.2."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from connect_harness.certificates.blueprint import (
    CertificateBlueprint,
    ChainBlueprint,
    Impostor,
    Issuer,
)
from connect_harness.certificates.chain import Chain, Purpose
from connect_harness.certificates.keys import PrivateKey, new_key

if TYPE_CHECKING:
    from connect_harness.certificates.authority import Authority

_USAGES: dict[Purpose, x509.ObjectIdentifier] = {
    "server": ExtendedKeyUsageOID.SERVER_AUTH,
    "client": ExtendedKeyUsageOID.CLIENT_AUTH,
}


def sound_blueprint(
    chain: Chain, authority: Authority, cross_signer: Authority | None = None
) -> ChainBlueprint:
    """The blueprint of ``chain`` without its defect, below ``authority``, with new keys.

    Strict verifiers take it too.

    Parameters:
        chain: What is asked for.
        authority: Who it ends in.
        cross_signer: Who also signs the key of ``authority``, if ``chain`` asks for that.
    """
    intermediates = list(_intermediates(chain.intermediates, authority))
    leaf = CertificateBlueprint(
        subject=leaf_subject(chain.subject, chain.purpose),
        issuer=intermediates[-1] if intermediates else authority,
        private_key=new_key(chain.key),
        names=[general_name(name) for name in chain.names],
    )
    leaf.extend(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    # RFC 8813 section 3: a key on a curve enciphers nothing.
    enciphers = isinstance(leaf.private_key, RSAPrivateKey)
    leaf.extend(key_usage(digital_signature=True, key_encipherment=enciphers), critical=True)
    leaf.extend(x509.ExtendedKeyUsage([_USAGES[chain.purpose]]), critical=False)
    made = ChainBlueprint(
        authority,
        leaf,
        intermediates,
        sent=[leaf, *reversed(intermediates)],
        own_certificate=sound_root,
    )
    if cross_signer is not None:
        made.cross_signer = cross_signer
        made.cross_signed = _authority(authority.subject, cross_signer, authority.private_key)
        made.sent.append(made.cross_signed)
    return made


def sound_root(authority: Authority) -> CertificateBlueprint:
    """The self-signed certificate of ``authority``, made anew for its subject and key."""
    root = _authority(authority.subject, authority, authority.private_key)
    root.issuer = root
    # RFC 5280 4.2.1.1: a self-signed certificate may go without, as trustme's do.
    root.leave_out(x509.AuthorityKeyIdentifier)
    return root


def sound_unrelated() -> CertificateBlueprint:
    """The self-signed certificate of somebody who has no part in the chain."""
    somebody = Impostor(leaf_subject("somebody else", "server"), new_key("ec-p256"))
    return CertificateBlueprint(somebody.subject, somebody, somebody.private_key)


def _intermediates(count: int, authority: Issuer) -> Iterator[CertificateBlueprint]:
    issuer = authority
    for place in range(count):
        subject = _name((NameOID.COMMON_NAME, f"Intermediate {place + 1}"))
        intermediate = _authority(subject, issuer, new_key("ec-p256"))
        below = count - place - 1
        intermediate.extend(x509.BasicConstraints(ca=True, path_length=below), critical=True)
        yield intermediate
        issuer = intermediate


def _authority(subject: x509.Name, issuer: Issuer, key: PrivateKey) -> CertificateBlueprint:
    """A certificate of an authority: it may sign certificates and revocation lists."""
    made = CertificateBlueprint(subject=subject, issuer=issuer, private_key=key)
    made.extend(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    made.extend(key_usage(key_cert_sign=True, crl_sign=True), critical=True)
    return made


def leaf_subject(common_name: str | None, purpose: Purpose) -> x509.Name:
    """The subject of a leaf: its common name alone, or, without one, what it is for."""
    if common_name is None:
        return _name((NameOID.ORGANIZATIONAL_UNIT_NAME, purpose))
    return _name((NameOID.COMMON_NAME, common_name))


def general_name(text: str) -> x509.GeneralName:
    """``text`` as a subject alternative name: of type IP if it is an address, else DNS."""
    try:
        return x509.IPAddress(ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def key_usage(
    *,
    digital_signature: bool = False,
    key_encipherment: bool = False,
    key_agreement: bool = False,
    key_cert_sign: bool = False,
    crl_sign: bool = False,
) -> x509.KeyUsage:
    """A key usage extension with these bits set and no others (RFC 5280 4.2.1.3)."""
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=False,
        key_encipherment=key_encipherment,
        data_encipherment=False,
        key_agreement=key_agreement,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )


def _name(*attributes: tuple[x509.ObjectIdentifier, str]) -> x509.Name:
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in attributes])

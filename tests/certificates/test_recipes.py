"""A recipe changes what it is about, also where nobody refuses the result."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from connect_harness.certificates import (
    DEFECTS,
    REVOKED_SERIAL,
    Authorities,
    Authority,
    Defect,
    IssuedChain,
    der,
)
from connect_harness.certificates.signing import issue_blueprint
from connect_harness.certificates.sound import sound_blueprint

# Key identifiers: their values follow from a key, which is new each time.
_OF_KEYS = [der.object_identifier(one) for one in ("2.5.29.14", "2.5.29.35")]


def _key(certificate: x509.Certificate) -> tuple[der.Element, int | None]:
    """The kind of the key as it is encoded, and the size of an RSA key."""
    parts = der.elements(certificate.tbs_certificate_bytes)
    place = 6 if parts[0][0] == der.VERSION else 5
    kind, _ = der.elements(der.element(*parts[place]))
    key = certificate.public_key()
    return kind, key.key_size if isinstance(key, RSAPublicKey) else None


def _extensions(certificate: x509.Certificate) -> list[list[der.Element]]:
    """The extensions as they are encoded: some recipes write what no library reads."""
    tag, content = der.elements(certificate.tbs_certificate_bytes)[-1]
    if tag != der.EXTENSIONS:
        return []
    extensions = [der.elements(der.element(*one)) for one in der.elements(content)]
    return [
        one[:-1] if der.element(*one[0]) in _OF_KEYS else one
        for one in sorted(extensions, key=lambda one: one[0])
    ]


def _serial(certificate: x509.Certificate) -> str:
    with warnings.catch_warnings():
        # A serial number below 1 is what some are about.
        warnings.simplefilter("ignore")
        serial = certificate.serial_number
    return "revoked" if serial == REVOKED_SERIAL else "sound" if serial > 0 else "odd"


def told(certificate: x509.Certificate) -> dict[str, Any]:
    """All that a certificate says, but for random numbers, keys and signatures."""
    return {
        "version": certificate.version,
        "serial": _serial(certificate),
        "subject": certificate.subject,
        "issuer": certificate.issuer,
        "from": certificate.not_valid_before_utc,
        "until": certificate.not_valid_after_utc,
        "key": _key(certificate),
        "hash": getattr(certificate.signature_hash_algorithm, "name", None),
        "extensions": _extensions(certificate),
    }


def shape(issued: IssuedChain) -> list[dict[str, Any]]:
    """What is sent, in order; then the own certificates of authorities that were changed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sent = x509.load_pem_x509_certificates(issued.chain_pem)
    return [told(one) for one in (*sent, *(own.certificate for own in issued.changed))]


def sound(defect: Defect, *, own: frozenset[str] = frozenset()) -> IssuedChain:
    """The twin as a blueprint gives it: trustme's differs in more than the defect.

    ``own`` are the authorities whose certificate is made anew, without any change.
    """
    across = defect.chain.cross_signed_by
    cross_signer = None if across is None else Authority(across)
    blueprint = sound_blueprint(defect.chain, Authority("authority"), cross_signer)
    made_anew = {
        *({blueprint.root} if "authority" in own else ()),
        *({blueprint.cross_root} if across in own else ()),
    }
    assert len(made_anew) == len(own)
    return issue_blueprint(blueprint)


# Another key signed, with the authority's name: nothing that is said differs.
SIGNATURE_ALONE = {
    "signed in the name of the authority with another key",
    "signed with another key, forged key identifier",
}


@pytest.mark.parametrize("name", sorted(set(DEFECTS) - SIGNATURE_ALONE))
def test_it_changes_what_is_said_or_sent(name: str) -> None:
    defect = DEFECTS[name]
    issued = Authorities().issue(defect.defective_chain)
    own = frozenset(one.name for one in issued.changed)
    assert shape(issued) != shape(sound(defect, own=own))


@pytest.mark.parametrize("name", sorted(SIGNATURE_ALONE))
def test_where_another_key_signed_nothing_else_differs(name: str) -> None:
    defect = DEFECTS[name]
    issued = Authorities().issue(defect.defective_chain)
    assert shape(issued) == shape(sound(defect))


# One defect of each sound chain: many defects have the same.
SOUND = {one.chain: name for name, one in DEFECTS.items()}


@pytest.mark.parametrize("name", sorted(SOUND.values()))
def test_without_it_nothing_differs(name: str) -> None:
    """Two blueprints of one sound chain say the same: the difference above is the defect's."""
    defect = DEFECTS[name]
    assert shape(sound(defect)) == shape(sound(defect))


def test_what_is_sent_in_an_odd_order() -> None:
    def subjects(name: str) -> list[str]:
        issued = Authorities().issue(DEFECTS[name].defective_chain)
        sent = x509.load_pem_x509_certificates(issued.chain_pem)
        return [one.subject.rfc4514_string() for one in sent]

    leaf, below = "OU=server", "CN=Intermediate 1"
    authority = Authority("authority").subject.rfc4514_string()
    assert subjects("intermediates in the wrong order") == [leaf, below, "CN=Intermediate 2"]
    assert subjects("intermediate sent twice") == [leaf, below, below]
    assert subjects("authority sent too") == [leaf, below, authority]
    assert subjects("unrelated certificate sent too") == [leaf, "CN=somebody else", below]
    assert subjects("intermediate in the authority file alone") == [leaf]

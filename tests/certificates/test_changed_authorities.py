"""Defects of an authority's own certificate, and of the one that signs across."""

from __future__ import annotations

from itertools import pairwise

import pytest
from cryptography import x509

from connect_harness.certificates import Authorities, Chain, Defect, fingerprint
from connect_harness.certificates.defects import DEFECTS
from connect_harness.certificates.verifiers import verify_by_openssl

EXPIRED = Chain(defect="authority expired")
WEAK = Chain(defect="authority of RSA 1024")
CROSS_SIGNED = Chain(cross_signed_by="old authority")


def test_the_client_is_given_the_changed_certificate() -> None:
    authorities = Authorities()
    before = authorities.authority("authority")
    issued = authorities.issue(EXPIRED)
    after = authorities.authority("authority")
    assert after is issued.authority
    assert after.certificate_pem != before.certificate_pem
    assert (after.subject, after.name) == (before.subject, before.name)
    assert after.certificate.public_key() == before.certificate.public_key()
    assert after.certificate.not_valid_after_utc.year == 2010


def test_what_it_issued_before_is_still_its_own() -> None:
    authorities = Authorities()
    sound = authorities.issue(Chain())
    authorities.issue(Chain(defect="authority without key usage"))
    trusted = authorities.authority("authority").certificate_pem
    assert verify_by_openssl(sound, trusted, "localhost", strict=False).accepted


@pytest.mark.parametrize("chain", [EXPIRED, WEAK], ids=lambda one: one.defect)
def test_a_second_chain_of_the_same_defect_fits_the_file_that_was_given(chain: Chain) -> None:
    authorities = Authorities()
    first, second = authorities.issue(chain), authorities.issue(chain)
    assert second.authority is first.authority
    public_key = first.authority.certificate.public_key()
    for issued in (first, second):
        issued.leaf.verify_directly_issued_by(issued.authority.certificate)
    assert second.authority.private_key.public_key() == public_key


def test_a_changed_authority_issues_sound_chains_too() -> None:
    authorities = Authorities()
    changed = authorities.issue(Chain(defect="authority without key usage")).authority
    sound = authorities.issue(Chain(intermediates=1))
    assert sound.authority is changed
    trusted = changed.certificate_pem
    assert verify_by_openssl(sound, trusted, "localhost", strict=False).accepted
    assert changed.revocation_list_pem.startswith(b"-----BEGIN X509 CRL-----")


def test_who_reuses_chains_keeps_its_authorities() -> None:
    authorities = Authorities(reuse_chains=True)
    before = authorities.authority("authority")
    issued = authorities.issue(EXPIRED)
    assert authorities.authority("authority") is before
    assert issued.authority is not before


def touches_the_root(defect: Defect) -> bool:
    return bool(Authorities().issue(defect.defective_chain).changed)


def test_only_defects_of_an_authority_change_one() -> None:
    about = {
        name for name in DEFECTS if "authority" in name and not name.startswith("cross-signed")
    }
    changing = {name for name, one in DEFECTS.items() if touches_the_root(one)}
    assert changing - about == {
        # Their signature takes an authority with an RSA key, or with a path length.
        "intermediate signed with MD5",
        "intermediate signed with SHA-1",
        "path length just enough",
        # Its authority is made by hand too.
        "certificates made by hand",
    }


def test_a_cross_signed_certificate_has_the_key_of_one_and_the_name_of_the_other() -> None:
    authorities = Authorities()
    issued = authorities.issue(CROSS_SIGNED)
    old, new = authorities.authority("old authority"), authorities.authority("authority")
    leaf, cross_signed = x509.load_pem_x509_certificates(issued.chain_pem)
    assert fingerprint(leaf) == fingerprint(issued.leaf)
    assert cross_signed.subject == new.subject
    assert cross_signed.public_key() == new.certificate.public_key()
    cross_signed.verify_directly_issued_by(old.certificate)
    leaf.verify_directly_issued_by(cross_signed)


def test_the_cross_signed_certificate_comes_last() -> None:
    issued = Authorities().issue(Chain(intermediates=2, cross_signed_by="old authority"))
    sent = x509.load_pem_x509_certificates(issued.chain_pem)
    assert len(sent) == 4
    for below, above in pairwise(sent):
        below.verify_directly_issued_by(above)


@pytest.mark.parametrize(
    "name", sorted(name for name, one in DEFECTS.items() if one.chain.cross_signed_by)
)
def test_a_defect_of_crossing_needs_it(name: str) -> None:
    with pytest.raises(ValueError, match="needs a cross-signed chain"):
        Authorities().issue(Chain(defect=name))


def test_a_revoked_leaf_has_the_authority_for_issuer() -> None:
    with pytest.raises(ValueError, match="keeps no revocation list"):
        Authorities().issue(Chain(intermediates=1, defect="revoked"))
    (revoked,) = x509.load_pem_x509_crl(Authorities().authority("authority").revocation_list_pem)
    assert revoked.serial_number == Authorities().issue(Chain(defect="revoked")).leaf.serial_number

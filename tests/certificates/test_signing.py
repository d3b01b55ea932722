"""Certificates that no library writes: DER form, serial numbers, versions and hashes."""

from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from connect_harness.certificates import Authorities, Chain, der
from connect_harness.certificates.blueprint import sound_blueprint
from connect_harness.certificates.signing import issue_blueprint


@pytest.mark.parametrize("names", [1, 10, 1000])
def test_what_is_taken_apart_is_put_together_as_it_was(names: int) -> None:
    """Lengths of one byte and of up to three: RFC 5280 4.1 is a sequence of three elements."""
    chain = Chain(names=tuple(f"host-{place}.example.test" for place in range(names)))
    leaf = Authorities().issue(chain).leaf
    encoded = leaf.public_bytes(Encoding.DER)
    assert len(der.elements(encoded)) == 3
    assert der.sequence(der.elements(encoded)) == encoded
    to_be_signed = leaf.tbs_certificate_bytes
    assert der.sequence(der.elements(to_be_signed)) == to_be_signed


@pytest.mark.filterwarnings("ignore:Parsed a serial number")
def test_odd_serial_numbers_and_versions(issued) -> None:
    zero, negative, version_1 = (
        issued(name)[0].leaf
        for name in ("serial number zero", "serial number negative", "leaf of version 1")
    )
    assert (zero.serial_number, negative.serial_number) == (0, -12345678)
    assert (version_1.version, len(version_1.extensions)) == (x509.Version.v1, 0)


@pytest.mark.parametrize(("name", "digest"), [("SHA-1", "sha1"), ("MD5", "md5")])
@pytest.mark.parametrize("which", ["leaf", "intermediate"])
def test_the_hash_is_that_of_one_signature_alone(
    name: str, digest: str, which: str, issued
) -> None:
    chain, _ = issued(f"{which} signed with {name}")
    assert chain.intermediate is not None
    hashes = {
        "leaf": chain.leaf.signature_hash_algorithm,
        "intermediate": chain.intermediate.signature_hash_algorithm,
        "authority": chain.authority.certificate.signature_hash_algorithm,
    }
    assert {where: algorithm.name for where, algorithm in hashes.items() if algorithm} == {
        **dict.fromkeys(hashes, "sha256"),
        which: digest,
    }


def test_such_a_hash_takes_an_issuer_with_an_rsa_key() -> None:
    blueprint = sound_blueprint(Chain(), Authorities().authority("authority"))
    blueprint.leaf.digest = "sha1"
    with pytest.raises(ValueError, match="an RSA key"):
        issue_blueprint(blueprint)

"""A chain is a value; sound chains in an odd form, or in an odd file, before the verifiers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from connect_harness import certificates
from connect_harness.certificates import Authorities, Chain, given_file
from connect_harness.certificates.verifiers import verify_by_cryptography, verify_by_openssl

LOCALHOST = Chain(names=("localhost",))
U_LABEL = Chain(names=("xn--bcher-kva.test",))
SHARP_S = Chain(names=("xn--strae-oqa.test",))
UNDERSCORE = Chain(names=("a_b.example.test",))
STAR_WITHIN = Chain(names=("f*.example.test",))
STAR_ALONE = Chain(names=("*",))
BELOW = Chain(intermediates=1)
OTHER_NAME_EXPIRED = Chain(names=("other.test",), defect="leaf expired")
EXPIRED = Chain(defect="leaf expired")
AUTHORITY = ("authority",)

# Chain, host, file; whether OpenSSL lenient, OpenSSL strict and cryptography believe it; the
# verify code of OpenSSL lenient. Other sound chains are twins of defects: ``test_verifiers.py``.
CASES = {
    "key/p384": (Chain(key="ec-p384"), "localhost", AUTHORITY, "yyy", None),
    "key/ed25519": (Chain(key="ed25519"), "localhost", AUTHORITY, "yyy", None),
    # cryptography takes A-labels alone; ``ssl`` converts, by IDNA 2003.
    "name/idna-ulabel": (U_LABEL, "bücher.test", AUTHORITY, "yy-", None),
    "name/idna-2008-sharp-s": (SHARP_S, "straße.test", AUTHORITY, "nn-", 62),
    "name/underscore": (UNDERSCORE, "a_b.example.test", AUTHORITY, "yy-", None),
    "name/star-within": (STAR_WITHIN, "b.example.test", AUTHORITY, "nn-", 62),
    "name/star-alone": (STAR_ALONE, "localhost", AUTHORITY, "nn-", 62),
    "name/trailing-dot": (LOCALHOST, "localhost.", AUTHORITY, "nn-", 62),
    "trust/leaf-pinned": (Chain(), "localhost", ("the leaf",), "nyy", 20),
    "trust/intermediate-only": (BELOW, "localhost", ("the intermediate",), "nyy", 2),
    "time/expired-and-wrong-host": (OTHER_NAME_EXPIRED, "localhost", AUTHORITY, "nnn", 62),
    "time/expired-and-untrusted": (EXPIRED, "localhost", ("another",), "nnn", 20),
}


@pytest.mark.parametrize("row", CASES)
def test_each_verifier_says_what_the_table_says(row: str) -> None:
    chain, host, given, believed, code = CASES[row]
    authorities = Authorities()
    issued = authorities.issue(chain)
    trusted = given_file(given, issued, authorities)
    lenient = verify_by_openssl(issued, trusted, host, strict=False)
    strict = verify_by_openssl(issued, trusted, host, strict=True)
    assert "".join("ny"[verified.accepted] for verified in (lenient, strict)) == believed[:2]
    assert lenient.verify_code == code
    if believed[2] != "-":
        assert verify_by_cryptography(issued, trusted, host).accepted == (believed[2] == "y")


def test_the_intermediate_is_given_where_there_is_one() -> None:
    authorities = Authorities()
    with pytest.raises(ValueError, match="this chain has none"):
        given_file(("the intermediate",), authorities.issue(Chain()), authorities)


def test_a_chain_is_a_key_and_survives_json() -> None:
    assert len({Chain(), Chain(), Chain(intermediates=1)}) == 2
    chain = Chain(names=("*.a.test",), key="ed25519", cross_signed_by="old", defect="leaf expired")
    assert msgspec.json.decode(msgspec.json.encode(chain), type=Chain) == chain


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"names": ()}, "needs a name or a subject"),
        ({"names": ("bücher.test",)}, "as A-labels"),
        ({"names": ("LOCALHOST",)}, "in lower case"),
        ({"intermediates": 5}, "0 to 4 intermediates, not 5"),
        ({"cross_signed_by": "authority"}, "by another one, not by itself"),
        ({"intermediates": -1}, "0 to 4 intermediates, not -1"),
    ],
)
def test_what_cannot_be_issued_is_refused_at_once(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        replace(Chain(), **changes)


def test_every_public_name_is_where_the_package_says() -> None:
    assert all(getattr(certificates, name) is not None for name in certificates.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'Chians'"):
        _ = certificates.Chians

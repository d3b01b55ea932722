"""Sound chains that are asked for in an odd way, or stand in the file otherwise than usual."""

from __future__ import annotations

from typing import get_args

import pytest
from cryptography import x509

from connect_harness.certificates import Authorities, Chain, given_file
from connect_harness.certificates.chain import KeyKind, Purpose
from connect_harness.certificates.verifiers import verify_by_cryptography, verify_by_openssl

LOCALHOST = Chain(names=("localhost",))
STAR = Chain(names=("*.example.test",))
U_LABEL = Chain(names=("xn--bcher-kva.test",))
SHARP_S = Chain(names=("xn--strae-oqa.test",))
UNDERSCORE = Chain(names=("a_b.example.test",))
BELOW = Chain(intermediates=1)
OTHER_NAME_EXPIRED = Chain(names=("other.test",), defect="leaf expired")
EXPIRED = Chain(defect="leaf expired")
ROOT_SENT = Chain(intermediates=1, defect="authority sent too")
AUTHORITY = ("authority",)

# Chain, host, file; whether OpenSSL lenient, OpenSSL strict and cryptography believe it; the
# verify code of OpenSSL lenient. Other sound chains are twins of defects: ``test_verifiers.py``.
CASES = {
    "key/p384": (Chain(key="ec-p384"), "localhost", AUTHORITY, "yyy", None),
    "key/ed25519": (Chain(key="ed25519"), "localhost", AUTHORITY, "yyy", None),
    "name/ipv6": (Chain(), "::1", AUTHORITY, "yyy", None),
    "name/ipv6-long": (Chain(), "0:0:0:0:0:0:0:1", AUTHORITY, "yyy", None),
    "name/wildcard": (STAR, "a.example.test", AUTHORITY, "yyy", None),
    "name/wildcard-alabel": (STAR, "xn--bcher-kva.example.test", AUTHORITY, "yyy", None),
    # cryptography takes A-labels alone; ``ssl`` converts, by IDNA 2003.
    "name/idna-ulabel": (U_LABEL, "bücher.test", AUTHORITY, "yy-", None),
    "name/idna-2008-sharp-s": (SHARP_S, "straße.test", AUTHORITY, "nn-", 62),
    "name/underscore": (UNDERSCORE, "a_b.example.test", AUTHORITY, "yy-", None),
    "name/trailing-dot": (LOCALHOST, "localhost.", AUTHORITY, "nn-", 62),
    "trust/wrong-ca": (Chain(), "localhost", ("another",), "nnn", 20),
    "trust/no-ca-given": (Chain(), "localhost", (), "nn-", 20),
    "trust/namesake-given": (Chain(), "localhost", ("authority#2",), "nnn", 20),
    "trust/both-names": (Chain(), "localhost", ("authority#2", "authority"), "yyy", None),
    "trust/leaf-pinned": (Chain(), "localhost", ("the leaf",), "nyy", 20),
    "trust/intermediate-only": (BELOW, "localhost", ("the intermediate",), "nyy", 2),
    "time/expired-and-wrong-host": (OTHER_NAME_EXPIRED, "localhost", AUTHORITY, "nnn", 62),
    "time/expired-and-untrusted": (EXPIRED, "localhost", ("another",), "nnn", 20),
    "trust/no-ca-root-sent": (ROOT_SENT, "localhost", ("another",), "nnn", 19),
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


@pytest.mark.parametrize(
    ("purpose", "intermediates", "key"),
    [
        *((purpose, depth, "ec-p256") for purpose in get_args(Purpose) for depth in range(5)),
        ("client", 0, "rsa-2048"),
    ],
)
def test_both_verifiers_believe_every_depth(
    purpose: Purpose, intermediates: int, key: KeyKind
) -> None:
    names = ("localhost",) if purpose == "server" else ()
    chain = Chain(names, "admin", intermediates, purpose=purpose, key=key)
    authorities = Authorities()
    issued, server = authorities.issue(chain), authorities.issue(Chain())
    assert len(x509.load_pem_x509_certificates(issued.chain_pem)) == intermediates + 1
    trusted = issued.authority.certificate_pem
    assert verify_by_openssl(
        issued, trusted, "localhost", purpose=purpose, strict=True, server=server
    ).accepted
    assert verify_by_cryptography(issued, trusted, "localhost", purpose=purpose).accepted


def test_the_intermediate_is_given_where_there_is_one() -> None:
    authorities = Authorities()
    with pytest.raises(ValueError, match="this chain has none"):
        given_file(("the intermediate",), authorities.issue(Chain()), authorities)

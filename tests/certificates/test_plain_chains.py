"""Sound chains that are asked for in an odd way, or stand in the file otherwise than usual."""

from __future__ import annotations

from typing import get_args

import pytest

from connect_harness.certificates import Authorities, Chain, given_file
from connect_harness.certificates.chain import Purpose
from connect_harness.certificates.verifiers import verify_by_cryptography, verify_by_openssl

STAR = Chain(names=("*.example.test",))
BELOW = Chain(intermediates=1)
CROSS_SIGNED = Chain(cross_signed_by="old authority")
AUTHORITY = ("authority",)

# Chain, host, file; then whether OpenSSL lenient, OpenSSL strict and cryptography believe it.
CASES = {
    "ok/rsa": (Chain(key="rsa-2048"), "localhost", AUTHORITY, "yyy"),
    "key/rsa-4096": (Chain(key="rsa-4096"), "localhost", AUTHORITY, "yyy"),
    "key/p384": (Chain(key="ec-p384"), "localhost", AUTHORITY, "yyy"),
    "key/ed25519": (Chain(key="ed25519"), "localhost", AUTHORITY, "yyy"),
    "ok/trustme-intermediate": (BELOW, "localhost", AUTHORITY, "yyy"),
    "ok/ip": (Chain(), "127.0.0.1", AUTHORITY, "yyy"),
    "name/ipv6": (Chain(), "::1", AUTHORITY, "yyy"),
    "name/ipv6-long": (Chain(), "0:0:0:0:0:0:0:1", AUTHORITY, "yyy"),
    "name/wildcard": (STAR, "a.example.test", AUTHORITY, "yyy"),
    "name/wildcard-alabel": (STAR, "xn--bcher-kva.example.test", AUTHORITY, "yyy"),
    "name/idna-alabel": (
        Chain(names=("xn--bcher-kva.test",)),
        "xn--bcher-kva.test",
        AUTHORITY,
        "yyy",
    ),
    # cryptography takes A-labels alone; ``ssl`` converts, by IDNA 2003.
    "name/idna-ulabel": (Chain(names=("xn--bcher-kva.test",)), "bücher.test", AUTHORITY, "yy-"),
    "name/idna-2008-sharp-s": (
        Chain(names=("xn--strae-oqa.test",)),
        "straße.test",
        AUTHORITY,
        "nn-",
    ),
    "name/underscore": (Chain(names=("a_b.example.test",)), "a_b.example.test", AUTHORITY, "yy-"),
    "name/trailing-dot": (Chain(names=("localhost",)), "localhost.", AUTHORITY, "nn-"),
    "trust/wrong-ca": (Chain(), "localhost", ("another",), "nnn"),
    "trust/no-ca-given": (Chain(), "localhost", (), "nn-"),
    "trust/namesake-given": (Chain(), "localhost", ("authority#2",), "nnn"),
    "trust/both-same-name-cas": (Chain(), "localhost", ("authority#2", "authority"), "yyy"),
    "trust/leaf-pinned": (Chain(), "localhost", ("the leaf",), "nyy"),
    "trust/intermediate-only": (BELOW, "localhost", ("the intermediate",), "nyy"),
    "trust/cross-signed-ok": (CROSS_SIGNED, "localhost", ("old authority",), "yyy"),
    "trust/cross-signed-new": (CROSS_SIGNED, "localhost", AUTHORITY, "yyy"),
    "time/expired-and-wrong-host": (
        Chain(names=("other.test",), defect="leaf expired"),
        "localhost",
        AUTHORITY,
        "nnn",
    ),
    "time/expired-and-untrusted": (
        Chain(defect="leaf expired"),
        "localhost",
        ("another",),
        "nnn",
    ),
    "trust/no-ca-root-sent": (
        Chain(intermediates=1, defect="authority sent too"),
        "localhost",
        ("another",),
        "nnn",
    ),
}
CODES = {
    "name/idna-2008-sharp-s": 62,
    "name/trailing-dot": 62,
    "trust/wrong-ca": 20,
    "trust/no-ca-given": 20,
    "trust/namesake-given": 20,
    "trust/leaf-pinned": 20,
    "trust/intermediate-only": 2,
    "time/expired-and-wrong-host": 62,
    "time/expired-and-untrusted": 20,
    "trust/no-ca-root-sent": 19,
}


@pytest.mark.parametrize("row", CASES)
def test_it_is_believed_by_those_of_whom_the_table_says_so(row: str) -> None:
    chain, host, given, believed = CASES[row]
    authorities = Authorities()
    issued = authorities.issue(chain)
    trusted = given_file(given, issued, authorities)
    lenient = verify_by_openssl(issued, trusted, host, strict=False)
    strict = verify_by_openssl(issued, trusted, host, strict=True)
    assert "".join("ny"[one.accepted] for one in (lenient, strict)) == believed[:2]
    assert lenient.verify_code == CODES.get(row)
    if believed[2] != "-":
        assert verify_by_cryptography(issued, trusted, host).accepted == (believed[2] == "y")


@pytest.mark.parametrize("intermediates", range(5))
@pytest.mark.parametrize("purpose", get_args(Purpose))
def test_both_verifiers_believe_every_depth(intermediates: int, purpose: Purpose) -> None:
    names = ("localhost",) if purpose == "server" else ()
    chain = Chain(names=names, subject="admin", purpose=purpose, intermediates=intermediates)
    authorities = Authorities()
    issued, server = authorities.issue(chain), authorities.issue(Chain())
    trusted = issued.authority.certificate_pem
    assert verify_by_openssl(
        issued, trusted, "localhost", purpose=chain.purpose, strict=True, server=server
    ).accepted
    assert verify_by_cryptography(issued, trusted, "localhost", purpose=chain.purpose).accepted


def test_the_intermediate_is_given_where_there_is_one() -> None:
    authorities = Authorities()
    with pytest.raises(ValueError, match="this chain has none"):
        given_file(("the intermediate",), authorities.issue(Chain()), authorities)

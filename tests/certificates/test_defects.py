"""A defect is what makes the difference, is about what its name says, and is written down whole.

Why it is refused, and by which side: see ``test_verifiers.py``.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

import connect_harness
from connect_harness.certificates import (
    DEFECTS,
    REVOKED_SERIAL,
    Authorities,
    Authority,
    Chain,
    Defect,
    IssuedChain,
    der,
)
from connect_harness.certificates.blueprint import ChainBlueprint
from connect_harness.certificates.fitting import _apply
from connect_harness.certificates.verifiers import verify_by_openssl
from connect_harness.config import HttpsConfig

# Key identifiers: their values follow from a key, which is new each time.
OF_KEYS = [der.object_identifier(dotted) for dotted in ("2.5.29.14", "2.5.29.35")]
# Another key signed, with the authority's name: nothing that a certificate says differs.
SIGNATURE_ALONE = {
    "signed in the name of the authority with another key",
    "signed with another key, forged key identifier",
}
OF_NAMES = [
    "wrong DNS name",
    "right common name beside wrong DNS names",
    "DNS target with IP names alone",
    "IP target with DNS names alone",
    "IP written as a DNS name",
    "wrong IP",
]


def key_of(certificate: x509.Certificate) -> tuple[der.Element, int | None]:
    """The kind of the key as it is encoded, and the size of an RSA key."""
    parts = der.elements(certificate.tbs_certificate_bytes)
    place = 6 if parts[0][0] == der.VERSION else 5
    kind, _ = der.elements(der.element(*parts[place]))
    key = certificate.public_key()
    return kind, key.key_size if isinstance(key, RSAPublicKey) else None


def extensions_of(certificate: x509.Certificate) -> list[list[der.Element]]:
    """The extensions as they are encoded: some defects write what no library reads."""
    tag, content = der.elements(certificate.tbs_certificate_bytes)[-1]
    if tag != der.EXTENSIONS:
        return []
    extensions = [der.elements(der.element(*extension)) for extension in der.elements(content)]
    return [
        extension[:-1] if der.element(*extension[0]) in OF_KEYS else extension
        for extension in sorted(extensions, key=lambda extension: extension[0])
    ]


def content_of(certificate: x509.Certificate) -> list[Any]:
    """All that a certificate says, but for random numbers, keys and signatures."""
    serial = certificate.serial_number
    return [
        certificate.version,
        "sound" if serial > 0 and serial != REVOKED_SERIAL else serial,
        certificate.subject,
        certificate.issuer,
        certificate.not_valid_before_utc,
        certificate.not_valid_after_utc,
        key_of(certificate),
        getattr(certificate.signature_hash_algorithm, "name", None),
        extensions_of(certificate),
    ]


def content(issued: IssuedChain) -> list[list[Any]]:
    """What is sent, in order; then the own certificates of authorities that were changed."""
    with warnings.catch_warnings():
        # A serial number below 1 is what some are about.
        warnings.simplefilter("ignore")
        sent = x509.load_pem_x509_certificates(issued.chain_pem)
        own = [authority.certificate for authority in issued.changed]
        return [content_of(certificate) for certificate in (*sent, *own)]


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_it_changes_what_is_said_or_sent(name: str, issued, sound) -> None:
    chain, _ = issued(name)
    own = frozenset(authority.name for authority in chain.changed)
    differs = content(chain) != content(sound(DEFECTS[name], own))
    assert differs == (name not in SIGNATURE_ALONE)


# One defect of each sound chain: many defects have the same.
@pytest.mark.parametrize("name", {defect.chain: name for name, defect in DEFECTS.items()}.values())
def test_without_it_nothing_differs(name: str, sound) -> None:
    """Two blueprints of one sound chain say the same: the difference above is the defect's."""
    defect = DEFECTS[name]
    assert content(sound(defect)) == content(sound.__wrapped__(defect))


def test_what_no_verifier_says_of_a_defect(issued) -> None:
    right_name, revoked = (
        issued(name)[0] for name in ("right common name beside wrong DNS names", "revoked")
    )
    assert right_name.leaf.subject.rfc4514_string() == "CN=localhost"
    (listed,) = x509.load_pem_x509_crl(revoked.authority.revocation_list_pem)
    assert listed.serial_number == revoked.leaf.serial_number == REVOKED_SERIAL
    # In an odd order, or not at all.
    leaf, below = "OU=server", "CN=Intermediate 1"
    for name, expected in {
        "intermediates in the wrong order": [leaf, below, "CN=Intermediate 2"],
        "intermediate sent twice": [leaf, below, below],
        "authority sent too": [leaf, below, Authority("authority").subject.rfc4514_string()],
        "unrelated certificate sent too": [leaf, "CN=somebody else", below],
        "intermediate in the authority file alone": [leaf],
    }.items():
        sent = x509.load_pem_x509_certificates(issued(name)[0].chain_pem)
        assert [certificate.subject.rfc4514_string() for certificate in sent] == expected


@pytest.mark.parametrize("name", OF_NAMES)
def test_a_defect_of_names_touches_only_the_kind_of_host_it_is_about(name: str, issued) -> None:
    other = "127.0.0.1" if DEFECTS[name].host == "localhost" else "localhost"
    chain, _ = issued(name)
    trusted = chain.authority.certificate_pem
    assert verify_by_openssl(chain, trusted, other, strict=False).accepted


@pytest.mark.parametrize("when", ["expired", "not yet valid"])
@pytest.mark.parametrize(("which", "place"), [("leaf", 0), ("intermediate", 1)])
def test_time_is_wrong_for_the_certificate_it_names_alone(
    which: str, place: int, when: str
) -> None:
    """A verify code does not say of which certificate it speaks."""
    chain = Authorities().issue(Chain(intermediates=2, defect=f"{which} {when}"))
    now = datetime.now(UTC)
    sent = x509.load_pem_x509_certificates(chain.chain_pem)
    valid = [each.not_valid_before_utc < now < each.not_valid_after_utc for each in sent]
    assert valid == [at != place for at in range(3)]


NEEDY = [
    name
    for name, defect in DEFECTS.items()
    if defect.chain.intermediates
    or defect.chain.cross_signed_by
    or defect.chain.purpose == "client"
]
OF_OTHER_NAMES = [
    name for name, defect in DEFECTS.items() if name not in NEEDY and defect.chain != Chain()
]


@pytest.mark.parametrize("name", NEEDY)
def test_it_says_which_chain_it_needs(name: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"The defect {name!r} needs ")) as refused:
        Chain(defect=name)
    needed, _, both = str(refused.value).partition(" needs ")[2].partition(". Both together are ")
    written = {"Chain": Chain, "connect_harness": connect_harness}
    assert eval(needed, written) == DEFECTS[name].chain
    assert eval(both.removesuffix("."), written) == DEFECTS[name].defective_chain


@pytest.mark.parametrize("name", OF_OTHER_NAMES)
def test_it_has_its_effect_with_the_usual_names_too(name: str, issued) -> None:
    defect = DEFECTS[name]
    usual = Authorities().issue(Chain(defect=name))
    own, given = (
        verify_by_openssl(chain, chain.authority.certificate_pem, defect.host, strict=False)
        for chain in (issued(name)[0], usual)
    )
    assert given.accepted == own.accepted or defect.host not in Chain().names


@pytest.mark.parametrize("name", ["intermediate signed with SHA-1", "intermediate signed with MD5"])
def test_a_weak_signature_has_its_place_below_another_intermediate_too(name: str) -> None:
    issued = Authorities().issue(Chain(intermediates=2, defect=name))
    _, lower, upper = x509.load_pem_x509_certificates(issued.chain_pem)
    hashes = [each.signature_hash_algorithm for each in (lower, upper)]
    assert [each.name.upper() in name.replace("-", "") for each in hashes if each] == [False, True]


@pytest.mark.parametrize(
    ("chain", "sentence"),
    [
        # Above its own chain's number it would be no defect, or another one.
        ({"defect": "path length exceeded", "intermediates": 1}, r"needs Chain\(intermediates=2\)"),
        ({"defect": "path length of one exceeded", "intermediates": 2}, r"\(intermediates=3\)"),
        ({"defect": "path length just enough", "intermediates": 3}, r"\(intermediates=2\)"),
        ({"defect": "client certificate revoked"}, "needs Chain.*purpose='client'"),
        (
            {"defect": "client certificate revoked", "purpose": "client"},
            "of a client's certificate",
        ),
        ({"defect": "wrong DNS name", "purpose": "client"}, "no host is looked for in a client's"),
        ({"defect": "intermediate in the authority file alone", "intermediates": 2}, "needs Chain"),
        ({"defect": "second name excluded", "intermediates": 1}, "the name other.test"),
        ({"defect": "revoked", "intermediates": 1}, "keeps no revocation list"),
        ({"defect": "leaf too green"}, "no defect 'leaf too green'. The nearest are 'leaf of"),
        *(({"names": ("localhost",), "defect": name}, "a DNS name and an IP") for name in OF_NAMES),
    ],
    ids=lambda value: value["defect"] if isinstance(value, dict) else "",
)
def test_a_defect_that_has_no_place_in_its_chain(chain: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        HttpsConfig(chain=Chain(**chain))


def test_whose_chain_it_is_makes_no_difference_to_its_defect() -> None:
    """Only what was looked at is kept: another authority or key is not looked at again."""
    _apply.cache_clear()
    for key in ("ec-p256", "rsa-4096"):
        chain = Chain(defect="leaf expired", key=key, authority=key, intermediates=1)
        HttpsConfig(chain=chain)
    assert _apply.cache_info().misses == 1


REFUSED = Defect("new", "new/new", clause="CA-12", rule="RFC 5280 6.1", alert="unknown_ca")
OBSERVED = Defect("new", "new/new", expectation="observe", if_accepted="one", if_refused="other")


def another(blueprint: ChainBlueprint) -> None:
    """Another one."""


def silent(blueprint: ChainBlueprint) -> None:
    pass


def leaf_expired(blueprint: ChainBlueprint) -> None:
    """Another one of the same function."""


@pytest.mark.parametrize(
    ("base", "changes", "function", "sentence"),
    [
        (OBSERVED, {"name": "leaf expired"}, another, "is there twice"),
        (OBSERVED, {"recipe": "time/expired"}, another, "is there twice"),
        (OBSERVED, {}, leaf_expired, "is there twice"),
        (REFUSED, {}, silent, "has no docstring"),
        (REFUSED, {"recipe": "expired"}, another, "no recipe of the form a/b"),
        (REFUSED, {"clause": "CA-19"}, another, "serves no clause"),
        (REFUSED, {"rule": ""}, another, "no rule to demand it"),
        (REFUSED, {"alert": None}, another, "refused without an alert"),
        (REFUSED, {"chain": Chain(defect="leaf expired")}, another, "to a chain with a defect"),
        (REFUSED, {"if_accepted": "a", "if_refused": "b"}, another, "only if, it observes"),
        (OBSERVED, {"rule": "RFC 5280 6.1"}, another, "has a rule, and only observes"),
        (OBSERVED, {"if_refused": ""}, another, "only if, it observes"),
    ],
)
def test_what_is_there_twice_or_contradicts_itself_is_refused(
    base: Defect, changes: dict[str, Any], function: Any, sentence: str
) -> None:
    before = dict(DEFECTS)
    with pytest.raises(ValueError, match=sentence):
        replace(base, **changes)(function)
    assert before == DEFECTS


def test_a_defect_belongs_to_its_chain_and_says_what_is_wrong() -> None:
    expired = DEFECTS["leaf expired"]
    assert (expired.slug, expired.topic) == ("leaf_expired", "time")
    assert expired.defective_chain == Chain(defect="leaf expired")
    # Descriptions are published: nothing in them is for a caller of the function.
    descriptions = [defect.description for defect in DEFECTS.values()]
    assert [text for text in descriptions if "Raises:" in text or not text.endswith(".")] == []
    assert {defect.expectation for defect in DEFECTS.values() if defect.tls_defaults} == {"observe"}


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

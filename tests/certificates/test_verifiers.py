"""Every recipe before two verifiers: what each says is pinned, and its twin is believed by both.

A defect is named here by its slug. What OpenSSL says is the same on Python 3.11 and 3.13, which
have the same OpenSSL 3.0; only the strictness differs, and both are asked for here.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable
from typing import Any

import pytest

from connect_harness.certificates import DEFECTS, Chain, Defect, given_file
from connect_harness.certificates.verifiers import (
    Verified,
    verify_by_cryptography,
    verify_by_openssl,
)
from connect_harness.server import failures

Verify = Callable[..., Verified]
BY_SLUG = {defect.slug: defect for defect in DEFECTS.values()}
SLUGS = sorted(BY_SLUG)

# OpenSSL's verify codes, and the defects that get them whatever the strictness. It believes all
# others: a new defect that OpenSSL refuses fails here until it stands in this table.
_REFUSED = {
    7: "impostor_without_identifiers impostor_with_forged_identifier signature_algorithms_differ",
    9: "leaf_not_yet_valid intermediate_not_yet_valid authority_not_yet_valid client_not_yet_valid",
    10: "leaf_expired intermediate_expired authority_expired cross_signed_expired client_expired "
    "client_intermediate_expired",
    18: "self_signed client_self_signed",
    19: "hundred_of_one_name",
    20: "intermediate_not_sent impostor cross_signed_not_sent client_intermediate_not_sent "
    "circle dead_end_first issuer_empty",
    23: "client_revoked",
    25: "path_length_exceeded path_length_of_one",
    26: "eku_client_only eku_code_signing_only eku_any eku_on_intermediate ku_crl_only "
    "client_for_servers_alone eku_empty",
    34: "unknown_critical_on_leaf unknown_critical_on_intermediate authority_identifier_critical "
    "subject_identifier_critical client_unknown_critical",
    47: "dns_not_permitted ip_not_permitted name_constraint_on_root narrowed_below widened_below "
    "constraint_not_critical subject_not_permitted wildcard_wider_than_permitted "
    "wildcard_in_constraint constrained_way_first",
    48: "dns_excluded ip_excluded second_name_excluded intermediate_name_excluded "
    "name_permitted_and_excluded",
    51: "unknown_kind_excluded",
    53: "address_without_mask",
    62: "wrong_dns_name right_common_name ip_names_alone no_name_at_all email_alone uri_alone "
    "name_with_a_nul name_with_a_trailing_dot wildcard_for_two_labels wildcard_for_no_label "
    "wildcard_ends_label wildcard_starts_label wildcard_within_label wildcard_in_second_label "
    "wildcard_in_last_label two_wildcards wildcard_within_a_label wildcard_alone "
    "wildcard_above_one_label domain_above utf8_name",
    64: "wrong_ip dns_names_alone ip_as_dns_name ip_in_common_name wildcard_for_an_address",
    66: "rsa_1024_leaf",
    67: "rsa_1024_root rsa_1024_intermediate",
    68: "sha1_leaf sha1_intermediate md5_leaf md5_intermediate",
    79: "issuer_not_ca issuer_without_constraints issuer_may_not_sign root_may_not_sign "
    "root_not_ca path_length_without_signing version_1_intermediate client_issuer_not_ca",
    94: "explicit_curve",
}
_REFUSED_IF_STRICT = {
    78: "signature_algorithms_differ",
    79: "version_1_root",
    82: "leaf_may_sign",
    83: "root_without_subject",
    85: "impostor_without_identifiers leaf_without_authority_identifier "
    "intermediate_without_authority_identifier",
    86: "root_without_identifier intermediate_without_subject_identifier",
    87: "common_name_beside_an_empty_list leaf_with_empty_names",
    88: "no_subject_names_not_critical",
    89: "root_constraints_not_critical intermediate_constraints_not_critical",
    92: "root_without_key_usage intermediate_without_key_usage made_by_hand",
}
# Refused before a certificate is verified.
_REASONS_WITHOUT_A_CODE = {
    "p192_leaf": "NO_SHARED_CIPHER",
    "p224_leaf": "NO_SHARED_CIPHER",
    "ten_thousand_names": "EXCESSIVE_MESSAGE_SIZE",
}

# Where cryptography says otherwise than OpenSSL with lenient defaults, by the reason.
_BELIEVES = {
    "it tries every path, which is advice (RFC 4158)": "dead_end_first constrained_way_first",
    "it validates the path, and leaves the leaf's key to TLS": "ku_crl_only p192_leaf p224_leaf "
    "rsa_1024_leaf",
    "it reads no revocation list": "client_revoked",
    "against RFC 5280 4.2 it ignores that the extension is critical": "subject_identifier_critical",
    "it has no limit of size": "ten_thousand_names",
    "RFC 9525 6.3 does not say how many labels follow a star": "wildcard_above_one_label",
}
_REFUSES = {
    "what a wildcard could stand for must not be excluded either": "wildcard_over_excluded",
    "it knows no constraints of directory names, against RFC 5280 4.2.1.10": "subject_permitted",
    "it counts self-issued certificates, against RFC 5280 4.2.1.9": "path_length_self_issued",
    "it never looks at the common name (RFC 9525 6.3)": "common_name_alone leaf_with_empty_names "
    "common_name_beside_an_empty_list common_name_beside_ip_names name_constraint_cn "
    "wildcard_in_common_name",
    "the profile of the web's authorities, stricter than RFC 5280": "malformed_name leaf_is_ca "
    "leaf_may_sign leaf_without_authority_identifier intermediate_constraints_not_critical "
    "intermediate_without_key_usage self_signed_authority_given serial_negative version_1_leaf",
    "it is as strict with what the file holds as with what is sent": "made_by_hand version_1_root "
    "root_constraints_not_critical root_without_key_usage root_without_subject",
}
# Both verifiers want certificates that are authorities in the file; here the leaf stands there.
_TWIN_OF_NO_AUTHORITY = {"self_signed_given", "self_signed_authority_given"}
# One defect of each twin: many defects have the same.
TWINS = sorted(
    {
        (defect.chain, defect.given, defect.host): slug
        for slug, defect in BY_SLUG.items()
        if slug not in _TWIN_OF_NO_AUTHORITY
    }.values()
)


def by_slug(table: dict[Any, str]) -> dict[str, Any]:
    return {slug: value for value, slugs in table.items() for slug in slugs.split()}


LENIENT_CODES = by_slug(_REFUSED)
CRYPTOGRAPHY_BELIEVES, CRYPTOGRAPHY_REFUSES = by_slug(_BELIEVES), by_slug(_REFUSES)
STRICT_CODES = LENIENT_CODES | by_slug(_REFUSED_IF_STRICT)


@pytest.fixture
def by_openssl(issued) -> Verify:
    def verify(defect: Defect, *, twin: bool = False, **how: Any) -> Verified:
        chain, authorities = issued(defect.name, twin)
        revoked = defect.alert == "certificate_revoked"
        return verify_by_openssl(
            chain,
            given_file(defect.given, chain, authorities),
            defect.host,
            purpose=defect.chain.purpose,
            server=authorities.issue(Chain()) if defect.chain.purpose == "client" else None,
            revocation_lists_pem=chain.authority.revocation_list_pem if revoked else b"",
            **how,
        )

    return verify


@pytest.fixture
def by_cryptography(issued) -> Verify:
    def verify(defect: Defect, *, twin: bool = False) -> Verified:
        chain, authorities = issued(defect.name, twin)
        trusted = given_file(defect.given, chain, authorities)
        return verify_by_cryptography(chain, trusted, defect.host, purpose=defect.chain.purpose)

    return verify


def test_the_tables_speak_of_recipes_that_there_are() -> None:
    # An alert is pinned where OpenSSL refuses, and nowhere else.
    refused = {*STRICT_CODES, *_REASONS_WITHOUT_A_CODE}
    assert {slug for slug, defect in BY_SLUG.items() if defect.alert} == refused
    assert {*CRYPTOGRAPHY_BELIEVES, *CRYPTOGRAPHY_REFUSES} <= set(BY_SLUG)


@pytest.mark.parametrize("slug", SLUGS)
def test_each_verifier_refuses_it_for_its_own_reason(
    slug: str, by_openssl: Verify, by_cryptography: Verify
) -> None:
    defect = BY_SLUG[slug]
    lenient, strict = (by_openssl(defect, strict=strict) for strict in (False, True))
    check_openssl(lenient, LENIENT_CODES.get(slug), defect.alert, slug)
    check_openssl(strict, STRICT_CODES.get(slug), defect.strict_alert or defect.alert, slug)
    assert (lenient.accepted != strict.accepted) == defect.tls_defaults
    cryptography = by_cryptography(defect)
    # cryptography agrees, or the table says why not.
    assert cryptography.accepted == (
        slug in CRYPTOGRAPHY_BELIEVES or (lenient.accepted and slug not in CRYPTOGRAPHY_REFUSES)
    ), cryptography.reason
    assert bool(cryptography.reason) != cryptography.accepted
    if defect.expectation != "observe":
        # OpenSSL does what a rule demands.
        demanded = defect.expectation == "accepted"
        assert (lenient.accepted, strict.accepted) == (demanded, demanded)


def check_openssl(verified: Verified, code: int | None, alert: str | None, slug: str) -> None:
    if slug in _REASONS_WITHOUT_A_CODE:
        alert = BY_SLUG[slug].alert
        assert verified == Verified(False, _REASONS_WITHOUT_A_CODE[slug], None, alert)
        return
    assert (verified.verify_code, verified.accepted) == (code, code is None)
    if code is not None:
        assert verified.alert == alert == failures.for_verify_code(code)
        assert verified.reason


@pytest.mark.parametrize("slug", sorted(LENIENT_CODES))
def test_openssl_says_the_same_under_tls_1_2(slug: str, by_openssl: Verify) -> None:
    defect = BY_SLUG[slug]
    verified = by_openssl(defect, strict=False, version=ssl.TLSVersion.TLSv1_2)
    if slug == "ku_crl_only":
        # There it is the server that does not sign with such a key.
        assert verified == Verified(False, "NO_SHARED_CIPHER", None, "handshake_failure")
    else:
        assert (verified.verify_code, verified.alert) == (LENIENT_CODES[slug], defect.alert)


@pytest.mark.parametrize("slug", TWINS)
def test_every_verifier_believes_the_twin(
    slug: str, by_openssl: Verify, by_cryptography: Verify, sound
) -> None:
    defect = BY_SLUG[slug]
    assert by_openssl(defect, twin=True, strict=False) == Verified(accepted=True)
    assert by_openssl(defect, twin=True, strict=True) == Verified(accepted=True)
    assert by_cryptography(defect, twin=True) == Verified(accepted=True)
    if defect.chain.purpose == "server":
        # The twin comes from trustme; the defect alone makes the difference to the blueprint's.
        chain = sound(defect)
        trusted = chain.authority.certificate_pem
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            assert verify_by_openssl(
                chain, trusted, defect.host, strict=True, version=version
            ).accepted

"""A row from its case: what is expected, by which rule, with which alert; which are chosen; and
that every TLS case that was measured has a row, or a reason why it has none."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.model.clause import Level
from connect_contracts.report.tls_table.recipe import (
    Expected,
    UnknownRecipe,
    cases_with_recipe,
    expectation_of,
    recipe,
)

CASES = catalogue().cases
ROWS = {case.id: recipe(case) for case in cases_with_recipe(catalogue())}


def test_every_recipe_of_the_catalogue_makes_a_row_sorted_by_topic() -> None:
    assert set(ROWS) == {case.id for case in CASES.values() if case.recipe is not None}
    parts = [row.id.split("/") for row in ROWS.values()]
    assert all(len(part) == 2 for part in parts)
    assert parts == sorted(parts)


@pytest.mark.parametrize(
    ("ids", "chosen"),
    [
        (["time/expired"], {"CA-12[leaf-expired]"}),
        (["time"], {name for name, row in ROWS.items() if row.id.startswith("time/")}),
        (["CA"], {name for name in ROWS if name.startswith("CA-")}),
        (
            ["MTLS-3", "CA-12[leaf-expired]"],
            {"CA-12[leaf-expired]", *(name for name in ROWS if name.startswith("MTLS-3["))},
        ),
    ],
    ids=["recipe", "topic", "chapter", "clause-and-case"],
)
def test_what_is_chosen(ids: list[str], chosen: set[str]) -> None:
    assert {case.id for case in cases_with_recipe(catalogue(), ids)} == chosen


@pytest.mark.parametrize("name", ["tim", "time/", "SIG-1[by-position]", ""])
def test_an_id_of_no_recipe(name: str) -> None:
    with pytest.raises(UnknownRecipe, match="There is no recipe, topic, clause or case"):
        cases_with_recipe(catalogue(), ["ok", name])


@pytest.mark.parametrize(
    ("name", "expected", "alerts"),
    [
        ("CA-1[authority-given]", "accepted", []),
        ("CA-12[leaf-expired]", "refused", ["certificate_expired by client"]),
        ("CA-19[leaf-given-alone]", "observe", []),
        ("MTLS-4[expired]", "refused", ["certificate_expired by target"]),
        # OpenSSL looks at trust before names, and at names before validity.
        ("CA-2[without-the-file]", "refused", ["unknown_ca by client"]),
        ("CA-12[expired-and-untrusted]", "refused", ["unknown_ca by client"]),
        ("CA-12[expired-and-for-another-host]", "refused", ["bad_certificate by client"]),
        # Strict TLS defaults send another alert.
        (
            "CA-3[impostor-without-identifiers]",
            "refused",
            ["decrypt_error by client", "certificate_unknown by client"],
        ),
        # A key that fits nothing that a client offers.
        ("CA-15[p192-leaf]", "refused", ["handshake_failure by target"]),
        ("CA-15[tls-1-0-alone]", "refused", ["protocol_version by target"]),
        ("CA-17[no-common-cipher]", "refused", ["handshake_failure by target"]),
        ("CA-17[unrecognised-name]", "refused", ["unrecognized_name by target"]),
        ("MTLS-3[insisted-tls-1-2]", "refused", ["handshake_failure by target"]),
        ("MTLS-3[insisted-tls-1-3]", "refused", ["certificate_required by target"]),
        ("MTLS-4[unknown-authority]", "refused", ["unknown_ca by target"]),
    ],
)
def test_what_a_row_expects(name: str, expected: str, alerts: list[str]) -> None:
    row = ROWS[name]
    assert (row.case, row.expected, list(row.alerts)) == (name, expected, alerts)


def test_the_rule_of_a_row_is_its_own_or_the_source_of_its_clause() -> None:
    assert ROWS["CA-12[leaf-expired]"].rule == "RFC 5280 6.1.3 (a)(2)"
    assert ROWS["CA-1[authority-given]"].rule == "page: certificate_authority"
    # Nothing is demanded there.
    assert ROWS["CA-19[leaf-given-alone]"].rule == ""
    demanding = [case for case in CASES.values() if case.recipe and case.level is not Level.OBSERVE]
    assert [case.id for case in demanding if not case.rule] == []


def test_other_cases_make_no_row_or_may_be_accepted_or_refused() -> None:
    with pytest.raises(ValueError, match="has no recipe"):
        recipe(CASES["SIG-1[by-position]"])
    assert expectation_of(CASES["AUTH-3[latin-1]"]) is Expected.EITHER


# The TLS cases that were measured on stock clients.
MEASURED = Path(__file__).with_name("measured_tls_cases.txt").read_text("ascii").split()

# A recipe is what a target presents, a file that a call is given, or a handshake. By reason, the
# measured cases that are none: a client could only be told by a setting that connect does not have.
EXCLUDED = {
    "no argument of connect says whether common names count": "name/cn-only-hardened",
    # A client that does so by itself fails CA-10[wrong-dns-name].
    "no argument of connect switches the check of host names off": "name/wrong-dns-unchecked",
    "no argument of connect keeps a client to TLS 1.2": "proto/client12-server13",
    # The fake's plain port answers.
    "a plain port that waits shows only the client's own time limit, as FAULT-4"
    "[stalled-within-the-handshake] does": "proto/plain-http-on-tls-port",
    "no argument of connect gives or asks for a revocation list": "rev/revoked-crl rev/good-crl "
    "rev/crl-missing rev/crl-expired",
    "connect takes the path of a file, never its content": "cafile/cadata-empty-str "
    "cafile/cadata-empty-bytes cafile/cadata-pem-bytes cafile/cadata-nonascii cafile/cadata-der "
    "cafile/cadata-good-then-bad",
    "connect raises for a folder and for a missing file, which CA-7[directory] and CA-7[missing] "
    "show": "cafile/capath-unhashed cafile/capath-missing",
    "a client's own library refuses to load such a key, which MTLS-5[rsa-1024] records: there is "
    "no handshake": "mtls12/weak-key mtls13/weak-key",
    "about a library that makes certificates, not about a handshake": "weak/sha1-generate "
    "weak/md5-generate use/path-length-trustme",
}
# Cases that were measured apart, and are one recipe here: the other result of the same question,
# or the same call.
ANOTHER_NAME = {
    "cafile/ok": "ok/trustme",
    "ok/x509": "ok/trustme",
    "mtls12/eku-client-no-san": "mtls12/ok",
    "mtls13/eku-client-no-san": "mtls13/ok",
    "cafile/replaces-system": "cafile/adds-to-system",
    "cafile/env-ignored-with-cadata": "cafile/adds-to-system",
}


def test_every_measured_case_has_one_recipe_or_one_reason() -> None:
    recipes = Counter(case.recipe for case in CASES.values() if case.recipe)
    assert len(MEASURED) == len(set(MEASURED)) == 229
    excluded = " ".join(EXCLUDED.values()).split()
    without = Counter([*excluded, *ANOTHER_NAME])
    assert set(MEASURED) - set(recipes) == set(without)
    assert set(without) <= set(MEASURED)
    assert set(ANOTHER_NAME.values()) <= set(recipes)
    assert [name for name, times in (recipes + without).items() if times > 1] == []

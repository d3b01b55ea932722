"""A row from its case: what is expected, by which rule, with which alert; and which are chosen."""

from __future__ import annotations

import pytest

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.report.tls_table.recipe import (
    Expected,
    UnknownRecipe,
    cases_with_recipe,
    expectation_of,
    recipe,
)

REQUIRED = ["certificate_required target"]
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
    ("name", "expected", "rule", "alerts"),
    [
        # Without a rule of its own, a case has its clause's source.
        ("CA-1[authority-given]", "accepted", "page: certificate_authority", ()),
        ("CA-12[leaf-expired]", "refused", "RFC 5280 6.1.3 (a)(2)", ["certificate_expired client"]),
        ("CA-19[leaf-given-alone]", "observe", "", ()),
        ("MTLS-4[expired]", "refused", "RFC 8446 4.4.2.4", ["certificate_expired target"]),
        # OpenSSL looks at trust before names, and at names before validity.
        ("CA-2[without-the-file]", "refused", 'page: "Required when"', ["unknown_ca client"]),
        ("CA-12[expired-and-untrusted]", "refused", "RFC 5280 6.1.3 (a)", ["unknown_ca client"]),
        (
            "CA-12[expired-and-for-another-host]",
            "refused",
            "RFC 5280 6.1.3 (a)",
            ["bad_certificate client"],
        ),
        # Strict TLS defaults send another alert.
        (
            "CA-3[impostor-without-identifiers]",
            "refused",
            "RFC 5280 6.1.3 (a)(1)",
            ["decrypt_error client", "certificate_unknown client"],
        ),
        # A key that fits nothing that a client offers.
        (
            "CA-15[p192-leaf]",
            "refused",
            "RFC 8446 4.2.7, 4.4.3; RFC 8422 5.1.1",
            ["handshake_failure target"],
        ),
        ("CA-15[tls-1-0-alone]", "refused", "RFC 8996 4", ["protocol_version target"]),
        ("CA-17[no-common-cipher]", "refused", "RFC 5246 7.4.1.3", ["handshake_failure target"]),
        (
            "CA-17[unrecognised-name]",
            "refused",
            "RFC 6066 3, RFC 8446 9.2",
            ["unrecognized_name target"],
        ),
        ("MTLS-3[insisted-tls-1-2]", "refused", "RFC 5246 7.4.6", ["handshake_failure target"]),
        (
            "MTLS-3[insisted-tls-1-3]",
            "refused",
            "RFC 8446 4.4.2.4",
            ["certificate_required target"],
        ),
        ("MTLS-4[unknown-authority]", "refused", "RFC 8446 4.4.2.4", ["unknown_ca target"]),
    ],
)
def test_what_a_row_says(name: str, expected: str, rule: str, alerts: list[str]) -> None:
    row = ROWS[name]
    said = [alert.replace(" by ", " ") for alert in row.alerts]
    assert (row.case, row.expected, row.rule, said) == (name, expected, rule, list(alerts))


def test_a_case_with_alternatives_may_be_accepted_or_refused() -> None:
    assert expectation_of(CASES["AUTH-3[latin-1]"]) is Expected.EITHER


def test_a_case_without_a_recipe_is_no_row() -> None:
    with pytest.raises(ValueError, match="has no recipe"):
        recipe(CASES["SIG-1[by-position]"])

"""A row from its case: what is expected, by which rule, with which alert; and which are chosen."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from connect_contracts.chapters.case import Case
from connect_contracts.chapters.catalogue import Catalogue, catalogue
from connect_contracts.report.tls_table.recipe import (
    Expected,
    UnknownRecipe,
    cases_with_recipe,
    expectation_of,
    recipe,
)
from connect_harness.certificates.defects import DEFECTS


def test_rows_are_sorted_by_topic(every: Catalogue) -> None:
    assert [case.recipe for case in cases_with_recipe(every)] == [
        "mtls/expired",
        "mtls/optional",
        "ok/plain",
        "proto/stalled",
        "time/expired",
        "time/expired-intermediate",
        "trust/leaf-pinned",
    ]


@pytest.mark.parametrize(
    ("ids", "chosen"),
    [
        (["time"], ["CA-12[leaf-expired]", "CA-12[intermediate-expired]"]),
        (["time/expired"], ["CA-12[leaf-expired]"]),
        (["MTLS"], ["MTLS-4[expired]", "MTLS-4[optional]"]),
        (["CA-19", "MTLS-4[expired]"], ["MTLS-4[expired]", "CA-19[leaf-alone]"]),
    ],
)
def test_what_is_chosen(every: Catalogue, ids: list[str], chosen: list[str]) -> None:
    assert [case.id for case in cases_with_recipe(every, ids)] == chosen


@pytest.mark.parametrize("name", ["tim", "time/", "CA-1[of-no-recipe]", ""])
def test_what_no_recipe_is_called(every: Catalogue, name: str) -> None:
    with pytest.raises(UnknownRecipe, match="There is no recipe, topic, clause or case"):
        cases_with_recipe(every, ["ok", name])


@pytest.mark.parametrize(
    ("name", "expected", "rule", "alerts"),
    [
        ("CA-1[plain]", Expected.ACCEPTED, "the page", ()),
        (
            "CA-12[leaf-expired]",
            Expected.REFUSED,
            "RFC 5280 6.1.3 (a)(2)",
            ("certificate_expired by client",),
        ),
        (
            "CA-12[intermediate-expired]",
            Expected.REFUSED,
            "RFC 5280 6.1.3",
            ("certificate_expired by client",),
        ),
        ("CA-19[leaf-alone]", Expected.OBSERVE, "", ()),
        ("MTLS-4[expired]", Expected.REFUSED, "the page", ("certificate_expired by target",)),
        ("MTLS-4[optional]", Expected.EITHER, "the page", ()),
    ],
)
def test_what_a_row_says(
    every: Catalogue, name: str, expected: Expected, rule: str, alerts: tuple[str, ...]
) -> None:
    row = recipe(every.cases[name])
    assert (row.case, row.expected, row.rule, row.alerts) == (name, expected, rule, alerts)


def with_defect(every: Catalogue, defect: str) -> Case:
    """The case of the expired leaf, with another defect in its place."""
    leaf = every.cases["CA-12[leaf-expired]"]
    [target] = leaf.scenario.targets
    target = msgspec.structs.replace(target, chain=replace(target.chain, defect=defect))
    return replace(leaf, scenario=msgspec.structs.replace(leaf.scenario, targets=(target,)))


def test_strict_tls_defaults_may_send_another_alert(every: Catalogue) -> None:
    differing = (one for one in DEFECTS.values() if one.alert != one.strict_alert)
    both = next(one for one in differing if one.alert and one.strict_alert)
    row = recipe(with_defect(every, both.name))
    assert row.alerts == (f"{both.alert} by client", f"{both.strict_alert} by client")


def test_a_key_that_fits_nothing_is_told_by_the_target(every: Catalogue) -> None:
    assert recipe(with_defect(every, "leaf on P-192")).alerts == ("handshake_failure by target",)


def test_a_case_without_a_recipe_is_no_row(every: Catalogue) -> None:
    with pytest.raises(ValueError, match="has no recipe"):
        recipe(every.cases["CA-1[of-no-recipe]"])


def test_what_is_expected_of_cases_of_the_catalogue() -> None:
    cases = catalogue().cases
    assert expectation_of(cases["CA-1[authority-given]"]) is Expected.ACCEPTED
    assert expectation_of(cases["CA-2[without-the-file]"]) is Expected.REFUSED


def test_every_recipe_of_the_catalogue_makes_a_row() -> None:
    cases = [case for case in catalogue().cases.values() if case.recipe is not None]
    rows = [recipe(case) for case in cases_with_recipe(catalogue())]
    assert {row.case for row in rows} == {case.id for case in cases}
    assert all("/" in row.id for row in rows)

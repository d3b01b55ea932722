"""Every TLS case that was measured on stock clients has a recipe, or a reason why it has none."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.model.clause import Level
from connect_contracts.report.tls_table.excluded import ANOTHER_NAME, EXCLUDED

MEASURED = Path(__file__).with_name("measured_tls_cases.txt").read_text("ascii").split()
CASES = [case for case in catalogue().cases.values() if case.recipe]
RECIPES = Counter(case.recipe for case in CASES)


def test_the_list_is_whole() -> None:
    assert len(MEASURED) == len(set(MEASURED)) == 229


def test_every_measured_case_has_a_recipe_or_a_reason() -> None:
    assert set(MEASURED) - set(RECIPES) - set(EXCLUDED) - set(ANOTHER_NAME) == set()


def test_none_has_both() -> None:
    assert set(RECIPES) & set(EXCLUDED) == set()
    assert set(RECIPES) & set(ANOTHER_NAME) == set()
    assert set(EXCLUDED) | set(ANOTHER_NAME) <= set(MEASURED)
    assert set(ANOTHER_NAME.values()) <= set(RECIPES)


def test_every_recipe_is_one_case() -> None:
    assert [recipe for recipe, times in RECIPES.items() if times > 1] == []


def test_a_recipe_counts_only_with_a_rule() -> None:
    assert [case.id for case in CASES if case.level is not Level.OBSERVE and not case.rule] == []

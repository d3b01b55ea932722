"""The registry of defects refuses what a reader could not use."""

from __future__ import annotations

import pytest

from connect_harness.certificates import DEFECTS
from connect_harness.certificates.blueprint import ChainBlueprint
from connect_harness.certificates.defects.registry import defect


def test_a_name_is_taken_once() -> None:
    def again(blueprint: ChainBlueprint) -> None:
        """Another one of the same name."""

    register = defect("leaf expired", rule="none", clauses=(), alert=None)
    before = DEFECTS["leaf expired"]
    with pytest.raises(ValueError, match="'leaf expired' is there twice"):
        register(again)
    assert DEFECTS["leaf expired"] is before


def test_a_docstring_is_the_description_and_must_be_there() -> None:
    def silent(blueprint: ChainBlueprint) -> None:
        pass

    with pytest.raises(ValueError, match="has no docstring"):
        defect("silent", rule="none", clauses=(), alert=None)(silent)
    assert "silent" not in DEFECTS
    assert all(one.description.endswith(".") for one in DEFECTS.values())


def test_a_refusal_has_its_rule_its_clauses_and_its_alert() -> None:
    refused = [one for one in DEFECTS.values() if one.expectation == "refused"]
    assert all(one.rule.startswith("RFC ") and one.clauses and one.alert for one in refused)

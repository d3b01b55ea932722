"""The registry of defects refuses what a reader could not use."""

from __future__ import annotations

from typing import Any

import pytest

from connect_harness.certificates import DEFECTS, Chain
from connect_harness.certificates.blueprint import ChainBlueprint
from connect_harness.certificates.defects.registry import LENIENT, STRICT, defect

OBSERVED: dict[str, Any] = {
    "recipe": "new/new",
    "clauses": ("CA-19",),
    "expectation": "observe",
    "if_accepted": "one thing",
    "if_refused": "another",
}
REFUSED: dict[str, Any] = {
    "recipe": "new/new",
    "clauses": ("CA-12",),
    "rule": "RFC 5280 6.1",
    "alert": "unknown_ca",
}


def another(blueprint: ChainBlueprint) -> None:
    """Another one."""


def silent(blueprint: ChainBlueprint) -> None:
    pass


def leaf_expired(blueprint: ChainBlueprint) -> None:
    """Another one of the same function."""


@pytest.mark.parametrize(
    ("name", "recipe", "function"),
    [
        ("leaf expired", "new/new", another),
        ("new", "time/expired", another),
        ("new", "new/new", leaf_expired),
    ],
    ids=["name", "recipe", "function"],
)
def test_a_name_is_taken_once(name: str, recipe: str, function: Any) -> None:
    before = dict(DEFECTS)
    with pytest.raises(ValueError, match="is there twice"):
        defect(name, **{**OBSERVED, "recipe": recipe})(function)
    assert before == DEFECTS


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (REFUSED | {"recipe": "expired"}, "no recipe of the form a/b"),
        (REFUSED | {"clauses": ()}, "serves no clause"),
        (REFUSED | {"rule": ""}, "no rule to demand it"),
        (REFUSED | {"alert": None}, "refused without an alert"),
        (REFUSED | {"chain": Chain(defect="leaf expired")}, "to a chain with a defect"),
        (REFUSED | {"if_accepted": "a", "if_refused": "b"}, "if, and only if, it observes"),
        (OBSERVED | {"rule": "RFC 5280 6.1"}, "has a rule, and only observes"),
        (OBSERVED | {"if_refused": ""}, "if, and only if, it observes"),
    ],
)
def test_what_contradicts_itself_is_refused(said: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        defect("new", **said)(another)
    assert "new" not in DEFECTS


def test_a_docstring_is_the_description_and_must_be_there() -> None:
    with pytest.raises(ValueError, match="has no docstring"):
        defect("silent", **REFUSED)(silent)
    assert "silent" not in DEFECTS
    assert all(one.description.endswith(".") for one in DEFECTS.values())


def test_tls_defaults_say_what_a_result_means() -> None:
    for name, value in DEFECTS.items():
        assert not value.tls_defaults or value.expectation == "observe", name
    meanings = {"if_accepted": "", "if_refused": ""}
    defect("new", **{**OBSERVED, **meanings, "tls_defaults": True})(another)
    assert (DEFECTS["new"].if_accepted, DEFECTS["new"].if_refused) == (LENIENT, STRICT)
    del DEFECTS["new"]


def test_a_defect_belongs_to_its_chain() -> None:
    expired = DEFECTS["leaf expired"]
    assert expired.slug == "leaf_expired"
    assert expired.defective_chain == Chain(defect="leaf expired")

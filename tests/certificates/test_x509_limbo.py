"""The cases of the public corpus x509-limbo, on recipes of ours: ``x509_limbo.toml``.

The corpus is not needed to run this: the table names its cases, and what it expects of each.
"""

from __future__ import annotations

import tomllib
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from cryptography import x509

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.report.tls_table.recipe import Expected, expectation_of
from connect_harness.certificates import Authorities, Chain

TABLE = tomllib.loads(Path(__file__).with_name("x509_limbo.toml").read_text("ascii"))
RECIPES: dict[str, str] = TABLE["recipes"]
EXPECTED: dict[str, str] = TABLE["expected"]
DIFFERS: dict[str, str] = TABLE["differs"]
NO_PLACE: dict[str, str] = TABLE["no-place"]
FAMILIES: dict[str, list[str]] = TABLE["families"]
OURS = {case.recipe: expectation_of(case) for case in catalogue().cases.values() if case.recipe}
AGREES = {"success": Expected.ACCEPTED, "failure": Expected.REFUSED}


def test_each_case_of_the_corpus_stands_in_one_place_on_a_recipe_of_ours() -> None:
    assert {*RECIPES.values(), *(name for names in FAMILIES.values() for name in names)} <= set(
        OURS
    )
    named = [*RECIPES, *NO_PLACE, *FAMILIES]
    assert len(named) == len(set(named))
    patterns = [name for name in named if "*" in name]
    twice = [(name, p) for p in patterns for name in named if name != p and fnmatchcase(name, p)]
    assert twice == []
    assert not set(patterns) & set(RECIPES)
    assert set(EXPECTED) == set(RECIPES)
    assert set(EXPECTED.values()) == set(AGREES)
    assert set(DIFFERS) <= set(RECIPES)
    assert all(FAMILIES.values())
    # A reason in words.
    assert all(len(reason.split()) >= 4 for reason in (*NO_PLACE.values(), *DIFFERS.values()))


def test_we_expect_what_the_corpus_expects_or_say_why_not() -> None:
    found = {case for case in RECIPES if OURS[RECIPES[case]] is not AGREES[EXPECTED[case]]}
    assert found == set(DIFFERS)


def test_what_the_table_says_of_our_plainest_chain_is_so() -> None:
    """Of the corpus' odd certificates, these are what every target of ours presents."""
    issued = Authorities().issue(Chain())
    leaf, root = issued.leaf.extensions, issued.authority.certificate.extensions
    assert leaf.get_extension_for_class(x509.ExtendedKeyUsage).critical
    assert leaf.get_extension_for_class(x509.SubjectAlternativeName).critical
    assert list(issued.leaf.subject)
    with pytest.raises(x509.ExtensionNotFound):
        root.get_extension_for_class(x509.AuthorityKeyIdentifier)
    below = Authorities().issue(Chain(intermediates=1)).intermediate
    assert below is not None
    limit = below.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length
    assert limit is not None
    assert limit >= 2

"""What a recipe is: a row of the table, from its case."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from connect_contracts.chapters.case import Case
from connect_contracts.chapters.catalogue import Catalogue
from connect_contracts.checks.expectation import Raises
from connect_contracts.model.clause import Level
from connect_contracts.report.tls_table.alerts import expected_alerts


class UnknownRecipe(Exception):
    """No recipe, topic, clause or case has this id; the text is one sentence."""


class Expected(StrEnum):
    """What a recipe's rule demands."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    EITHER = "either"
    """Both are allowed, each with what must be seen of it."""
    OBSERVE = "observe"
    """No rule settles it."""


class Recipe(msgspec.Struct, frozen=True):
    """A row of the table.

    Parameters:
        id: Its name among the recipes: topic and name.
        case, clause, description: Those of its case.
        rule: What demands the expectation: the case's own rule, else its clause's source. Empty
            where nothing is demanded.
        expected: What must happen.
        depth: The least depth at which its case is run.
        alerts: The alerts of which a refusal sends one, and who sends it, such as ``unknown_ca by
            client``; two where strict TLS defaults have another; none where no defect tells it.
    """

    id: str
    case: str
    clause: str
    description: str
    rule: str
    expected: Expected
    depth: str
    alerts: tuple[str, ...]

    @property
    def topic(self) -> str:
        """The part of the id before the first ``/``."""
        return self.id.partition("/")[0]


def cases_with_recipe(of: Catalogue, ids: Sequence[str] = ()) -> list[Case]:
    """The cases that have a recipe, sorted by topic; of these ids alone, if there are any.

    Parameters:
        ids: Recipes (``time/expired``), topics (``time``), chapters, clauses, cases.

    Raises:
        UnknownRecipe: Nothing that has a recipe has one of these ids.
    """
    cases = [case for case in of.cases.values() if case.recipe is not None]
    for one in ids:
        if not any(one in _names(case) for case in cases):
            raise UnknownRecipe(
                f"There is no recipe, topic, clause or case {one!r} among the recipes: "
                "`connect-contract recipes` shows them all."
            )
    chosen = [case for case in cases if not ids or set(ids) & set(_names(case))]
    return sorted(chosen, key=lambda case: (*(case.recipe or "").split("/", 1), case.id))


def _names(case: Case) -> tuple[str, ...]:
    recipe = case.recipe or ""
    return recipe, recipe.partition("/")[0], case.id, case.clause.id, case.clause.chapter


def recipe(case: Case) -> Recipe:
    """The row of ``case``.

    Raises:
        ValueError: It has no recipe.
    """
    if case.recipe is None:
        raise ValueError(f"{case.id} has no recipe")
    expected = expectation_of(case)
    source = "" if case.clause.source == "-" or expected is Expected.OBSERVE else case.clause.source
    return Recipe(
        id=case.recipe,
        case=case.id,
        clause=case.clause.id,
        description=case.description,
        rule=case.rule or source,
        expected=expected,
        depth=case.depth,
        alerts=() if expected is Expected.ACCEPTED else expected_alerts(case.scenario),
    )


def expectation_of(case: Case) -> Expected:
    """Whether ``case`` must be accepted or refused."""
    if case.level is Level.OBSERVE:
        return Expected.OBSERVE
    raising = [
        [isinstance(alternative.outcome, Raises) for alternative in one.alternatives]
        for one in case.expectations
    ]
    if any(all(one) for one in raising):
        return Expected.REFUSED
    return Expected.EITHER if any(any(one) for one in raising) else Expected.ACCEPTED

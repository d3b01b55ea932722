"""The chapter LIVE, and what its topics share."""

from __future__ import annotations

from collections.abc import Sequence

from connect_contracts.chapters.builder import table
from connect_contracts.chapters.case import Chapter
from connect_contracts.checks.expectation import GivesRows
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import Row

CHAPTER = Chapter("LIVE", "what the session can do")
ONLY_0_9_1 = (Profile.V0_9_1,)
ONLY_6_2 = (Profile.V6_2,)

WITH_A_ROW = table("Example", ("before",))


def shown(*rows: Row, columns: Sequence[str] = ("Id",), types: Sequence[str] = ()) -> GivesRows:
    """A frame without keys that shows these rows."""
    kinds = tuple(types) or ("String",) * len(columns)
    return GivesRows(tuple(columns), kinds, rows)


def owned(*rows: Row, types: Sequence[str] = ("String",)) -> GivesRows:
    """These rows, as the owner has them."""
    return GivesRows((), tuple(types), rows, of_owner=True)

"""Scenarios for laws that look at one thing in particular, besides those of every kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import (
    ADMIN,
    Basic,
    Call,
    Connect,
    Own,
    Scenario,
    Step,
    TargetSpec,
    Use,
    User,
)

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

LIMIT = 10.0
"""Seconds that a step may take."""

Category = Literal["Cc", "Cs", "Mn", "Mc", "Me"]

ALPHABETS = (0x7E, 0xFF, 0x7FF, 0xFFFF, 0x1F9FF)
"""The last letters of ASCII, latin-1, and what UTF-8 writes in two, three and four bytes.

Mistakes of encodings show in a text that one of them holds whole, and the next does not.
"""


def callers(_: Profile) -> SearchStrategy[Scenario]:
    """One call with Basic credentials of any kind, below a base path of any kind."""
    from hypothesis import strategies as st

    from connect_contracts.search.strategies.addresses import base_paths
    from connect_contracts.search.strategies.callers import credentials

    def written_with(last: int) -> SearchStrategy[Basic]:
        letters = st.characters(min_codepoint=0x20, max_codepoint=last, exclude_categories=_NONE)
        return st.builds(Basic, password=st.text(letters, min_size=1, max_size=8))

    def called(given: Basic, base_path: str) -> Scenario:
        target = TargetSpec(
            users=(User(given.username, given.password, ADMIN.roles),), base_path=base_path
        )
        steps = (Connect(Call(authentication=given)), Use("list tables"))
        return Scenario((target,), steps, limit=LIMIT)

    given = st.one_of(credentials(), st.sampled_from(ALPHABETS).flatmap(written_with))
    return st.builds(called, given, st.one_of(st.just(""), base_paths()))


_NONE: tuple[Category, ...] = ("Cc", "Cs", "Mn", "Mc", "Me")
"""What no rule lets travel, and what makes a text come in no normal form."""


def writers(_: Profile) -> SearchStrategy[Scenario]:
    """Rows of any table, added by a session and by the owner, and read by all who can."""
    from hypothesis import strategies as st

    from connect_contracts.search.strategies.contents import rows, tables

    @st.composite
    def written(draw: st.DrawFn) -> Scenario:
        table = draw(tables())
        types = tuple(kind for _, kind in table.data_types)
        keys = len(table.keys)
        admin = Call(authentication=Basic())
        added = draw(rows(types, keys=keys, nulls=False, min_size=1, max_size=3))
        of_owner = draw(rows(types, keys=keys, nulls=False, max_size=1))
        n = draw(st.sampled_from([20, 1, None]))
        steps: list[Step] = [
            Connect(admin),
            Connect(admin, "other"),
            Use("add", table.name, added),
            Own("add", table=table.name, rows=of_owner),
            Own("rows", table=table.name),
            Use("head", table.name, n=20),
            Use("head", table.name, n=n, session="other"),
        ]
        if draw(st.booleans()):
            steps += [
                Own("restart"),
                Connect(admin, "later"),
                Use("head", table.name, n=20, session="later"),
                Own("rows", table=table.name),
            ]
        return Scenario((TargetSpec(tables=(table,)),), tuple(steps), limit=LIMIT)

    return written()

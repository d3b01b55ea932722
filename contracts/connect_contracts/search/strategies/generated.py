"""Strategies for whole scenarios: of every kind, and for laws that need something in particular."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeVar

import msgspec
from hypothesis import strategies as st

from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import (
    ADMIN,
    Basic,
    Call,
    Connect,
    Own,
    Row,
    Scenario,
    Step,
    TableSpec,
    TargetSpec,
    Use,
    User,
)
from connect_contracts.search.laws.parity import ALL_ROWS, KEYED, USERS, History
from connect_contracts.search.strategies import specifics
from connect_contracts.search.strategies.building import LIMIT, Details, Drawn, scenario_of
from connect_contracts.search.strategies.constraints import AFTER_THE_CALL, space
from connect_contracts.search.strategies.contents import rows, tables
from connect_contracts.search.strategies.dimensions import (
    OTHER,
    Dimensions,
    client_certificate_defects,
    dimensions_in,
)
from connect_contracts.search.strategies.texts import base_paths, credentials, passwords

MOST_CHANGES = 8
"""Dimensions in which a scenario differs from the default one, before what these need."""

FOCUSES = ((), ("certificate",), ("call_defect",), ("fault",), ("event",))
"""The dimension that is changed first, if any is."""

MOST_STEPS = 6
"""Steps that may come after those that the values of the dimensions stand for."""

STEPS_OF_A_HISTORY = 12
"""Steps that are drawn for a history, at most, before every side reads everything."""

MOST_SESSIONS = 4
"""Sessions of a history that are open at once."""

ALPHABETS = (0x7E, 0xFF, 0x7FF, 0xFFFF, 0x1F9FF)
"""The last letters of ASCII, latin-1, and what UTF-8 writes in two, three and four bytes.

Mistakes of encodings show in a text that one of them holds whole, and the next does not.
"""

_NOT_DRAWN: tuple[Literal["Cc", "Cs", "Mn", "Mc", "Me"], ...] = ("Cc", "Cs", "Mn", "Mc", "Me")
"""Letters that no rule lets travel, and those that make a text come in no normal form."""

T = TypeVar("T")


# Scenarios of every kind.


@st.composite
def choices(draw: st.DrawFn, profile: Profile) -> Dimensions:
    """Values of all dimensions that go together: the default ones in all dimensions but a few.

    A value that does not go with those drawn before it is left out, so nothing is rejected.
    """
    every = space(profile)
    named = {dimension.name: dimension for dimension in dimensions_in(profile)}
    changed = draw(st.lists(st.sampled_from(list(named)), max_size=MOST_CHANGES, unique=True))
    # What has the most values, and decides the most, would else be met too seldom.
    focus = draw(st.sampled_from(FOCUSES))
    chosen = 0
    for name in dict.fromkeys((*focus, *changed)):
        value = draw(st.sampled_from(named[name].values))
        more = chosen | every.set_of([(name, value)])
        if every.completed(more) is not None:
            chosen = more
    found = every.completed(chosen)
    assert found is not None
    return every.dimensions_of(found)


def scenarios(profile: Profile) -> st.SearchStrategy[Scenario]:
    """Scenarios that any implementation of ``profile`` can be run on.

    They shrink to one call of the administrator's on a secure target over HTTP: no defect, no
    fault, one step. Each is plain data, has a limit, and can be written to a file of JSON.
    """
    return drawn_scenarios(profile).map(lambda drawn: drawn.scenario)


@st.composite
def drawn_scenarios(draw: st.DrawFn, profile: Profile) -> Drawn:
    """The same scenarios, each with its values."""
    chosen = draw(choices(profile))
    table = _table(draw, chosen)
    call_defect = _one(draw, specifics.call_defects(chosen))
    layouts = specifics.key_layouts(call_defect)
    defects = client_certificate_defects()
    details = Details(
        turn=draw(st.integers(0, 3)),
        credentials=_credentials(draw, chosen),
        base_path=_base_path(draw, chosen),
        table=table,
        written=_written(draw, chosen, table),
        chain_defect=_one(draw, specifics.certificate_defects(chosen)),
        client_defect=_one(draw, defects if chosen.client_chain == "time" else ()),
        call_defect=call_defect,
        fault=_one(draw, specifics.faults(chosen)),
        layout=_one(draw, layouts if chosen.authentication == "certificate" else ()),
        more=_more(draw, chosen, profile, table),
    )
    return Drawn(scenario_of(chosen, profile, details), _values(chosen, details))


def _values(chosen: Dimensions, details: Details) -> Dimensions:
    """The values that the scenario has after all."""
    if details.table is not None:
        chosen = msgspec.structs.replace(chosen, table=OTHER, rows=OTHER)
    if details.more:
        empty = [name for name in AFTER_THE_CALL if getattr(chosen, name) == "nothing"]
        chosen = msgspec.structs.replace(chosen, **dict.fromkeys(empty, OTHER))
    return chosen


def _one(draw: st.DrawFn, alternatives: Sequence[T]) -> T | None:
    return draw(st.sampled_from(alternatives)) if alternatives else None


def _credentials(draw: st.DrawFn, chosen: Dimensions) -> Basic | None:
    if chosen.credentials == "plain":
        return None
    name, _ = specifics.PAIRS[chosen.credentials]
    usual = "admin" if chosen.user == "admin" else "user"
    return Basic(name.format(usual), draw(passwords(chosen.credentials)))


def _base_path(draw: st.DrawFn, chosen: Dimensions) -> str | None:
    if chosen.base_path == "none":
        return None
    return draw(base_paths(odd=chosen.base_path == "odd letters"))


def _table(draw: st.DrawFn, chosen: Dimensions) -> TableSpec | None:
    """A table like no kind, where its kind and its rows are not the default ones."""
    if (chosen.table, chosen.rows) == ("one text column", "none") or not draw(st.booleans()):
        return None
    return draw(tables())


def _written(
    draw: st.DrawFn, chosen: Dimensions, table: TableSpec | None
) -> tuple[Row, ...] | None:
    if chosen.writing not in ("session adds", "owner adds"):
        return None
    return draw(st.none() | rows(table or specifics.TABLES[chosen.table], least=1, most=3))


def _more(
    draw: st.DrawFn, chosen: Dimensions, profile: Profile, table: TableSpec | None
) -> tuple[Step, ...]:
    """Further steps of the session and of the owner, if the session is there to the end."""
    stopped = any(
        getattr(chosen, dimension.name) in dimension.stopping
        for dimension in dimensions_in(profile)
    ) or chosen.event in ("close", "leave with", "drop")
    if stopped or not draw(st.booleans()):
        return ()
    spec = table or specifics.TABLES[chosen.table]
    added = rows(spec, least=1, most=2)
    further = st.one_of(
        st.sampled_from(("list tables", "get table", "columns", "keys", "head")).map(
            lambda action: Use(action, spec.name)  # type: ignore[arg-type]
        ),
        st.integers(0, 9).map(lambda n: Use("head", spec.name, n=n)),
        added.map(lambda made: Use("add", spec.name, made)),
        added.map(lambda made: Own("add", table=spec.name, rows=made)),
        st.just(Own("rows", table=spec.name)),
        st.just(Own("restart")),
    )
    return tuple(draw(st.lists(further, max_size=MOST_STEPS)))


# Scenarios for laws that need something in particular.


def callers(_: Profile) -> st.SearchStrategy[Scenario]:
    """One call with Basic credentials of any kind, below a base path of any kind."""

    def written_with(last: int) -> st.SearchStrategy[Basic]:
        letters = st.characters(
            min_codepoint=0x20, max_codepoint=last, exclude_categories=_NOT_DRAWN
        )
        return st.builds(Basic, password=st.text(letters, min_size=1, max_size=8))

    def called(given: Basic, base_path: str) -> Scenario:
        user = User(given.username, given.password, ADMIN.roles)
        steps = (Connect(Call(authentication=given)), Use("list tables"))
        return Scenario((TargetSpec(users=(user,), base_path=base_path),), steps, limit=LIMIT)

    given = st.one_of(credentials(), st.sampled_from(ALPHABETS).flatmap(written_with))
    return st.builds(called, given, st.just("") | base_paths())


@st.composite
def writers(draw: st.DrawFn, _: Profile) -> Scenario:
    """Rows of any table, added by a session and by the owner, and read by all who can."""
    table = draw(tables())
    name = table.name
    admin = Call(authentication=Basic())
    steps: list[Step] = [
        Connect(admin),
        Connect(admin, "other"),
        Use("add", name, draw(rows(table, nulls=False, least=1, most=3))),
        Own("add", table=name, rows=draw(rows(table, nulls=False, most=1))),
        Own("rows", table=name),
        Use("head", name, n=20),
        Use("head", name, n=draw(st.sampled_from([20, 1, None])), session="other"),
    ]
    if draw(st.booleans()):
        steps += [
            Own("restart"),
            Connect(admin, "later"),
            Use("head", name, n=20, session="later"),
            Own("rows", table=name),
        ]
    return Scenario((TargetSpec(tables=(table,)),), tuple(steps), limit=LIMIT)


@st.composite
def histories(draw: st.DrawFn, profile: Profile) -> Scenario:
    """Histories of one target, each a walk through the states of the law's own model.

    In each state the model says which sessions and tables there are to draw a step from. At the end
    every side reads everything: what one side wrote, the others must read.
    """
    history = History(profile)
    history.connect(ADMIN.name)
    for _ in range(draw(st.integers(0, STEPS_OF_A_HISTORY))):
        _grow(draw, history)
    history.read_everything()
    return history.scenario()


def _grow(draw: st.DrawFn, history: History) -> None:
    """Add a step that is possible now, with those that belong to it."""
    session = _one(draw, list(history.sessions)) or ""
    table = draw(st.sampled_from(list(history.tables)))
    user = draw(st.sampled_from(USERS))
    of_owner = ("owner adds", "owner reads", "owner creates", "set roles", "restart")
    of_session = ("add", "read", "list tables", "close") if session else ()
    connect = ("connect",) if len(history.sessions) < MOST_SESSIONS else ()
    match draw(st.sampled_from((*of_session, *connect, *of_owner))):
        case "connect":
            history.connect(user.name)
        case "add" if not history.sessions[session].restarted:
            history.apply(Use("add", table, (_row(draw, table),), session=session))
        case "read":
            history.apply(Use("head", table, n=ALL_ROWS, session=session))
        case "list tables":
            history.apply(Use("list tables", session=session))
        case "close":
            history.apply(Use("close", session=session))
            history.apply(Use("list tables", session=session))
        case "owner adds":
            history.apply(Own("add", table=table, rows=(_row(draw, table),)))
        case "owner reads":
            history.apply(Own("rows", table=table))
        case "owner creates":
            created = draw(st.sampled_from(("Later", "Latest")))
            if created not in history.tables:
                history.apply(Own("create table", table=created, spec=TableSpec(created)))
        case "set roles":
            roles = draw(st.sampled_from(tuple(specifics.ROLES.values())))
            history.apply(Own("set roles", user=User(user.name, roles=roles)))
        case "restart":
            history.apply(Own("restart"))


def _row(draw: st.DrawFn, table: str) -> Row:
    text = draw(st.sampled_from(("a", "b", "c", "\u00e9", "")))
    return (text, draw(st.sampled_from((1, 2, 2**53 + 1)))) if table == KEYED.name else (text,)

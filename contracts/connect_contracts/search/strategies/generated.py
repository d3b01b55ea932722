"""Whole scenarios: values that go together, and what they stand for in particular."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from hypothesis import strategies as st

from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import Basic, Own, Scenario, Step, TableSpec, Use
from connect_contracts.search.strategies import specifics
from connect_contracts.search.strategies.addresses import base_paths
from connect_contracts.search.strategies.building import Details, scenario_of
from connect_contracts.search.strategies.callers import passwords
from connect_contracts.search.strategies.constraints import space
from connect_contracts.search.strategies.contents import rows, tables
from connect_contracts.search.strategies.dimensions import Dimensions, dimensions_in
from connect_contracts.search.strategies.groups import client_certificate_defects

MOST_CHANGES = 8
"""Dimensions in which a scenario differs from the plain one, before what these need."""

FOCUSES = ((), ("certificate",), ("call_defect",), ("fault",), ("event",))
"""Dimensions of which one is changed first, if any is."""

MOST_STEPS = 6
"""Steps that may come after those that the values of the dimensions stand for."""

T = TypeVar("T")


@st.composite
def choices(draw: st.DrawFn, profile: Profile) -> Dimensions:
    """Values of all dimensions that go together, plain in all dimensions but a few.

    A value that does not go with those drawn before it is left out, so nothing is rejected.
    """
    every = space(profile)
    named = {one.name: one for one in dimensions_in(profile)}
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


@st.composite
def scenarios(draw: st.DrawFn, profile: Profile) -> Scenario:
    """Scenarios that any implementation of ``profile`` can be run on.

    They shrink to one call of the administrator's on a secure target over HTTP: no defect, no
    fault, one step. Each is plain data, has a limit, and can be written to a file of JSON.
    """
    chosen = draw(choices(profile))
    table = _table(draw, chosen)
    call_defect = _one(draw, specifics.call_defects(chosen))
    details = Details(
        turn=draw(st.integers(0, 3)),
        credentials=_credentials(draw, chosen),
        base_path=_base_path(draw, chosen),
        table=table,
        written=_written(draw, chosen, table),
        chain_defect=_one(draw, specifics.certificate_defects(chosen)),
        client_defect=_one(
            draw, client_certificate_defects() if chosen.client_chain == "time" else ()
        ),
        call_defect=call_defect,
        fault=_one(draw, specifics.faults(chosen)),
        layout=_one(
            draw,
            specifics.key_layouts(call_defect) if chosen.authentication == "certificate" else (),
        ),
        more=_more(draw, chosen, profile, table),
    )
    return scenario_of(chosen, profile, details)


def _one(draw: st.DrawFn, alternatives: Sequence[T]) -> T | None:
    return draw(st.sampled_from(alternatives)) if alternatives else None


def _credentials(draw: st.DrawFn, chosen: Dimensions) -> Basic | None:
    if chosen.credentials == "plain":
        return None
    name, _ = specifics.PAIRS[chosen.credentials]
    plain = "admin" if chosen.user == "admin" else "user"
    return Basic(name.format(plain), draw(passwords(chosen.credentials)))


def _base_path(draw: st.DrawFn, chosen: Dimensions) -> str | None:
    if chosen.base_path == "none":
        return None
    return draw(base_paths(odd=chosen.base_path == "odd letters"))


def _table(draw: st.DrawFn, chosen: Dimensions) -> TableSpec | None:
    """A table like no kind, where its kind and its rows are not the plain ones."""
    if (chosen.table, chosen.rows) == ("one text column", "none") or not draw(st.booleans()):
        return None
    return draw(tables())


def _written(
    draw: st.DrawFn, chosen: Dimensions, table: TableSpec | None
) -> tuple[tuple[object, ...], ...] | None:
    if chosen.writing not in ("session adds", "owner adds"):
        return None
    spec = table or specifics.TABLES[chosen.table]
    types = tuple(kind for _, kind in spec.data_types)
    return draw(st.none() | rows(types, keys=len(spec.keys), min_size=1, max_size=3))


def _more(
    draw: st.DrawFn, chosen: Dimensions, profile: Profile, table: TableSpec | None
) -> tuple[Step, ...]:
    """Further steps of the session and of the owner, if the session is there to the end."""
    stopped = any(
        getattr(chosen, one.name) in one.stopping for one in dimensions_in(profile)
    ) or chosen.event in ("close", "leave with", "drop")
    if stopped or not draw(st.booleans()):
        return ()
    spec = table or specifics.TABLES[chosen.table]
    types = tuple(kind for _, kind in spec.data_types)
    added = rows(types, keys=len(spec.keys), min_size=1, max_size=2)
    return tuple(
        draw(
            st.lists(
                st.one_of(
                    st.sampled_from(("list tables", "get table", "columns", "keys", "head")).map(
                        lambda action: Use(action, spec.name)  # type: ignore[arg-type]
                    ),
                    st.integers(0, 9).map(lambda n: Use("head", spec.name, n=n)),
                    added.map(lambda made: Use("add", spec.name, made)),
                    added.map(lambda made: Own("add", table=spec.name, rows=made)),
                    st.just(Own("rows", table=spec.name)),
                    st.just(Own("restart")),
                ),
                max_size=MOST_STEPS,
            )
        )
    )

"""Scenarios that are smaller in several places at once, where one place alone would not do.

Steps that are taken together are taken one after the other; a column goes with its cells, wherever
they are added; TLS goes with the authority's file and the client certificate of whoever calls
there; a way to identify oneself goes for the plainest one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec.structs import replace

from connect_contracts.model.scenario import (
    Basic,
    Call,
    Callback,
    Certificate,
    Connect,
    Own,
    Row,
    Scenario,
    Step,
    TableSpec,
    TargetSpec,
    Together,
    Token,
    Use,
)
from connect_contracts.oracle.trust import is_address
from connect_harness.certificates import Chain


def linked(scenario: Scenario) -> Iterator[Scenario]:
    """Each scenario that is smaller by things that belong together."""
    yield from _in_turn(scenario)
    yield from _in_plain_http(scenario)
    yield from _by_password(scenario)
    yield from _fewer_columns(scenario)


def _in_turn(scenario: Scenario) -> Iterator[Scenario]:
    steps = scenario.steps
    for at, step in enumerate(steps):
        if isinstance(step, Together):
            one_by_one = [inner for branch in step.branches for inner in branch]
            yield replace(scenario, steps=(*steps[:at], *one_by_one, *steps[at + 1 :]))


def _in_plain_http(scenario: Scenario) -> Iterator[Scenario]:
    for target in scenario.targets:
        if target.scheme == "https":
            targets = tuple(_plain(one) if one is target else one for one in scenario.targets)
            yield replace(
                scenario, targets=targets, steps=_each_call(scenario, target.name, _to_plain_http)
            )


def _plain(target: TargetSpec) -> TargetSpec:
    bare = TargetSpec()
    return replace(
        target,
        scheme="http",
        chain=Chain(),
        tls=None,
        ciphers=None,
        alpn=bare.alpn,
        client_certificate=None,
        checks_revocation=False,
        server_name_unrecognised=False,
    )


def _to_plain_http(call: Call) -> Call:
    given = call.authentication
    return replace(
        call,
        host=call.host if is_address(call.host) else Call().host,
        authority_file=None,
        authentication=Basic() if isinstance(given, Certificate) else given,
    )


def _by_password(scenario: Scenario) -> Iterator[Scenario]:
    """Every call of a target by name and password; tokens and callables have the name of a user."""
    passwords = {
        (target.name, user.name): user.password
        for target in scenario.targets
        for user in target.users
    }

    def changed(call: Call) -> Call:
        given = call.authentication
        if not isinstance(given, Token | Callback):
            return call
        password = passwords.get((call.target, given.username))
        return replace(call, authentication=Basic(given.username, password or Basic().password))

    for target in scenario.targets:
        steps = _each_call(scenario, target.name, changed)
        if steps != scenario.steps:
            yield replace(scenario, steps=steps)


def _each_call(scenario: Scenario, target: str, change: Callable[[Call], Call]) -> tuple[Step, ...]:
    def changed(step: Step) -> Step:
        if isinstance(step, Together):
            branches = tuple(tuple(one(inner) for inner in branch) for branch in step.branches)
            return replace(step, branches=branches)
        return one(step)

    def one(step: Connect | Use | Own) -> Connect | Use | Own:
        if isinstance(step, Connect) and step.call.target == target:
            return replace(step, call=change(step.call))
        return step

    return tuple(changed(step) for step in scenario.steps)


# Columns.


def _fewer_columns(scenario: Scenario) -> Iterator[Scenario]:
    for target in scenario.targets:
        for table in target.tables:
            columns = len(table.data_types)
            for at in reversed(range(columns)) if columns > 1 else ():
                yield _without_column(scenario, target, table, at)


def _without_column(scenario: Scenario, target: TargetSpec, table: TableSpec, at: int) -> Scenario:
    columns = len(table.data_types)

    def narrower(rows: tuple[Row, ...]) -> tuple[Row, ...]:
        return tuple((*row[:at], *row[at + 1 :]) if len(row) == columns else row for row in rows)

    def changed(step: Step) -> Step:
        if isinstance(step, Use | Own) and step.action == "add" and step.table == table.name:
            return replace(step, rows=narrower(step.rows))
        return step

    name, _ = table.data_types[at]
    bare = replace(
        table,
        data_types=(*table.data_types[:at], *table.data_types[at + 1 :]),
        keys=tuple(one for one in table.keys if one != name),
        default_values=tuple(one for one in table.default_values if one[0] != name),
        rows=narrower(table.rows),
    )
    tables = tuple(bare if one is table else one for one in target.tables)
    targets = tuple(
        replace(one, tables=tables) if one is target else one for one in scenario.targets
    )
    return replace(scenario, targets=targets, steps=tuple(map(changed, scenario.steps)))

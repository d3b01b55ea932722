"""What a capsule says, held against what there is: before a run, and without one.

Each problem is the rest of a sentence that begins with the name of the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.model.actions import OWNER_ACTIONS
from connect_contracts.model.allowed import disallowed
from connect_contracts.model.scenario import (
    Connect,
    Own,
    PasswordGrant,
    Scenario,
    Step,
    TableSpec,
    TargetSpec,
    Use,
    placed_steps,
    through_proxy,
)
from connect_contracts.model.target_spec import ANOTHER_RELEASE
from connect_contracts.model.values import to_python
from connect_contracts.regressions.capsule import Capsule


def problems(capsule: Capsule) -> Iterator[str]:
    """What is wrong with ``capsule``: what it names is not there, or it contradicts itself."""
    yield from _of_names(capsule)
    yield from problems_of_scenario(capsule.scenario)
    steps = len(capsule.scenario.steps)
    if not 1 <= capsule.step <= steps:
        yield f"tells of step {capsule.step}, and has {steps}: correct it."


def _of_names(capsule: Capsule) -> Iterator[str]:
    from connect_contracts.search.laws.every_law import LAWS

    of, signature = catalogue(), capsule.signature
    if capsule.clause not in of.clauses:
        yield f"names the clause {capsule.clause!r}, which is not in the catalogue: correct it."
    if (capsule.law is None) == (capsule.case is None):
        yield "must name either a law or a case: correct it."
    if capsule.law is not None and capsule.law not in [law.name for law in LAWS]:
        yield f"names the law {capsule.law!r}, which is not there: correct it."
    if capsule.case is not None and capsule.case not in of.cases:
        yield f"names the case {capsule.case!r}, which is not in the catalogue: correct it."
    for what, own, signed in (
        ("clause", capsule.clause, signature.clause),
        ("law", capsule.law or capsule.case, signature.law),
    ):
        if own != signed:
            yield (
                f"is about the {what} {own!r}, and its signature names {signed!r}, "
                "so that no failure would be known again: make them equal."
            )


def problems_of_scenario(scenario: Scenario) -> Iterator[str]:
    """What is wrong with a scenario that somebody wrote: it could not be played as it stands."""
    if not scenario.steps:
        yield "has no steps, so that nothing could be seen: correct it."
    yield from disallowed(scenario)
    names = [target.name for target in scenario.targets]
    if len(set(names)) < len(names):
        yield "has two targets of one name: correct it."
    for target in scenario.targets:
        yield from _of_target(target)
    yield from _Course(scenario).problems()


def _of_target(target: TargetSpec) -> Iterator[str]:
    from connect_harness import SessionConfig
    from connect_harness.releases import RELEASES

    yield from _unknown("release", target.release, (*RELEASES, ANOTHER_RELEASE))
    try:
        SessionConfig(base_path=target.base_path)
    except ValueError:
        yield f"has the base path {target.base_path!r}, which is none: correct it."
    for table in target.tables:
        yield from _of_table(table)


def _of_table(spec: TableSpec) -> Iterator[str]:
    from connect_harness.state import Database, DataError

    types, database = dict(spec.data_types), Database()
    try:
        defaults = {name: to_python(value, types[name]) for name, value in spec.default_values}
        database.create_table(spec.name, types, spec.keys, defaults)
        database.add(spec.name, spec.rows)
    except DataError as error:
        yield f"has a table {spec.name!r} that cannot be: {error}"
    except (LookupError, TypeError, ValueError):
        yield f"has a table {spec.name!r} whose defaults are not of its columns: correct it."


def _unknown(what: str, name: str | None, known: Iterable[str]) -> Iterator[str]:
    if name is not None and name not in known:
        yield (
            f"names the {what} {name!r}, which this release does not have: correct it, or "
            "update pytest-connect-contract."
        )


class _Course:
    """The steps of a scenario in their order: what is there already when each is taken."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._tables = {
            target.name: {table.name for table in target.tables} for target in scenario.targets
        }
        self._issuers = {target.name for target in scenario.targets if target.issuer is not None}
        self._of_sessions: set[str] = set()
        self._sessions: set[str] = set()

    def problems(self) -> Iterator[str]:
        """What a step names and nothing before it brought about."""
        if (proxy := through_proxy(self._scenario)) is not None:
            yield from self._of_place(proxy)
        for _, step in placed_steps(self._scenario):
            yield from self._of_step(step)

    def _of_step(self, step: Step) -> Iterator[str]:
        match step:
            case Connect():
                yield from self._of_connect(step)
            case Use():
                yield from self._of_use(step)
            case Own():
                yield from self._of_owner(step)

    def _of_connect(self, step: Connect) -> Iterator[str]:
        from connect_contracts.execution.call_defects import CALL_DEFECTS

        yield from self._of_place(step.call.target)
        yield from _unknown("defect", step.call.defect, CALL_DEFECTS)
        if isinstance(step.call.authentication, PasswordGrant):
            yield from self._of_issuer(step.call.target)
        self._sessions.add(step.session)

    def _of_use(self, step: Use) -> Iterator[str]:
        if step.session not in self._sessions:
            yield f"uses the session {step.session!r}, which no step before opens: correct it."
        if step.action == "create table":
            # On whichever target: it may be there from then on.
            self._of_sessions.add(step.table)

    def _of_owner(self, step: Own) -> Iterator[str]:
        from connect_harness.faults import fault_kinds

        yield from self._of_place(step.target)
        unknown = list(_unknown("fault", step.fault, fault_kinds()))
        yield from unknown or self._of_fault(step)
        needed = OWNER_ACTIONS[step.action].needs
        if needed is not None and getattr(step, needed) is None:
            yield f"has a step {step.action!r} without its {needed!r}: correct it."
        tables = self._tables.get(step.target, set())
        if step.action == "create table":
            spec = step.spec or TableSpec(step.table)
            yield from _of_table(spec)
            if spec.name in tables:
                yield f"creates the table {spec.name!r} a second time: correct it."
            tables.add(spec.name)
        elif step.action in ("rows", "add") and step.table not in tables | self._of_sessions:
            yield f"looks for the table {step.table!r} before it is there: correct it."

    def _of_fault(self, step: Own) -> Iterator[str]:
        from connect_contracts.execution.faults import faults_of

        if step.to is not None:
            yield from self._of_place(step.to)
        if step.requests == "tokens":
            yield from self._of_issuer(step.target)
        try:
            faults_of(step, None if step.to is None else "http://localhost")
        except ValueError as error:
            yield f"arms a fault that cannot be: {error}"

    def _of_issuer(self, target: str) -> Iterator[str]:
        if target not in self._issuers:
            yield f"needs an issuer of the target {target!r}, which has none: correct it."

    def _of_place(self, target: str) -> Iterator[str]:
        if target not in self._tables:
            yield f"names the target {target!r}, which its scenario does not have: correct it."

"""Differences of many scenarios, folded: one group for each simplest scenario that shows them.

A scenario is simple if little is special about it: the simplest is a secure target over HTTP, and
its administrator.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from connect_contracts.model.json_text import canonical, without_defaults
from connect_contracts.model.scenario import (
    ADMIN,
    AuthorityFile,
    Basic,
    Call,
    Callback,
    Certificate,
    Connect,
    Own,
    PasswordGrant,
    Scenario,
    Step,
    TargetSpec,
    Together,
    Token,
    Use,
)
from connect_contracts.upgrades.differences import Difference, beyond_wording, differences
from connect_contracts.upgrades.record import BehaviourRecord, ScenarioBehaviour

Pair = tuple[ScenarioBehaviour, ScenarioBehaviour]
"""What two implementations did in one scenario."""

_TOLD_IN_FULL = ("name", "scheme", "chain", "users", "tables", "tls", "secure")


def up_to(scenario: Scenario, step: str) -> Scenario:
    """``scenario`` without the steps after ``step`` (its number, counted from 1)."""
    last = int(step.partition(".")[0])
    return msgspec.structs.replace(scenario, steps=scenario.steps[:last])


def traits(scenario: Scenario) -> tuple[str, ...]:
    """What is special about ``scenario``, each once."""
    return tuple(dict.fromkeys(_traits(scenario)))


def _traits(scenario: Scenario) -> Iterator[str]:
    for number, target in enumerate(scenario.targets):
        if number:
            yield "a further target"
        yield from _of_target(target)
    specs = {target.name: target for target in scenario.targets}
    connected = False
    for number, step in enumerate(scenario.steps, 1):
        yield from _of_step(step, specs, first=not connected, last=number == len(scenario.steps))
        connected = connected or isinstance(step, Connect)
    for name, _ in scenario.surroundings:
        yield f"{name} is set"
    if scenario.netrc is not None:
        yield "a .netrc has the host"
    if scenario.trusted:
        yield "the machine trusts an authority"
    if scenario.isolation == "process":
        yield "a fresh interpreter"


def _of_target(target: TargetSpec) -> Iterator[str]:
    if target.scheme == "https":
        yield "HTTPS"
    if target.tls is not None:
        yield f"TLS {target.tls} alone"
    if target.application != "Python":
        yield f"a target started in {target.application}"
    if not target.secure:
        yield "an unsecured target"
    for name, value in without_defaults(target.chain).items():
        yield f"its certificate has the {name} {value!r}"
    # The scenario's classes grow: a new field has its own name here.
    for name, value in without_defaults(target).items():
        if name not in _TOLD_IN_FULL:
            yield f"{name.replace('_', ' ')}: {value}"
    for table in target.tables:
        data_types = {kind for _, kind in table.data_types} - {"String"}
        yield from (f"a column of {kind}" for kind in sorted(data_types))
        if table.keys:
            yield "a table with keys"
        if table.default_values:
            yield "a table with default values"
        if table.rows:
            yield "a table with rows"


def _of_step(step: Step, specs: dict[str, TargetSpec], *, first: bool, last: bool) -> Iterator[str]:
    match step:
        case Connect():
            if not first:
                yield "a further connect"
            yield from _of_call(step.call, specs.get(step.call.target))
        case Use():
            if not last:
                yield f"after {step.action}"
            if step.n is not None:
                yield "a number of rows"
        case Own():
            yield f"the owner: {step.action}" + (f" {step.fault!r}" if step.fault else "")
        case Together():
            yield "together"


def _of_call(call: Call, target: TargetSpec | None) -> Iterator[str]:
    if call.defect is not None:
        yield f"the call's defect {call.defect!r}"
    if call.host != Call().host:
        yield f"the host {call.host}"
    if call.authority_file not in (None, AuthorityFile()):
        yield "another authority's file"
    if call.authority_file is None and target is not None and target.scheme == "https":
        yield "without the authority's file"
    for name, value in (
        ("the URL by keyword", call.url_by_keyword),
        ("None given", call.explicit_none),
        ("a subclass", call.subclass),
        ("an event loop", call.event_loop),
        ("credentials in the URL", call.userinfo),
    ):
        if value:
            yield name
    yield from _of_caller(call, target)


def _of_caller(call: Call, target: TargetSpec | None) -> Iterator[str]:
    given = call.authentication
    match given:
        case None:
            if target is not None and target.secure:
                yield "no authentication"
            return
        case Basic():
            name = given.username
        case Token():
            yield "a token"
            if given.token_type is not None:
                yield f"the token type {given.token_type}"
            name = given.username
        case PasswordGrant():
            yield "a password grant"
            name = given.username
        case Callback():
            yield "a callable"
            name = given.username
        case Certificate():
            yield "a client certificate"
            for field, value in without_defaults(given.chain).items():
                if field not in ("names", "subject", "authority", "purpose"):
                    yield f"the client certificate has the {field} {value!r}"
            if given.layout != Certificate().layout:
                yield f"the key in {given.layout}"
            name = given.chain.subject or ""
    if target is not None and target.secure and name != ADMIN.name:
        known = next((user for user in target.users if user.name == name), None)
        if known is None:
            yield "an unknown user"
        elif "ROLE_ADMIN" not in known.roles:
            yield "a user without ROLE_ADMIN"
        else:
            yield "another administrator"


_KINDS = ("outcome", "value", "wire", "wording")


class Counted(msgspec.Struct, frozen=True):
    """A difference, in how many scenarios it shows, and further occasions.

    An occasion is what is special of a scenario that shows it without what is special of the
    simplest one: perhaps by another cause.
    """

    difference: Difference
    scenarios: int
    also: tuple[tuple[str, ...], ...] = ()


class Group(msgspec.Struct, frozen=True):
    """Differences that show best in one scenario, at one step of it.

    ``special`` is what is special about the scenario, up to that step.
    """

    step: str
    first: ScenarioBehaviour
    second: ScenarioBehaviour
    differences: tuple[Counted, ...]
    special: tuple[str, ...]

    @property
    def kind(self) -> str:
        """The weightiest kind among the differences."""
        return min((counted.difference.kind for counted in self.differences), key=_KINDS.index)

    @property
    def wording_only(self) -> bool:
        """Whether nothing differs but what exceptions say."""
        return self.kind == "wording"


class Comparison(msgspec.Struct, frozen=True):
    """What two records say of the scenarios that they have in common.

    ``unseen`` of the ``common`` scenarios could not be observed on one side at least. ``unsteady``
    are those that differed from run to run, each with a difference that one run alone showed.
    """

    first: BehaviourRecord
    second: BehaviourRecord
    groups: tuple[Group, ...]
    common: int
    differing: int
    unseen: int
    only_first: int
    only_second: int
    unsteady: tuple[tuple[Difference, Scenario], ...] = ()

    @property
    def exit_status(self) -> int:
        """0 without a difference but in words, 1 with one, 2 if nothing could be compared."""
        if any(not group.wording_only for group in self.groups):
            return 1
        return 2 if self.unseen == self.common else 0

    def with_pairs(self, more: Iterable[Pair]) -> Comparison:
        """The same with further scenarios that both were observed in, or were observed in anew."""
        new = {pair[0].key: pair for pair in more}
        if not new:
            return self
        first = {**self.first.by_key, **{key: pair[0] for key, pair in new.items()}}
        second = {**self.second.by_key, **{key: pair[1] for key, pair in new.items()}}
        compared = compare(
            msgspec.structs.replace(self.first, scenarios=tuple(first.values())),
            msgspec.structs.replace(self.second, scenarios=tuple(second.values())),
        )
        return msgspec.structs.replace(compared, unsteady=self.unsteady)


class _Occurrence(msgspec.Struct, frozen=True):
    """A scenario that shows a difference at a step; the simplest come first."""

    step: str
    special: tuple[str, ...]
    first: ScenarioBehaviour
    second: ScenarioBehaviour

    @property
    def simplicity(self) -> tuple[int, int, int, str]:
        scenario = up_to(self.first.scenario, self.step)
        return len(self.special), len(scenario.steps), len(canonical(scenario)), self.first.key


def compare(first: BehaviourRecord, second: BehaviourRecord) -> Comparison:
    """What differs between two records, in the scenarios that they have in common."""
    other = second.by_key
    pairs = [
        (behaviour, other[behaviour.key]) for behaviour in first.scenarios if behaviour.key in other
    ]
    unseen = sum(not (mine.observed and its.observed) for mine, its in pairs)
    groups = fold(pairs)
    differing = [pair for pair in pairs if beyond_wording(*pair)]
    return Comparison(
        first,
        second,
        groups,
        common=len(pairs),
        differing=len(differing),
        unseen=unseen,
        only_first=len(first.scenarios) - len(pairs),
        only_second=len(second.scenarios) - len(pairs),
    )


def fold(pairs: Iterable[Pair]) -> tuple[Group, ...]:
    """The differences of ``pairs``, folded, the weightiest and most frequent first."""
    occurrences: dict[Difference, list[_Occurrence]] = {}
    for first, second in pairs:
        for difference, step in differences(first, second).items():
            special = traits(up_to(first.scenario, step))
            found = _Occurrence(step, special, first, second)
            occurrences.setdefault(difference, []).append(found)
    shown: dict[tuple[str, str], tuple[_Occurrence, list[Counted]]] = {}
    for difference, found_in in occurrences.items():
        ordered = sorted(found_in, key=lambda occurrence: occurrence.simplicity)
        simplest = ordered[0]
        counted = Counted(difference, len(ordered), _also(ordered))
        place = (simplest.first.key, simplest.step)
        shown.setdefault(place, (simplest, []))[1].append(counted)
    groups = [_group(simplest, counted) for simplest, counted in shown.values()]
    return tuple(sorted(groups, key=_weight))


def _group(simplest: _Occurrence, counted: list[Counted]) -> Group:
    ordered = sorted(
        counted, key=lambda each: (_KINDS.index(each.difference.kind), each.difference)
    )
    return Group(simplest.step, simplest.first, simplest.second, tuple(ordered), simplest.special)


def _weight(group: Group) -> tuple[int, int, str]:
    most = max(counted.scenarios for counted in group.differences)
    return _KINDS.index(group.kind), -most, group.first.key


def _also(ordered: list[_Occurrence]) -> tuple[tuple[str, ...], ...]:
    """What is special where the specialties of no simpler scenario are among them."""
    least: list[tuple[str, ...]] = []
    for occurrence in ordered:
        if not any(set(known) <= set(occurrence.special) for known in least):
            least.append(occurrence.special)
    return tuple(least[1:])

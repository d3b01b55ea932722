"""Differences of many scenarios, folded: one group for each simplest scenario that shows them."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from connect_contracts.upgrades.differences import Difference, beyond_wording, differences
from connect_contracts.upgrades.record import BehaviourRecord, ScenarioBehaviour, canonical
from connect_contracts.upgrades.traits import traits, up_to

_KINDS = ("outcome", "value", "wire", "wording")


class Counted(msgspec.Struct, frozen=True):
    """A difference.

    Parameters:
        scenarios: In how many scenarios it shows.
        also: What is special of scenarios that show it without what is special of the simplest:
            perhaps by another cause.
    """

    difference: Difference
    scenarios: int
    also: tuple[tuple[str, ...], ...] = ()


class Group(msgspec.Struct, frozen=True):
    """Differences that show best in one scenario, at one step of it.

    Parameters:
        step: The number of the step.
        first, second: What each did in the scenario.
        special: What is special about the scenario, up to that step.
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

    Parameters:
        common: How many scenarios both have.
        unseen: How many of them could not be observed on one side at least.
        only_first, only_second: How many only one of them has.
    """

    first: BehaviourRecord
    second: BehaviourRecord
    groups: tuple[Group, ...]
    common: int
    differing: int
    unseen: int
    only_first: int
    only_second: int

    @property
    def exit_status(self) -> int:
        """0 without a difference but in words, 1 with one, 2 if nothing could be compared."""
        if any(not group.wording_only for group in self.groups):
            return 1
        return 2 if self.unseen == self.common else 0

    def with_pairs(self, more: list[tuple[ScenarioBehaviour, ScenarioBehaviour]]) -> Comparison:
        """The same with further scenarios that both were observed in."""
        if not more:
            return self
        known = self.first.by_key

        def new(added: Iterable[ScenarioBehaviour]) -> list[ScenarioBehaviour]:
            return list({each.key: each for each in added if each.key not in known}.values())

        pair = [
            msgspec.structs.replace(record, scenarios=(*record.scenarios, *added))
            for record, added in (
                (self.first, new(first for first, _ in more)),
                (self.second, new(second for _, second in more)),
            )
        ]
        return compare(pair[0], pair[1])


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
    unseen = sum(not (one.observed and two.observed) for one, two in pairs)
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


def fold(pairs: Iterable[tuple[ScenarioBehaviour, ScenarioBehaviour]]) -> tuple[Group, ...]:
    """The differences of ``pairs``, folded, the weightiest and most frequent first."""
    occurrences: dict[Difference, list[_Occurrence]] = {}
    for first, second in pairs:
        for located in differences(first, second):
            special = traits(up_to(first.scenario, located.step))
            found = _Occurrence(located.step, special, first, second)
            occurrences.setdefault(located.difference, []).append(found)
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
    def weight(each: Counted) -> tuple[int, Difference]:
        return _KINDS.index(each.difference.kind), each.difference

    ordered = sorted(counted, key=weight)
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

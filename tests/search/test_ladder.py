"""The ladder: every possible pair of values is met, and the reference climbs it."""

from __future__ import annotations

from collections import Counter

import msgspec
import pytest

from connect_contracts.execution.loading import load
from connect_contracts.judging.settings import UnderTest
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import Basic, Call, Connect, Scenario, TargetSpec
from connect_contracts.model.verdict import Verdict
from connect_contracts.search.laws.every_law import LAWS
from connect_contracts.search.laws.examine import examine
from connect_contracts.search.strategies.building import LIMIT, scenario_of
from connect_contracts.search.strategies.constraints import space
from connect_contracts.search.strategies.covering import ladder, pairs_met, rungs_of
from connect_contracts.search.strategies.dimensions import Dimensions, dimensions_in
from connect_contracts.search.strategies.specifics import call_defects, certificate_defects, faults

EACH_PROFILE = pytest.mark.parametrize("profile", Profile)


@EACH_PROFILE
def test_every_possible_pair_of_values_is_met(profile: Profile) -> None:
    found = pairs_met(rungs_of(profile), profile)
    assert found.met == found.possible > 5000


@EACH_PROFILE
def test_pairs_that_are_met_are_counted(profile: Profile) -> None:
    count = len(dimensions_in(profile))
    found = pairs_met([Dimensions()], profile)
    assert found.met == count * (count - 1) // 2
    # With an odd value, nothing is learned of the others.
    assert pairs_met([Dimensions(event="restart")], profile).met == count - 1


@EACH_PROFILE
def test_a_new_dimension_is_listed_and_each_value_changes_the_scenario(profile: Profile) -> None:
    every = space(profile)
    listed = {dimension.name: dimension.values[0] for dimension in dimensions_in(profile)}
    assert listed == msgspec.structs.asdict(Dimensions()), "dimensions_in has each, default first"
    for name, default in listed.items():
        for value in next(one.values for one in dimensions_in(profile) if one.name == name):
            made = every.completed(every.set_of([(name, value)]))
            assert made is not None, (name, value)
            chosen = every.dimensions_of(made)
            assert getattr(chosen, name) == value
            without = msgspec.structs.replace(chosen, **{name: default})
            same = scenario_of(chosen, profile) == scenario_of(without, profile)
            assert same == (value == default), f"{name}: {value!r} makes no other scenario"


@EACH_PROFILE
def test_it_begins_with_the_plain_scenario_and_changes_one_value_after_the_other(
    profile: Profile,
) -> None:
    plain = Dimensions()
    assert rungs_of(profile)[0] == plain
    assert ladder(profile)[0] == Scenario(
        (TargetSpec(),), (Connect(Call(authentication=Basic())),), limit=LIMIT
    )
    early = rungs_of(profile)[: len(dimensions_in(profile))]
    changes = [_changed(one, plain) for one in early]
    assert Counter(map(len, changes)).most_common(1)[0][0] == 1
    assert max(map(len, changes)) <= 4


def _changed(one: Dimensions, plain: Dimensions) -> list[str]:
    return [name for name in one.__struct_fields__ if getattr(one, name) != getattr(plain, name)]


@EACH_PROFILE
def test_no_scenario_comes_twice_and_each_has_one_odd_value_at_most(profile: Profile) -> None:
    rungs = rungs_of(profile)
    assert len(set(rungs)) == len(rungs)
    assert len({msgspec.json.encode(one) for one in ladder(profile)}) == len(rungs)
    every = space(profile)
    assert all((every.chosen(one) & every.odd).bit_count() <= 1 for one in rungs)


@EACH_PROFILE
def test_a_group_stands_for_each_of_its_defects_in_turn(profile: Profile) -> None:
    made = [one.targets[0].chain.defect for one in ladder(profile)]
    wanted = {name for one in rungs_of(profile) for name in certificate_defects(one)}
    assert len(wanted & set(made)) > 15
    assert all(call_defects(one) for one in rungs_of(profile) if one.call_defect != "none")
    assert all(faults(one) for one in rungs_of(profile) if one.fault != "none")


# In parts, so that workers share them; the profiles share most of their code, and every run has
# one part of each, not the same one.
PARTS = 16
CLIMBED = [
    pytest.param(
        profile, part, marks=() if part == number else pytest.mark.matrix, id=f"{part}-{profile}"
    )
    for number, profile in enumerate(Profile)
    for part in range(PARTS)
]


@pytest.mark.parametrize(("profile", "part"), CLIMBED)
def test_the_reference_climbs_it(profile: Profile, part: int) -> None:
    name = f"connect_contracts.reference.v{profile.replace('.', '_')}"
    subject = UnderTest(load(name), profile, "asked for")
    rungs = list(enumerate(ladder(profile)))[part::PARTS]
    examined = {number: examine(scenario, subject, LAWS) for number, scenario in rungs}
    # What is left open is observed.
    allowed = (Verdict.PASSED, Verdict.OBSERVED)
    assert {number: one for number, one in examined.items() if one.verdict not in allowed} == {}
    passed = sum(one.verdict is Verdict.PASSED for one in examined.values())
    assert passed > len(rungs) // 2

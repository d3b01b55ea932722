"""The ladder: every possible pair of values is met, and the reference climbs it."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest

from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import Basic, Call, Connect, Own, Scenario, TargetSpec
from connect_contracts.search.strategies.classifying import dimensions_of
from connect_contracts.search.strategies.constraints import space, whole
from connect_contracts.search.strategies.coverage import pairs_met
from connect_contracts.search.strategies.covering import ladder, rungs_of
from connect_contracts.search.strategies.dimensions import Dimensions, dimensions_in
from connect_contracts.search.strategies.specifics import call_defects, certificate_defects, faults

EACH_PROFILE = pytest.mark.parametrize("profile", Profile)


@EACH_PROFILE
def test_every_possible_pair_of_values_is_met(profile: Profile) -> None:
    found = pairs_met(ladder(profile), profile)
    assert found.missing == ()
    assert found.met == found.possible > 5000
    assert found.describe() == f"{found.met} of {found.met} pairs of values met"


@EACH_PROFILE
def test_pairs_that_are_not_met_are_named(profile: Profile) -> None:
    plain = ladder(profile)[:1]
    count = len(dimensions_in(profile))
    found = pairs_met(plain, profile)
    assert found.met == count * (count - 1) // 2
    assert (("scheme", "https"), ("host", "localhost")) in found.missing
    assert len(found.missing) == found.possible - found.met


@EACH_PROFILE
def test_every_value_of_every_dimension_is_possible(profile: Profile) -> None:
    for one in dimensions_in(profile):
        for value in one.values:
            made = whole({one.name: value}, profile)
            assert made is not None, (one.name, value)
            assert getattr(made, one.name) == value


@EACH_PROFILE
def test_it_begins_with_the_plain_scenario_and_changes_one_value_after_the_other(
    profile: Profile,
) -> None:
    plain = Dimensions()
    assert rungs_of(profile)[0] == plain
    assert ladder(profile)[0] == Scenario(
        (TargetSpec(),), (Connect(Call(authentication=Basic())),), limit=10.0
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
    every = space(profile)
    assert all((every.chosen(one) & every.odd).bit_count() <= 1 for one in rungs)


@EACH_PROFILE
def test_a_scenario_that_was_built_has_the_values_it_was_built_of(profile: Profile) -> None:
    built = zip(rungs_of(profile), ladder(profile), strict=True)
    assert [(one, dimensions_of(made)) for one, made in built if dimensions_of(made) != one] == []


@EACH_PROFILE
def test_a_group_stands_for_each_of_its_defects_in_turn(profile: Profile) -> None:
    made = [one.targets[0].chain.defect for one in ladder(profile)]
    wanted = {name for one in rungs_of(profile) for name in certificate_defects(one)}
    assert len(wanted & set(made)) > 15
    assert all(call_defects(one) for one in rungs_of(profile) if one.call_defect != "none")
    assert all(faults(one) for one in rungs_of(profile) if one.fault != "none")


def test_it_is_the_same_in_every_process() -> None:
    code = (
        "import msgspec, hashlib; from connect_contracts.search.strategies.covering import ladder; "
        "from connect_contracts.model.clause import Profile; "
        "print(hashlib.sha256(msgspec.json.encode(ladder(Profile.V6_2))).hexdigest())"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1
    assert len(seen.pop().strip()) == 64


# In parts, so that workers share them; the profiles share most of their code, and every run has
# half of the parts of each.
PARTS = 4
CLIMBED = [
    pytest.param(
        profile,
        part,
        marks=() if part % 2 == number else pytest.mark.matrix,
        id=f"{part}-{profile}",
    )
    for number, profile in enumerate(Profile)
    for part in range(PARTS)
]


@pytest.mark.parametrize(("profile", "part"), CLIMBED)
def test_the_reference_climbs_it(profile: Profile, part: int, wrong: object) -> None:
    assert callable(wrong)
    found = {
        number: told
        for number, scenario in enumerate(ladder(profile))
        if number % PARTS == part and (told := wrong(scenario, profile))
    }
    assert found == {}


def test_what_somebody_wrote_by_hand_has_values_too() -> None:
    written = Scenario(
        (TargetSpec(scheme="https", tls="1.1"),),
        (Own("arm", fault="versions empty"), Connect(Call(userinfo="a:b", defect="no host"))),
    )
    found = dimensions_of(written)
    assert (found.tls, found.call_form, found.authority_file) == ("other", "other", "other")
    assert (found.fault, found.call_defect) == ("damaged document", "address")
    assert found.authentication == "none"
    assert pairs_met([written], Profile.V6_2).met == 0

"""What differs between two implementations is found, minimal, and folded; and searched for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connect_contracts.execution.implementation import Implementation
from connect_contracts.execution.loading import load
from connect_contracts.judging.settings import UnderTest, under_test
from connect_contracts.model.clause import Depth, Profile
from connect_contracts.model.scenario import (
    AuthorityFile,
    Basic,
    Call,
    Connect,
    Own,
    Scenario,
    TargetSpec,
    Together,
    Use,
    User,
)
from connect_contracts.search.budget import SearchSettings
from connect_contracts.upgrades.comparison import comparison_text, describe_difference
from connect_contracts.upgrades.differences import Difference, differences
from connect_contracts.upgrades.groups import Comparison, Pair, compare, fold, traits
from connect_contracts.upgrades.record import key_of
from connect_contracts.upgrades.scenarios import Listed, listed_scenarios, observe, observed
from connect_contracts.upgrades.searching import Search, confirmed, reduced
from connect_harness.certificates import Chain

HTTPS = "HTTPS"
BROKEN = {
    # The implementation: the case, what is special about it, the difference.
    "sig:always_raises": (
        "SIG-1[by-position]",
        (),
        "connect: A returned; B raised RuntimeError, nothing asked",
    ),
    "url:drops_the_base_path": (
        "URL-2[prefix-of-the-endpoint]",
        ("base path: /one/two",),
        "connect: A returned; B raised HTTPStatusError, answered 404",
    ),
    "ca:ignores_dates": (
        "CA-12[leaf-expired]",
        (HTTPS, "its certificate has the defect 'leaf expired'"),
        "connect: A raised ConnectError, alert certificate_expired by the client; B returned",
    ),
    "mtls:wants_a_file_for_the_key": (
        "MTLS-1[one-file]",
        (HTTPS, "client certificate: required", "a client certificate", "the key in one file"),
        "connect: A returned; B raised ValueError, nothing asked",
    ),
    "keep:leaves_its_connections_open": (
        "KEEP-4[used-after-close]",
        ("a table with rows", "after list tables"),
        "close, connections left open: A nothing; B http",
    ),
    "ca_connections:goes_on_without_an_answer": (
        "FAULT-1[plain-bytes-within-the-stream]",
        (HTTPS, "the owner: arm 'plain bytes within the stream'"),
        "connect: A raised ReadError, nothing refused; B returned",
    ),
}


def other(name: str) -> UnderTest:
    return under_test(load(f"connect_contracts.selftest.{name}.v0_9_1"), Profile.V0_9_1)


def compared(first: UnderTest, second: UnderTest, *ids: str) -> Comparison:
    """Two implementations, compared in the cases of these ids."""
    scenarios = listed_scenarios(ids=ids, origin="cases")
    return compare(*(observe(each, scenarios, Depth.DEFAULT) for each in (first, second)))


@pytest.mark.parametrize("broken", BROKEN)
def test_a_difference_is_found_with_what_is_special(reference: UnderTest, broken: str) -> None:
    case, special, text = BROKEN[broken]
    comparison = compared(reference, other(broken), case)
    found = {
        describe_difference(difference.difference): group
        for group in comparison.groups
        for difference in group.differences
    }
    assert text in found
    assert case in found[text].first.cases
    assert found[text].special == special
    assert comparison.exit_status == 1


def test_equal_implementations_differ_in_nothing(reference: UnderTest) -> None:
    ids = ("SIG-1", "AUTH-11", "CA-12[leaf-expired]", "LIVE-4", "KEEP-4")
    comparison = compared(reference, as_subject(copy()), *ids)
    assert comparison.common > 8
    assert comparison.groups == ()
    assert comparison.exit_status == 0


def pairs(first: UnderTest, second: UnderTest, scenarios: list[Scenario]) -> list[Pair]:
    """What both implementations do in each of the scenarios."""
    listed = [Listed(scenario) for scenario in scenarios]
    return [(observed(first, each), observed(second, each)) for each in listed]


LIBERAL = "live_rights:offers_tables_to_users"
CONNECTED = Connect(Call(authentication=Basic()))
LISTING = Use("list tables")


def test_what_has_one_cause_is_one_group_with_its_simplest_scenario(reference: UnderTest) -> None:
    users = (User("newcomer", "passwd", ("ROLE_USER",)),)
    newcomer = Connect(Call(authentication=Basic("newcomer")))
    simplest = Scenario((TargetSpec(users=users),), (newcomer, LISTING))
    scenarios = [
        Scenario((TargetSpec(users=users),), (newcomer, Own("rows"), LISTING)),
        Scenario((TargetSpec(users=users, base_path="/base"),), (newcomer, LISTING)),
        simplest,
    ]
    (group,) = fold(pairs(reference, other(LIBERAL), scenarios))
    assert group.first.scenario == simplest
    assert [(found.scenarios, found.also) for found in group.differences] == [(3, ())]


def test_another_cause_of_the_same_difference_is_named(reference: UnderTest) -> None:
    call = Call(authentication=Basic(), authority_file=AuthorityFile())
    scenarios = [
        Scenario(
            (TargetSpec(scheme="https", chain=Chain(intermediates=1, defect=defect)),),
            (Connect(call),),
        )
        for defect in ("leaf expired", "intermediate expired")
    ]
    (group,) = fold(pairs(reference, other("ca:verifies_nothing"), scenarios))
    (counted,) = group.differences
    assert counted.scenarios == 2
    assert len(counted.also) == 1


def test_what_comes_after_another_ending_is_no_difference_of_its_own(reference: UnderTest) -> None:
    scenario = Scenario((TargetSpec(base_path="/base"),), (CONNECTED, LISTING, Use("close")))
    (pair,) = pairs(reference, other("url:drops_the_base_path"), [scenario])
    ((difference, step),) = differences(*pair).items()
    assert step == "1"
    assert difference == Difference(
        "outcome", "connect", "returned", "raised HTTPStatusError, answered 404"
    )


def test_what_is_not_applicable_on_one_side_is_no_difference(reference: UnderTest) -> None:
    named = Scenario((TargetSpec(),), (Connect(Call(host="a.test", authentication=Basic())),))
    scenarios = [Listed(named), Listed(Scenario((TargetSpec(),), (Own("rows"),)))]
    resolving = load("connect_contracts.reference.v0_9_1")
    resolving.own_resolver = True
    first = observe(under_test(resolving, Profile.V0_9_1), scenarios, Depth.DEFAULT)
    comparison = compare(first, observe(reference, scenarios, Depth.DEFAULT))
    assert (comparison.common, comparison.unseen, comparison.groups) == (2, 1, ())
    assert comparison.exit_status == 0
    assert "1 of them not observed" in comparison_text(comparison)


def test_records_of_other_lists_are_compared_in_what_they_share(reference: UnderTest) -> None:
    scenarios = listed_scenarios(ids=("SIG-1", "AUTH-4"), origin="cases")
    whole = observe(reference, scenarios, Depth.DEFAULT)
    part = observe(reference, scenarios[:2], Depth.DEFAULT)
    comparison = compare(whole, part)
    more = len(scenarios) - 2
    assert (comparison.common, comparison.only_first) == (2, more)
    assert f"2 scenarios on both; {more} only of A, left aside" in comparison_text(comparison)


@pytest.mark.parametrize("base_path", ["/one/two", "/d'été", "/50%", "/a b"])
def test_a_difference_does_not_name_the_base_path(reference: UnderTest, base_path: str) -> None:
    scenarios = [Scenario((TargetSpec(base_path=base),), (CONNECTED,)) for base in ("", base_path)]
    without, elsewhere = (
        set(differences(*pair))
        for pair in pairs(reference, other("live_tables:reads_all_while_connecting"), scenarios)
    )
    assert without
    assert elsewhere == without


def test_the_wire_of_what_runs_together_is_that_of_the_whole(reference: UnderTest) -> None:
    user = Call(authentication=Basic("user"))
    together = Together(((LISTING,), (Use("list tables", session="other"),)))
    steps = (Connect(user), Connect(user, "other"), together)
    scenarios = [Listed(Scenario((TargetSpec(),), steps))]
    first, second = (
        observe(subject, scenarios, Depth.DEFAULT) for subject in (reference, other(LIBERAL))
    )
    text = comparison_text(compare(first, second))
    wires = [line for line in text.splitlines() if "wire of" in line]
    assert wires[0].endswith("nothing")
    assert "/tableNames: 200 to user" in wires[1]


def little(scenarios: int, most: int) -> SearchSettings:
    return SearchSettings("little", scenarios, 1, derandomised=True, most_differences=most)


def copy() -> Any:
    from connect_contracts.selftest import ReferenceCopy

    return ReferenceCopy(Profile.V0_9_1)


def as_subject(changed: Any) -> UnderTest:
    module = changed.module
    return under_test(Implementation(module.Session, module=module), Profile.V0_9_1)


def refusing(part: str) -> UnderTest:
    """Refuses every URL with this part."""
    changed = copy()
    connect = changed["Session.connect"].__func__

    def refusing(cls: Any, url: Any, **named: Any) -> Any:
        if part in str(url):
            raise LookupError("another URL, please")
        return connect(cls, url, **named)

    changed["Session.connect"] = classmethod(refusing)
    return as_subject(changed)


def test_a_difference_is_found_and_shrunk(
    reference: UnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    search = Search((reference, refusing("https:")), little(40, 1), set())
    (pair,) = search.pairs()
    (difference,) = differences(*pair)
    assert difference.second == "raised LookupError, nothing asked"
    assert traits(pair[0].scenario) == ("HTTPS",)
    assert len(pair[0].scenario.steps) == 1
    assert list(tmp_path.iterdir()) == []


def test_equal_implementations_are_searched_in_vain(reference: UnderTest) -> None:
    assert list(Search((reference, as_subject(copy())), little(15, 3), set()).pairs()) == []


def test_a_scenario_is_reduced_to_what_makes_the_difference(reference: UnderTest) -> None:
    scenario = Scenario(
        (TargetSpec(base_path="/base"),),
        (
            Own("rows"),
            Connect(Call(host="127.0.0.1", authentication=Basic(), url_by_keyword=False)),
            Use("list tables"),
        ),
    )
    second = refusing("127.0.0.1")
    pair = observed(reference, Listed(scenario)), observed(second, Listed(scenario))
    (difference,) = differences(*pair)
    smallest = reduced((reference, second), difference, pair)[0].scenario
    assert smallest == Scenario(
        (TargetSpec(),), (Connect(Call(host="127.0.0.1", authentication=Basic())),)
    )


def test_what_differed_in_one_run_alone_is_no_difference(reference: UnderTest) -> None:
    changed = copy()
    connect = changed["Session.connect"].__func__
    hosts = ["localhost", "127.0.0.1"]

    def refusing(cls: Any, url: Any, **named: Any) -> Any:
        if any(host in str(url) for host in hosts):
            raise LookupError("another URL, please")
        return connect(cls, url, **named)

    changed["Session.connect"] = classmethod(refusing)
    sides = reference, as_subject(changed)
    steady = [Connect(Call(host="127.0.0.1", authentication=Basic()))]
    scenarios = [Listed(Scenario((TargetSpec(),), tuple(each))) for each in ([CONNECTED], steady)]
    found = compare(*(observe(each, scenarios, Depth.CORE) for each in sides))
    assert found.differing == 2
    hosts.remove("localhost")
    found = confirmed(sides, found)
    assert [group.first.scenario for group in found.groups] == [scenarios[1].scenario]
    assert [scenario for _, scenario in found.unsteady] == [scenarios[0].scenario]
    assert "1 scenario differed from run to run" in comparison_text(found)


def test_implementations_of_one_profile_are_compared_in_its_scenarios() -> None:
    known = {key_of(listed.scenario) for listed in listed_scenarios()}
    of_each = [
        {key_of(listed.scenario) for listed in listed_scenarios(profiles=[profile])}
        for profile in Profile
    ]
    assert all(scenarios < known for scenarios in of_each)
    assert set().union(*of_each) == known

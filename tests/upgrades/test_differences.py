"""What differs between two implementations is found, minimal, and folded."""

from __future__ import annotations

from collections.abc import Callable

import pytest

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
from connect_contracts.upgrades.comparison import comparison_text, describe_difference
from connect_contracts.upgrades.differences import Difference, differences
from connect_contracts.upgrades.groups import Comparison, compare, fold
from connect_contracts.upgrades.scenarios import (
    Listed,
    listed_scenarios,
    observe,
    observed,
    plain_scenarios,
)
from connect_contracts.upgrades.searching import Pair
from connect_harness.certificates import Chain

Compared = Callable[..., Comparison]

HTTPS = "HTTPS"
PLAIN_BYTES = "FAULT-1[plain-bytes-within-the-stream]"
BROKEN = {
    # The implementation: its clause, the case, what is special about it, the difference.
    "sig:takes_its_url_by_keyword_alone": (
        *("SIG-1", "SIG-1[by-position]", ()),
        "connect: A returned; B raised TypeError, nothing asked",
    ),
    "url:drops_the_base_path": (
        *("URL-2", "URL-2[prefix-of-the-endpoint]", ("base path: /one/two",)),
        "connect: A returned; B raised HTTPStatusError, answered 404",
    ),
    "auth:sends_latin_1": (
        *("AUTH-3", "AUTH-3[latin-1]", ()),
        "connect: A returned; B raised HTTPStatusError, answered 401",
    ),
    "ca:ignores_dates": (
        *("CA-12", "CA-12[leaf-expired]"),
        (HTTPS, "its certificate has the defect 'leaf expired'"),
        "connect: A raised ConnectError, alert certificate_expired by the client; B returned",
    ),
    "mtls:wants_a_file_for_the_key": (
        *("MTLS-1", "MTLS-1[one-file]"),
        (HTTPS, "client certificate: required", "a client certificate", "the key in one file"),
        "connect: A returned; B raised ValueError, nothing asked",
    ),
    "live_rights:offers_tables_to_users": (
        *("LIVE-4", "LIVE-4[without-the-role]", ("a user without ROLE_ADMIN",)),
        "list tables: A raised LiveExtensionUnavailableError, nothing asked; B returned",
    ),
    "keep:leaves_its_connections_open": (
        *("KEEP-4", "KEEP-4[used-after-close]", ("a table with rows", "after list tables")),
        "close, connections left open: A nothing; B http",
    ),
    # By its own id: the clause's other cases are judged by default, and this is not.
    "ca_connections:goes_on_without_an_answer": (
        *(PLAIN_BYTES, PLAIN_BYTES, (HTTPS, "the owner: arm 'plain bytes within the stream'")),
        "connect: A raised ReadError, nothing refused; B returned",
    ),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_difference_is_found_in_each_chapter(compared: Compared, broken: str) -> None:
    clause, case, special, text = BROKEN[broken]
    comparison = compared(f"connect_contracts.selftest.{broken}.v0_9_1", clause)
    found = {
        describe_difference(difference.difference): group
        for group in comparison.groups
        for difference in group.differences
    }
    assert text in found
    assert case in found[text].first.cases
    assert found[text].special == special
    assert comparison.exit_status == 1


@pytest.mark.parametrize(
    "ids", [("SIG", "AUTH-11"), ("CA-6", "CA-12"), ("LIVE-2", "LIVE-4", "KEEP")]
)
def test_equal_implementations_differ_in_nothing(compared: Compared, ids: tuple[str, ...]) -> None:
    comparison = compared("connect_contracts.reference.v0_9_1", *ids)
    assert comparison.common > 3
    assert comparison.groups == ()
    assert comparison.exit_status == 0


def other(name: str) -> UnderTest:
    return under_test(load(f"connect_contracts.selftest.{name}.v0_9_1"), Profile.V0_9_1)


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


def test_what_comes_after_another_ending_is_no_difference_of_its_own(
    reference: UnderTest,
) -> None:
    scenario = Scenario((TargetSpec(base_path="/base"),), (CONNECTED, LISTING, Use("close")))
    (pair,) = pairs(reference, other("url:drops_the_base_path"), [scenario])
    (located,) = differences(*pair)
    assert located.step == "1"
    assert located.difference == Difference(
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


def test_a_difference_of_generated_scenarios_has_the_plainest(reference: UnderTest) -> None:
    ladder = [entry.scenario for entry in listed_scenarios(ids=("LIVE-4",), origin="ladder")]
    scenarios = [
        scenario
        for scenario in ladder
        if any(isinstance(step, Use) and step.action == "list tables" for step in scenario.steps)
    ]
    assert len(scenarios) > 20
    groups = fold(pairs(reference, other(LIBERAL), scenarios))
    shown = ("list tables", "returned")
    (group,) = [
        group
        for group in groups
        for difference in [group.differences[0].difference]
        if (difference.action, difference.second) == shown
    ]
    assert group.first.scenario in list(plain_scenarios())
    assert group.special == ("a user without ROLE_ADMIN",)
    assert group.differences[0].scenarios > 1


@pytest.mark.parametrize("base_path", ["/one/two", "/d'été", "/50%", "/a b"])
def test_a_difference_does_not_name_the_base_path(reference: UnderTest, base_path: str) -> None:
    scenarios = [Scenario((TargetSpec(base_path=base),), (CONNECTED,)) for base in ("", base_path)]
    without, elsewhere = (
        {located.difference for located in differences(*pair)}
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

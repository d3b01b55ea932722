"""Each strategy finds what it is there to find."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import (
    ADMIN,
    Basic,
    Certificate,
    Connect,
    Own,
    Scenario,
    TableSpec,
    Use,
)
from connect_contracts.search.budget import undisturbed
from connect_contracts.search.strategies import (
    addresses,
    arming,
    callers,
    certificates,
    contents,
    generated,
    roles,
)
from connect_contracts.search.strategies.dimensions import CREDENTIALS
from connect_contracts.search.strategies.samples import DATA_TYPES, RULED
from connect_harness.certificates import DEFECTS, Chain
from connect_harness.faults.registry import fault_kinds
from connect_harness.state import data_type

SEARCH = settings(
    max_examples=4000, derandomize=True, database=None, deadline=None, phases=[Phase.generate]
)
SHRUNK = settings(max_examples=1000, derandomize=True, database=None, deadline=None)
SOME = settings(max_examples=150, derandomize=True, database=None, deadline=None)


@pytest.fixture(autouse=True)
def drawn_alike() -> Iterator[None]:
    """What is drawn depends on no other module that happens to be loaded."""
    with undisturbed():
        yield


def basic(scenario: Scenario) -> Basic | None:
    given = [one.call.authentication for one in scenario.steps if isinstance(one, Connect)]
    return given[0] if given and isinstance(given[0], Basic) else None


def refused_by_role(scenario: Scenario) -> bool:
    one = basic(scenario)
    users = {user.name: user for user in scenario.targets[0].users}
    return one is not None and scenario.targets[0].secure and not users[one.username].roles


def restart_between_add_and_read(scenario: Scenario) -> bool:
    kinds = [getattr(one, "action", "connect") for one in scenario.steps]
    at = [kinds.index(one) if one in kinds else -1 for one in ("add", "restart", "head")]
    return -1 < at[0] < at[1] < at[2] and isinstance(scenario.steps[at[0]], Use)


def text_of(scenario: Scenario) -> str:
    one = basic(scenario)
    return "" if one is None else one.password


WANTED: dict[str, Callable[[Scenario], bool]] = {
    "a password beyond ASCII": lambda one: not text_of(one).isascii(),
    "an expired leaf": lambda one: one.targets[0].chain.defect == "leaf expired",
    "a user without a role": refused_by_role,
    "a restart between add and read": restart_between_add_and_read,
    "a fault": lambda one: any(
        isinstance(step, Own) and step.fault == "versions 503" for step in one.steps
    ),
    "a client certificate with an encrypted key": lambda one: any(
        isinstance(step, Connect)
        and isinstance(step.call.authentication, Certificate)
        and step.call.authentication.layout == "encrypted key"
        for step in one.steps
    ),
    "two targets": lambda one: len(one.targets) == 2,
    "an odd base path": lambda one: not one.targets[0].base_path.isascii(),
}


@pytest.mark.parametrize("profile", Profile)
def test_scenarios_find(profile: Profile) -> None:
    missing = set(WANTED)

    def all_found(scenario: Scenario) -> bool:
        missing.difference_update([name for name in missing if WANTED[name](scenario)])
        return not missing

    with suppress(NoSuchExample):
        find(generated.scenarios(profile), all_found, settings=SEARCH)
    assert missing == set()


def holds(strategy: st.SearchStrategy[Any], law: Callable[[Any], bool]) -> None:
    @SOME
    @given(strategy)
    def every(value: Any) -> None:
        assert law(value)

    every()


@pytest.mark.parametrize("kind", CREDENTIALS)
def test_credentials_of_a_kind_are_of_that_kind(kind: str) -> None:
    from connect_contracts.search.strategies.classifying import credentials_kind

    if kind == "plain":
        found = find(callers.credentials(kind), lambda one: one.username == "user", settings=SEARCH)
        assert credentials_kind(found.username, found.password) == kind
    else:
        holds(
            st.builds(lambda one: Basic("user", one), callers.passwords(kind))
            if kind != "colon in the user name"
            else callers.credentials(kind),
            lambda one: credentials_kind(one.username, one.password) == kind,
        )


@pytest.mark.parametrize(
    "wanted",
    [
        lambda one: one.password == "",
        lambda one: len(one.password) == 4096,
        lambda one: ":" in one.username,
        lambda one: ":" in one.password and ":" not in one.username,
        lambda one: not one.password.isascii(),
        lambda one: "\r" in one.password,
        lambda one: "\0" in one.password,
        lambda one: not unicodedata.is_normalized("NFC", one.password),
        lambda one: any(ord(letter) > 0xFFFF for letter in one.password),
    ],
)
def test_credentials_find(wanted: Callable[[Basic], bool]) -> None:
    assert wanted(find(callers.credentials(), wanted, settings=SEARCH))


@pytest.mark.parametrize("kind", DATA_TYPES)
def test_values_are_taken_by_the_owner(kind: str) -> None:
    holds(contents.values(kind), lambda value: data_type(kind).check(value) is not None)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("int", -(2**31)),
        ("long", 2**63 - 1),
        ("double", "NaN"),
        ("double", 5e-324),
        ("float", "-Infinity"),
        ("String", ""),
        ("boolean", False),
        ("LocalDate", "2024-02-29"),
        ("double[]", [0.5]),
    ],
)
def test_values_find_extremes(kind: str, value: object) -> None:
    assert find(contents.values(kind), lambda one: one == value, settings=SEARCH) == value


def test_tables_find_every_data_type_and_shrink_to_the_example() -> None:
    assert find(contents.tables(), lambda _: True, settings=SHRUNK) == TableSpec()
    for kind in RULED:
        found = find(
            contents.tables(),
            lambda one, kind=kind: kind in dict(one.data_types).values(),
            settings=SEARCH,
        )
        assert kind in dict(found.data_types).values()
    assert find(contents.tables(), lambda one: one.keys and len(one.rows) > 1, settings=SEARCH).keys
    nulls = find(
        contents.tables(), lambda one: any(None in row for row in one.rows), settings=SHRUNK
    )
    assert nulls.rows == ((None,),)
    holds(contents.tables(), lambda one: all(row[0] is not None for row in one.rows if one.keys))


def test_chains_find_each_recipe() -> None:
    assert find(certificates.chains(), lambda _: True, settings=SHRUNK) == Chain()
    seen: set[str | None] = set()

    @SEARCH
    @given(certificates.chains())
    def collect(chain: Chain) -> None:
        seen.add(chain.defect)

    collect()
    served = {
        name
        for name, one in DEFECTS.items()
        if one.chain.purpose == "server" and one.chain.key.startswith(("ec", "ed"))
    }
    assert seen == served | {None}


def test_chains_have_no_key_of_rsa_unless_asked_for() -> None:
    holds(certificates.chains(), lambda chain: not chain.key.startswith("rsa"))
    found = find(certificates.chains(rsa=True), lambda one: one.key == "rsa-2048", settings=SEARCH)
    assert found.defect is None


def test_client_certificates_find_each_layout_and_a_defect() -> None:
    assert (
        find(certificates.client_certificates(), lambda _: True, settings=SHRUNK) == Certificate()
    )
    for layout in ("one file", "encrypted key"):
        one = find(
            certificates.client_certificates("user"),
            lambda c, wanted=layout: c.layout == wanted,
            settings=SEARCH,
        )
        assert one.chain.subject == "user"
    expired = find(
        certificates.client_certificates(),
        lambda one: one.chain.defect == "leaf expired",
        settings=SHRUNK,
    )
    assert expired.layout == "two files"


def test_versions_documents_are_true_extended_and_damaged() -> None:
    assert find(arming.versions_documents(), lambda _: True, settings=SHRUNK) == "noop"
    for wanted in ("versions extended", "versions an array", "versions 503", "versions missing"):
        assert find(arming.versions_documents(), lambda one, w=wanted: one == w, settings=SEARCH)
    holds(arming.versions_documents(), lambda one: one in fault_kinds())


def test_fault_schedules_arm_in_order_and_shrink_to_none() -> None:
    assert find(arming.fault_schedules(4), lambda _: True, settings=SHRUNK) == ()
    two = find(
        arming.fault_schedules(4), lambda one: len({when for when, _ in one}) == 2, settings=SEARCH
    )
    steps = arming.scheduled((Use("list tables"),) * 4, two)
    armed = [place for place, one in enumerate(steps) if isinstance(one, Own)]
    assert armed == [two[0][0], two[1][0] + 1]
    assert len(steps) == 6
    holds(arming.fault_schedules(4), lambda one: list(one) == sorted(one, key=lambda each: each[0]))
    holds(arming.faults(), lambda one: not one.startswith("stalled"))
    holds(arming.faults(tls=False), lambda one: "hello" not in one or one.startswith("banner"))


def test_role_changes_grant_and_revoke() -> None:
    granted = find(roles.role_changes(), lambda one: one.user.roles == ADMIN.roles, settings=SEARCH)
    revoked = find(roles.role_changes(["x"]), lambda one: not one.user.roles, settings=SEARCH)
    assert (granted.action, granted.user.name) == ("set roles", "user")
    assert revoked.user.name == "x"


def test_urls_find_every_form() -> None:
    assert find(addresses.urls(), lambda _: True, settings=SHRUNK) == ("localhost", "")
    for host in ("LOCALHOST", "127.0.0.1", "::1"):
        assert find(addresses.urls(), lambda one, h=host: one[0] == h, settings=SHRUNK)[1] == ""
    assert find(addresses.base_paths(), lambda one: " " in one, settings=SHRUNK) == "/ "
    assert find(addresses.base_paths(), lambda one: not one.isascii(), settings=SEARCH)
    holds(addresses.base_paths(odd=False), lambda one: one.replace("/", "").isalnum() or not one)

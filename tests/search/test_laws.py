"""Each law is broken by those who break it, and by nobody else."""

from __future__ import annotations

import pytest

from connect_contracts.execution.implementation import Implementation
from connect_contracts.execution.loading import load
from connect_contracts.execution.run import run
from connect_contracts.model.clause import Profile
from connect_contracts.model.observation import Observation
from connect_contracts.model.scenario import (
    AuthorityFile,
    Basic,
    Call,
    Connect,
    Own,
    Scenario,
    TargetSpec,
    Use,
    User,
)
from connect_contracts.search.laws.every_law import LAWS, UnknownLaw, laws_named
from connect_contracts.search.laws.law import Breach
from connect_contracts.selftest.auth import sends_latin_1, shares_credentials_by_url
from connect_contracts.selftest.ca import verifies_nothing
from connect_contracts.selftest.keep import brings_rows_back
from connect_contracts.selftest.live_types import adds_a_row_once
from connect_contracts.selftest.unseen import drops_a_path_over_tls, strips_texts
from connect_harness.certificates import Chain

REFERENCE = load("connect_contracts.reference.v6_2")
ADMIN = Call(authentication=Basic())
TLS = Call(authentication=Basic(), authority_file=AuthorityFile())


def scenario(*steps: object, **target: object) -> Scenario:
    return Scenario((TargetSpec(**target),), steps, limit=20.0)


def expired(**special: object) -> Scenario:
    return scenario(Connect(TLS), scheme="https", chain=Chain(defect="leaf expired"))


ANOTHER = User("another", "other", ("ROLE_USER", "ROLE_ADMIN"))
TWO_USERS = scenario(
    Connect(ADMIN, "first"),
    Connect(Call(authentication=Basic("another", "other")), "second"),
    Use("list tables", session="first"),
    Use("list tables", session="second"),
    users=(*TargetSpec().users, ANOTHER),
)
TWICE = scenario(
    Connect(ADMIN),
    Use("add", rows=(("a",), ("a",))),
    Own("rows"),
    Use("head"),
)
SPACES = scenario(Connect(ADMIN), Use("add", rows=((" a ",),)), Use("head"))
NON_ASCII = scenario(
    Connect(Call(authentication=Basic("zoë", "ü"))),
    users=(User("zoë", "ü", ("ROLE_USER",)),),
)
RESTARTED = scenario(
    Connect(ADMIN),
    Use("add", rows=(("a",),)),
    Own("restart"),
    Use("head", n=20),
    Connect(ADMIN, "later"),
    Own("rows"),
)
PATH_OVER_TLS = scenario(Connect(TLS), scheme="https", base_path="/one")


@pytest.mark.parametrize(
    ("law", "clause", "broken", "told"),
    [
        ("no-secret", "CA-12", verifies_nothing, expired()),
        ("unmixed", "AUTH-11", shares_credentials_by_url, TWO_USERS),
        ("as-given", "AUTH-3", sends_latin_1, NON_ASCII),
        ("as-given", "URL-2", drops_a_path_over_tls, PATH_OVER_TLS),
        ("oracle-holds", "LIVE-2", adds_a_row_once, TWICE),
        ("reads-what-was-written", "LIVE-2", adds_a_row_once, TWICE),
        ("reads-what-was-written", "LIVE-2", strips_texts, SPACES),
        ("parity", "LIVE-2", adds_a_row_once, TWICE),
        ("parity", "KEEP-1", brings_rows_back, RESTARTED),
    ],
    ids=lambda one: one if isinstance(one, str) else getattr(one, "name", ""),
)
def test_it_is_broken(law: str, clause: str, broken: object, told: Scenario) -> None:
    found = looked(law, told, broken.v6_2)
    assert found is not None
    assert (found.signature.law, found.signature.clause) == (law, clause)
    assert found.expected
    assert found.seen
    assert looked(law, told, REFERENCE) is None


def looked(law: str, told: Scenario, implementation: Implementation) -> Breach | None:
    (one,) = laws_named([law])
    observation = run(told, implementation, Profile.V6_2)
    return next(one.check(observation.as_played, observation, Profile.V6_2), None)


def granting_and_raising() -> Implementation:
    """Adds its row and raises after."""

    class Raising(Implementation):
        def add(self, table: object, row: tuple[object, ...]) -> None:
            super().add(table, row)
            raise ValueError("refused, it says")

    return Raising(REFERENCE.module.Session, module=REFERENCE.module)


def test_a_refused_change_that_was_made() -> None:
    told = scenario(Connect(ADMIN), Use("add", rows=(("a",),)), Own("rows"))
    found = looked("refused-change", told, granting_and_raising())
    assert found is not None
    assert "was granted" in found.seen
    refused = scenario(Connect(ADMIN), Use("add", rows=(("a", "b"),)), Own("rows"))
    assert looked("refused-change", refused, REFERENCE) is None


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_nothing_seen_breaks_no_law(law) -> None:
    told = scenario(Connect(ADMIN), Use("head"), Own("rows"))
    if law.name != "oracle-holds":
        assert list(law.check(told, Observation(told), Profile.V6_2)) == []
    assert law.sentence.endswith(".")


def test_a_law_that_is_not_there() -> None:
    with pytest.raises(UnknownLaw, match="There is no law 'gravity': choose one of no-secret"):
        laws_named(["gravity"])

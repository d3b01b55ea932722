"""Each law is broken by those who break it, and by nobody else."""

from __future__ import annotations

import inspect
import re

import pytest

from connect_contracts.broken.auth import sends_latin_1, shares_credentials_by_url
from connect_contracts.broken.ca import verifies_nothing
from connect_contracts.broken.keep import brings_rows_back
from connect_contracts.broken.live_types import adds_a_row_once
from connect_contracts.broken.unseen import drops_a_path_over_tls, strips_texts
from connect_contracts.catalogue import catalogue
from connect_contracts.clauses import Profile
from connect_contracts.implementation import Implementation, load
from connect_contracts.observation import Observation
from connect_contracts.oracle import deciding as deciding_module
from connect_contracts.oracle.deciding import deciding
from connect_contracts.properties import LAWS, Breach
from connect_contracts.properties.every_law import UnknownLaw, laws_named
from connect_contracts.running.run import run
from connect_contracts.scenario import (
    AuthorityFile,
    Basic,
    Call,
    Connect,
    Own,
    Scenario,
    TableSpec,
    TargetSpec,
    Use,
    User,
)
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
    return one.look(observation.as_played, observation, Profile.V6_2)


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
        assert law.look(told, Observation(told), Profile.V6_2) is None
    assert law.sentence.endswith(".")


def test_a_law_that_is_not_there() -> None:
    with pytest.raises(UnknownLaw, match="There is no law 'gravity': choose one of no-secret"):
        laws_named(["gravity"])


# Which clause decides.


@pytest.mark.parametrize(
    ("clause", "told", "index"),
    [
        ("SIG-5", scenario(Connect(Call(defect="unknown keyword"))), 0),
        ("URL-7", scenario(Connect(Call(defect="nothing listens"))), 0),
        ("URL-3", scenario(Own("arm", fault="versions missing"), Connect(ADMIN)), 1),
        ("URL-4", scenario(Own("arm", fault="versions not JSON"), Connect(ADMIN)), 1),
        ("URL-6", scenario(Own("arm", fault="versions 503"), Connect(ADMIN)), 1),
        ("FAULT-2", scenario(Own("arm", fault="body cut short"), Connect(ADMIN)), 1),
        ("AUTH-4", scenario(Connect(Call(authentication=Basic(), defect="wrong password"))), 0),
        ("AUTH-5", scenario(Connect()), 0),
        (
            "AUTH-6",
            scenario(Connect(Call(authentication=Basic("a", "b"))), users=(User("a", "b"),)),
            0,
        ),
        ("AUTH-17", scenario(Connect(Call(authentication=Basic("user"))), ready=False), 0),
        ("CA-12", expired(), 0),
        ("CA-1", scenario(Connect(TLS), scheme="https"), 0),
        ("CA-2", scenario(Connect(ADMIN), scheme="https"), 0),
        ("MTLS-3", scenario(Connect(TLS), scheme="https", client_certificate="required"), 0),
        ("URL-2", scenario(Connect(ADMIN), base_path="/one"), 0),
        ("AUTH-2", scenario(Connect(ADMIN)), 0),
        ("LIVE-1", scenario(Connect(ADMIN), Use("list tables")), 1),
        ("LIVE-3", scenario(Connect(ADMIN), Use("head")), 1),
        (
            "LIVE-6",
            scenario(Connect(Call(authentication=Basic("user"))), Use("add", rows=(("a",),))),
            1,
        ),
        (
            "LIVE-7",
            scenario(Connect(ADMIN), Use("head"), tables=(TableSpec(data_types=(("Id", "int"),)),)),
            1,
        ),
        ("KEEP-2", scenario(Connect(ADMIN), Own("restart"), Use("head")), 2),
        ("KEEP-1", scenario(Connect(ADMIN), Own("restart"), Own("rows")), 2),
        ("KEEP-3", scenario(Connect(ADMIN), Use("close"), Own("ping")), 2),
        ("KEEP-4", scenario(Connect(ADMIN), Use("close"), Use("list tables")), 2),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_the_clause_that_decides(clause: str, told: Scenario, index: int) -> None:
    assert deciding(told, Profile.V6_2, index) == clause


def test_every_clause_that_may_decide_is_one_of_the_catalogue() -> None:
    source = inspect.getsource(deciding_module)
    named = set(re.findall(r'"([A-Z]+-\d+)"', source))
    assert len(named) > 40
    assert named <= set(catalogue().clauses)


def test_a_demand_names_its_clause_wherever_it_is_made() -> None:
    told = scenario(Connect(ADMIN), Use("list tables"))
    assert deciding(told, Profile.V6_2, 0, "BasicPair") == "AUTH-3"
    assert deciding(told, Profile.V6_2, 1, "KnownAs") == "AUTH-2"
    assert deciding(told, Profile.V6_2, 0, "NoChange") == "LIVE-13"

"""Each law is broken by the implementations that break it, and by no other."""

from __future__ import annotations

import base64
import pkgutil
import threading
from dataclasses import replace
from importlib import import_module
from typing import Any

import msgspec
import pytest

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.execution.implementation import Implementation
from connect_contracts.execution.loading import load
from connect_contracts.execution.run import run
from connect_contracts.judging.settings import UnderTest
from connect_contracts.judging.verify import verify
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
from connect_contracts.model.verdict import Verdict
from connect_contracts.search import laws
from connect_contracts.search.laws.every_law import LAWS, UnknownLaw, laws_named
from connect_contracts.search.laws.examine import broken as report_of
from connect_contracts.search.laws.examine import examine
from connect_contracts.search.laws.law import Breach, Law
from connect_contracts.search.laws.on_the_wire import AS_GIVEN
from connect_contracts.selftest.adds import adds_again_after_a_reset
from connect_contracts.selftest.auth import sends_latin_1, shares_credentials_by_url
from connect_contracts.selftest.auth_sessions import prefers_netrc
from connect_contracts.selftest.ca import verifies_nothing
from connect_contracts.selftest.clean import (
    leaves_a_thread_of_each_session,
    leaves_its_heartbeat_running,
    sets_a_variable,
)
from connect_contracts.selftest.fault import redirected_with_its_credentials
from connect_contracts.selftest.keep import brings_rows_back
from connect_contracts.selftest.live_types import adds_a_row_once
from connect_contracts.selftest.sig import always_raises, forgets_the_class_it_was_called_on
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
TWICE = scenario(Connect(ADMIN), Use("add", rows=(("a",), ("a",))), Own("rows"), Use("head"))
SPACES = scenario(Connect(ADMIN), Use("add", rows=((" a ",),)), Use("head"))
NON_ASCII = scenario(
    Connect(Call(authentication=Basic("zoë", "ü"))), users=(User("zoë", "ü", ("ROLE_USER",)),)
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

LOST_ANSWER = scenario(
    Connect(ADMIN),
    Own("arm", fault="reset before the answer", requests="changes", times=1),
    Use("add", rows=(("one",),)),
)
INSPECTED = msgspec.structs.replace(scenario(Connect(ADMIN)), inspects=True)
CLOSED = (Connect(ADMIN), Use("close"))
CLOSED_TWICE = msgspec.structs.replace(scenario(*CLOSED, *CLOSED), inspects=True)
REFUSED_TWICE = msgspec.structs.replace(scenario(Connect(), Connect()), inspects=True)
BESIDE_NETRC = msgspec.structs.replace(scenario(Connect(ADMIN)), netrc="user")


BREAKING = (
    ("no-secret", "CA-12", verifies_nothing, expired()),
    ("unmixed", "AUTH-11", shares_credentials_by_url, TWO_USERS),
    ("as-given", "AUTH-3", sends_latin_1, NON_ASCII),
    ("as-given", "URL-2", drops_a_path_over_tls, PATH_OVER_TLS),
    ("sent-once", "FAULT-5", adds_again_after_a_reset, LOST_ANSWER),
    ("oracle-holds", "LIVE-2", adds_a_row_once, TWICE),
    ("reads-what-was-written", "LIVE-2", adds_a_row_once, TWICE),
    ("reads-what-was-written", "LIVE-2", strips_texts, SPACES),
    ("parity", "LIVE-2", adds_a_row_once, TWICE),
    ("parity", "KEEP-1", brings_rows_back, RESTARTED),
    ("leaves-no-more", "CLEAN-1", leaves_its_heartbeat_running, REFUSED_TWICE),
    ("leaves-no-more", "CLEAN-5", leaves_a_thread_of_each_session, CLOSED_TWICE),
    ("as-given", "AUTH-2", prefers_netrc, BESIDE_NETRC),
    ("untouched", "CLEAN-2", sets_a_variable, INSPECTED),
)


@pytest.mark.parametrize(
    ("law", "clause", "broken", "told"),
    BREAKING,
    ids=lambda given: given if isinstance(given, str) else getattr(given, "name", ""),
)
def test_it_is_broken(law: str, clause: str, broken: Any, told: Scenario) -> None:
    # The first run imports what any run does.
    assert checked(law, told, REFERENCE) is None
    found = checked(law, told, broken.v6_2)
    assert found is not None
    assert (found.signature.law, found.signature.clause) == (law, clause)
    assert found.expected
    assert found.seen


def test_a_new_law_is_listed_told_and_broken_by_a_test() -> None:
    modules = [
        import_module(f"{laws.__name__}.{module.name}")
        for module in pkgutil.iter_modules(laws.__path__)
    ]
    there = {
        value.name for module in modules for value in vars(module).values() if type(value) is Law
    }
    listed = {law.name for law in LAWS}
    assert there == listed, "every_law.py names every law"
    assert {law for law, *_ in BREAKING} | {"refused-change"} == listed, "each law has a row here"


def checked(name: str, told: Scenario, implementation: Implementation) -> Breach | None:
    (law,) = laws_named([name])
    return next(law.check(run(told, implementation, Profile.V6_2), Profile.V6_2), None)


@pytest.mark.parametrize(
    ("steps", "pools"),
    [
        # What all later calls share is started by the first that comes so far.
        ((Connect(), *CLOSED, *CLOSED), True),
        # Nothing says what a session leaves that was not closed.
        ((*CLOSED, Connect(ADMIN), Use("drop"), *CLOSED), False),
    ],
)
def test_threads_that_may_be_left(steps: tuple[Any, ...], pools: bool) -> None:
    class Starting(Implementation):
        started = False

        def connect(self, *given: Any, **named: Any) -> Any:
            session = super().connect(*given, **named)
            if not (pools and self.started):
                self.started, ended = True, threading.Event()
                arguments = {"timeout": 10.0}
                threading.Thread(target=ended.wait, kwargs=arguments, daemon=True).start()
            if not pools:
                vars(session)["ended"] = ended
            return session

        def close(self, session: Any) -> None:
            super().close(session)
            if not pools:
                vars(session)["ended"].set()

    implementation = Starting(REFERENCE.module.Session, module=REFERENCE.module)
    told = msgspec.structs.replace(scenario(*steps), inspects=True)
    assert checked("leaves-no-more", told, implementation) is None


class Raising(Implementation):
    """Adds its row and raises after."""

    def add(self, table: object, row: tuple[object, ...]) -> None:
        super().add(table, row)
        raise ValueError("refused, it says")


def test_a_refused_change_that_was_made() -> None:
    told = scenario(Connect(ADMIN), Use("add", rows=(("a",),)), Own("rows"))
    raising = Raising(REFERENCE.module.Session, module=REFERENCE.module)
    found = checked("refused-change", told, raising)
    assert found is not None
    assert "was granted" in found.seen
    refused = scenario(Connect(ADMIN), Use("add", rows=(("a", "b"),)), Own("rows"))
    assert checked("refused-change", refused, REFERENCE) is None


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_nothing_seen_breaks_no_law(law: Law) -> None:
    told = scenario(Connect(ADMIN), Use("head"), Own("rows"))
    if law.name != "oracle-holds":
        assert list(law.check(Observation(told), Profile.V6_2)) == []
    assert law.sentence.endswith(".")


def test_a_law_that_is_not_there() -> None:
    with pytest.raises(UnknownLaw, match="There is no law 'gravity': choose one of no-secret"):
        laws_named(["gravity"])


ZOE = Scenario((TargetSpec(),), (Connect(Call(authentication=Basic("zoë", "p"))),))


def basic(text: str, encoding: str = "utf-8") -> str:
    return "Basic " + base64.b64encode(text.encode(encoding)).decode()


@pytest.mark.parametrize(
    ("authorization", "clause"),
    [
        (basic("zoë:p"), None),
        (basic("zoë:p", "latin-1"), "AUTH-3"),
        ("Basic YQ", "AUTH-3"),
        ("Basic zo\xeb:p", "AUTH-3"),
    ],
)
def test_a_pair_arrives_as_it_was_given(
    written: Any, authorization: str, clause: str | None
) -> None:
    written.request(headers={"authorization": authorization}).end()
    observation = replace(written.view().observation, scenario=ZOE)
    found = next(AS_GIVEN.check(observation, Profile.V6_2), None)
    assert (found and found.signature.clause) == clause


def test_a_leak_beside_a_broken_law_is_reported_too() -> None:
    def connect(url: str, *, authentication: Any) -> object:
        raise ValueError(f"not let in with {authentication.password}")

    leaking = Implementation(connect, module=REFERENCE.module)
    subject = UnderTest(leaking, Profile.V6_2, "asked for")
    examined = examine(scenario(Connect(ADMIN)), subject, LAWS)
    (breach,) = examined.breaches
    seen = report_of(examined, breach).judgement.seen
    assert seen.startswith(breach.seen)
    assert seen.endswith("; besides, a password appeared in an exception (AUTH-12)")


@pytest.mark.parametrize(
    ("looked_at", "verdict"), [(LAWS, Verdict.FAILED), ([AS_GIVEN], Verdict.INCONCLUSIVE)]
)
def test_a_twin_that_is_refused_is_no_pass(looked_at: list[Law], verdict: Verdict) -> None:
    """It breaks a law, or leaves the scenario undecided where that law is not looked at."""
    subject = UnderTest(always_raises.v0_9_1, Profile.V0_9_1, "asked for")
    refused = msgspec.structs.replace(ADMIN, defect="no url")
    examined = examine(scenario(Connect(refused)), subject, looked_at)
    assert (examined.verdict, examined.breaches) == (verdict, ())
    assert examined.verified.judgement.of_twin


def test_a_twin_that_is_wrong_in_what_no_law_looks_at_decides_nothing() -> None:
    """It was let in, so the refusal has another reason, whatever its session is."""
    refused = msgspec.structs.replace(ADMIN, subclass=True, defect="no url")
    subject = UnderTest(forgets_the_class_it_was_called_on.v6_2, Profile.V6_2, "asked for")
    examined = examine(scenario(Connect(refused)), subject, [AS_GIVEN])
    assert examined.verified.judgement.verdict is Verdict.INCONCLUSIVE
    assert examined.verdict is Verdict.PASSED


def test_a_law_that_says_what_a_case_demands_has_its_cause() -> None:
    """A run with a search tells credentials that went to another target once."""
    case = catalogue().cases["URL-10[temporary-on-another-port]"]
    broken = redirected_with_its_credentials.v6_2
    of_case = verify(case, broken, Profile.V6_2).judgement.causes
    examined = examine(case.scenario, UnderTest(broken, Profile.V6_2, "asked for"), LAWS)
    (breach,) = examined.breaches
    of_law = report_of(examined, breach).judgement.causes
    assert [cause.key for cause in of_law] == [cause.key for cause in of_case]

"""Parts that an implementation declares as not offered: not applicable, and looked for."""

from __future__ import annotations

import json
from types import ModuleType
from typing import Any

import pytest

from connect_contracts import PartMissing
from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.execution.identify import remarks
from connect_contracts.execution.implementation import BadImplementation, Implementation
from connect_contracts.judging.settings import under_test
from connect_contracts.judging.verify import verify
from connect_contracts.model.actions import ACTIONS
from connect_contracts.model.clause import Profile
from connect_contracts.model.parts import PARTS, not_offered
from connect_contracts.model.scenario import (
    AuthorityFile,
    Basic,
    Call,
    Callback,
    Certificate,
    Connect,
    Scenario,
    TargetSpec,
    Together,
    Use,
)
from connect_contracts.model.verdict import Verdict
from connect_contracts.reference import v0_9_1, v6_2
from connect_contracts.search.laws.examine import examine

NOTHING = ("session", "client_certificate", "password_grant")


class Opened:
    """A session that offers nothing."""


class WithTables(Opened):
    """A session that offers tables alone."""

    def __init__(self, session: Any) -> None:
        self._session = session

    @property
    def tables(self) -> Any:
        return self._session.tables


def nothing(url: str, **given: Any) -> object:
    v0_9_1.connect(url, **given).close()
    return Opened()


def with_tables(url: str, **given: Any) -> object:
    return WithTables(v0_9_1.connect(url, **given))


def without_arguments(url: str) -> object:
    return nothing(url)


def made(connect: Any, without: object = (), **names: object) -> Implementation:
    module = ModuleType("wrapper")
    vars(module).update(names, __connect_contract__={"without": without})
    return Implementation(connect, module=module)


def verdict(case: str, implementation: Implementation) -> tuple[Verdict, str]:
    judgement = verify(catalogue().cases[case], implementation, Profile.V0_9_1).judgement
    return judgement.verdict, judgement.seen


def test_each_part_is_called_by_its_name_or_contains_others() -> None:
    wholes = {part.within for part in PARTS.values()}
    arguments = {"callable", "certificate_authority"}
    assert {name for name in PARTS if not hasattr(Implementation, name)} == {
        *(name for name in wholes if name not in (None, "session_type")),
        *arguments,
    }
    actions = {part.action for part in PARTS.values() if part.action is not None}
    assert actions == set(ACTIONS) - {"drop"}


def calling(**given: Any) -> Scenario:
    return Scenario((TargetSpec(),), (Connect(Call(**given)),))


@pytest.mark.parametrize(
    ("scenario", "without", "said"),
    [
        (calling(), tuple(PARTS), None),
        (Scenario((), (Use("head"),)), ("head",), "table.head"),
        (Scenario((), (Use("head"),)), ("tables",), "session.tables"),
        (Scenario((), (Use("head"),)), ("session",), "session that can be used"),
        (Scenario((), (Use("head"),)), ("keys", "list_tables"), None),
        (Scenario((), (Together(((Use("user"),),)),)), ("user",), "session.user"),
        (Scenario((), (Connect(times=2),)), ("close",), "session.close"),
        (calling(authentication=Callback()), ("callable",), "callable as authentication"),
        (calling(authentication=Basic()), ("basic",), None),
        (calling(authentication=Basic()), ("callable", "basic"), "BasicAuthentication"),
        (calling(authentication=Basic()), ("authentication",), "argument authentication"),
        (calling(authentication=Certificate()), ("client_certificate",), "ClientCertificate"),
        (
            calling(authority_file=AuthorityFile()),
            ("certificate_authority",),
            "argument certificate_authority",
        ),
        (calling(explicit_none=True), ("authentication",), "argument authentication"),
        (calling(subclass=True), ("session_type",), "Session"),
    ],
)
def test_what_a_scenario_needs(
    scenario: Scenario, without: tuple[str, ...], said: str | None
) -> None:
    told = None if said is None else f"the implementation declares that it offers no {said}"
    assert not_offered(scenario, without) == told


@pytest.mark.parametrize(
    ("without", "said"),
    [
        (["tabels"], "no part 'tabels': the nearest is 'tables', and the parts are authent"),
        ("tables", r"without as 'tables'; it must be a list of names.*\"without\": \[\"tables"),
        ([1], r"without as \[1\]; it must be a list of names"),
    ],
)
def test_what_is_no_list_of_parts(without: object, said: str) -> None:
    with pytest.raises(BadImplementation, match=said):
        made(nothing, without)


@pytest.mark.parametrize(
    ("connect", "without", "case", "expected"),
    [
        (nothing, NOTHING, "LIVE-1[names-of-the-tables]", "session that can be used"),
        (nothing, NOTHING, "MTLS-1[two-files]", "ClientCertificate"),
        # The class is in what is demanded, not in the scenario.
        (nothing, NOTHING, "SIG-4[a-session]", "session that can be used"),
        (nothing, NOTHING, "CA-2[without-the-file]", None),
        (with_tables, ("user",), "LIVE-1[names-of-the-tables]", None),
    ],
)
def test_the_cases_that_need_it_are_not_applicable(
    connect: Any, without: tuple[str, ...], case: str, expected: str | None
) -> None:
    implementation = under_test(made(connect, without), None).implementation
    assert f"declared as not offered: {', '.join(without)}" in remarks(implementation, Profile.V6_2)
    found, seen = verdict(case, implementation)
    if expected is None:
        assert found is Verdict.PASSED, seen
    else:
        assert (found, seen) == (
            Verdict.NOT_APPLICABLE,
            f"the implementation declares that it offers no {expected}",
        )


def test_a_law_skips_what_is_not_offered() -> None:
    using = Scenario((TargetSpec(),), (Connect(Call(authentication=Basic())), Use("list tables")))
    subject = under_test(made(nothing, NOTHING), None)
    examined = examine(using, subject, ())
    assert (examined.verdict, examined.breaches) == (Verdict.NOT_APPLICABLE, ())


@pytest.mark.parametrize(
    ("connect", "without", "names", "found"),
    [
        (with_tables, ["tables"], {}, "session.tables, list(session.tables)"),
        (with_tables, ["session"], {}, "session.tables, list(session.tables)"),
        (nothing, ["callable"], {}, "callable as authentication"),
        (nothing, ["authentication"], {}, "callable as authentication"),
        (nothing, ["certificate_authority"], {}, "argument certificate_authority"),
        (nothing, ["session"], {"Session": Opened}, "Session"),
        # By its name alone: a connect without arguments takes none.
        (
            without_arguments,
            ["client_certificate"],
            {"ClientCertificate": v0_9_1.ClientCertificate},
            "ClientCertificate",
        ),
        # It works, and comes from the package of the session that is held.
        (with_tables, ["client_certificate"], {}, "ClientCertificate"),
        # Its issuer, which the machine's authorities do not vouch for, is asked.
        (v6_2.connect, ["password_grant"], {}, "OAuth2ResourceOwnerPasswordAuthentication"),
    ],
)
def test_what_is_declared_as_missing_and_is_there(
    connect: Any, without: list[str], names: dict[str, object], found: str
) -> None:
    implementation = made(connect, without, **names)
    for _ in range(2):
        # Each case of a test module asks, and none is judged.
        with pytest.raises(BadImplementation) as caught:
            under_test(implementation, None)
        told, _, right = str(caught.value).partition(': declare "without": ')
        assert f'does not offer "{without[0]}", and it offers {found}' in told
    under_test(made(connect, json.loads(right.removesuffix(".")), **names), None)


def test_what_the_arguments_do_not_take_is_not_there() -> None:
    under_test(made(without_arguments, ["authentication", "certificate_authority"]), None)


@pytest.mark.parametrize("error", [AttributeError, NotImplementedError])
def test_a_part_that_raises_is_there_unless_it_is_not_implemented(
    error: type[Exception],
) -> None:
    class Raising(Opened):
        def close(self) -> None:
            raise error

    implementation = made(lambda url, **_: Raising(), ["close"])
    if error is NotImplementedError:
        under_test(implementation, None)
        return
    with pytest.raises(BadImplementation, match=r"it offers session\.close"):
        under_test(implementation, None)


def test_what_is_missing_and_not_declared_is_not_testable_and_the_text_says_how_to() -> None:
    assert verdict("LIVE-1[names-of-the-tables]", made(nothing)) == (
        Verdict.NOT_TESTABLE,
        "the implementation has no Opened.tables "
        '(if it offers none, declare __connect_contract__ = {"without": ["tables"]})',
    )


class Adapter(Implementation):
    subject = staticmethod(nothing)
    without = ("client_certificate",)

    def list_tables(self, session: Any) -> list[str]:
        raise PartMissing("list_tables")

    def table(self, session: Any, name: str) -> Any:
        raise PartMissing("tabels")

    def session_type(self) -> type:
        raise PartMissing("session_type")


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("LIVE-1[names-of-the-tables]", (Verdict.NOT_APPLICABLE, "list(session.tables)")),
        ("SIG-4[a-session]", (Verdict.NOT_APPLICABLE, "Session")),
        ("MTLS-1[two-files]", (Verdict.NOT_APPLICABLE, "ClientCertificate")),
        ("LIVE-1[one-table]", (Verdict.HARNESS_ERROR, "the nearest is 'tables'")),
    ],
)
def test_an_adapter_says_what_is_not_offered(case: str, expected: tuple[Verdict, str]) -> None:
    found, seen = verdict(case, Adapter())
    assert (found, expected[1] in seen) == (expected[0], True), seen

"""Each method of an adapter is called once before a run: what it raises, and what it returns."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from connect_contracts import PartMissing
from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.execution import unjudged
from connect_contracts.execution.adapter_checks import WrongAdapter
from connect_contracts.execution.identify import identify
from connect_contracts.execution.implementation import BadImplementation, Implementation
from connect_contracts.execution.returned import MUST_RETURN
from connect_contracts.judging.settings import under_test
from connect_contracts.judging.verify import verify
from connect_contracts.model.clause import Profile
from connect_contracts.model.verdict import Verdict
from connect_contracts.reference import v0_9_1, v6_2


def raising(part: str) -> Callable[..., Any]:
    def method(*_: Any, **__: Any) -> Any:
        raise PartMissing(part)

    return method


def adapter(subject: Any = v0_9_1, **methods: Any) -> Implementation:
    kind = type("Adapter", (Implementation,), methods)
    made: Implementation = kind(subject)
    return made


@pytest.mark.parametrize(
    ("method", "part", "said"),
    [
        ("list_tables", "list_tables", r"\"list_tables\", and it offers list\(session.tables\): r"),
        ("keys", "keys", r"it offers table\.keys: remove the method keys\."),
        ("add", "add", r"it offers table \+= row: remove the method add\."),
        ("close", "close", r"it offers session\.close: remove the method close\."),
        ("leave", "session", r"not offer \"session\", and it offers .* remove the method leave\."),
        ("table", "tables", r"it offers session\.tables, list.* remove the method table\."),
        ("session_type", "session_type", r"it offers Session, .* remove the method session_type"),
        ("basic", "basic", r"it offers BasicAuthentication: remove the method basic\."),
        ("connect", "session", r"it offers .*session\.close.*: remove the method connect\."),
        ("keys", "linkk", r"Adapter.keys raised PartMissing\('linkk'\): .* the nearest is 'link'"),
        ("session_type", "linkk", r"there is no part 'linkk'"),
        (
            "keys",
            "link",
            "session.link is not what keys calls: name 'keys' or 'tables' or 'session",
        ),
        ("table", "keys", "table.keys is not what tables calls: name 'tables' or 'session'"),
        ("token", "basic", "BasicAuthentication is not what token calls"),
        ("connect", "link", "session.link is not what connect calls"),
    ],
)
def test_a_wrong_part_missing_is_found_before_anything_is_judged(
    method: str, part: str, said: str
) -> None:
    implementation = adapter(**{method: raising(part)})
    for _ in range(2):
        with pytest.raises(BadImplementation, match=said):
            under_test(implementation, None)


def test_tables_that_can_be_listed_and_not_given_may_be_missing() -> None:
    methods = {"table": raising("tables"), "list_tables": lambda *_: ["Example"]}
    under_test(adapter(lambda url, **_: object(), **methods), None)


def test_each_method_is_called_whatever_the_others_do() -> None:
    def wrong(*_: Any) -> Any:
        raise TypeError

    methods = {"table": raising("tables"), "list_tables": wrong, "keys": wrong}
    with pytest.raises(BadImplementation, match="remove the methods table, close"):
        under_test(adapter(**methods, user=wrong, close=raising("close")), None)


@pytest.mark.parametrize("hangs", ["connect", "list_tables"])
def test_what_hangs_is_waited_for_once_and_the_rest_is_not_called(
    hangs: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unjudged, "WARM_UP_LIMIT", 1.0)
    begun: list[object] = []

    def hanging(*given: object, **_: object) -> Any:
        begun.append(given)
        threading.Event().wait()

    methods = {hangs: hanging, "close": raising("close")}
    identify(adapter(lambda url, **_: object(), **methods), Profile.V0_9_1)
    assert len(begun) == 1


class Listed(dict[str, list[str]]):
    """Tables that take no rows and tell no keys."""


class OnlyRead:
    def __init__(self, session: Any) -> None:
        self._session = session

    @property
    def tables(self) -> Listed:
        return Listed((name, list(table)) for name, table in self._session.tables.items())


def only_read(url: str, **given: Any) -> object:
    return OnlyRead(v0_9_1.connect(url, **given))


@pytest.mark.parametrize("part", ["close", "keys", "head", "user"])
def test_what_is_not_there_may_be_missing(part: str) -> None:
    """Also where an unsecured target has no tables that could show it."""
    under_test(adapter(only_read, **{part: raising(part)}), None)
    module = ModuleType("wrapper")
    vars(module)["__connect_contract__"] = {"without": [part]}
    under_test(Implementation(only_read, module=module), None)


def test_a_part_that_is_raised_later_is_that_of_its_method() -> None:
    case = catalogue().cases["LIVE-1[names-of-the-tables]"]
    judgement = verify(case, adapter(list_tables=raising("link")), Profile.V0_9_1).judgement
    assert judgement.verdict is Verdict.HARNESS_ERROR
    assert "PartMissing('link'): session.link is not what list_tables calls" in judgement.seen


async def later(*_: Any) -> list[str]:
    return []


NAMES = r"it must return a list of names, such as \[\"Example\"\]"


@pytest.mark.parametrize(
    ("method", "value", "said"),
    [
        ("list_tables", None, f"Adapter.list_tables returned None: {NAMES}"),
        ("list_tables", "Example", f"Adapter.list_tables returned a str: {NAMES}"),
        ("keys", "Id", f"Adapter.keys returned a str: {NAMES}"),
        ("columns", 1, f"Adapter.columns returned an int: {NAMES}"),
        ("user", None, r"Adapter.user returned None: it must return a name and a list of roles"),
        ("user", ("admin", "ROLE_USER"), "Adapter.user returned a tuple"),
        *((name, None, f"Adapter.{name} returned None: it must return ") for name in MUST_RETURN),
    ],
)
def test_what_a_method_must_return(method: str, value: Any, said: str) -> None:
    implementation = adapter(v6_2, **{method: lambda *_, **__: value})
    with pytest.raises(WrongAdapter, match=said):
        under_test(implementation, None)


def test_a_method_that_is_a_coroutine_function() -> None:
    with pytest.raises(WrongAdapter, match=r"Adapter.list_tables is a coroutine function, and is"):
        under_test(adapter(list_tables=later), None)


def test_what_a_method_may_return() -> None:
    def names(*_: Any) -> Any:
        yield "Example"

    methods = {"list_tables": names, "keys": lambda *_: {"Id": 1}, "columns": lambda *_: ("Id",)}
    under_test(adapter(**methods, user=lambda *_: ["admin", {"ROLE_USER"}]), None)


def named(*_: Any) -> str:
    return "Example"


def test_a_text_for_the_names_is_the_mistake_of_the_adapter_in_a_run_too() -> None:
    case = catalogue().cases["LIVE-1[names-of-the-tables]"]
    judgement = verify(case, adapter(list_tables=named), Profile.V0_9_1).judgement
    assert judgement.verdict is Verdict.HARNESS_ERROR
    assert "Adapter.list_tables returned a str: it must return a list of names" in judgement.seen


class Forgetful(Implementation):
    """It lies in a file of its own client."""

    subject = v6_2
    list_tables = named


def test_the_key_of_a_wrong_return_names_the_method() -> None:
    case = catalogue().cases["LIVE-1[names-of-the-tables]"]
    (cause,) = verify(case, Forgetful(), Profile.V6_2).judgement.causes
    assert cause.key.startswith("the adapter raised TypeError in ")
    assert cause.key.endswith("test_part_missing.py:named")
    assert [line.source for line in cause.where] == ["def named(*_: Any) -> str:"]


def nothing(url: str, **given: Any) -> None:
    v6_2.connect(url, **given).close()


def handing_on(self: Any, *given: Any, **keywords: Any) -> Any:
    return nothing(*given, **keywords)


@pytest.mark.parametrize("methods", [{}, {"connect": handing_on}], ids=["itself", "adapted"])
def test_a_connect_that_returns_nothing_breaks_its_clause(methods: dict[str, Any]) -> None:
    """Its tables are not called missing."""
    subject = under_test(adapter(nothing, **methods, profile="6.2"), None)
    found = {
        name: verify(catalogue().cases[name], subject.implementation, Profile.V6_2).judgement
        for name in ("SIG-4[a-session]", "LIVE-1[names-of-the-tables]")
    }
    session, tables = found.values()
    assert (session.verdict, session.seen) == (
        Verdict.FAILED,
        "of step 1 (connect): it returned a builtins.NoneType",
    )
    assert tables.seen == "the implementation has no session (its connect returned None)"

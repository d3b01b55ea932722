"""An adapter: a wrong one is noticed before a run; what it raises in a run is its own mistake."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from functools import cache, partial
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from connect_contracts.chapters.builder import connect, list_tables, unsecure
from connect_contracts.execution.adapter_checks import WrongAdapter, check_adapter
from connect_contracts.execution.implementation import BadImplementation, Implementation
from connect_contracts.execution.loading import load
from connect_contracts.execution.run import run
from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import Scenario, Step


def sound(url: str, *, authentication: Any = None, certificate_authority: Any = None) -> object:
    return object()


def made(**parts: Any) -> ModuleType:
    module = ModuleType("made_for_the_test")
    vars(module).update(parts)
    return module


class TakesKeywords:
    def __init__(self, *, login: str = "", secret: str = "") -> None: ...


class RaisesValueError:
    def __init__(self, *_: object, **__: object) -> None:
        raise ValueError("there is no such file")


@pytest.mark.parametrize(
    ("part", "method"),
    [
        ("BasicAuthentication", "basic"),
        ("TokenAuthentication", "token"),
        ("ClientCertificate", "client_certificate"),
    ],
)
def test_credentials_that_are_built_otherwise(part: str, method: str) -> None:
    adapter = Implementation(sound, module=made(**{part: TakesKeywords}))
    with pytest.raises(WrongAdapter, match=f"{part} of .* override {method} "):
        check_adapter(adapter)
    check_adapter(Implementation(sound, module=made(**{part: RaisesValueError})))


def test_an_adapter_of_nothing() -> None:
    class OfNothing(Implementation): ...

    with pytest.raises(BadImplementation, match=r"OfNothing\(connect\), or `subject = connect`"):
        OfNothing()


class FewerArguments(Implementation):
    subject = sound

    def table(self, session: Any) -> Any:
        return session


class OtherNames(Implementation):
    subject = sound

    def table(self, opened: Any, table: str) -> Any:
        return opened.tables[table]


class OneArgument(Implementation):
    subject = sound

    def connect(self, url: str) -> Any:
        return sound(url)


def test_overridden_methods() -> None:
    with pytest.raises(WrongAdapter, match=r"FewerArguments\.table is called with .*name"):
        check_adapter(FewerArguments(module=made()))
    with pytest.raises(WrongAdapter, match=r"OneArgument\.connect is called as"):
        check_adapter(OneArgument(module=made()))
    check_adapter(OtherNames(module=made()))


def grant(_: Any, *, scopes: Any, **given: Any) -> Any: ...


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ({"list_table": grant}, "Made.list_table is not .* rename it list_tables if .*, or _list"),
        ({"_list_table": grant, "rows": grant, "password_grant": grant}, None),
        (
            {"password_grant": lambda _, user: None},
            r"Made\.password_grant is called with \(username=\.\.\.",
        ),
    ],
)
def test_names_of_an_adapter(names: dict[str, Any], said: str | None) -> None:
    adapter = type("Made", (OtherNames,), names)(module=made())
    with nullcontext() if said is None else pytest.raises(WrongAdapter, match=said):
        check_adapter(adapter)


# What the keyword of ``create_table`` is differs by release; a wrapper may not say.
TYPES = {"Id": "String"}


def old(name: str, *, types: dict[str, str]) -> dict[str, Any]:
    return {"types": types}


def new(name: str, *, data_types: dict[str, str]) -> dict[str, Any]:
    return {"data_types": data_types}


def wrapped(*given: Any, **named: Any) -> dict[str, Any]:
    return named


@pytest.mark.parametrize(
    ("create", "keyword"),
    [(old, "types"), (new, "data_types"), (wrapped, "data_types"), (partial(old), "types")],
)
def test_the_keyword_that_it_has(create: Callable[..., Any], keyword: str) -> None:
    session = SimpleNamespace(create_table=create)
    implementation = Implementation(lambda url: None)
    assert implementation.create_table(session, "New", TYPES) == {keyword: TYPES}


class Session:
    def names(self, *wanted: str) -> list[str]:
        """As an implementation with a mistake, or with a refusal, of its own."""
        match wanted:
            case ("refused",):
                raise PermissionError("not for you")
            case ("mistaken",):
                return len(1)  # type: ignore[arg-type,return-value]
            case ("slots",):
                return self.nothing  # type: ignore[attr-defined,no-any-return]
        return ["Example"]


class Adapter(Implementation):
    @staticmethod
    def subject(_url: str, **_: Any) -> Session:  # type: ignore[override]
        return Session()


def ended(implementation: Implementation, *steps: Step) -> str:
    """How the last step of a run ends."""
    seen = run(Scenario((unsecure(),), steps), implementation, Profile.V0_9_1)
    result = seen.results[-1]
    assert result.how != "adapter wrong" or "the adapter itself raised" in result.describe()
    return result.how


def worded_anew(_: Any, session: Session) -> Any:
    try:
        return session.names("refused")
    except PermissionError as error:
        raise LookupError("not available") from error


def importing(*_: Any) -> Any:
    from no_such_module import names  # type: ignore[import-not-found]

    return names()


class NoSuchMethod(Adapter):
    def list_tables(self, session: Any) -> Any:
        return session.list_of_names()


@pytest.mark.parametrize(
    ("list_names", "how"),
    [
        (lambda _, session: session.names(), "returned"),
        (NoSuchMethod.list_tables, "adapter wrong"),
        (cache(lambda _, session: session.list_of_names()), "adapter wrong"),
        (lambda _, session: session.names(among="all"), "adapter wrong"),
        (lambda *_: undefined_name, "adapter wrong"),  # type: ignore[name-defined]  # noqa: F821
        (lambda _: ["Example"], "adapter wrong"),
        (lambda _, session: [name.nam for name in session.names()], "adapter wrong"),
        (lambda _, session: (lambda given: given.nam)(session), "adapter wrong"),
        (importing, "adapter wrong"),
        (lambda _, session: session.names("refused"), "raised"),
        (lambda _, session: session.names("mistaken"), "raised"),
        (lambda _, session: session.names("slots"), "raised"),
        (worded_anew, "raised"),
    ],
    ids=[
        *("fits", "no-such-method", "cached", "wrong-arguments", "no-such-name", "not-called-so"),
        *("in-a-comprehension", "in-a-lambda", "importing", "refused", "mistaken", "slots"),
        "worded-anew",
    ],
)
def test_whose_mistake_it_is(list_names: Callable[..., Any], how: str) -> None:
    kind = type("Made", (Adapter,), {"list_tables": list_names})
    assert ended(kind(), connect(), list_tables()) == how


def test_a_mistake_of_an_adapters_base() -> None:
    inherited = type("Inherited", (NoSuchMethod,), {})
    assert ended(inherited(), connect(), list_tables()) == "adapter wrong"


def without_parameters() -> None:
    raise AssertionError


class Handing(Implementation):
    subject = without_parameters

    def connect(self, *arguments: Any, **keywords: Any) -> Any:
        return without_parameters(*arguments, **keywords)


class NoSuchNameToConnect(Adapter):
    def connect(self, *arguments: Any, **keywords: Any) -> Any:
        return undefined_name(*arguments, **keywords)  # type: ignore[name-defined]  # noqa: F821


class Stripping(Adapter):
    """It cannot look at every URL, and so refuses it."""

    def connect(self, url: Any, **keywords: Any) -> Any:
        return super().connect(url.rstrip("/"), **keywords)


@pytest.mark.parametrize(
    ("implementation", "defect", "how"),
    [
        (Implementation(without_parameters), None, "raised"),
        (Handing(), None, "raised"),
        (NoSuchNameToConnect(), None, "adapter wrong"),
        (Stripping(), "url is None", "raised"),
    ],
)
def test_whose_mistake_a_connect_is(
    implementation: Implementation, defect: str | None, how: str
) -> None:
    assert ended(implementation, connect(defect=defect)) == how


@pytest.mark.parametrize("form", ["subclass", "event_loop"])
def test_a_call_that_does_not_fit_is_the_implementations(form: str) -> None:
    called = connect(defect="certificate_authority by position", **{form: True})
    assert ended(load("connect_contracts.reference.v6_2"), called) == "raised"


CLIENT = """
class Session:
    def names(self):
        return [self.nothing]

def connect(url, **_):
    return Session()
"""

ADAPTED = """
from functools import wraps
from {client} import connect
from connect_contracts.execution.implementation import BadImplementation, Implementation

def names(session):
    return session.list_of_names()

def logged(method):
    @wraps(method)
    def logging(self, session):
        return method(self, session)
    return logging

class Calling(Implementation):
    subject = staticmethod(connect)

    def list_tables(self, session):
        return names(session)

class Logged(Implementation):
    subject = staticmethod(connect)

    @logged
    def list_tables(self, session):
        return session.list_of_names()

class OfTheImplementation(Implementation):
    subject = staticmethod(connect)

    @logged
    def list_tables(self, session):
        return session.names()
"""


@pytest.mark.parametrize(
    ("name", "how"),
    [("Calling", "adapter wrong"), ("Logged", "adapter wrong"), ("OfTheImplementation", "raised")],
)
def test_what_an_adapter_calls_in_its_own_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, how: str
) -> None:
    unique = f"client_of_{name.lower()}"
    (tmp_path / f"{unique}.py").write_text(CLIENT)
    (tmp_path / f"adapter_of_{unique}.py").write_text(ADAPTED.format(client=unique))
    monkeypatch.syspath_prepend(tmp_path)
    implementation = load(f"adapter_of_{unique}:{name}")
    assert ended(implementation, connect(), list_tables()) == how

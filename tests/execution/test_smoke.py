"""The smoke check: a wrong adapter is told from an implementation that does not conform."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from connect_contracts.execution.adapter_checks import WrongAdapter, check_adapter
from connect_contracts.execution.identify import warm_up
from connect_contracts.execution.implementation import Implementation
from connect_contracts.model.clause import Profile


def connect(url: str, *, authentication: Any = None, certificate_authority: Any = None) -> object:
    return object()


def module(**parts: Any) -> ModuleType:
    made = ModuleType("made_for_the_test")
    vars(made).update(parts)
    return made


def raising(*_: Any, **__: Any) -> Any:
    raise RuntimeError("not today")


def without_arguments() -> None: ...


@pytest.mark.parametrize("subject", [connect, raising, without_arguments])
def test_no_connect_makes_an_adapter_wrong(subject: Any) -> None:
    check_adapter(Implementation(subject, module=module()))


class TakesKeywords:
    def __init__(self, *, login: str = "", secret: str = "", file: str = "") -> None: ...


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
    made = Implementation(connect, module=module(**{part: TakesKeywords}))
    with pytest.raises(WrongAdapter, match=f"{part} of .* override {method} "):
        check_adapter(made)
    check_adapter(Implementation(connect, module=module(**{part: RaisesValueError})))


class FewerArguments(Implementation):
    subject = connect

    def table(self, session: Any) -> Any:
        return session


class OtherNames(Implementation):
    subject = connect

    def table(self, opened: Any, table: str) -> Any:
        return opened.tables[table]


class OneArgument(Implementation):
    subject = connect

    def connect(self, url: str) -> Any:
        return connect(url)


def test_overridden_methods() -> None:
    with pytest.raises(WrongAdapter, match=r"FewerArguments\.table is called with .*name"):
        check_adapter(FewerArguments(module=module()))
    with pytest.raises(WrongAdapter, match=r"OneArgument\.connect is called as"):
        check_adapter(OneArgument(module=module()))
    check_adapter(OtherNames(module=module()))


def test_the_warm_up_decides_nothing() -> None:
    calls = []

    def failing(url: str, **_: Any) -> None:
        calls.append(url)
        raise RuntimeError("not today")

    implementation = Implementation(failing, module=module())
    for _ in range(3):
        warm_up(implementation, Profile.V6_2)
    # To an unsecured target, and where that raises to a secure one.
    assert [one.partition(":")[0] for one in calls] == ["http", "https"]

"""An exception of the adapter's own code is nobody's refusal; one of the implementation's is."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from connect_contracts.chapters.builder import connect, list_tables, unsecure
from connect_contracts.execution.implementation import Implementation
from connect_contracts.execution.loading import load
from connect_contracts.execution.run import run
from connect_contracts.model.clause import Profile
from connect_contracts.model.observation import Observation, Result
from connect_contracts.model.scenario import Scenario


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


class NoSuchMethod(Adapter):
    def list_tables(self, session: Any) -> Any:
        return session.list_of_names()


class WrongArguments(Adapter):
    def list_tables(self, session: Any) -> Any:
        return session.names(among="all")


class NoSuchName(Adapter):
    def list_tables(self, _: Any) -> Any:
        return undefined_name  # type: ignore[name-defined]  # noqa: F821


class NotCalledSo(Adapter):
    def list_tables(self) -> Any:  # type: ignore[override]
        return ["Example"]


class Inherited(NoSuchMethod):
    pass


class Refused(Adapter):
    def list_tables(self, session: Any) -> Any:
        return session.names("refused")


class Mistaken(Adapter):
    def list_tables(self, session: Any) -> Any:
        return session.names("mistaken")


class Slots(Adapter):
    def list_tables(self, session: Any) -> Any:
        return session.names("slots")


class WordedAnew(Adapter):
    def list_tables(self, session: Any) -> Any:
        try:
            return session.names("refused")
        except PermissionError as error:
            raise LookupError("not available") from error


SCENARIO = Scenario((unsecure(),), (connect(), list_tables()))


def listed(adapter: type[Implementation]) -> Result:
    observation: Observation = run(SCENARIO, adapter(), Profile.V0_9_1)
    return observation.results[-1]


def test_an_adapter_that_fits() -> None:
    assert listed(Fits).value == ["Example"]


class Fits(Adapter):
    def list_tables(self, session: Any) -> Any:
        return session.names()


class InAComprehension(Adapter):
    def list_tables(self, session: Any) -> Any:
        return [one.nam for one in session.names()]


class InALambda(Adapter):
    def list_tables(self, session: Any) -> Any:
        return (lambda given: given.nam)(session)


class Importing(Adapter):
    def list_tables(self, _: Any) -> Any:
        from no_such_module import names  # type: ignore[import-not-found]

        return names()


class Decorated(Adapter):
    @cache  # noqa: B019
    def list_tables(self, session: Any) -> Any:
        return session.list_of_names()


@pytest.mark.parametrize(
    "adapter",
    [
        *(NoSuchMethod, WrongArguments, NoSuchName, NotCalledSo, Inherited),
        *(InAComprehension, InALambda, Importing, Decorated),
    ],
)
def test_a_mistake_of_the_adapter(adapter: type[Implementation]) -> None:
    result = listed(adapter)
    assert result.how == "adapter wrong"
    assert "the adapter itself raised" in result.describe()
    assert result.raised is not None


@pytest.mark.parametrize("adapter", [Refused, Mistaken, Slots, WordedAnew])
def test_what_the_implementation_raises_is_its_own(adapter: type[Implementation]) -> None:
    assert listed(adapter).how == "raised"


def test_a_call_that_does_not_fit_the_parameters_of_connect_is_its_refusal() -> None:
    def without_parameters() -> None:
        raise AssertionError

    scenario = Scenario((unsecure(),), (connect(),))
    observation = run(scenario, Implementation(without_parameters), Profile.V0_9_1)
    assert observation.results[0].how == "raised"

    class Handing(Implementation):
        def connect(self, *arguments: Any, **keywords: Any) -> Any:
            return without_parameters(*arguments, **keywords)

    observation = run(scenario, Handing(without_parameters), Profile.V0_9_1)
    assert observation.results[0].how == "raised"


def test_a_name_that_is_not_there_is_the_adapters_mistake_in_connect_too() -> None:
    class NoSuchNameToConnect(Adapter):
        def connect(self, *arguments: Any, **keywords: Any) -> Any:
            return undefined_name(*arguments, **keywords)  # type: ignore[name-defined]  # noqa: F821

    scenario = Scenario((unsecure(),), (connect(),))
    observation = run(scenario, NoSuchNameToConnect(), Profile.V0_9_1)
    assert observation.results[0].how == "adapter wrong"


def test_a_url_that_an_adapter_cannot_look_at_is_refused_by_it() -> None:
    class Stripping(Adapter):
        def connect(self, url: Any, **keywords: Any) -> Any:
            return super().connect(url.rstrip("/"), **keywords)

    scenario = Scenario((unsecure(),), (connect(defect="url is None"),))
    observation = run(scenario, Stripping(), Profile.V0_9_1)
    assert observation.results[0].how == "raised"


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
from connect_contracts.execution.implementation import Implementation

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
    observation = run(SCENARIO, implementation, Profile.V0_9_1)
    assert observation.results[-1].how == how

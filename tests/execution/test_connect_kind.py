"""What can be no ``connect`` is refused before anything is judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from connect_contracts.execution.implementation import BadImplementation, Implementation
from connect_contracts.judging.settings import under_test


async def _later(url: str, **_: object) -> None: ...


class Method:
    def connect(self, url: str, **_: object) -> None: ...


class OtherName:
    def connect(this, url: str, **_: object) -> None: ...


class TwoArguments:
    def connect(this, address: str, **_: object) -> None: ...


def _yielding(url: str, **_: object) -> Iterator[None]:
    yield


@contextmanager
def _within(url: str, **_: object) -> Iterator[None]:
    yield


@pytest.mark.filterwarnings("ignore:coroutine")
@pytest.mark.parametrize(
    ("connect", "said"),
    [
        (_later, "_later returns a coroutine, and connect returns a session"),
        (lambda url, **_: _later(url), "<lambda> returns a coroutine"),
        (_yielding, "_yielding returns a generator, .*: name a function that returns the session"),
        (_within, "returns a _GeneratorContextManager, and connect returns a session"),
        (lambda url, **_: _yielding(url), "returns a generator, and connect returns a session"),
        (Method, "Method.connect is a method of objects, and is called on the class: write @class"),
        (OtherName, "OtherName.connect is a method of objects"),
        (TwoArguments, "TwoArguments.connect is a method of objects"),
    ],
)
def test_what_can_be_no_connect_is_refused(connect: Callable[..., object], said: str) -> None:
    with pytest.raises(BadImplementation, match=said):
        under_test(Implementation(connect), None)


class PlainInClass:
    def connect(address, **_: object) -> None: ...


class Static:
    @staticmethod
    def connect(self: str, **_: object) -> None: ...


class OfTheClass:
    @classmethod
    def connect(cls, url: str, **_: object) -> None: ...


@pytest.mark.parametrize("kind", [PlainInClass, Static, OfTheClass])
def test_what_takes_the_url_on_the_class_is_a_connect(kind: type) -> None:
    under_test(Implementation(kind), None)

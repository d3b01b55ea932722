"""What ``create_table`` calls its data types differs by release; a wrapper may not say."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from connect_contracts.execution.implementation import Implementation

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

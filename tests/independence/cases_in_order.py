"""A pytest plugin that takes the cases in another order."""

from __future__ import annotations

import random

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--cases-in-order", default="given", help="given, reverse, or a number to shuffle by"
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    order = config.getoption("--cases-in-order")
    if order == "reverse":
        items.reverse()
    elif order != "given":
        random.Random(int(order)).shuffle(items)

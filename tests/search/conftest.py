"""The long searches are for those who ask for them."""

from __future__ import annotations

from pathlib import Path

import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "matrix: a broken implementation meets the whole suite; run with -m matrix alone",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    if "matrix" in config.getoption("markexpr"):
        return
    left_out = [
        one for one in items if one.get_closest_marker("matrix") and here in one.path.parents
    ]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [one for one in items if one not in left_out]

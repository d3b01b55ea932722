"""Makes the broken implementations importable; the whole matrix is for those who ask for it."""

from __future__ import annotations

import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "matrix: a broken implementation meets the whole suite; run with -m matrix alone",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "matrix" in config.getoption("markexpr"):
        return
    left_out = [one for one in items if one.get_closest_marker("matrix")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [one for one in items if not one.get_closest_marker("matrix")]

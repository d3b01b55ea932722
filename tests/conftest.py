"""What is exhaustive runs only on demand; fixtures that several folders use."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from written_run import WrittenRun

ON_DEMAND = {
    "matrix": "exhaustive, and a sample of it is in every run; run with -m matrix",
    "docs": "builds the documentation, as .ci/run does; run with -m docs",
}


def pytest_configure(config: pytest.Config) -> None:
    for name, what in ON_DEMAND.items():
        config.addinivalue_line("markers", f"{name}: {what}")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    asked = config.getoption("markexpr")
    unasked = [name for name in ON_DEMAND if name not in asked]
    left_out = {item for item in items if any(map(item.get_closest_marker, unasked))}
    if left_out:
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], str]]:
    """Writes a module that a fresh interpreter can import, and gives its name."""
    name = f"written_for_a_test_{os.getpid()}_{threading.get_ident()}"
    monkeypatch.syspath_prepend(str(tmp_path))

    def write(text: str) -> str:
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
        return name

    yield write
    sys.modules.pop(name, None)


@pytest.fixture
def written() -> WrittenRun:
    """A run in which a first step has begun."""
    return WrittenRun().begin()


@contextmanager
def _another_thread_at_work() -> Iterator[None]:
    over = threading.Event()

    def work() -> None:
        while not over.is_set():
            sum(range(1000))

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@pytest.fixture
def busy_processor() -> Callable[[], AbstractContextManager[None]]:
    """A block in which another thread never lets go of the interpreter of its own accord."""
    return _another_thread_at_work

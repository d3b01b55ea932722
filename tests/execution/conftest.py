"""What several tests of a run need."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest


@pytest.fixture
def hang() -> Iterator[Callable[..., Any]]:
    """Waits until the test is over, whatever it is called with."""
    over = threading.Event()
    yield lambda *_, **__: over.wait()
    over.set()

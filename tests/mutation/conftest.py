"""Where mutants meet the suite: cases that can see the changed module are first."""

from __future__ import annotations

import os

import pytest

from connect_contracts.model.clause import Depth

CHAPTERS = {
    "_address": ("URL",),
    "_authentication": ("AUTH",),
    "_oauth2": ("AUTH",),
    "_trust": ("CA", "MTLS"),
    "_transport": ("FAULT", "KEEP", "CLEAN"),
    "_versions": ("URL",),
    "_session": ("SIG", "URL", "KEEP"),
}
"""The chapters that see a module of the references; LIVE sees the others."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    module = os.environ.get("MUTANT_UNDER_TEST", "").rpartition(".")[0].rpartition(".")[2]
    seeing = CHAPTERS.get(module, ("LIVE",))

    def place(item: pytest.Item) -> tuple[bool, bool]:
        callspec = getattr(item, "callspec", None)
        case = callspec.params.get("connect_case") if callspec else None
        if case is None:
            return False, False
        return not case.id.startswith(seeing), case.depth is not Depth.CORE

    items.sort(key=place)

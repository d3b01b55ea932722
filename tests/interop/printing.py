"""Printing of the scripts that run in the environments of the public client."""

from __future__ import annotations

import sys
from collections.abc import Mapping

BEGIN = "=== begin ==="


def begin() -> None:
    """Marks where the output begins: before it, the client prints notices of its own.

    From here on a traceback is its last line: the client's source is not to be shown.
    """
    sys.tracebacklimit = 0
    sys.stdout.write(f"{BEGIN}\n")


def show(value: object) -> None:
    """Prints what the documentation shows at this place."""
    sys.stdout.write(f"{value}\n")


def show_error(error: Exception) -> None:
    """Prints an error as the last line of its traceback."""
    show(f"{type(error).__module__}.{type(error).__qualname__}: {error}")


def client_environment(variables: Mapping[str, str]) -> dict[str, str]:
    """The variables of a process in an environment of the client.

    Without what would import from elsewhere, and without proxies, through which the client asks for
    loopback addresses too.
    """
    dropped = {"PYTHONPATH", "COV_CORE_SOURCE", "COVERAGE_PROCESS_START"}
    kept = {
        name: value
        for name, value in variables.items()
        if name not in dropped and not name.lower().endswith("_proxy")
    }
    return kept | {"ATOTI_HIDE_EULA_MESSAGE": "True"}

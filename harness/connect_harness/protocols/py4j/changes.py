"""Which commands ask for a change of the session, for whoever reads a journal."""

from __future__ import annotations

from collections.abc import Sequence

from connect_harness.protocols.py4j.api import Api
from connect_harness.protocols.py4j.objects import python_name

_CHANGES = frozenset(
    {
        Api.create_store,
        Api.delete_on_store_branch,
        Api.load_data_source_into_store,
        Api.set_readiness,
    }
)


def changing_call(lines: Sequence[str]) -> str | None:
    """The name of the method by which a command asks for a change, granted or not.

    Parameters:
        lines: The lines of the command, with or without the one that ends it.

    Returns:
        The name as the client gave it, or ``None`` if the command asks for no change. Opening and
        ending a transaction change nothing by themselves.
    """
    match lines:
        case ["c", _, method, *_] if getattr(Api, python_name(method), None) in _CHANGES:
            return method
    return None

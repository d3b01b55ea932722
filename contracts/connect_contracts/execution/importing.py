"""Whether a fresh interpreter finds an implementation that was given as an object."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

from connect_contracts.execution.implementation import Implementation

LIMIT = 60.0
"""Seconds that the import may take."""

_FIND = """
import sys
from connect_contracts.execution.implementation import load
found = load(sys.argv[1])
sys.stderr.write("\\n" + str(getattr(found.defined_in, "__file__", None)))
"""


def fresh_environment() -> dict[str, str]:
    """The environment of a fresh interpreter that imports from where this one does."""
    # An empty entry is the working folder.
    path = [one or str(Path.cwd()) for one in sys.path]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path)}


@cache
def not_found_afresh(implementation: Implementation) -> str | None:
    """Why a fresh interpreter does not find ``implementation``, as a sentence, or ``None``.

    A name given by the user counts as found. A test module may stand in ``sys.modules`` by a name
    that only pytest knows, or a module in place of another: the same name must lead to the same
    file.
    """
    if implementation.reference is not None:
        return None
    name = implementation.import_name
    if name is None:
        return "a fresh interpreter needs the implementation as module[:attribute]"
    file = str(getattr(implementation.defined_in, "__file__", None))
    try:
        ended = subprocess.run(
            [sys.executable, "-c", _FIND, name],
            env=fresh_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=LIMIT,
        )
    except subprocess.TimeoutExpired:
        why = f"its import had not ended after {LIMIT:g} s"
    else:
        said = ended.stderr.strip().splitlines() or [""]
        if ended.returncode == 0 and file in said:
            return None
        why = said[-1] if ended.returncode else f"that name leads to {said[-1]}"
    return (
        f"a fresh interpreter does not find {name} ({why}): name the implementation as "
        "module[:attribute]"
    )

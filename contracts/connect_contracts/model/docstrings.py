"""Whether this process has docstrings, which are the published descriptions of cases."""

from __future__ import annotations

import sys


def missing_docstrings() -> str | None:
    """Why nothing can be judged in a process without docstrings, as a sentence; else ``None``."""
    if sys.flags.optimize < 2:
        return None
    return (
        "Python was started with -OO or PYTHONOPTIMIZE=2, which removes the docstrings, and the "
        "descriptions of cases are docstrings: start it without."
    )

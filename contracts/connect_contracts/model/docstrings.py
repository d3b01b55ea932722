"""Whether this process has docstrings, which are the published descriptions of cases."""

from __future__ import annotations

import sys


def demand_docstrings() -> None:
    """Check that there are docstrings, before a module that needs one fails without it.

    Raises:
        RuntimeError: There are none; the text is one sentence that says what to do.
    """
    if (why := missing_docstrings()) is not None:
        raise RuntimeError(why)


def missing_docstrings() -> str | None:
    """Why nothing can be judged in a process without docstrings, as a sentence; else ``None``."""
    if sys.flags.optimize < 2:
        return None
    return (
        "Python was started with -OO or PYTHONOPTIMIZE=2, which removes the docstrings, and the "
        "descriptions of cases are docstrings: start it without."
    )

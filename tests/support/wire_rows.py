"""Wire checks of runs that are written by hand: a row is a name, a check, a run, and what is seen.

A run is a text such as ``accepted 1; failed 1 alert=unknown_ca; request GET /a host=h``, or a
function that writes it. Its last step ends after it, if none has ended there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from connect_contracts.checks.wire_checks import CheckResult, WireCheck
from written_run import WrittenRun

Run = str | Callable[[WrittenRun], object]
Row = tuple[str, WireCheck, Run, str] | tuple[str, WireCheck, Run, str, int]


def rows(*tables: Iterable[Row]) -> Any:
    """Parametrizes a test with ``check``, ``run``, ``seen`` and the index of the step, ``at``."""
    params = [
        pytest.param(*row[1:], *([-1] if len(row) == 4 else []), id=row[0])
        for table in tables
        for row in table
    ]
    return pytest.mark.parametrize(("check", "run", "seen", "at"), params)


def checked(check: WireCheck, run: Run, at: int = -1) -> CheckResult:
    """The result of a check of a run."""
    written = WrittenRun().begin()
    if callable(run):
        run(written)
    else:
        play(written, run)
    if not written.results or written.results[-1].ended != len(written.events):
        written.end()
    return check.check(written.view(at))


def play(written: WrittenRun, text: str) -> WrittenRun:
    """Write what ``text`` says."""
    for part in filter(None, map(str.strip, text.split(";"))):
        name, *words = part.split()
        named = dict(word.split("=", 1) for word in words if "=" in word)
        plain = [word for word in words if "=" not in word]
        if name == "request":
            given: dict[str, Any] = {
                key: _value(value)
                for key, value in named.items()
                if key in ("connection", "target")
            }
            headers = {key: value for key, value in named.items() if key not in given}
            line = {"line": " ".join(plain)} if plain else {}
            written.request(**line, headers=headers, **given)
        else:
            keywords = {key: _value(word) for key, word in named.items()}
            getattr(written, name)(*map(_value, plain), **keywords)
    return written


def _value(word: str) -> Any:
    return int(word) if word.isdecimal() else word


def text_of(result: CheckResult) -> str:
    """``holds``, the violation, ``missing: ...``, or the strength of the evidence with its text."""
    if result.evidence is not None:
        return f"{result.evidence.strength.name.lower()}: {result.evidence.text}"
    if result.missing is not None:
        return f"missing: {result.missing}"
    return result.violation or "holds"

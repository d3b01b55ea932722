"""What went over the wire, as lines to be read: bounded in size, and without secrets."""

from __future__ import annotations

from collections.abc import Iterator

from connect_contracts.checks.secrets.redaction import Redaction
from connect_contracts.model.observation import Observation
from connect_contracts.report.exchange import exchange_events
from connect_harness.server import Event

MOST_LINES = 80
LONGEST_LINE = 200


def transcript(observation: Observation, redacted: Redaction) -> tuple[str, ...]:
    """The events of ``observation`` in order, at most ``MOST_LINES`` lines of them."""
    lines = [
        short_line(printable(redacted(line)))
        for event in observation.events
        for line in _lines(event)
    ]
    if len(lines) <= MOST_LINES:
        return tuple(lines)
    half = MOST_LINES // 2
    left_out = f"({len(lines) - 2 * half + 1} lines are left out here)"
    return (*lines[:half], left_out, *lines[-half + 1 :])


def printable(text: str) -> str:
    """``text`` with every character that a terminal or an encoder may stumble on written out."""
    return "".join(
        character
        if character.isprintable() or character == "\n"
        else character.encode("unicode_escape").decode()
        for character in text
    )


def one_line(text: str) -> str:
    """The same, line ends included."""
    return printable(text).replace("\n", "\\n")


def short_line(line: str) -> str:
    """``line`` on one line, not longer than ``LONGEST_LINE`` and a word on its length."""
    line = line.replace("\n", "\\n")
    if len(line) <= LONGEST_LINE:
        return line
    return f"{line[:LONGEST_LINE]}... ({len(line)} characters)"


def _lines(event: Event) -> Iterator[str]:
    arrow = {"request": "> ", "answer": "< "}
    for told in exchange_events(event):
        if told.kind == "step":
            yield f"step {told.text}"
            continue
        connection = "" if told.connection is None else f"[{told.connection}]"
        where = f"  {told.target}{connection} {arrow.get(told.kind, '')}"
        yield f"{where}{told.text}"
        yield from (f"{where}  {detail}" for detail in told.details)

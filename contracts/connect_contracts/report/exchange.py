"""What went over the wire, as the data of a report: bounded in size, and without secrets."""

from __future__ import annotations

from collections.abc import Callable

from connect_contracts.model.observation import Observation
from connect_contracts.report.model import ExchangeEvent
from connect_harness.transcript import entries, short_line

MOST_EVENTS = 80


def exchange(observation: Observation, redacted: Callable[[str], str]) -> tuple[ExchangeEvent, ...]:
    """The events of ``observation`` in order, at most ``MOST_EVENTS`` of them.

    Every text is what ``redacted`` makes of it, on one line that is not too long.
    """
    first = observation.events[0].at if observation.events else 0
    return tuple(
        ExchangeEvent(
            entry.kind,
            short_line(entry.text),
            round((entry.at - first) / 1e6, 2),
            short_line(entry.target),
            entry.connection,
            entry.sender,
            tuple(map(short_line, entry.details)),
        )
        for entry in entries(observation.events, redacted, MOST_EVENTS)
    )

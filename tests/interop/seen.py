"""What a client asked of a target, from the target's side of the socket, as text.

Imported by the scripts that run in the environments of the public client.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from connect_harness.server import AnswerGiven, GatewayCommand, Journal, RequestReceived

_LONGEST = 3000


def lines_seen(journal: Journal) -> Iterator[str]:
    """One line for each request with its answer, and for each Py4J command with its reply."""
    requests = {event.number: event for event in journal.of(RequestReceived)}
    for event in journal.events:
        match event:
            case AnswerGiven():
                asked = requests[event.request]
                answer = f"{event.status} {_text(event.body)}"
                yield f"{asked.line} {_text(asked.request.body)} -> {answer}"
            case GatewayCommand(lines=lines, reply=reply) if lines[:1] not in (("m",), ("A",)):
                yield f"Py4J {' '.join(lines)} -> {reply}"


def last_seen(journal: Journal) -> str:
    """The last operation and its answer, without what let go of objects."""
    journal.wait_until_quiet()
    asked = list(lines_seen(journal))
    return asked[-1] if asked else "nothing"


def _text(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    try:
        value = json.loads(text)
    except ValueError:
        return text[:_LONGEST]
    if isinstance(value, dict) and "query" in value:
        return f"{' '.join(value['query'].split())} {json.dumps(value.get('variables'))}"
    return text[:_LONGEST]

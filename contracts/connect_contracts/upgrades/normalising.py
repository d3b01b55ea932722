"""What differs from run to run is taken out of texts: ports, paths, tokens, addresses, times."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from connect_contracts.checks.secrets.redaction import Redaction
from connect_contracts.model.json_text import json_of
from connect_contracts.model.observation import Observation
from connect_contracts.report.transcript import printable
from connect_harness.server import ConnectionAccepted, ListenerStarted

LONGEST_TEXT = 300
"""Characters of a text that are kept."""

LONGEST_VALUE = 2000
"""Bytes of the JSON of a value up to which it is kept whole."""

_EVERYWHERE = (
    # The folder of a run, and the numbered folders in it.
    (re.compile(r"[^\s'\"(\[=]*/connect-[a-z0-9_]{8}(?:/[a-z]+-\d+|/(?:home|tmp)\b)*"), "<folder>"),
    (re.compile(r"(?<=/)tmp[a-z0-9_]{8}\b"), "<temporary>"),
    (re.compile(r"(?<= at )0x[0-9a-fA-F]{6,}(?=>)"), "<address>"),
    # After a host, and not in a time of day.
    (
        re.compile(r"(\]|localhost|\d+(?:\.\d+){3}|[a-z][\w-]*(?:\.[\w-]+)+):\d{2,6}(?![\d:])"),
        r"\1:<port>",
    ),
)
_IN_MESSAGES = (
    (re.compile(r"0x[0-9a-fA-F]{6,}"), "<address>"),
    (re.compile(r"\(_ssl\.c:\d+\)"), "(_ssl.c)"),
    (re.compile(r"[^\s'\"(]*/(\w+\.py)"), r"\1"),
    (re.compile(r"(?<=\.py):\d+|(?<=line )\d+"), "<line>"),
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "<uuid>"),
    (re.compile(r"\b[0-9a-fA-F]{16,}\b"), "<hex>"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,\d]*(?:Z|[+-]\d\d:?\d\d)?"), "<time>"),
    (
        re.compile(
            r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? )?"
            r"(?:\d\d? [A-Z][a-z]{2} \d{4}|[A-Z][a-z]{2} {1,2}\d\d?)"
            r" \d\d:\d\d:\d\d(?: \d{4})?(?: GMT)?"
        ),
        "<time>",
    ),
    (
        re.compile(r"\b\d+(?:\.\d+)?(?:e-?\d+)?(?= ?(?:s|ms|seconds|milliseconds)\b)"),
        "<duration>",
    ),
    (re.compile(r"\b(Thread|Task|Process)-\d+"), r"\1-<number>"),
    (re.compile(r"\b(fd=|pid[ =:]?)\d+"), r"\1<number>"),
    # The identity of a thread, or of an object.
    (re.compile(r"\b\d{12,}\b"), "<number>"),
    (re.compile(r"(\bport[ =:]+)\d{2,6}\b"), r"\1<port>"),
    # The address of a socket.
    (re.compile(r"(\('[0-9a-f.:]+', )\d{2,5}\b"), r"\1<port>"),
)


class Normaliser:
    """What one run may say, made the same for every run.

    Parameters:
        observation: What was seen: its ports and its secrets are known.
    """

    def __init__(self, observation: Observation) -> None:
        self._redacted = Redaction(observation)
        ports = {target.port for target in observation.targets} | {*observation.silent_ports}
        for event in observation.events:
            if isinstance(event, ListenerStarted):
                ports |= {port for port in (event.port, event.gateway_port) if port is not None}
            elif isinstance(event, ConnectionAccepted):
                ports.add(event.client[1])
        alternatives = "|".join(str(port) for port in sorted(ports))
        self._ports = re.compile(rf"(?<![\w.])(?:{alternatives})(?![\w.]\w)") if ports else None

    def message(self, text: str) -> str:
        """The first line of what an exception says."""
        # Secrets first, while they stand there as they are known.
        line = self._redacted(text.strip().partition("\n")[0])
        for pattern, word in _IN_MESSAGES:
            line = pattern.sub(word, line)
        line = self.text(line)
        return printable(line if len(line) <= LONGEST_TEXT else f"{line[:LONGEST_TEXT]}...")

    def holds_secret(self, text: str) -> bool:
        """Whether a secret of the run stands in ``text``."""
        return self._redacted.finds(text)

    def text(self, text: str) -> str:
        """A text that is no message, such as a URL."""
        text = self._redacted(text)
        for pattern, word in _EVERYWHERE:
            text = pattern.sub(word, text)
        return text if self._ports is None else self._ports.sub("<port>", text)

    def value(self, value: Any) -> Any:
        """A value that was returned, in plain JSON form, of bounded size."""
        plain = self._inner(value)
        encoded = json_of(plain, "sorted")
        if len(encoded) <= LONGEST_VALUE:
            return plain
        begins = encoded[:LONGEST_TEXT].decode("utf-8", "ignore")
        return {"long": hashlib.sha256(encoded).hexdigest()[:16], "begins": begins}

    def _inner(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.text(str(name)): self._inner(inner) for name, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self._inner(inner) for inner in value]
        # numpy's floats are floats to Python, and not to JSON.
        return float(value) if isinstance(value, float) else value

"""What must not be said: secrets anywhere, and anything at all on the terminal."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator
from urllib.parse import quote

import msgspec

from connect_contracts.observation import Observation
from connect_contracts.view import View
from connect_contracts.wire.seen import HOLDS, Seen

SHORTEST = 8
"""A shorter text is no secret that can be known again: it stands in other words by chance."""

_PEM_LINE = re.compile(rb"^[A-Za-z0-9+/=]{40,}\s*$", re.MULTILINE)


class NothingOnTerminal(msgspec.Struct, frozen=True, tag="nothing on terminal"):
    """Nothing is written to the terminal, and so nobody is asked for anything there."""

    def told(self) -> str:
        return "nothing is asked on the terminal"

    def look(self, view: View) -> Seen:
        """Look at what the process wrote to its terminal."""
        written = view.observation.terminal.strip()
        if written:
            return Seen(violation=f"the terminal showed {written[:200]!r}")
        return Seen(evidence="the terminal stayed empty")


class Unspoken(msgspec.Struct, frozen=True, tag="unspoken"):
    """No secret that was handed out, in none of its forms, stands in anything that was said.

    What was said: exceptions with their chains, the ``repr`` of session and authentication, log
    records, warnings, standard output.
    """

    def told(self) -> str:
        return "no secret appears in an exception, a repr, a log record, a warning or the output"

    def look(self, view: View) -> Seen:
        """Look for every secret in every text."""
        texts = list(_texts(view.observation))
        if not any(text.strip() for _, text in texts):
            return Seen(missing="nothing was said in which a secret could have appeared")
        for secret, what in _secrets(view.observation):
            for source, text in texts:
                if secret in text:
                    return Seen(violation=f"{what} appeared in {source}")
        return HOLDS


def _texts(observation: Observation) -> Iterator[tuple[str, str]]:
    """Everything that was said, with the words for where."""
    for result in observation.results:
        if result.raised is not None:
            yield "an exception", result.raised.text
            for kind, text in result.raised.chain:
                yield f"the chain of an exception ({kind})", text
    for one in observation.said:
        yield one.source, one.text


def _secrets(observation: Observation) -> Iterator[tuple[str, str]]:
    """Every secret in each of its forms, with the words for what it is."""
    for secret in observation.secrets:
        if len(secret) >= SHORTEST:
            for form in dict.fromkeys(_forms(secret)):
                yield form, "a password or token"
    for pem in observation.keys:
        for line in _PEM_LINE.findall(pem):
            yield line.decode("ascii").strip(), "a private key"


def _forms(secret: str) -> Iterator[str]:
    data = secret.encode()
    yield secret
    yield repr(secret)[1:-1]
    yield json.dumps(secret)[1:-1]
    yield quote(secret, safe="")
    yield binascii.hexlify(data).decode("ascii")
    yield base64.b64encode(data).decode("ascii").rstrip("=")
    yield base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")

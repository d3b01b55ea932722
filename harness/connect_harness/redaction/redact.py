"""Secrets are taken out of a text by value, in every form in which they may stand there."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from connect_harness.exchange import Request
from connect_harness.redaction import REDACTED, Secret
from connect_harness.redaction.detector import Detector, written_forms

if TYPE_CHECKING:
    from connect_harness.server.events import Event

SECRET_HEADERS = ("authorization", "proxy-authorization", "cookie", "set-cookie")

SHORTEST = 4
"""A shorter value is left where it stands: it would be found in every other word."""

ANYWHERE = 8
"""From this length on a value is taken out also in the middle of a word."""

_TOKEN = re.compile(r'"(?:access_)?token"\s*:\s*"([^"]+)"')
_SECRET_NAME = re.compile(r"(?:password|passwd|passphrase|secret|token|assertion|api_?key)$")
"""How the name of a field or a header ends whose value is secret, in lower case."""


class Redaction:
    """Takes secrets out of texts.

    What is long enough is taken out wherever the detector finds it: both know the same forms.

    Parameters:
        secrets: What is secret.
        carriers: What is built from secrets, and tells them: credentials and headers, whole.
    """

    def __init__(self, secrets: Iterable[Secret], carriers: Iterable[str] = ()) -> None:
        found = list(secrets)
        # What stands in the word that replaces a secret would be replaced for ever.
        own = Detector(found).find(REDACTED * 2)
        self._detector = Detector(secret for secret in found if secret not in own)
        values = {form for secret in found for form in written_forms(secret.value)}
        # The longest first: a value may be a part of another.
        ordered = sorted({*values, *carriers}, key=lambda value: (-len(value), value))
        self._values = [value for value in ordered if len(value) >= SHORTEST]

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(map(_pattern, self._values)))

    def __call__(self, text: str) -> str:
        """``text`` without any of the secrets."""
        if len(text) < SHORTEST:
            return text
        # Most texts have none, and to compile the pattern takes longer than to look for each.
        if any(map(text.__contains__, self._values)):
            text = self._pattern.sub(REDACTED, text)
        while (place := self._detector.where(text)) is not None:
            text = f"{text[: place[0]]}{REDACTED}{text[place[1] :]}"
        return text


def header_shown(name: str, value: str) -> str:
    """The value of a header as it may be shown: of a secret one, its scheme and its length."""
    if not _is_secret_header(name):
        return value
    scheme, separator, rest = value.partition(" ")
    if name.lower().endswith("authorization") and separator:
        return f"{scheme} ({len(rest)} characters)"
    return f"({len(value)} characters)"


def tokens_in(event: Event) -> Iterator[str]:
    """The tokens that a target itself hands out, or takes at its gateway."""
    # Loaded on demand: who talks to nobody reads texts too.
    from connect_harness.server.events import AnswerGiven, GatewayCommand

    match event:
        case AnswerGiven() if b'token"' in event.body:
            yield from _TOKEN.findall(event.body.decode("utf-8", "replace"))
        case GatewayCommand(lines=("A", token, *_)):
            yield token


def _is_secret(name: str) -> bool:
    return _SECRET_NAME.search(name.lower().replace("-", "_")) is not None


def _is_secret_header(name: str) -> bool:
    return name.lower() in SECRET_HEADERS or _is_secret(name)


def passwords_in(request: Request) -> Iterator[str]:
    """What a client sends that is secret by its place, that too which the target does not know.

    That is the password of Basic, and what the names of fields say: in the query, in a form, in
    JSON.
    """
    scheme, _, encoded = (request.header("authorization") or b"").partition(b" ")
    if scheme.lower() == b"basic":
        try:
            pair = base64.b64decode(encoded.strip(), validate=True)
        except binascii.Error:
            return
        yield pair.partition(b":")[2].decode("utf-8", "replace")
    fields = parse_qsl(request.query)
    if b"urlencoded" in (request.header("content-type") or b""):
        fields += parse_qsl(request.body.decode("utf-8", "replace"))
    yield from (value for name, value in fields if _is_secret(name))
    if request.body.lstrip()[:1] in (b"{", b"["):
        with suppress(ValueError, RecursionError):
            yield from _secrets_of(json.loads(request.body))


def _secrets_of(value: object, secret: bool = False) -> Iterator[str]:
    match value:
        case dict():
            for name, each in value.items():
                yield from _secrets_of(each, _is_secret(name))
        case list():
            for each in value:
                yield from _secrets_of(each, secret)
        case str() if secret:
            yield value


def carriers_in(headers: Iterable[tuple[str, str]]) -> Iterator[str]:
    """The values of secret headers, whole and without their scheme."""
    for name, value in headers:
        if _is_secret_header(name):
            yield value
            yield value.partition(" ")[2].strip()


def headers_in(events: Iterable[Event]) -> Iterator[tuple[str, str]]:
    """The headers of all requests, their values as text."""
    from connect_harness.server.events import RequestReceived

    for event in events:
        if isinstance(event, RequestReceived):
            for name, value in event.request.headers:
                yield name, value.decode("latin-1")


def redaction_of(events: Iterable[Event], secrets: Iterable[Secret] = ()) -> Redaction:
    """What takes out of a text the secrets that stand in ``events``, and those given."""
    from connect_harness.server.events import RequestReceived

    events = tuple(events)
    found = list(secrets)
    for event in events:
        found += [Secret(token, "a token") for token in tokens_in(event)]
        if isinstance(event, RequestReceived):
            found += [Secret(sent, "a password") for sent in passwords_in(event.request)]
    return Redaction(dict.fromkeys(found), carriers_in(headers_in(events)))


def _pattern(value: str) -> str:
    if len(value) >= ANYWHERE:
        return re.escape(value)
    return rf"(?<!\w){re.escape(value)}(?!\w)"

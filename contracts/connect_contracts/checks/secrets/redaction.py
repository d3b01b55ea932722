"""Secrets are taken out of a text by value, in every form in which they may stand there."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

from connect_contracts.checks.secrets.detector import Detector, written_forms
from connect_contracts.model.observation import Observation, Secret
from connect_contracts.model.scenario import Basic, Own, Scenario, calls_of
from connect_harness.server import AnswerGiven, Event, GatewayCommand, RequestReceived

REDACTED = "**REDACTED**"

SECRET_HEADERS = ("authorization", "proxy-authorization", "cookie", "set-cookie")

SHORTEST = 4
"""A shorter value is left where it stands: it would be found in every other word."""

ANYWHERE = 8
"""From this length on a value is taken out also in the middle of a word."""

_TOKEN = re.compile(r'"token"\s*:\s*"([^"]+)"')


class Redaction:
    """The secrets of observations, and how to take them out of texts.

    What is long enough is taken out wherever the detector finds it: both know the same forms.
    """

    def __init__(self, *observations: Observation) -> None:
        found = [secret for each in observations for secret in _secrets(each)]
        # What stands in the word that replaces a secret would be replaced for ever.
        own = Detector(found).find(REDACTED * 2)
        self._detector = Detector(secret for secret in found if secret not in own)
        values = {form for secret in found for form in written_forms(secret.value)}
        values |= {carrier for each in observations for carrier in _carriers(each)}
        # The longest first: a value may be a part of another.
        ordered = sorted(values, key=lambda value: (-len(value), value))
        patterns = [_pattern(value) for value in ordered if len(value) >= SHORTEST]
        self._pattern = re.compile("|".join(patterns)) if patterns else None

    def __call__(self, text: str) -> str:
        """``text`` without any of the secrets."""
        if self._pattern is not None:
            text = self._pattern.sub(REDACTED, text)
        while (place := self._detector.where(text)) is not None:
            text = f"{text[: place[0]]}{REDACTED}{text[place[1] :]}"
        return text

    def finds(self, text: str) -> bool:
        """Whether any of the secrets stands in ``text``."""
        known = self._pattern is not None and self._pattern.search(text) is not None
        return known or bool(self._detector.find(text))


def header_shown(name: str, value: str) -> str:
    """The value of a header as it may be shown: of a secret one, its scheme and its length."""
    if name.lower() not in SECRET_HEADERS:
        return value
    scheme, separator, rest = value.partition(" ")
    if name.lower().endswith("authorization") and separator:
        return f"{scheme} ({len(rest)} characters)"
    return f"({len(value)} characters)"


def _secrets(observation: Observation) -> Iterator[Secret]:
    yield from observation.secrets
    values = [password for _, password in _credentials(observation.scenario)]
    for event in observation.events:
        values += _of_event(event)
    yield from (Secret(value, "a password") for value in values)


def _of_event(event: Event) -> Iterator[str]:
    match event:
        case AnswerGiven() if b'"token"' in event.body:
            # Tokens that the target itself hands out: for its gateway, or as a JWT.
            yield from _TOKEN.findall(event.body.decode("utf-8", "replace"))
        case GatewayCommand(lines=("A", token, *_)):
            yield token


def _credentials(scenario: Scenario) -> Iterator[tuple[str, str]]:
    for target in scenario.targets:
        yield from ((user.name, user.password) for user in target.users if user.password)
    for _, call in calls_of(scenario):
        if isinstance(call.authentication, Basic):
            yield call.authentication.username, call.authentication.password
        if call.userinfo:
            name, _, password = call.userinfo.partition(":")
            yield name, password
    for step in scenario.steps:
        if isinstance(step, Own) and step.user is not None and step.user.password:
            yield step.user.name, step.user.password


def _carriers(observation: Observation) -> Iterator[str]:
    """What is built from secrets, and tells them: credentials and headers, whole."""
    yield from _pairs(observation.scenario)
    headers = [header for asked in observation.asked for header in asked.headers]
    for event in observation.events:
        if isinstance(event, RequestReceived):
            headers += [(name, value.decode("latin-1")) for name, value in event.request.headers]
    for name, value in headers:
        if name.lower() in SECRET_HEADERS:
            yield value
            yield value.partition(" ")[2].strip()


def _pairs(scenario: Scenario) -> Iterator[str]:
    """Credentials as Basic sends them, in which a password too short for the detector stands."""
    for username, password in _credentials(scenario):
        for encoding in ("utf-8", "latin-1"):
            pair = f"{username}:{password}".encode(encoding, "replace")
            yield base64.b64encode(pair).decode()


def _pattern(value: str) -> str:
    if len(value) >= ANYWHERE:
        return re.escape(value)
    return rf"(?<!\w){re.escape(value)}(?!\w)"

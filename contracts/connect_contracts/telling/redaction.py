"""Secrets are taken out of a text by value, in every form in which they may stand there."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

from connect_contracts.detector import aligned_base64
from connect_contracts.observation import Observation
from connect_contracts.scenario import Basic, Connect, Own, Scenario, Step, Together
from connect_harness.server import AnswerGiven, Event, GatewayCommand, RequestReceived

REDACTED = "**REDACTED**"

SECRET_HEADERS = ("authorization", "proxy-authorization", "cookie", "set-cookie")

SHORTEST = 4
"""A shorter value is left where it stands: it would be found in every other word."""

ANYWHERE = 8
"""From this length on a value is taken out also in the middle of a word."""

_TOKEN = re.compile(r'"token"\s*:\s*"([^"]+)"')


class Redaction:
    """The secrets of observations, and how to take them out of texts."""

    def __init__(self, *observations: Observation) -> None:
        values = {
            form
            for observation in observations
            for secret in _secrets(observation)
            for form in _forms(secret)
            if len(form) >= SHORTEST
        }
        # The longest first: a value may be a part of another.
        patterns = [_pattern(one) for one in sorted(values, key=lambda one: (-len(one), one))]
        self._pattern = re.compile("|".join(patterns)) if patterns else None

    def __call__(self, text: str) -> str:
        """``text`` without any of the secrets."""
        return text if self._pattern is None else self._pattern.sub(REDACTED, text)


def header_shown(name: str, value: str) -> str:
    """The value of a header as it may be shown: of a secret one, its scheme and its length."""
    if name.lower() not in SECRET_HEADERS:
        return value
    scheme, separator, rest = value.partition(" ")
    if name.lower().endswith("authorization") and separator:
        return f"{scheme} ({len(rest)} characters)"
    return f"({len(value)} characters)"


def _secrets(observation: Observation) -> Iterator[str]:
    yield from _of_scenario(observation.scenario)
    for secret in observation.secrets:
        yield secret.value
        # Within credentials that were never sent: those that were are in the events.
        yield from (one.decode("ascii") for one in aligned_base64(secret.value.encode()))
    for event in observation.events:
        yield from _of_event(event)
    for asked in observation.asked:
        for name, given in asked.headers:
            if name.lower() in SECRET_HEADERS:
                yield from _of_header(given)


def _of_event(event: Event) -> Iterator[str]:
    match event:
        case RequestReceived():
            for name, value in event.request.headers:
                if name in SECRET_HEADERS:
                    yield from _of_header(value.decode("latin-1"))
        case AnswerGiven() if b'"token"' in event.body:
            # Tokens that the target itself hands out: for its gateway, or as a JWT.
            yield from _TOKEN.findall(event.body.decode("utf-8", "replace"))
        case GatewayCommand(lines=("A", token, *_)):
            yield token
        case _:
            return


def _of_scenario(scenario: Scenario) -> Iterator[str]:
    for target in scenario.targets:
        for user in target.users:
            yield from _pair(user.name, user.password)
    for step in scenario.steps:
        yield from _of_step(step)


def _of_step(step: Step) -> Iterator[str]:
    match step:
        case Connect():
            given = step.call.authentication
            if isinstance(given, Basic):
                yield from _pair(given.username, given.password)
            if step.call.userinfo:
                yield step.call.userinfo.partition(":")[2]
        case Own() if step.user is not None:
            yield from _pair(step.user.name, step.user.password)
        case Together(branches):
            for branch in branches:
                for one in branch:
                    yield from _of_step(one)
        case _:
            return


def _pair(username: str, password: str | None) -> Iterator[str]:
    if password:
        yield password
        for encoding in ("utf-8", "latin-1"):
            pair = f"{username}:{password}".encode(encoding, "replace")
            yield base64.b64encode(pair).decode()


def _of_header(value: str) -> Iterator[str]:
    yield value
    yield value.partition(" ")[2].strip()


def _forms(secret: str) -> Iterator[str]:
    yield secret
    yield json.dumps(secret)[1:-1]
    yield repr(secret)[1:-1]
    yield quote(secret)
    yield quote(secret, safe="")
    yield quote_plus(secret)
    yield secret.encode().decode("latin-1")


def _pattern(value: str) -> str:
    if len(value) >= ANYWHERE:
        return re.escape(value)
    return rf"(?<!\w){re.escape(value)}(?!\w)"

"""The secrets of observations, which are taken out of every text about them."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from connect_contracts.model.observation import Observation
from connect_contracts.model.scenario import Basic, Own, Scenario, calls_of
from connect_harness.redaction import Secret, redact


class Redaction(redact.Redaction):
    """Takes the secrets of observations out of texts."""

    def __init__(self, *observations: Observation) -> None:
        found = [secret for each in observations for secret in _secrets(each)]
        super().__init__(found, (carrier for each in observations for carrier in _carriers(each)))


def _secrets(observation: Observation) -> Iterator[Secret]:
    yield from observation.secrets
    values = [password for _, password in _credentials(observation.scenario)]
    for event in observation.events:
        values += redact.tokens_in(event)
    yield from (Secret(value, "a password") for value in values)


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
    for asked in observation.asked:
        yield from redact.carriers_in(asked.headers)
    yield from redact.carriers_in(redact.headers_in(observation.events))


def _pairs(scenario: Scenario) -> Iterator[str]:
    """Credentials as Basic sends them, in which a password too short for the detector stands."""
    for username, password in _credentials(scenario):
        for encoding in ("utf-8", "latin-1"):
            pair = f"{username}:{password}".encode(encoding, "replace")
            yield base64.b64encode(pair).decode()

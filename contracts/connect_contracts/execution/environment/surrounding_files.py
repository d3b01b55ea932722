"""What the words of a scenario's surroundings stand for in a run: files, addresses, ``.netrc``."""

from __future__ import annotations

from pathlib import Path

from connect_contracts.execution.call.resources import CallResources
from connect_contracts.model.scenario import Scenario, calls_of

AUTHORITIES = ("authority", "stranger")


def variables_of(scenario: Scenario, resources: CallResources) -> dict[str, str]:
    """The environment variables of a scenario, with paths and addresses in place of words."""
    return {name: _value(value, resources) for name, value in scenario.surroundings}


def _value(value: str, resources: CallResources) -> str:
    for name in AUTHORITIES:
        if f"{{{name}}}" in value:
            value = value.replace(f"{{{name}}}", str(resources.authority_file(name)))
    if "{proxy}" in value:
        port = resources.targets["proxy"].port
        value = value.replace("{proxy}", f"http://localhost:{port}")
    return value


def write_netrc(scenario: Scenario, home: Path, resources: CallResources) -> None:
    """Write the file that ``netrc`` and the libraries that read it look for, if there is one."""
    users = scenario.targets[0].users
    user = next((each for each in users if each.name == scenario.netrc), None)
    if user is None:
        return
    hosts = dict.fromkeys(call.host for _, call in calls_of(scenario))
    lines = [f"machine {host} login {user.name} password {user.password}\n" for host in hosts]
    resources.write(".netrc", "".join(lines).encode("utf-8"), folder=home, private=True)

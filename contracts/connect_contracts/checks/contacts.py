"""Whom a step contacted besides the targets."""

from __future__ import annotations

from connect_contracts.checks.step_view import StepView
from connect_contracts.model.process_state import Contact
from connect_contracts.model.scenario import calls_of

LOOPBACK = {"127.0.0.1", "::1"}


def describe_contacts(view: StepView) -> str | None:
    """Whom the step contacted besides the targets, in words; ``None`` if it was not looked at."""
    after = view.result.after
    if after is None or after.resources is None:
        return None
    return f"it contacted {', '.join(besides_targets(view)) or 'nobody'} besides the target"


def besides_targets(view: StepView) -> list[str]:
    """Whom the step contacted that is no target, and no name by which it was given one."""
    from connect_harness.server import ListenerStarted

    ports = {
        port
        for event in view.observation.events
        if isinstance(event, ListenerStarted)
        for port in (event.port, event.gateway_port)
    }
    hosts = {call.host.lower() for _, call in calls_of(view.observation.scenario)}
    return [
        contact.host if contact.port is None else f"{contact.host}:{contact.port}"
        for contact in view.result.contacts
        if not _is_target(contact, hosts, ports)
    ]


def _is_target(contact: Contact, hosts: set[str], ports: set[int | None]) -> bool:
    if contact.port is None:
        return contact.host.lower() in hosts | LOOPBACK
    return contact.host in LOOPBACK and contact.port in ports

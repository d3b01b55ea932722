"""A step's handshakes in a few words: for what is recorded without a verdict."""

from __future__ import annotations

from collections.abc import Iterator

from connect_contracts.checks.step_view import Connection, StepView


def describe_handshakes(view: StepView) -> str:
    """Server name, offered protocols, version and alert of each handshake, equal ones once."""
    described = dict.fromkeys(
        ", ".join(_described(connection))
        for connection in view.connections
        if connection.completed is not None or connection.failed is not None
    )
    return "; ".join(described)


def _described(connection: Connection) -> Iterator[str]:
    event = connection.completed or connection.failed
    hello = event.hello if event is not None else None
    if hello is not None:
        name = hello.server_name
        yield "no server name" if name is None else f"server name {name}"
        offered = " and ".join(hello.alpn)
        yield f"offering {offered}" if offered else "offering no application protocol"
    if connection.completed is not None:
        yield connection.completed.version
    if connection.alert is not None:
        yield f"alert {connection.alert} by the {connection.alert_by}"

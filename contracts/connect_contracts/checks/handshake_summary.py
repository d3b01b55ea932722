"""What a step's handshakes were like, in a few words: for what is recorded without a verdict."""

from __future__ import annotations

from collections.abc import Iterator

from connect_contracts.checks.step_view import Connection, StepView


def describe_handshakes(view: StepView) -> str:
    """The handshakes of a step, those that were alike told once; empty without any.

    Of each: the server name and the application protocols that the client's hello offers, what was
    agreed, and the alert that ended it.
    """
    told = dict.fromkeys(
        ", ".join(_told(one))
        for one in view.connections
        if one.completed is not None or one.failed is not None
    )
    return "; ".join(told)


def _told(connection: Connection) -> Iterator[str]:
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

"""Whether this process may use the loopback interface at all."""

from __future__ import annotations

import socket
from functools import cache


def blocked() -> str | None:
    """Why nothing can be reached on loopback, as a sentence, or ``None``.

    A plugin such as pytest-socket takes sockets away from tests. An implementation that then
    fails to connect has done nothing wrong, so that no verdict may be had.
    """
    try:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            socket.create_connection(listening.getsockname(), timeout=5).close()
    except Exception as error:  # whatever class the plugin raises
        return (
            f"sockets are blocked here ({type(error).__name__}): allow loopback, which "
            "pytest-socket does by --allow-hosts=127.0.0.1,::1 or its marker enable_socket"
        )
    return None


@cache
def has_ipv6() -> bool:
    """Whether this machine has the address ::1."""
    if not socket.has_ipv6:
        return False
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True

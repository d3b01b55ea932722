"""Whom this process contacts, by what Python's audit events say (PEP 578)."""

from __future__ import annotations

import sys
from typing import Any

from connect_contracts.model.process_state import Contact

_RESOLVING = ("socket.getaddrinfo", "socket.gethostbyname")
_SENDING = ("socket.connect", "socket.sendto", "socket.sendmsg")


class Contacts:
    """Notes names that are resolved and addresses that are contacted, once it is installed.

    A hook cannot be removed, so it is for a process that ends with the run. What is sent by
    other code than Python's ``socket`` is not seen.
    """

    def __init__(self) -> None:
        self._noted: list[Contact] = []

    def install(self) -> None:
        """Note everything from now on."""
        sys.addaudithook(self._note)

    def since(self, number: int) -> tuple[Contact, ...]:
        """What was noted after the first ``number``, each once."""
        return tuple(dict.fromkeys(self._noted[number:]))

    def __len__(self) -> int:
        return len(self._noted)

    def _note(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in _RESOLVING and arguments and isinstance(arguments[0], str | bytes):
            host = arguments[0]
            self._noted.append(Contact(host if isinstance(host, str) else host.decode("latin-1")))
        elif event in _SENDING:
            address = arguments[1]
            if isinstance(address, tuple) and len(address) > 1:
                self._noted.append(Contact(str(address[0]), int(address[1])))

"""The objects that the clients of one gateway hold by id."""

from __future__ import annotations

import itertools
import threading

from connect_harness.protocols.py4j.objects import CallError


class Registry:
    """Objects by id, shared by all connections of a gateway.

    A client releases what it no longer needs from any thread, on any of its connections.
    """

    def __init__(self) -> None:
        self._objects: dict[str, object] = {}
        self._numbers = itertools.count()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._objects)

    def register(self, value: object) -> str:
        """Keeps ``value`` until it is released, and returns its id."""
        with self._lock:
            identity = f"o{next(self._numbers)}"
            self._objects[identity] = value
        return identity

    def find(self, identity: str) -> object:
        """The object with this id.

        Raises:
            CallError: If there is none, or no longer.
        """
        with self._lock:
            if identity not in self._objects:
                raise CallError(f"Target Object ID does not exist for this gateway :{identity}")
            return self._objects[identity]

    def release(self, identity: str) -> None:
        """Forgets the object with this id; an unknown id is ignored, as Py4J does."""
        with self._lock:
            self._objects.pop(identity, None)

    def clear(self) -> None:
        """Forgets every object."""
        with self._lock:
            self._objects.clear()

"""Data transactions: changes that take effect together, when their transaction ends."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable

from connect_harness.protocols.py4j.objects import JavaError


class Transactions:
    """The open data transactions of one target session.

    A client names its transaction by the text of its id; release 0.9.1 only says that it has one,
    which then is the last one opened.
    """

    def __init__(self) -> None:
        self._changes: dict[str, list[Callable[[], object]]] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def start(self) -> str:
        """Opens a transaction and returns its id: digits, since release 0.9.1 reads a number."""
        with self._lock:
            identity = str(next(self._numbers))
            self._changes[identity] = []
        return identity

    def apply(self, change: Callable[[], object], transaction: object) -> None:
        """Makes a change now, or when its transaction ends.

        Parameters:
            change: Makes it.
            transaction: ``None`` or ``False`` for none; ``True`` for the last one opened; or an id.

        Raises:
            JavaError: If there is no such transaction.
        """
        if transaction is None or transaction is False:
            change()
            return
        with self._lock:
            self._changes[self._identity(transaction)].append(change)

    def end(self, transaction: object, *, commit: bool) -> None:
        """Ends a transaction: makes its changes in order, or forgets them.

        Raises:
            JavaError: If there is no such transaction.
        """
        with self._lock:
            changes = self._changes.pop(self._identity(transaction))
        if commit:
            for change in changes:
                change()

    def _identity(self, transaction: object) -> str:
        last = next(reversed(self._changes), None)
        identity = last if transaction is True else str(transaction)
        if identity is None or identity not in self._changes:
            raise JavaError("No such transaction is open", "java.lang.IllegalStateException")
        return identity

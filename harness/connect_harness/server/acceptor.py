"""The one thread of this process that waits for connections, for all targets."""

from __future__ import annotations

import os
import selectors
import socket
import threading
from collections import deque
from collections.abc import Callable
from functools import partial

Accept = Callable[[socket.socket], None]
"""Takes all connections that wait at a listening socket. Must not raise."""

_ENDING_SECONDS = 1.0


def watch(sockets: tuple[socket.socket, ...], accept: Accept) -> None:
    """Have ``accept`` called when a connection waits at one of ``sockets``.

    The thread starts with the first socket and ends with the last.
    """
    with _process.lock:
        if not _process.minds_forks:
            _process.minds_forks = True
            os.register_at_fork(after_in_child=_after_fork)
        if _process.acceptor is None:
            _process.acceptor = Acceptor()
        _process.acceptor.add(sockets, accept)


def unwatch(sockets: tuple[socket.socket, ...]) -> None:
    """Stop watching ``sockets``; a call of ``accept`` may be under way still."""
    with _process.lock:
        acceptor = _process.acceptor
        if acceptor is None or not acceptor.remove(sockets):
            return
        _process.acceptor = None
    acceptor.join()


class Acceptor:
    """The thread. What is changed from outside is handed over and takes effect in its own time."""

    def __init__(self) -> None:
        self._watched: dict[socket.socket, Accept] = {}
        self._registered: set[socket.socket] = set()
        self._changes: deque[Callable[[], object]] = deque()
        self._selector = selectors.DefaultSelector()
        self._woken, self._waker = socket.socketpair()
        self._woken.setblocking(False)
        self._waker.setblocking(False)
        self._selector.register(self._woken, selectors.EVENT_READ)
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="connect-acceptor", daemon=True)
        self._thread.start()

    def add(self, sockets: tuple[socket.socket, ...], accept: Accept) -> None:
        """Watch ``sockets`` too."""
        for listening in sockets:
            self._watched[listening] = accept
            self._changes.append(partial(self._register, listening))
        self._wake()

    def remove(self, sockets: tuple[socket.socket, ...]) -> bool:
        """Watch ``sockets`` no more.

        Returns:
            Whether these were the last, and the thread ends.
        """
        for listening in sockets:
            self._watched.pop(listening, None)
            self._changes.append(partial(self._unregister, listening))
        if not self._watched:
            self._changes.append(self._end)
        self._wake()
        return not self._watched

    def join(self) -> None:
        """Wait until the thread has ended, bounded."""
        if threading.current_thread() is not self._thread:
            self._thread.join(_ENDING_SECONDS)

    def forget(self) -> None:
        """In a forked process, where the thread does not exist: close what was inherited."""
        for inherited in (*self._watched, self._woken, self._waker):
            inherited.close()
        self._selector.close()

    def _wake(self) -> None:
        try:
            self._waker.send(b"\0")
        except BlockingIOError:
            # It is being woken already.
            return

    def _run(self) -> None:
        while not self._ended:
            for key, _ in self._selector.select():
                if key.fileobj is self._woken:
                    self._woken.recv(4096)
                    self._change()
                else:
                    key.data(key.fileobj)
        self._selector.close()
        self._woken.close()
        self._waker.close()

    def _change(self) -> None:
        # Under the lock no socket is closed between the look at it and its registration, and
        # nobody is still about to wake this thread when it ends.
        with _process.lock:
            while self._changes:
                self._changes.popleft()()

    def _register(self, listening: socket.socket) -> None:
        accept = self._watched.get(listening)
        if accept is not None:
            self._selector.register(listening, selectors.EVENT_READ, accept)
            self._registered.add(listening)

    def _unregister(self, listening: socket.socket) -> None:
        if listening in self._registered:
            self._registered.discard(listening)
            self._selector.unregister(listening)

    def _end(self) -> None:
        self._ended = True


class _Process:
    """The acceptor of this process, if it has one."""

    def __init__(self) -> None:
        self.acceptor: Acceptor | None = None
        self.lock = threading.Lock()
        self.minds_forks = False


_process = _Process()


def _after_fork() -> None:
    # The lock may have been held by a thread that the new process does not have.
    _process.lock = threading.Lock()
    inherited, _process.acceptor = _process.acceptor, None
    if inherited is not None:
        inherited.forget()

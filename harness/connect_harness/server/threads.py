"""The threads of this process, which all its targets share: one that accepts, and workers.

A thread of its own would cost an idle target memory, and a client a good part of the time until its
first answer.
"""

from __future__ import annotations

import os
import queue
import selectors
import socket
import threading
from collections import deque
from collections.abc import Callable
from functools import partial

Accept = Callable[[socket.socket], None]
"""Takes all connections that wait at a listening socket. Must not raise."""
Task = Callable[[], None]

SPARE = 1
"""How many workers of this process may wait for a connection."""

_ENDING_SECONDS = 1.0

_CHANGED_WHILE_WAITING = ("EpollSelector", "KqueueSelector")


def watch(sockets: tuple[socket.socket, ...], accept: Accept) -> None:
    """Have ``accept`` called when a connection waits at one of ``sockets``.

    The thread starts with the first socket and ends with the last.
    """
    with _process.lock:
        _process.mind_forks()
        if _process.acceptor is None:
            _process.acceptor = Acceptor(sockets, accept)
        else:
            _process.acceptor.add(sockets, accept)


def unwatch(sockets: tuple[socket.socket, ...]) -> None:
    """Stop watching ``sockets``; a call of ``accept`` may be under way still."""
    with _process.lock:
        acceptor = _process.acceptor
        if acceptor is None or not acceptor.remove(sockets):
            return
        _process.acceptor = None
    acceptor.join()


def workers() -> Workers:
    _process.mind_forks()
    return _process.workers


class Acceptor:
    """The thread that waits for connections.

    The system takes changes of what epoll and kqueue wait for while they wait; to wake the thread
    would cost each target two switches. Elsewhere changes take effect in that thread.
    """

    def __init__(self, sockets: tuple[socket.socket, ...], accept: Accept) -> None:
        self._watched: dict[socket.socket, Accept] = dict.fromkeys(sockets, accept)
        self._registered: set[socket.socket] = set()
        self._changes: deque[Callable[[], object]] = deque()
        self._selector = selectors.DefaultSelector()
        self._woken, self._waker = socket.socketpair()
        self._woken.setblocking(False)
        self._waker.setblocking(False)
        self._selector.register(self._woken, selectors.EVENT_READ)
        for listening in sockets:
            self._register(listening)
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="connect-acceptor", daemon=True)
        self._thread.start()

    def add(self, sockets: tuple[socket.socket, ...], accept: Accept) -> None:
        for listening in sockets:
            self._watched[listening] = accept
            self._change_to(partial(self._register, listening))

    def remove(self, sockets: tuple[socket.socket, ...]) -> bool:
        """Watch ``sockets`` no more; whether these were the last, and the thread ends."""
        for listening in sockets:
            self._watched.pop(listening, None)
            self._change_to(partial(self._unregister, listening))
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

    def _change_to(self, change: Callable[[], object]) -> None:
        if type(self._selector).__name__ in _CHANGED_WHILE_WAITING:
            change()
        else:
            self._changes.append(change)
            self._wake()

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
        # no other thread is still about to wake this thread when it ends.
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


class Work:
    """A task that is being done, or was."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def do(self) -> None:
        self._thread = threading.current_thread()
        try:
            self._task()
        finally:
            self._ended.set()

    @property
    def is_mine(self) -> bool:
        """Whether the calling thread is doing it."""
        return self._thread is threading.current_thread()

    def wait(self, limit: float) -> None:
        self._ended.wait(limit)


class Workers:
    """Threads that serve connections. Every method may be called from any thread.

    A thread that has served a connection waits for the next one, unless another thread waits
    already. It ends with the last listener of the process.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[threading.Thread, queue.SimpleQueue[Work | None]] = {}
        self._users = 0

    def open(self) -> None:
        """One more listener may give work."""
        with self._lock:
            self._users += 1

    def close(self) -> None:
        """One listener less. After the last no thread waits any more."""
        with self._lock:
            self._users -= 1
            if self._users:
                return
            waiting, self._waiting = self._waiting, {}
        for thread, tasks in waiting.items():
            tasks.put(None)
            thread.join(_ENDING_SECONDS)

    def start(self, task: Task) -> Work:
        """Have ``task`` done by a thread that waits, or by a new one."""
        work = Work(task)
        with self._lock:
            tasks = self._waiting.popitem()[1] if self._waiting else None
        if tasks is not None:
            tasks.put(work)
        else:
            thread = threading.Thread(
                target=self._serve, args=(work,), name="connect-worker", daemon=True
            )
            thread.start()
        return work

    def _serve(self, first: Work) -> None:
        tasks: queue.SimpleQueue[Work | None] = queue.SimpleQueue()
        work: Work | None = first
        del first
        while work is not None:
            work.do()
            # What a connection held must not live on while its thread waits.
            del work
            with self._lock:
                if not self._users or len(self._waiting) >= SPARE:
                    return
                self._waiting[threading.current_thread()] = tasks
            work = tasks.get()


class _Process:
    """What this process has; a forked one has no thread of its parent."""

    def __init__(self) -> None:
        self.acceptor: Acceptor | None = None
        self.workers = Workers()
        self.lock = threading.Lock()
        self._minds_forks = False

    def mind_forks(self) -> None:
        """Have the threads forgotten in processes that are forked from this one."""
        # Windows forks no process.
        if not self._minds_forks and hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._after_fork)
        self._minds_forks = True

    def _after_fork(self) -> None:
        # The lock may have been held by a thread that the new process does not have.
        self.lock = threading.Lock()
        self.workers = Workers()
        inherited, self.acceptor = self.acceptor, None
        if inherited is not None:
            inherited.forget()


_process = _Process()

"""CLEAN: connects that leave something behind, or change the process that calls them."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sys
import tempfile
import threading
import warnings
from typing import Any

from connect_contracts.selftest.reference_copy import ReferenceCopy
from connect_contracts.selftest.registry import broken


@broken(fails=("CLEAN-1[by-a-wrong-password]",))
def closes_at_exit_alone(reference: ReferenceCopy) -> None:
    """Each client is kept to be closed at exit, and a connect that fails relies on that."""
    until_exit: list[Any] = []

    @reference.around("_transport.Transport.__init__")
    def keeping(init: Any, transport: Any, *given: Any, **named: Any) -> None:
        init(transport, *given, **named)
        until_exit.append(transport)

    @reference.around("_session.ConnectedSession.__init__")
    def noting(init: Any, session: Any, transport: Any, versions: Any) -> None:
        until_exit.remove(transport)
        init(session, transport, versions)

    @reference.around("_transport.Transport.close")
    def relying(close: Any, transport: Any) -> None:
        if transport not in until_exit:
            close(transport)


def _start_watching(transport: Any) -> None:
    """Start a thread that ends when the transport's ``watched`` is set, or after a minute."""
    transport.watched = threading.Event()
    arguments = {"timeout": 60.0}
    threading.Thread(target=transport.watched.wait, kwargs=arguments, daemon=True).start()


@broken(fails=("CLEAN-1", "CLEAN-8"))
def leaves_its_heartbeat_running(reference: ReferenceCopy) -> None:
    """A thread that keeps the connection alive is started before the first answer, and is ended by
    the session's close alone."""

    @reference.around("_transport.Transport.__init__")
    def starting(init: Any, transport: Any, *given: Any, **named: Any) -> None:
        init(transport, *given, **named)
        _start_watching(transport)

    @reference.around("_session.ConnectedSession.close")
    def ending(close: Any, session: Any) -> None:
        close(session)
        session._transport.watched.set()


@broken(fails=("CLEAN-5",))
def leaves_a_thread_of_each_session(reference: ReferenceCopy) -> None:
    """A thread that listens for changes is started by each session, and is never ended."""

    @reference.around("_session.ConnectedSession.__init__")
    def listening(init: Any, session: Any, transport: Any, versions: Any) -> None:
        init(session, transport, versions)
        _start_watching(transport)


@broken(
    fails=("CLEAN-1", "CLEAN-5"),
    because="it is so whether connect fails or not, and after an interrupt too",
)
def leaves_a_file_of_cookies(reference: ReferenceCopy) -> None:
    """The cookies of each session are kept in a temporary file, which is never removed."""

    @reference.around("_transport.Transport.__init__")
    def writing(init: Any, transport: Any, *given: Any, **named: Any) -> None:
        init(transport, *given, **named)
        descriptor, _ = tempfile.mkstemp(prefix="cookies")
        os.close(descriptor)


def _before_connecting(reference: ReferenceCopy, change: Any) -> None:
    @reference.around("Session.connect")
    def changing(connect: Any, cls: Any, *given: Any, **named: Any) -> Any:
        change()
        return connect(cls, *given, **named)


@broken(fails=("CLEAN-2",))
def sets_a_variable(reference: ReferenceCopy) -> None:
    """``NO_PROXY`` is set for the whole process, so that a proxy does not stand in the way."""

    def change() -> None:
        os.environ["NO_PROXY"] = "*"

    _before_connecting(reference, change)


@broken(fails=("CLEAN-2",), because="what is logged is printed then")
def configures_logging(reference: ReferenceCopy) -> None:
    """Logging is configured for the whole process, so that what connect logs is shown."""
    _before_connecting(reference, lambda: logging.basicConfig(level=logging.INFO, force=True))


@broken(fails=("CLEAN-2",))
def silences_warnings(reference: ReferenceCopy) -> None:
    """Warnings of the whole process are ignored from then on."""
    _before_connecting(reference, lambda: warnings.simplefilter("ignore", UserWarning))


@broken(fails=("CLEAN-2",))
def sets_the_timeout_of_every_socket(reference: ReferenceCopy) -> None:
    """A time limit is set for every socket that the process makes from then on."""
    _before_connecting(reference, lambda: socket.setdefaulttimeout(45.0))


@broken(fails=("CLEAN-2",))
def narrows_the_umask(reference: ReferenceCopy) -> None:
    """The umask is narrowed for a file of its own, and stays so."""
    _before_connecting(reference, lambda: os.umask(0o077))


@broken(fails=("CLEAN-3[silent-when-it-connects]",))
def prints_that_it_connected(reference: ReferenceCopy) -> None:
    """A connect that succeeds is printed."""

    @reference.around("Session.connect")
    def printing(connect: Any, cls: Any, *given: Any, **named: Any) -> Any:
        session = connect(cls, *given, **named)
        sys.stdout.write("Connected. ")
        return session


@broken(fails=("CLEAN-3[silent-when-it-connects]",))
def empties_the_terminal(reference: ReferenceCopy) -> None:
    """What was typed at the terminal is thrown away, as before a question for a password."""

    def change() -> None:
        if sys.stdin is not None and sys.stdin.isatty():
            # Unix alone has it.
            import termios

            termios.tcflush(sys.stdin, termios.TCIFLUSH)

    _before_connecting(reference, change)


@broken(fails=("CLEAN-4[each-in-its-thread]",))
def keeps_the_caller_in_a_global(reference: ReferenceCopy) -> None:
    """While it connects, who calls is kept in a variable that all threads share."""
    current: list[Any] = [None]

    @reference.around("_transport.Transport.__init__")
    def keeping(init: Any, transport: Any, *given: Any, **named: Any) -> None:
        init(transport, *given, **named)
        current[0] = transport._client.auth

    @reference.around("_transport.Transport.get")
    def asking(get: Any, transport: Any, path: str) -> Any:
        own = transport._client.auth
        if path.endswith("/ping"):
            transport._client.auth = current[0]
        try:
            return get(transport, path)
        finally:
            transport._client.auth = own


@broken(fails=("CLEAN-6[within-an-event-loop]",))
def runs_a_loop_of_its_own(reference: ReferenceCopy) -> None:
    """Connect is a coroutine within, and is run by ``asyncio.run``."""

    @reference.around("Session.connect")
    def running(connect: Any, cls: Any, *given: Any, **named: Any) -> Any:
        async def within() -> Any:
            return connect(cls, *given, **named)

        coroutine = within()
        try:
            return asyncio.run(coroutine)
        finally:
            # Within a loop it never runs, and says so by a warning at some later moment.
            coroutine.close()


@broken(fails=("CLEAN-8",))
def takes_an_interrupt_for_a_failure(reference: ReferenceCopy) -> None:
    """Whatever ends a connect early is raised as an error of the connection."""

    @reference.around("Session.connect")
    def wrapping(connect: Any, cls: Any, *given: Any, **named: Any) -> Any:
        try:
            return connect(cls, *given, **named)
        except KeyboardInterrupt as error:
            raise ConnectionError("The target cannot be reached.") from error

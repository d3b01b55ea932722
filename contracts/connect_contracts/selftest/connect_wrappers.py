"""Wrappers around the call of connect: what it takes, remembers, and does to its process."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from connect_contracts.selftest.wrapping import ASKING, FILE, Calls, at, url_of, wrapper

# The call.


@wrapper(notices=("SIG-1",))
def always_raises(calls: Calls) -> None:
    """Every connect raises, before anything is sent."""

    @calls.around("connect")
    def refusing(*_: Any, **__: Any) -> Any:
        raise RuntimeError("not today")


@wrapper(notices=("SIG-2",))
def takes_all_by_position(calls: Calls) -> None:
    """``authentication`` and ``certificate_authority`` can be given by position."""

    @calls.around("connect")
    def by_position(connect: Any, *given: Any, **named: Any) -> Any:
        return connect(*given[:1], **dict(zip((ASKING, FILE), given[1:], strict=False)), **named)


@wrapper(notices=("SIG-3",))
def marks_an_explicit_none(calls: Calls) -> None:
    """``authentication=None`` sends a header that is not sent where the argument is left out."""

    @calls.around("connect")
    def marking(connect: Any, *given: Any, **named: Any) -> Any:
        if ASKING in named and named[ASKING] is None:
            named[ASKING] = lambda _url: {"X-Authentication": "none"}
        return connect(*given, **named)


class _Wrapped:
    def __init__(self, session: Any) -> None:
        self._session = session

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)


@wrapper(notices=("SIG-4",))
def returns_a_proxy(calls: Calls) -> None:
    """What is returned does all that a session does, and is no ``Session``."""

    @calls.around("connect")
    def wrapped(connect: Any, *given: Any, **named: Any) -> Any:
        return _Wrapped(connect(*given, **named))


@wrapper(notices=("SIG-5",))
def swallows_unknown_keywords(calls: Calls) -> None:
    """A keyword that is not known is passed over."""

    @calls.around("connect")
    def tolerant(connect: Any, *given: Any, **named: Any) -> Any:
        known = {name: named[name] for name in named if name in ("url", ASKING, FILE)}
        return connect(*given, **known)


@wrapper(notices=("SIG-6",))
def makes_do_without_a_url(calls: Calls) -> None:
    """Without a URL, or with one that is no text, a session is returned that leads nowhere."""

    @calls.around("connect")
    def unchecked(connect: Any, *given: Any, **named: Any) -> Any:
        known = isinstance(url_of(given, named), str)
        return connect(*given, **named) if known else object()


@wrapper(notices=("SIG-7",))
def takes_no_url_by_keyword(calls: Calls) -> None:
    """The URL can be given by position alone."""

    @calls.around("connect")
    def by_position(connect: Any, url: Any, /, **named: Any) -> Any:
        return connect(url, **named)


@wrapper(notices=("URL-1", "URL-3", "AUTH-5"))
def returns_without_asking(calls: Calls) -> None:
    """A session is returned at once, and the target is not asked."""

    @calls.around("connect")
    def at_once(*_: Any, **__: Any) -> Any:
        return object()


@wrapper(notices=("URL-3", "AUTH-5", "CA-2"))
def returns_where_it_must_raise(calls: Calls) -> None:
    """Every exception of connect becomes a session."""

    @calls.around("connect")
    def lenient(connect: Any, *given: Any, **named: Any) -> Any:
        try:
            return connect(*given, **named)
        except Exception:  # each of them is what it hides
            return object()


@wrapper(notices=("URL-2",))
def forgets_the_path(calls: Calls) -> None:
    """The path of the URL is left out."""

    @calls.around("connect")
    def without_path(connect: Any, *given: Any, **named: Any) -> Any:
        parts = urlsplit(url_of(given, named))
        return connect(**at(f"{parts.scheme}://{parts.netloc}", named))


@wrapper(notices=("URL-8[no-scheme]",))
def supplies_the_scheme(calls: Calls) -> None:
    """A URL without a scheme is taken for one of HTTP."""

    @calls.around("connect")
    def supplying(connect: Any, *given: Any, **named: Any) -> Any:
        url = str(url_of(given, named))
        return connect(**at(url if "://" in url else f"http://{url}", named))


# What it remembers.


def _remember(calls: Calls, *, by_user: bool) -> None:
    known: dict[tuple[Any, str | None], Any] = {}

    @calls.around("connect")
    def remembering(connect: Any, *given: Any, **named: Any) -> Any:
        user = calls.user_of(named.get(ASKING)) if by_user else None
        key = url_of(given, named), user
        if key not in known:
            known[key] = connect(*given, **named)
        return known[key]


@wrapper(notices=("AUTH-4[wrong-after-right]", "AUTH-11[in-turn]"))
def remembers_the_session_by_url(calls: Calls) -> None:
    """A second connect to one URL returns the session of the first."""
    _remember(calls, by_user=False)


@wrapper(notices=("AUTH-4[wrong-after-right]",))
def remembers_the_session_by_user(calls: Calls) -> None:
    """A second connect to one URL as one user returns the first session, whatever the password."""
    _remember(calls, by_user=True)


@wrapper(notices=("CA-18[not-then-given-then-not]",))
def remembers_a_refusal(calls: Calls) -> None:
    """What a connect to a URL raised is raised by every later one."""
    refused: dict[Any, Exception] = {}

    @calls.around("connect")
    def remembering(connect: Any, *given: Any, **named: Any) -> Any:
        url = url_of(given, named)
        if url in refused:
            raise refused[url]
        try:
            return connect(*given, **named)
        except Exception as error:
            refused[url] = error
            raise


# The process.


def _before_connecting(calls: Calls, change: Callable[[], object]) -> None:
    @calls.around("connect")
    def changing(connect: Any, *given: Any, **named: Any) -> Any:
        change()
        return connect(*given, **named)


@wrapper(notices=("CLEAN-3",))
def prints_that_it_connects(calls: Calls) -> None:
    """Each connect is printed."""
    _before_connecting(calls, lambda: sys.stdout.write("Connecting. "))


@wrapper(notices=("CLEAN-2",))
def sets_a_variable(calls: Calls) -> None:
    """An environment variable is set for the whole process."""
    _before_connecting(calls, lambda: os.environ.__setitem__("NO_PROXY", "*"))


@wrapper(notices=("CLEAN-2",))
def sets_the_timeout_of_every_socket(calls: Calls) -> None:
    """A time limit is set for every socket that the process makes from then on."""
    _before_connecting(calls, lambda: socket.setdefaulttimeout(45.0))


@wrapper(notices=("CLEAN-1",))
def leaves_a_socket_of_each_call(calls: Calls) -> None:
    """Each connect opens a socket and never closes it."""
    opened: list[socket.socket] = []
    _before_connecting(calls, lambda: opened.append(socket.socket()))


@wrapper(notices=("CLEAN-5",))
def leaves_a_thread_of_each_call(calls: Calls) -> None:
    """Each connect starts a thread that does not end."""

    def start() -> None:
        waiting = threading.Event()
        # Not for ever: where several cases are judged in one process it ends.
        threading.Thread(target=waiting.wait, kwargs={"timeout": 60.0}, daemon=True).start()

    _before_connecting(calls, start)


@wrapper(notices=("CLEAN-4[each-in-its-thread]",))
def connects_as_who_called_last(calls: Calls) -> None:
    """While it connects, who calls is kept in a variable that all threads share."""
    current: list[dict[str, str]] = [{}]

    @calls.around("connect")
    def sharing(connect: Any, *given: Any, **named: Any) -> Any:
        if (headers := calls.headers_of(named.get(ASKING))) is None:
            return connect(*given, **named)
        current[0] = headers
        return connect(*given, **{**named, ASKING: lambda _url: current[0]})


@wrapper(notices=("CLEAN-6[within-an-event-loop]",))
def runs_a_loop_of_its_own(calls: Calls) -> None:
    """Connect is a coroutine within, and is run by ``asyncio.run``."""

    @calls.around("connect")
    def running(connect: Any, *given: Any, **named: Any) -> Any:
        async def within() -> Any:
            return connect(*given, **named)

        coroutine = within()
        try:
            return asyncio.run(coroutine)
        finally:
            # One that was never awaited warns when it goes.
            coroutine.close()


@wrapper(notices=("CLEAN-8",))
def takes_an_interrupt_for_a_failure(calls: Calls) -> None:
    """Whatever ends a connect early is raised as an error of the connection."""

    @calls.around("connect")
    def wrapping(connect: Any, *given: Any, **named: Any) -> Any:
        try:
            return connect(*given, **named)
        except KeyboardInterrupt as error:
            raise ConnectionError("The target cannot be reached.") from error

"""The loopback interface: whether it can be used, and host names that lead to it for a while."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from connect_contracts.execution.environment.patching import replaced_everywhere
from connect_contracts.model.host_names import spellings


def blocked() -> str | None:
    """Why nothing can be reached on loopback, as a sentence, or ``None``.

    A plugin such as pytest-socket may block sockets; then no verdict on a connect is possible.
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


class Resolution:
    """The names that lead to loopback, in any spelling, and those that were asked for."""

    def __init__(self, hosts: Iterable[str] = ()) -> None:
        self.names = frozenset(name for host in hosts for name in spellings(host))
        self._asked: list[str] = []

    @property
    def asked(self) -> tuple[str, ...]:
        """The names that were asked for, in the order and the spelling in which they were."""
        return tuple(self._asked)

    def takes(self, host: Any) -> bool:
        """Whether ``host`` is one of the names; it is noted then as asked for."""
        if not isinstance(host, str | bytes | bytearray):
            return False
        text = _text(host)
        if self.names.isdisjoint(spellings(text)):
            return False
        self._asked.append(text)
        return True

    def forget(self) -> None:
        self._asked.clear()


@contextmanager
def redirected(hosts: Iterable[str]) -> Iterator[Resolution]:
    """Lead ``hosts`` to 127.0.0.1, and to ::1 where the machine has it and both are asked for.

    ``getaddrinfo``, ``gethostbyname`` and ``gethostbyname_ex`` of ``socket`` are replaced in every
    module that holds them, and so are ``connect`` and ``connect_ex`` of sockets, which resolve in
    C. Every other name goes to the real ones. What resolves elsewhere is not reached.
    """
    resolution = Resolution(hosts)
    if not resolution.names:
        yield resolution
        return
    real_getaddrinfo: Any = socket.getaddrinfo
    real_gethostbyname, real_gethostbyname_ex = socket.gethostbyname, socket.gethostbyname_ex

    def getaddrinfo(
        host: Any, port: Any, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0
    ) -> list[Any]:
        if not resolution.takes(host):
            found: list[Any] = real_getaddrinfo(host, port, family, type, proto, flags)
            return found
        answers: list[Any] = []
        for address in _addresses(family):
            answers += real_getaddrinfo(address, port, family, type, proto, flags)
        if flags & socket.AI_CANONNAME:
            answers = [(*answer[:3], _text(host), answer[4]) for answer in answers]
        return answers

    def gethostbyname(hostname: Any) -> Any:
        return "127.0.0.1" if resolution.takes(hostname) else real_gethostbyname(hostname)

    def gethostbyname_ex(hostname: Any) -> Any:
        if resolution.takes(hostname):
            return _text(hostname), [], ["127.0.0.1"]
        return real_gethostbyname_ex(hostname)

    replacements = [
        (real_getaddrinfo, getaddrinfo),
        (real_gethostbyname, gethostbyname),
        (real_gethostbyname_ex, gethostbyname_ex),
    ]
    with replaced_everywhere(replacements), _sockets_led(resolution):
        try:
            yield resolution
        finally:
            # A function of the redirection that something kept asks the real one from now on.
            resolution.names = frozenset()


@contextmanager
def _sockets_led(resolution: Resolution) -> Iterator[None]:
    """Have sockets that are given a name to connect to go where it is led."""
    own = {name: vars(socket.socket).get(name) for name in ("connect", "connect_ex")}
    real_connect, real_connect_ex = socket.socket.connect, socket.socket.connect_ex

    def connect(self: socket.socket, address: Any, /) -> None:
        real_connect(self, _led(self, address, resolution))

    def connect_ex(self: socket.socket, address: Any, /) -> int:
        return real_connect_ex(self, _led(self, address, resolution))

    for name, led in (("connect", connect), ("connect_ex", connect_ex)):
        setattr(socket.socket, name, led)
    try:
        yield
    finally:
        for name, former in own.items():
            if former is None:
                delattr(socket.socket, name)
            else:
                setattr(socket.socket, name, former)


def _led(connecting: socket.socket, address: Any, resolution: Resolution) -> Any:
    internet = connecting.family in (socket.AF_INET, socket.AF_INET6)
    if not internet or not isinstance(address, tuple) or not address:
        return address
    if not resolution.takes(address[0]):
        return address
    return (_addresses(connecting.family)[0], *address[1:])


def _addresses(family: int) -> list[str]:
    if family == socket.AF_INET:
        return ["127.0.0.1"]
    if family == socket.AF_INET6:
        if not has_ipv6():
            raise socket.gaierror(socket.EAI_NONAME, "this machine has no IPv6 loopback address")
        return ["::1"]
    return ["127.0.0.1", "::1"] if has_ipv6() else ["127.0.0.1"]


def _text(host: str | bytes | bytearray) -> str:
    return host if isinstance(host, str) else bytes(host).decode("latin-1")

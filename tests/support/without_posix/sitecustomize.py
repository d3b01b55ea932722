"""Takes from this project's modules what Windows or macOS lacks; all other modules keep it.

Python imports this module at its start if its folder is on the path. It shows what the project does
without these names; it does not show what another system does.
"""

from __future__ import annotations

import builtins
import importlib
from types import ModuleType
from typing import Any

MODULES = frozenset({"fcntl", "grp", "pty", "pwd", "resource", "termios", "tty"})

NAMES = {
    "os": """
        fork forkpty openpty setsid getsid killpg getpgid getuid geteuid getgid fchmod fchown chown
        memfd_create mkfifo pipe2 pread posix_spawn register_at_fork sched_getaffinity set_blocking
        sysconf uname wait WNOHANG O_CLOEXEC O_DIRECTORY O_NOCTTY O_NOFOLLOW O_NONBLOCK""",
    "select": "poll epoll POLLIN POLLOUT POLLHUP POLLERR POLLRDHUP kqueue",
    "signal": """
        SIGALRM SIGCHLD SIGHUP SIGKILL SIGPIPE SIGUSR1 SIGUSR2 alarm pthread_kill pthread_sigmask
        setitimer sigwait""",
    "socket": """
        AF_NETLINK AF_UNIX MSG_DONTWAIT MSG_NOSIGNAL SO_REUSEPORT TCP_QUICKACK recv_fds send_fds""",
    "time": "CLOCK_MONOTONIC clock_gettime clock_gettime_ns tzset",
}

PACKAGES = frozenset({"connect_harness", "connect_contracts", "connect_fixtures"})


class Without(ModuleType):
    """A module without some of its names."""

    def __init__(self, module: ModuleType, absent: frozenset[str], **other: object) -> None:
        super().__init__(module.__name__, module.__doc__)
        self.__dict__.update(_module=module, _absent=absent, **other)

    def __getattr__(self, name: str) -> Any:
        if name in self._absent:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r} here")
        return getattr(self._module, name)

    def __setattr__(self, name: str, value: object) -> None:
        setattr(self._module, name, value)

    def __delattr__(self, name: str) -> None:
        delattr(self._module, name)


REPLACED: dict[str, ModuleType] = {
    name: Without(importlib.import_module(name), frozenset(absent.split()))
    for name, absent in NAMES.items()
}
REPLACED["sys"] = Without(importlib.import_module("sys"), frozenset(), platform="elsewhere")

_import = builtins.__import__


def _import_without(
    name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0
) -> ModuleType:
    importer = (globals or {}).get("__name__", "")
    if level == 0 and importer.partition(".")[0] in PACKAGES:
        top = name.partition(".")[0]
        if top in MODULES:
            raise ModuleNotFoundError(f"No module named {name!r} here", name=name)
        if top in REPLACED and (name == top or not fromlist):
            return REPLACED[top]
    return _import(name, globals, locals, fromlist, level)


builtins.__import__ = _import_without

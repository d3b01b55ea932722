"""What is set in this process for all its code: a client may use it, and must not change it."""

from __future__ import annotations

import locale
import logging
import os
import signal
import socket
import struct
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from connect_contracts.execution.environment.trust import trust_of_process
from connect_contracts.model.process_state import UNREAD


def settings() -> dict[str, str]:
    """What is set, by name; see :class:`ProcessState`."""
    return {
        **{f"the variable {name}": f"{hash(value):x}" for name, value in os.environ.items()},
        "the working directory": _folder(),
        "the umask": _umask(),
        "the locale": locale.setlocale(locale.LC_ALL),
        "socket.getdefaulttimeout()": str(socket.getdefaulttimeout()),
        "warnings.filters": ", ".join(map(_warning_filter, warnings.filters)),
        "warnings.showwarning": _named(warnings.showwarning),
        **dict(_signals()),
        **dict(_logging()),
        **dict(_trust()),
        UNREAD: _unread(),
    }


@contextmanager
def settings_put_back() -> Iterator[None]:
    """Put back what an implementation set for all code: the next case is another's."""
    root, manager = logging.getLogger(), logging.Logger.manager
    level, handlers, disabled = root.level, root.handlers[:], manager.disable
    umask, timeout = _umask(), socket.getdefaulttimeout()
    language, folder = locale.setlocale(locale.LC_ALL), _folder()
    try:
        yield
    finally:
        root.setLevel(level)
        root.handlers[:] = handlers
        logging.disable(disabled)
        os.umask(int(umask, 8))
        socket.setdefaulttimeout(timeout)
        if language != locale.setlocale(locale.LC_ALL):
            locale.setlocale(locale.LC_ALL, language)
        if folder != _folder():
            os.chdir(folder)


def _folder() -> str:
    try:
        return os.getcwd()
    except FileNotFoundError:
        return ""


def _umask() -> str:
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text().splitlines()
        return next(line.partition(":")[2].strip() for line in lines if line.startswith("Umask"))
    # It can only be read by setting it.
    now = os.umask(0o077)
    os.umask(now)
    return f"{now:04o}"


def _named(value: Any) -> str:
    """A function or a class, told from another of the same name."""
    if value is None or isinstance(value, int):
        return str(value)
    name = getattr(value, "__qualname__", None)
    shown = repr(value) if name is None else f"{value.__module__}.{name}"
    return f"{shown} ({id(value):#x})"


def _warning_filter(found: tuple[Any, ...]) -> str:
    action, message, category, module, line = found
    patterns = [getattr(each, "pattern", each) for each in (message, module)]
    further = [str(each) for each in (*patterns, line) if each]
    return ":".join([str(action), category.__name__, *further])


def _signals() -> Iterator[tuple[str, str]]:
    for number in signal.valid_signals():
        name = getattr(number, "name", str(number))
        yield f"the handler of {name}", _named(signal.getsignal(number))


def _logging() -> Iterator[tuple[str, str]]:
    root, manager = logging.getLogger(), logging.Logger.manager
    yield "logging.disable", str(manager.disable)
    yield "logging.lastResort", _named(logging.lastResort)
    yield "logging.getLoggerClass()", _named(logging.getLoggerClass())
    yield "the root logger", _logger(root)
    for name, logger in list(manager.loggerDict.items()):
        # Every library asks for loggers, and gives them a handler that does nothing.
        if isinstance(logger, logging.Logger) and (text := _logger(logger)) != _AS_MADE:
            yield f"the logger {name}", text


def _logger(logger: logging.Logger) -> str:
    handlers = [
        type(each).__qualname__
        for each in logger.handlers
        if not isinstance(each, logging.NullHandler)
    ]
    further = [] if logger.propagate else ["does not propagate"]
    further += ["is disabled"] if logger.disabled else []
    level = logging.getLevelName(logger.level)
    return ", ".join([f"level {level}", f"handlers {' and '.join(handlers) or 'none'}", *further])


_AS_MADE = "level NOTSET, handlers none"


def _trust() -> Iterator[tuple[str, str]]:
    for name, value in trust_of_process().items():
        if not name.startswith("the variable "):
            yield name, _named(value)
    if (request := sys.modules.get("urllib.request")) is not None:
        yield "the opener of urllib.request", _named(vars(request).get("_opener"))


def _unread() -> str:
    """How many bytes wait to be read from standard input, where it is a terminal."""
    # Unix alone has them.
    import fcntl
    import termios

    try:
        found = fcntl.ioctl(0, termios.FIONREAD, b"\0" * struct.calcsize("i"))
    except OSError:
        return "no terminal"
    return str(struct.unpack("i", found)[0])

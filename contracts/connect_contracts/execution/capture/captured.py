"""How logs, warnings and output are heard without anybody else noticing."""

from __future__ import annotations

import logging
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from connect_contracts.execution.capture.exceptions import all_texts, shown
from connect_contracts.model.observation import Source

Hear = Callable[[Source, str], None]

_EVERY_RECORD = vars(logging.makeLogRecord({})).keys() | {"message", "asctime", "taskName"}
"""What every record has; all else was given by ``extra``."""


@contextmanager
def hearing_logs(hear: Hear) -> Iterator[None]:
    """Hear every record of every logger, down to ``DEBUG``.

    Levels and handlers are left as they are: loggers are asked whether anybody listens, and say
    yes. A record reaches its handlers only where it would have without this. A logger that is
    disabled is heard too, for it would be in another configuration.
    """
    kind = logging.Logger
    names = ("isEnabledFor", "getEffectiveLevel", "handle", "callHandlers")
    real: dict[str, Any] = {name: getattr(kind, name) for name in names}
    busy = threading.local()

    def keep(record: logging.LogRecord) -> None:
        # Showing an argument may log in turn.
        if getattr(busy, "now", False):
            return
        busy.now = True
        try:
            hear("a log record", _record_text(record))
        finally:
            busy.now = False

    def is_enabled_for(*_: Any) -> bool:
        return True

    def get_effective_level(_: logging.Logger) -> int:
        return logging.DEBUG

    def handle(logger: logging.Logger, record: logging.LogRecord) -> None:
        if not logger.disabled:
            real["handle"](logger, record)
        elif logger.filter(record):
            keep(record)

    def call_handlers(logger: logging.Logger, record: logging.LogRecord) -> None:
        keep(record)
        least = max(real["getEffectiveLevel"](logger), logger.manager.disable + 1)
        if record.levelno >= least:
            real["callHandlers"](logger, record)

    ours = (is_enabled_for, get_effective_level, handle, call_handlers)
    try:
        for name, function in zip(names, ours, strict=True):
            setattr(kind, name, function)
        yield
    finally:
        for name, function in real.items():
            setattr(kind, name, function)


def _record_text(record: logging.LogRecord) -> str:
    try:
        parts = [record.getMessage()]
    except Exception:
        parts = [shown(record.msg, str), shown(record.args, repr)]
    if record.exc_info and record.exc_info[1] is not None:
        parts += all_texts(record.exc_info[1])
    parts += [text for text in (record.exc_text, record.stack_info) if text]
    extra = vars(record).keys() - _EVERY_RECORD
    parts += [f"{name}={shown(vars(record)[name], repr)}" for name in sorted(extra)]
    return "\n".join(parts)


@contextmanager
def hearing_warnings(hear: Hear) -> Iterator[None]:
    """Hear every warning, also one that was given before; none is shown or becomes an error."""

    def show(message: Any, category: type[Warning], *_: Any, **__: Any) -> None:
        hear("a warning", f"{category.__name__}: {shown(message, str)}")

    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = show
        yield


@contextmanager
def hearing_output(hear: Hear) -> Iterator[None]:
    """Hear what is written to ``sys.stdout`` and ``sys.stderr``, where it goes as before."""
    before = sys.stdout, sys.stderr
    try:
        # A process without a console has neither.
        if sys.stdout is not None:
            sys.stdout = _Heard(sys.stdout, lambda text: hear("standard output", text))
        if sys.stderr is not None:
            sys.stderr = _Heard(sys.stderr, lambda text: hear("standard error", text))
        yield
    finally:
        sys.stdout, sys.stderr = before


class _Heard:
    """A stream that tells what is written to it, and is the other one in all else."""

    def __init__(self, stream: Any, hear: Callable[[str], None]) -> None:
        self._stream = stream
        self._hear = hear

    def write(self, text: Any) -> Any:
        self._hear(text if isinstance(text, str) else bytes(text).decode(errors="replace"))
        return self._stream.write(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    @property
    def buffer(self) -> Any:
        return _Heard(self._stream.buffer, self._hear)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

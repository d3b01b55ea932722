"""Everything that is said while steps run: log records, warnings, output, exceptions, ``repr``."""

from __future__ import annotations

import atexit
import logging
import os
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout, suppress
from functools import cache
from pathlib import Path
from typing import IO, Any

from connect_contracts.execution.identity import is_installed
from connect_contracts.model.cause import NOWHERE, Origin
from connect_contracts.model.observation import Place, Raised, Said, Source

KEPT = 4_000_000
"""Characters that are kept of what is said in a run; of who says more not everything is known."""


def raised(error: BaseException, origin: Origin = NOWHERE) -> Raised:
    """An exception as text, with those that it came from; ``origin`` as of ``Raised``."""
    chain = tuple((type_name(link), _text(link)) for link in chain_of(error))
    names = tuple(kind.__name__ for kind in type(error).__mro__)
    return Raised(type_name(error), names, _text(error), chain, origin)


def chain_of(error: BaseException) -> Iterator[BaseException]:
    """The exceptions that it was raised from or during, the nearest first."""
    seen = {id(error)}
    link = error.__cause__ or error.__context__
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or link.__context__


def all_texts(error: BaseException) -> list[str]:
    """Text, ``repr`` and notes (PEP 678) of an exception, its causes, contexts and members."""
    found: list[str] = []
    waiting: list[BaseException | None] = [error]
    seen: set[int] = set()
    while waiting:
        link = waiting.pop(0)
        if link is None or id(link) in seen:
            continue
        seen.add(id(link))
        notes = getattr(link, "__notes__", ())
        found += [_text(link), shown(link, repr), *(shown(note, str) for note in notes or ())]
        waiting += [link.__cause__, link.__context__]
        if isinstance(link, BaseExceptionGroup):
            waiting += link.exceptions
    return found


def shown(value: object, way: type[str] | object) -> str:
    """``str`` or ``repr`` of a value, whatever they raise."""
    try:
        return str(value) if way is str else repr(value)
    except Exception as second:
        return f"(its text cannot be had: {type(second).__name__}: {second})"


def type_name(error: BaseException) -> str:
    """The type with its module, unless that is ``builtins``."""
    kind = type(error)
    module = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
    return f"{module}{kind.__qualname__}"


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception as second:
        return f"(its text cannot be had: {type(second).__name__})"


Keep = Callable[..., None]
"""Takes a source, a text, and, by the keyword ``own``, what stands in ``Said``."""

_EVERY_RECORD = vars(logging.makeLogRecord({})).keys() | {"message", "asctime", "taskName"}
"""What every record has; all else was given by ``extra``."""


@contextmanager
def capturing_logs(keep: Keep) -> Iterator[None]:
    """Keep every record of every logger, down to ``DEBUG``.

    Levels and handlers stay as they are; each logger says that it is enabled. A record reaches its
    handlers only where it would have without this. Disabled loggers are captured too: another
    configuration may enable them.
    """
    kind = logging.Logger
    busy = threading.local()

    def keep_record(record: logging.LogRecord) -> None:
        # Showing an argument may log in turn.
        if getattr(busy, "now", False):
            return
        busy.now = True
        try:
            keep("a log record", _record_text(record), own=not is_installed(record.pathname))
        finally:
            busy.now = False

    def handle(logger: logging.Logger, record: logging.LogRecord) -> None:
        if not logger.disabled:
            real["handle"](logger, record)
        elif logger.filter(record):
            keep_record(record)

    def call_handlers(logger: logging.Logger, record: logging.LogRecord) -> None:
        keep_record(record)
        least = max(real["getEffectiveLevel"](logger), logger.manager.disable + 1)
        if record.levelno >= least:
            real["callHandlers"](logger, record)

    ours: dict[str, Any] = {
        "isEnabledFor": lambda *_: True,
        "getEffectiveLevel": lambda _: logging.DEBUG,
        "handle": handle,
        "callHandlers": call_handlers,
    }
    real: dict[str, Any] = {name: getattr(kind, name) for name in ours}
    try:
        for name, function in ours.items():
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
def capturing_warnings(keep: Keep) -> Iterator[None]:
    """Keep every warning, also one that was given before; none is shown or becomes an error."""

    def show(message: Any, category: type[Warning], *_: Any, **__: Any) -> None:
        keep("a warning", f"{category.__name__}: {shown(message, str)}")

    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = show
        yield


@contextmanager
def capturing_output(keep: Keep) -> Iterator[None]:
    """Keep what is written to ``sys.stdout`` and ``sys.stderr``, where it goes as before."""
    before = sys.stdout, sys.stderr
    try:
        # A process without a console has neither.
        if sys.stdout is not None:
            sys.stdout = _Captured(sys.stdout, lambda text: keep("standard output", text))
        if sys.stderr is not None:
            sys.stderr = _Captured(sys.stderr, lambda text: keep("standard error", text))
        yield
    finally:
        sys.stdout, sys.stderr = before


class Unshown:
    """What leads nowhere meanwhile: ``sys.stdout``, ``sys.stderr``, and what C writes to."""

    def __init__(self) -> None:
        self._streams = [stream for stream in (sys.stdout, sys.stderr) if stream is not None]
        self._before: dict[int, int] = {}

    @contextmanager
    def lifted(self) -> Iterator[None]:
        """Meanwhile what is written to the streams of before is shown."""
        self.show()
        try:
            yield
        finally:
            self.hide()

    def hide(self) -> None:
        for stream in self._streams:
            # One that cannot be written to says so when it is written to.
            with suppress(OSError, ValueError):
                stream.flush()
        for number in (1, 2):
            # A process may have neither.
            with suppress(OSError):
                self._before[number] = os.dup(number)
                os.dup2(_nowhere().fileno(), number)

    def show(self) -> None:
        while self._before:
            number, kept = self._before.popitem()
            os.dup2(kept, number)
            os.close(kept)


@contextmanager
def output_unshown() -> Iterator[Unshown]:
    """Meanwhile nothing that an implementation writes to standard output or error is shown.

    It would stand in the middle of a report, with whatever secrets it holds.
    """
    unshown = Unshown()
    unshown.hide()
    try:
        with redirect_stdout(_nowhere()), redirect_stderr(_nowhere()):
            yield unshown
    finally:
        unshown.show()


@cache
def _nowhere() -> IO[str]:
    # Open to the end: what was made of it, as a handler of logging is, writes to it still.
    nowhere = Path(os.devnull).open("w", encoding="utf-8", errors="replace")  # noqa: SIM115
    atexit.register(nowhere.close)
    return nowhere


class _Captured:
    """A stream that keeps what is written to it, and is the other stream in all else."""

    def __init__(self, stream: Any, keep: Callable[[str], None]) -> None:
        self._stream = stream
        self._keep = keep

    def write(self, text: Any) -> Any:
        self._keep(text if isinstance(text, str) else bytes(text).decode(errors="replace"))
        return self._stream.write(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    @property
    def buffer(self) -> Any:
        return _Captured(self._stream.buffer, self._keep)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


_STREAMS = ("standard output", "standard error")


class OutputCapture:
    """Keeps what is said during the steps of one run, and nothing between them.

    It changes no level, no handler and no text of a stream. In one process, one captures at a time.
    With ``output`` it captures ``sys.stdout`` and ``sys.stderr`` too; output of a subprocess or of
    C does not pass them: only a terminal sees it.
    """

    def __init__(self, *, output: bool) -> None:
        self._output = output
        self._lock = threading.RLock()
        self._steps = 0
        self._captures = ExitStack()
        self._places: dict[int, Place] = {}
        self._last: Place = ()
        self._said: list[Said] = []
        # A text may be written in pieces, and a secret lie across them.
        self._written: dict[tuple[Source, Place], list[str]] = {}
        self._left: dict[Source, int] = {}
        self._cut: set[Source] = set()

    @property
    def said(self) -> tuple[Said, ...]:
        with self._lock:
            written = [
                Said(source, "".join(parts), place, source in self._cut)
                for (source, place), parts in self._written.items()
            ]
            return (*self._said, *written)

    @contextmanager
    def during(self, place: Place, thread: int) -> Iterator[None]:
        """Capture while the thread of this number executes the step at ``place``."""
        with self._lock:
            self._places[thread] = self._last = place
            if not self._steps:
                self._captures.enter_context(capturing_logs(self.keep))
                self._captures.enter_context(capturing_warnings(self.keep))
                if self._output:
                    self._captures.enter_context(capturing_output(self.keep))
            self._steps += 1
        try:
            yield
        finally:
            with self._lock:
                self._steps -= 1
                if not self._steps:
                    self._captures.close()

    def keep(self, source: Source, text: str, *, own: bool = False) -> None:
        """Keep a text, as of the step that its thread executes; ``own`` as in ``Said``."""
        with self._lock:
            left = self._left.get(source, KEPT)
            self._left[source] = max(0, left - len(text))
            if not text or source in self._cut:
                return
            place = self._places.get(threading.get_ident(), self._last)
            if cut := len(text) > left:
                self._cut.add(source)
            if source in _STREAMS:
                self._written.setdefault((source, place), []).append(text[:left])
            else:
                self._said.append(Said(source, text[:left], place, cut, own))

    def keep_object(self, source: Source, value: object) -> None:
        """Keep what ``value`` shows of itself."""
        file = getattr(sys.modules.get(type(value).__module__), "__file__", None)
        own = file is not None and not is_installed(file)
        for text in dict.fromkeys((shown(value, repr), shown(value, str))):
            self.keep(source, text, own=own)

    def keep_exception(self, error: BaseException, place: Place) -> None:
        """Keep all that an exception says, which a step at ``place`` raised."""
        with self._lock:
            # The texts of an exception may log in turn.
            self._places[threading.get_ident()] = place
            for text in dict.fromkeys(all_texts(error)):
                self.keep("an exception", text)
            del self._places[threading.get_ident()]

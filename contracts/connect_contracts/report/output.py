"""The one place through which every line of the command leaves.

Nothing that is printed acts on a terminal, whoever wrote the text; a stream that cannot take a
character, or takes nothing any more, does not end the command.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import IO, TYPE_CHECKING, Any, cast

from connect_contracts.report.escaping import encodable, escaped

if TYPE_CHECKING:
    from rich.console import Console


def echo(text: str = "", *, err: bool = False, end: str = "\n") -> None:
    """Print ``text`` on standard output, or on standard error."""
    stream = sys.stderr if err else sys.stdout
    # A process without a console has neither.
    if stream is not None:
        guard = stream if isinstance(stream, _Guard) else _Guard(stream)
        guard.write(escaped(text) + end)
        guard.flush()


def line(console: Console, text: str, style: str = "") -> None:
    """Print ``text`` as it is: ids look like markup, and a long command must not be broken."""
    from rich.text import Text

    console.print(Text(escaped(text), style), soft_wrap=True)


def output(width: int | None = None) -> Console:
    """The console on the standard output of now.

    Parameters:
        width: In columns; by default that of the terminal.
    """
    return _console_type()(file=sys.stdout, width=width)


@contextmanager
def guarded() -> Iterator[list[str]]:
    """Meanwhile standard output and standard error take every text, and fail never.

    What is written after the reader is gone is lost. Other failures, such as a full disk, are
    told in the list that the block is given, complete after the block.
    """
    before = sys.stdout, sys.stderr
    guards = [None if one is None else _Guard(one) for one in before]
    lost: list[str] = []
    try:
        sys.stdout, sys.stderr = cast("tuple[Any, Any]", tuple(guards))
        yield lost
    finally:
        sys.stdout, sys.stderr = before
        for guard in guards:
            if guard is not None:
                guard.finish()
                lost += filter(None, [guard.lost])


@cache
def _console_type() -> type[Console]:
    # rich is loaded on demand: without it a sentence can still be printed.
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.segment import Segment

    class EscapingConsole(Console):
        """A console that also escapes what a table or a bar holds; its own colours stay."""

        @property
        def encoding(self) -> str:
            """That of the stream behind: rich draws with what it has."""
            return self.file.taken if isinstance(self.file, _Guard) else super().encoding

        def render(
            self, renderable: RenderableType, options: ConsoleOptions | None = None
        ) -> Iterable[Segment]:
            for segment in super().render(renderable, options):
                yield segment if segment.control else Segment(escaped(segment.text), segment.style)

    return EscapingConsole


class _Guard:
    """A stream that takes every text, and goes on where the other one fails.

    Attributes:
        taken: The encoding of the other stream.
        lost: Why what was written is lost, in words; ``None`` where nothing is, or where the
            reader is gone, who wants no more.
    """

    # click goes around a stream that cannot take everything.
    encoding = "utf-8"
    errors = "strict"

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._gone = False
        self.taken: str = getattr(stream, "encoding", None) or "utf-8"
        self.lost: str | None = None

    def write(self, text: str) -> int:
        """Write ``text``, what the other stream's encoding lacks written out."""
        self._do(lambda: self._stream.write(encodable(text, self.taken)))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write each line."""
        for one in lines:
            self.write(one)

    def flush(self) -> None:
        """Hand on what was written."""
        self._do(self._stream.flush)

    def finish(self) -> None:
        """Flush, and keep a stream that failed from failing again when the process ends."""
        self.flush()
        if self._gone:
            with suppress(OSError, ValueError):
                nothing = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nothing, self._stream.fileno())
                os.close(nothing)

    def _do(self, action: Callable[[], object]) -> None:
        if self._gone:
            return
        try:
            action()
        except BrokenPipeError:
            self._gone = True
        except OSError as error:
            self._gone = True
            self.lost = error.strerror or str(error)
        except ValueError:
            # An implementation has closed it.
            self._gone = True
            self.lost = "the stream was closed meanwhile"

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

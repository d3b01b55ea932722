"""The one place through which every line of the command leaves.

No text that is printed acts on a terminal, even if someone else wrote it. A stream that cannot
take a character, or that takes nothing any more, does not end the command.
"""

from __future__ import annotations

import codecs
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import IO, TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from rich.console import Console

_ACTS_ON_A_TERMINAL = re.compile(
    # C0 without tab and newline, DEL, C1; marks, embeddings and isolates of direction; line ends.
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)

_WRITTEN_OUT = "connect-contract-written-out"


def escaped(text: str) -> str:
    """``text`` with each character that acts on a terminal written out, as ``\\u001b``.

    The form is that of JSON: a JSON text that is escaped still says the same.
    """
    return _ACTS_ON_A_TERMINAL.sub(lambda found: _written_out(found[0]), text)


def encodable(text: str, encoding: str) -> str:
    """``text`` with each character that ``encoding`` lacks written out in the same form."""
    return text.encode(encoding, _WRITTEN_OUT).decode(encoding)


def _written_out(text: str) -> str:
    # JSON has short forms for some, and writes DEL as it is.
    return "".join(
        json.dumps(character)[1:-1] if ord(character) > 0xFFFF else f"\\u{ord(character):04x}"
        for character in text
    )


def _replace_unencodable(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    return _written_out(error.object[error.start : error.end]), error.end


codecs.register_error(_WRITTEN_OUT, _replace_unencodable)


def echo(text: str = "", *, err: bool = False, end: str = "\n") -> None:
    """Print ``text`` on standard output, or on standard error."""
    stream = sys.stderr if err else sys.stdout
    # A process without a console has neither.
    if stream is not None:
        guard = stream if isinstance(stream, _Guard) else _Guard(stream)
        guard.write(escaped(text) + end)
        guard.flush()


def echo_utf8(text: str) -> None:
    """Write ``text`` to standard output in UTF-8, whatever the encoding of it is."""
    if sys.stdout is not None:
        guard = sys.stdout if isinstance(sys.stdout, _Guard) else _Guard(sys.stdout)
        guard.write_utf8(escaped(text))


def line(console: Console, text: str, style: str = "") -> None:
    """Print ``text`` as it is: ids look like markup, and a long command must not be broken."""
    from rich.text import Text

    console.print(Text(escaped(text), style), soft_wrap=True)


def output(width: int | None = None, *, err: bool = False) -> Console:
    """The console on the standard output of now, or standard error; as wide as the terminal."""
    return _console_type()(file=sys.stderr if err else sys.stdout, width=width)


@contextmanager
def guarded() -> Iterator[list[str]]:
    """Meanwhile standard output and standard error take every text, and fail never.

    What is written after the reader is gone is lost. Other failures, such as a full disk, are
    named in the list that the block is given, complete after the block.
    """
    before = sys.stdout, sys.stderr
    guards = [None if stream is None else _Guard(stream) for stream in before]
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
        self._do(lambda: self._stream.write(encodable(text, self.taken)))
        return len(text)

    def write_utf8(self, text: str) -> None:
        """Write ``text`` in UTF-8; to a stream that has no bytes as it is."""
        buffer = getattr(self._stream, "buffer", None)
        if buffer is None:
            self.write(text)
        else:
            self.flush()
            self._do(lambda: buffer.write(text.encode()))
        self.flush()

    def writelines(self, lines: Iterable[str]) -> None:
        for text in lines:
            self.write(text)

    def flush(self) -> None:
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

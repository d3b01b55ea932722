"""Why a case is not passed, as data: what was demanded, what was seen instead, and where."""

from __future__ import annotations

import msgspec

LEAK = "leak | "
"""How the key of the cause of a secret begins; the rest stands in the finding too."""


class CodeLine(msgspec.Struct, frozen=True):
    """A line of the client's own code that was running when an exception was raised.

    Parameters:
        file: Its file, from the folder that holds the client on.
        function: The function that it stands in.
        source: The text of the line; empty where it cannot be read.
    """

    file: str
    line: int
    function: str
    source: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line} in {self.function}"


class Origin(msgspec.Struct, frozen=True):
    """Where an exception came from.

    Parameters:
        lines: The innermost lines of the client's own code, the last one innermost.
        below: Whether a public client raised it, which the last of these lines called.
        chain: The types of those that a public client raised among the exceptions that it was
            raised from or during.
    """

    lines: tuple[CodeLine, ...] = ()
    below: bool = False
    chain: tuple[str, ...] = ()


NOWHERE = Origin()


class Cause(msgspec.Struct, frozen=True):
    """One mistake of an implementation, or one reason why a case could not be judged.

    Parameters:
        key: The same for all cases with this cause, in every run: it names kinds of expectations,
            types of exceptions and functions, and no line, address, value or id.
        demanded, seen: What had to be seen, and what was seen instead, in words.
        where: The innermost lines of the client's own code, the last one innermost.
        known_as: The key under which a public client below may be known for it, where that is
            another one; empty: it is the mistake of the code that calls the client.
        known: Why it is expected, in a case that fails by another cause too.
    """

    key: str
    demanded: str
    seen: str
    where: tuple[CodeLine, ...] = ()
    known_as: str | None = None
    known: str | None = None

    @property
    def of_client(self) -> str:
        """The key under which a public client may be known for it; empty for none."""
        return self.key if self.known_as is None else self.known_as

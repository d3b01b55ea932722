"""Java's arrays: of a fixed length, with commands of their own."""

from __future__ import annotations

from collections.abc import Sequence

from connect_harness.protocols.py4j.objects import CallError

LONGEST = 1_000_000
"""How many elements an array may have; a client asks for any number in a few bytes."""


class Array:
    """An array of Java. What its elements may be is not checked.

    Parameters:
        length: How many elements it has; all are ``None`` at first.
    """

    def __init__(self, length: int) -> None:
        self.elements: list[object] = [None] * length


def array_command(command: str, parts: Sequence[object]) -> object:
    """Makes, reads or changes an array.

    Parameters:
        command: ``c`` to create, ``g`` to get, ``s`` to set, ``e`` for the length.
        parts: The decoded arguments: an array, then an index, then a value; to create, the length.

    Raises:
        CallError: If the command or an argument is none that arrays know, or an index is outside.
    """
    try:
        match command, parts:
            case "c", [int(length)]:
                if length > LONGEST:
                    raise CallError("java.lang.OutOfMemoryError: Java heap space")
                return Array(length)
            case "e", [Array() as array]:
                return len(array.elements)
            case "g", [Array() as array, int(index)] if index >= 0:
                return array.elements[index]
            case "s", [Array() as array, int(index), value] if index >= 0:
                array.elements[index] = value
                return None
    except IndexError as error:
        raise CallError("java.lang.ArrayIndexOutOfBoundsException") from error
    raise CallError(f"Array command {command!r} is not served by this target session")

"""Collections and arrays of Java, played by those of Python: how they are made and called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from connect_harness.protocols.py4j.objects import CallError, JavaError, no_such_method

_Methods = Mapping[str, Callable[..., object]]


class Iterator:
    """An iterator of Java, which is asked ``hasNext`` and ``next``."""

    def __init__(self, values: Iterable[object]) -> None:
        self._values = list(values)

    def has_next(self) -> bool:
        return bool(self._values)

    def next(self) -> object:
        """The next value; ``JavaError`` if there is none, as a Py4J client expects at the end."""
        if not self._values:
            raise JavaError("no more elements", "java.util.NoSuchElementException")
        return self._values.pop(0)


def _put(container: dict[object, object], key: object, value: object) -> object:
    previous = container.get(key)
    container[key] = value
    return previous


def _append(container: list[object], value: object) -> bool:
    container.append(value)
    return True


def _include(container: set[object], value: object) -> bool:
    is_new = value not in container
    container.add(value)
    return is_new


def _at(container: list[object], index: int) -> object:
    if index not in range(len(container)):
        raise JavaError(
            f"Index {index} out of bounds for length {len(container)}",
            "java.lang.IndexOutOfBoundsException",
        )
    return container[index]


_COMMON: _Methods = {
    "size": len,
    "isEmpty": lambda container: not container,
    "iterator": Iterator,
    "clear": lambda container: container.clear(),
    "toString": str,
}
_METHODS: Mapping[type, _Methods] = {
    dict: {
        **_COMMON,
        "put": _put,
        "get": dict.get,
        "containsKey": dict.__contains__,
        "remove": lambda container, key: container.pop(key, None),
        "keySet": set,
        "values": lambda container: list(container.values()),
    },
    list: {**_COMMON, "add": _append, "get": _at, "contains": list.__contains__},
    set: {**_COMMON, "add": _include, "contains": set.__contains__},
    Iterator: {"hasNext": Iterator.has_next, "next": Iterator.next},
}
CONTAINERS: Mapping[str, Callable[..., Any]] = {
    "java.util.HashMap": dict,
    "java.util.LinkedHashMap": dict,
    "java.util.TreeMap": dict,
    "java.util.ArrayList": list,
    "java.util.LinkedList": list,
    "java.util.HashSet": set,
    "java.util.LinkedHashSet": set,
    "java.util.TreeSet": set,
}


def new_container(class_name: str, arguments: Sequence[object]) -> object:
    """A new collection: empty, or with the content of another.

    Parameters:
        arguments: Nothing, another collection, or the initial capacity, which means nothing here.

    Raises:
        CallError: It cannot be made of these arguments.
    """
    make = CONTAINERS[class_name]
    match arguments:
        case [] | [int()]:
            return make()
        case [dict() | list() | set() as content]:
            return make(content)
    raise CallError(f"Constructor {class_name}({len(arguments)} arguments) does not exist")


def call_container(target: object, method: str, arguments: Sequence[object]) -> object:
    """Calls a method of a collection or an iterator; raises what ``Remote.call`` raises."""
    function = _METHODS[type(target)].get(method)
    if function is None:
        raise no_such_method(method, arguments)
    try:
        return function(target, *arguments)
    except TypeError as error:
        raise no_such_method(method, arguments) from error


LONGEST = 1_000_000
"""How many elements an array may have; a client asks for any number in a few bytes."""


class Array:
    """An array of Java. All elements are ``None`` at first; their type is not checked."""

    def __init__(self, length: int) -> None:
        self.elements: list[object] = [None] * length


def array_command(command: str, parts: Sequence[object]) -> object:
    """Makes, reads or changes an array.

    Parameters:
        command: ``c`` to create, ``g`` to get, ``s`` to set, ``e`` for the length.
        parts: The decoded arguments: an array, then an index, then a value; to create, the length.

    Raises:
        CallError: Arrays do not know the command or an argument, or the index is outside.
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

"""Collections and arrays of Java, played by those of Python: how they are made and called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Iterator as PythonIterator
from typing import Any

from connect_harness.protocols.py4j.objects import (
    VOID,
    CallError,
    FatalError,
    JavaError,
    Remote,
    no_such_method,
)

_Methods = Mapping[str, Callable[..., object]]


class Set:
    """A set of Java; it keeps the order in which its elements came, as ``LinkedHashSet`` does."""

    def __init__(self, elements: Iterable[object] = ()) -> None:
        self._elements = dict.fromkeys(elements)

    def __len__(self) -> int:
        return len(self._elements)

    def __iter__(self) -> PythonIterator[object]:
        return iter(self._elements)

    def add(self, element: object) -> bool:
        """Whether it is new."""
        is_new = element not in self._elements
        self._elements[element] = None
        return is_new

    def remove(self, element: object) -> bool:
        """Whether it was there."""
        was_there = element in self._elements
        self._elements.pop(element, None)
        return was_there

    def contains(self, element: object) -> bool:
        return element in self._elements

    def clear(self) -> None:
        self._elements.clear()


class Collection(list[object]):
    """The values of a map: a collection of Java that is no list."""


class Iterator:
    """An iterator of Java, which is asked ``hasNext`` and ``next``."""

    def __init__(self, values: Iterable[object]) -> None:
        self._values = list(values)

    def has_next(self) -> bool:
        return bool(self._values)

    def next(self) -> object:
        """The next value; ``JavaError`` if there is none, as a Py4J client expects at the end."""
        if not self._values:
            raise JavaError("", "java.util.NoSuchElementException")
        return self._values.pop(0)


def _put(container: dict[object, object], key: object, value: object) -> object:
    previous = container.get(key)
    container[key] = value
    return previous


def _append(container: list[object], value: object) -> bool:
    container.append(value)
    return True


def _at(container: list[object], index: int) -> object:
    if not isinstance(index, int):
        raise TypeError
    if index not in range(len(container)):
        raise JavaError(
            f"Index {index} out of bounds for length {len(container)}",
            "java.lang.IndexOutOfBoundsException",
        )
    return container[index]


def _remove_at(container: list[object], index: int) -> object:
    removed = _at(container, index)
    del container[index]
    return removed


def _clear(container: Any) -> object:
    container.clear()
    return VOID


def text_of(value: object) -> str:
    """The text that Java makes of a value: ``[a, b]``, ``{a=b}``, ``null``, ``true``."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case dict():
            pairs = (f"{text_of(key)}={text_of(each)}" for key, each in value.items())
            return f"{{{', '.join(pairs)}}}"
        case list() | Set():
            return f"[{', '.join(map(text_of, value))}]"
        case Remote():
            return value.to_string()
        case _:
            return str(value)


_COMMON: _Methods = {
    "size": len,
    "isEmpty": lambda container: not container,
    "iterator": Iterator,
    "clear": _clear,
    "toString": text_of,
}
_METHODS: Mapping[type, _Methods] = {
    dict: {
        **_COMMON,
        "put": _put,
        "get": dict.get,
        "containsKey": dict.__contains__,
        "remove": lambda container, key: container.pop(key, None),
        "keySet": Set,
        "values": lambda container: Collection(container.values()),
    },
    list: {
        **_COMMON,
        "add": _append,
        "get": _at,
        "contains": list.__contains__,
        "remove": _remove_at,
    },
    Collection: {**_COMMON, "contains": list.__contains__},
    Set: {**_COMMON, "add": Set.add, "contains": Set.contains, "remove": Set.remove},
    Iterator: {"hasNext": Iterator.has_next, "next": Iterator.next},
}
CONTAINERS: Mapping[str, Callable[..., Any]] = {
    "java.util.HashMap": dict,
    "java.util.LinkedHashMap": dict,
    "java.util.TreeMap": dict,
    "java.util.ArrayList": list,
    "java.util.LinkedList": list,
    "java.util.HashSet": Set,
    "java.util.LinkedHashSet": Set,
    "java.util.TreeSet": Set,
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
        case [dict() | list() | Set() as content]:
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
        FatalError: The index is outside.
        CallError: Arrays do not know the command or an argument.
    """
    match command, parts:
        case "c", [int(length)]:
            if length > LONGEST:
                raise CallError("java.lang.OutOfMemoryError: Java heap space")
            return Array(length)
        case "e", [Array() as array]:
            return len(array.elements)
        case "g", [Array() as array, int(index)]:
            return array.elements[_within(array, index)]
        case "s", [Array() as array, int(index), value]:
            array.elements[_within(array, index)] = value
            return VOID
    raise CallError(f"Array command {command!r} is not served by this target session")


def _within(array: Array, index: int) -> int:
    if index not in range(len(array.elements)):
        raise FatalError("java.lang.ArrayIndexOutOfBoundsException")
    return index

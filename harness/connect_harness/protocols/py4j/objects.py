"""The objects behind the ids: what a client may construct and call, and holds by its id."""

from __future__ import annotations

import inspect
import itertools
import re
import threading
from collections.abc import Sequence
from decimal import Decimal


class CallError(Exception):
    """The gateway cannot do what a command asks; the client is told why in one text."""


class NotServedError(CallError):
    """This gateway has not what a command names; that of a real session may have it."""


class FatalError(CallError):
    """The gateway cannot read a command; the connection closes after its reply."""


UNSUPPORTED = "java.lang.UnsupportedOperationException"
"""The Java class of the error of what this session does not do, and a real one may."""


VOID = object()
"""What a method without a result returns, where Java's own classes have one."""


class JavaError(Exception):
    """A called method failed; the client gets it as an exception object.

    Parameters:
        class_name: The Java class under which the client sees it.
    """

    def __init__(self, text: str, class_name: str = "java.lang.IllegalArgumentException") -> None:
        super().__init__(text)
        self.class_name = class_name

    def __str__(self) -> str:
        return f"{self.class_name}: {self.args[0]}" if self.args[0] else self.class_name


class Remote:
    """An object that a client calls: its public methods, under their names in camel case."""

    def call(self, method: str, arguments: Sequence[object]) -> object:
        """Calls a method by its name in Java, for instance ``getStoreSize``.

        Raises:
            CallError: There is no such method for that many arguments.
            JavaError: The method fails.
        """
        is_public = "_" not in method and method != "call"
        function = getattr(self, python_name(method), None) if is_public else None
        if not callable(function):
            raise no_such_method(method, arguments)
        try:
            bound = inspect.signature(function).bind(*arguments)
        except TypeError as error:
            raise no_such_method(method, arguments) from error
        result: object = function(*bound.args)
        return result

    def to_string(self) -> str:
        return type(self).__name__


def python_name(method: str) -> str:
    """The name of a method here: ``get_store_size`` for Java's ``getStoreSize``."""
    return re.sub(r"(?<!^)([A-Z])", r"_\1", method).lower()


class Bean(Remote):
    """An object of a class about which the target session need know nothing more.

    Which classes carry the parameters of a call, and in which package they are, differs between
    releases. A bean plays them all: it keeps what it was made of, and what each of its methods was
    last called with, and answers such a call with itself, as builders do.
    """

    def __init__(self, class_name: str, arguments: Sequence[object] = ()) -> None:
        self.class_name = class_name
        self.arguments = tuple(arguments)
        self.properties: dict[str, tuple[object, ...]] = {}

    def __repr__(self) -> str:
        return f"{self.class_name}{self.arguments}"

    def call(self, method: str, arguments: Sequence[object]) -> object:
        """Keeps the arguments under the method's name; without any, ``toString`` gives a text."""
        if method == "toString" and not arguments:
            return self.class_name
        if arguments:
            self.properties[method] = tuple(arguments)
        return self


class Constant(Remote):
    """A constant of an enumeration, known by its names only."""

    def __init__(self, class_name: str, name: str) -> None:
        self.class_name = class_name
        self.constant = name

    def __repr__(self) -> str:
        return f"{self.class_name}.{self.constant}"

    def to_string(self) -> str:
        return self.constant


def no_such_method(method: str, arguments: Sequence[object]) -> NotServedError:
    """The error of a method that an object does not have, or not for these arguments."""
    types = ", ".join(_java_type(argument) for argument in arguments)
    return NotServedError(f"Method {method}([{types}]) does not exist")


_JAVA_TYPES = {
    bool: "java.lang.Boolean",
    bytes: "[B",
    Decimal: "java.math.BigDecimal",
    dict: "java.util.HashMap",
    float: "java.lang.Double",
    int: "java.lang.Integer",
    list: "java.util.ArrayList",
    str: "java.lang.String",
}


def _java_type(value: object) -> str:
    """How Java writes the type of an argument; which collection or number it was is not kept."""
    if value is None:
        return "null"
    return f"class {_JAVA_TYPES.get(type(value), type(value).__name__)}"


class Registry:
    """Objects by id, shared by all connections of a gateway.

    A client releases what it no longer needs from any thread, on any of its connections.
    """

    def __init__(self) -> None:
        self._objects: dict[str, object] = {}
        self._numbers = itertools.count()
        self._lock = threading.Lock()

    def register(self, value: object) -> str:
        """Keeps ``value`` until it is released, and returns its id."""
        with self._lock:
            identity = f"o{next(self._numbers)}"
            self._objects[identity] = value
        return identity

    def find(self, identity: str) -> object:
        """The object with this id; ``CallError`` if there is none, or no longer."""
        with self._lock:
            if identity not in self._objects:
                raise CallError(f"Target Object ID does not exist for this gateway :{identity}")
            return self._objects[identity]

    def release(self, identity: str) -> None:
        """Forgets the object with this id; an unknown id is ignored, as Py4J does."""
        with self._lock:
            self._objects.pop(identity, None)

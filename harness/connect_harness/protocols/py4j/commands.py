"""One command of a client: what it asks for, and the reply line."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from connect_harness.protocols.py4j.containers import (
    CONTAINERS,
    Iterator,
    Set,
    array_command,
    call_container,
    new_container,
)
from connect_harness.protocols.py4j.objects import (
    UNSUPPORTED,
    Bean,
    CallError,
    Constant,
    FatalError,
    JavaError,
    NotServedError,
    Registry,
    Remote,
    no_such_method,
)
from connect_harness.protocols.py4j.values import decode, encode, escape

# How many lines stand before the first that can end the command: the name of a sub-command, a
# method or a field may itself be the ending "e".
LINES_BEFORE_END: Mapping[str, int] = {**dict.fromkeys("acdhjlmr", 3), "f": 4, "i": 2, "p": 2}

_STATIC = "z:"


class Commands:
    """Carries out commands on the objects that clients hold, and on those with a fixed id."""

    def __init__(
        self,
        registry: Registry,
        well_known: Mapping[str, Remote],
        not_served: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._registry = registry
        self._not_served = not_served
        self._well_known = well_known
        self._by_name: Mapping[str, Callable[[Sequence[str]], str]] = {
            "a": self._array,
            "c": self._call,
            "f": self._field,
            "i": self._construct,
            "m": self._memory,
            "p": self._exception_text,
            "r": self._reflect,
        }

    def execute(self, lines: Sequence[str]) -> str:
        """The reply to a command: both without the line that ends the command, or a line feed."""
        name, *parts = lines
        carry_out = self._by_name.get(name)
        try:
            if carry_out is None:
                raise NotServedError(f"Command {name!r} is not served by this target session")
            return f"!y{carry_out(parts)}"
        except CallError as error:
            if isinstance(error, NotServedError):
                self._not_served(_operation(lines))
            return failure(str(error), fatal=isinstance(error, FatalError))
        except JavaError as error:
            if error.class_name == UNSUPPORTED:
                self._not_served(_operation(lines))
            return f"!xr{self._registry.register(error)}"

    def _array(self, parts: Sequence[str]) -> str:
        command, *arguments = parts
        if command == "c":
            # The class of the elements comes first, without a type letter.
            arguments = arguments[1:]
        else:
            arguments[0] = f"r{arguments[0].removeprefix('r')}"
        values = [decode(argument, self._registry) for argument in arguments]
        return encode(array_command(command, values), self._registry)

    def _call(self, parts: Sequence[str]) -> str:
        identity, method, *arguments = parts
        values = [decode(argument, self._registry) for argument in arguments]
        if identity.startswith(_STATIC):
            made = Bean(f"{identity.removeprefix(_STATIC)}.{method}", values)
            return encode(made, self._registry)
        target = self._well_known.get(identity) or self._registry.find(identity)
        if isinstance(target, Remote):
            result = target.call(method, values)
        elif isinstance(target, dict | list | Set | Iterator):
            result = call_container(target, method, values)
        elif method == "toString" and not values:
            result = str(target)
        else:
            raise no_such_method(method, values)
        return encode(result, self._registry)

    def _construct(self, parts: Sequence[str]) -> str:
        class_name, *arguments = parts
        values = [decode(argument, self._registry) for argument in arguments]
        if class_name in CONTAINERS:
            return encode(new_container(class_name, values), self._registry)
        if not _is_class(class_name):
            raise CallError(f"java.lang.ClassNotFoundException: {class_name}")
        return encode(Bean(class_name, values), self._registry)

    def _reflect(self, parts: Sequence[str]) -> str:
        match parts:
            case ["u", name, *_]:
                return f"c{name}" if _is_class(name) else "p"
            case ["m", class_name, member, *_]:
                return self._member(class_name, member)
            case _:
                raise NotServedError("This target session knows nothing of that class")

    def _member(self, class_name: str, member: str) -> str:
        if member.isupper():
            return encode(Constant(class_name, member), self._registry)
        return f"c{class_name}${member}" if member[:1].isupper() else "m"

    def _field(self, parts: Sequence[str]) -> str:
        if parts[0] == "g":
            return "o"
        raise NotServedError("This target session has no public fields")

    def _memory(self, parts: Sequence[str]) -> str:
        if parts[0] != "d":
            raise CallError(f"Unknown Memory SubCommand Name: {parts[0]}")
        self._registry.release(parts[1])
        return "v"

    def _exception_text(self, parts: Sequence[str]) -> str:
        return encode(str(decode(parts[0], self._registry)), self._registry)


def _operation(lines: Sequence[str]) -> str:
    """What a command asks for, without its arguments."""
    match lines:
        case ["c", _, method, *_]:
            return f"Py4J {method}"
        case ["i", class_name, *_]:
            return f"Py4J new {class_name}"
        case _:
            return f"Py4J command {' '.join(lines[:2])}"


def failure(text: str, *, fatal: bool = False) -> str:
    """The reply to a command that is not carried out; after a fatal one the connection closes."""
    return f"!{'z' if fatal else 'x'}s{escape(text)}"


def is_fatal(reply: str) -> bool:
    """Whether the connection closes after this reply."""
    return reply.startswith("!z")


def _is_class(name: str) -> bool:
    """Whether ``name`` reads as a class in a package: Java's classes begin with a capital."""
    return re.fullmatch(r"([a-z_]\w*\.)+[A-Z][\w$]*", name) is not None

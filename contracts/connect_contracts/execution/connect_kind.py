"""What can be no ``connect``: what returns no session, and a method without its object."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import FunctionType
from typing import Any

_WITHOUT_YIELD = "name a function that returns the session itself, without yield."

NO_SESSIONS = {
    "a coroutine": "name a function that does, such as def waiting(*args, **keywords): "
    "return asyncio.run({connect}(*args, **keywords)).",
    "a generator": _WITHOUT_YIELD,
    "an async_generator": _WITHOUT_YIELD,
    "a _GeneratorContextManager": _WITHOUT_YIELD,
    "a _AsyncGeneratorContextManager": _WITHOUT_YIELD,
}
"""What a function of another kind than ``connect`` returns, with what to do."""


def no_session(name: str, returned: str | None, connect: str = "connect") -> str | None:
    """Why ``name``, which ``returned`` that, is no ``connect``, as a sentence, or ``None``."""
    if returned not in NO_SESSIONS:
        return None
    advice = NO_SESSIONS[returned].format(connect=connect)
    return f"{name} returns {returned}, and connect returns a session: {advice}"


def no_connect(subject: object, connect: Callable[..., Any]) -> str | None:
    """Why ``connect`` of ``subject`` is none, as a sentence, or ``None``."""
    name = getattr(connect, "__qualname__", "connect")
    for is_one, returned in (
        (inspect.iscoroutinefunction, "a coroutine"),
        (inspect.isgeneratorfunction, "a generator"),
        (inspect.isasyncgenfunction, "an async_generator"),
    ):
        if is_one(connect):
            return no_session(name, returned, name)
    if inspect.isclass(subject) and _takes_an_object(subject):
        return (
            f"{name} is a method of objects, and is called on the class: write @classmethod "
            "above it, or name an object of the class."
        )
    return None


def _takes_an_object(kind: type) -> bool:
    """Whether ``connect`` of a class is a plain function, and its first argument is an object.

    A plain function that takes the URL first can be called on the class, whatever the URL's name.
    """
    method = inspect.getattr_static(kind, "connect", None)
    if not isinstance(method, FunctionType):
        return False
    signature = inspect.signature(method)
    first = next(iter(signature.parameters), "url")
    if first in ("self", "url"):
        return first == "self"
    by_itself = signature.parameters[first].default is inspect.Parameter.empty
    return by_itself and ("url" in signature.parameters or _fits(signature, "object", "url"))


def _fits(signature: inspect.Signature, *given: str) -> bool:
    """Whether it takes these arguments, and not one less."""
    try:
        signature.bind(*given[:-1])
    except TypeError:
        pass
    else:
        return False
    try:
        signature.bind(*given, authentication=None, certificate_authority=None)
    except TypeError:
        return False
    return True

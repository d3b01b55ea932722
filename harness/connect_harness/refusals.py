"""What is said of a wrong name or type, where it is written: what there is, the nearest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from itertools import chain
from types import MappingProxyType
from typing import Any, TypeVar

MOST_NEAR = 3
_Value = TypeVar("_Value")


class NoSuchName(KeyError):
    """There is nothing of this name; the text says which names are nearest."""

    def __str__(self) -> str:
        # A ``KeyError`` shows its text as ``repr`` does.
        return str(self.args[0])


class Named(dict[str, _Value]):
    """What there is, by its name; a name that is not there raises ``NoSuchName``.

    Parameters:
        what, where: As for ``no_such``.
    """

    def __init__(
        self, what: str, where: str, values: Mapping[str, _Value] = MappingProxyType({})
    ) -> None:
        super().__init__(values)
        self._what = what
        self._where = where

    def __missing__(self, name: str) -> _Value:
        raise NoSuchName(no_such(self._what, name, self, self._where))


def no_such(what: str, name: object, known: Iterable[str], where: str = "") -> str:
    """The sentences for a name that is not known.

    Parameters:
        what: What is named, for instance ``fault``.
        where: Where all names are, in place of listing them.
    """
    names = list(known)
    near = nearest(str(name), names)
    meant = f" The nearest are {', '.join(map(repr, near))}." if near else ""
    listed = f"There are: {', '.join(names)}." if names else "There is none."
    rest = f"All are in {where}." if where else listed
    return f"There is no {what} {name!r}.{meant} {rest}"


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """The names most like ``name``, the nearest first; those that contain it as a word too."""
    # Only who is refused pays for the import.
    from difflib import get_close_matches

    names = list(known)
    alike = get_close_matches(name, names, n=MOST_NEAR, cutoff=0.6)
    of_words = [other for other in names if {*name.lower().split()} <= {*other.lower().split()}]
    rest = get_close_matches(name, names, n=MOST_NEAR, cutoff=0.5)
    return list(dict.fromkeys([*alike, *of_words, *rest]))[:MOST_NEAR]


class OfKnownAttributes:
    """Refuses an attribute that its class neither has nor annotates."""

    def __setattr__(self, name: str, value: object) -> None:
        if name[0] != "_":
            # The types of functools take no class for hashable.
            kind: Any = type(self)
            _check_attribute(kind, name)
        object.__setattr__(self, name, value)


@cache
def _check_attribute(kind: type, name: str) -> None:
    annotated = (getattr(each, "__annotations__", {}) for each in kind.__mro__)
    known = {*dir(kind), *chain.from_iterable(annotated)}
    # A subclass of a user's own may have more.
    if name not in known and kind.__module__.startswith("connect_harness."):
        public = sorted(other for other in known if other[0] != "_")
        raise AttributeError(no_such(f"attribute of {kind.__name__}", name, public))


def check_callable(taker: str, name: str, value: object, arguments: int, hint: str) -> None:
    """Raise ``TypeError`` if the argument ``name`` of ``taker`` takes another number of these."""
    # Only who writes a fault pays for the import.
    from inspect import signature

    number = f"{arguments} argument{'s' if arguments > 1 else ''}"
    sentence = f"{taker}({name}=...) takes a callable of {number}"
    if not callable(value):
        raise TypeError(f"{sentence}, not {value!r}. {hint}")
    try:
        takes = signature(value)
    except ValueError:
        # Some callables that are written in C do not say what they take.
        return
    try:
        takes.bind(*[None] * arguments)
    except TypeError:
        raise TypeError(f"{sentence}, not one of {takes}. {hint}") from None


def check_types(given: object, hint: str = "", /, **expected: type | tuple[type, ...]) -> None:
    """Raise ``TypeError`` if a field of ``given`` has another type than is expected of it.

    Parameters:
        hint: A sentence on what to do instead, if there is one.
        expected: By the name of the field; ``type(None)`` among them where it may be left out.
    """
    for name, kinds in expected.items():
        check_type(type(given).__name__, name, getattr(given, name), kinds, hint)


def check_type(
    taker: str, name: str, value: object, kinds: type | tuple[type, ...], hint: str = ""
) -> None:
    """Raise ``TypeError`` if the argument ``name`` of ``taker`` is of another type than these."""
    allowed = kinds if isinstance(kinds, tuple) else (kinds,)
    # A truth value is an int of Python's, and no number here.
    if isinstance(value, allowed) and (not isinstance(value, bool) or bool in allowed):
        return
    words = " or ".join("None" if kind is type(None) else kind.__name__ for kind in allowed)
    sentence = f"{taker}({name}=...) takes {words}, not {type(value).__name__}."
    raise TypeError(f"{sentence} {hint}".rstrip())

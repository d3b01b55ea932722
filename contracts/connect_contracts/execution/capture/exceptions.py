"""Exceptions as text: for results, and for the search for secrets."""

from __future__ import annotations

from connect_contracts.model.observation import Raised

KEPT = 4_000_000
"""Characters that are kept of what is said in a run; of who says more not everything is known."""


def raised(error: BaseException) -> Raised:
    """An exception as text, with those that it came from."""
    chain: list[tuple[str, str]] = []
    seen = {id(error)}
    link = error.__cause__ or error.__context__
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        chain.append((_type_name(link), _text(link)))
        link = link.__cause__ or link.__context__
    names = tuple(kind.__name__ for kind in type(error).__mro__)
    return Raised(_type_name(error), names, _text(error), tuple(chain))


def all_texts(error: BaseException) -> list[str]:
    """Everything that an exception says in any way: its text, ``repr`` and notes (PEP 678).

    With those of its cause, its context, and the members of a group, whatever hides them.
    """
    found: list[str] = []
    waiting: list[BaseException | None] = [error]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop(0)
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        notes = getattr(one, "__notes__", ())
        found += [_text(one), shown(one, repr), *(shown(note, str) for note in notes or ())]
        waiting += [one.__cause__, one.__context__]
        if isinstance(one, BaseExceptionGroup):
            waiting += one.exceptions
    return found


def shown(value: object, way: type[str] | object) -> str:
    """``str`` or ``repr`` of a value, whatever they raise."""
    try:
        return str(value) if way is str else repr(value)
    except Exception as second:
        return f"(its text cannot be had: {type(second).__name__}: {second})"


def _type_name(error: BaseException) -> str:
    kind = type(error)
    return (
        kind.__qualname__
        if kind.__module__ == "builtins"
        else (f"{kind.__module__}.{kind.__qualname__}")
    )


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception as second:
        return f"(its text cannot be had: {type(second).__name__})"

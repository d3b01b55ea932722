"""Whose mistake an exception is: the implementation's, or that of whoever called it."""

from __future__ import annotations

from types import CodeType, TracebackType

from connect_contracts.implementation import Implementation
from connect_contracts.running import actor

_OF_PROGRAMMING = (TypeError, AttributeError, NameError)
"""What code raises that is wrong itself. Anything else an adapter may raise on purpose, where it
words an error of the implementation's anew."""

_CALLS_CONNECT = ("connect", "connect_of_subclass")
"""A call of ``connect`` that does not fit its parameters is judged: it fails in its caller, and so
does one whose arguments an adapter looks at before it hands them on. A name that is not there is
neither's doing."""


def is_of_the_caller(error: BaseException, implementation: Implementation) -> bool:
    """Whether ``error`` was raised by the adapter's own code, or by our call of it.

    That is so if no code of the implementation was running any more: the innermost line is one of
    a method that the adapter overrides, or of ours that calls it.
    """
    if not isinstance(error, _OF_PROGRAMMING) or error.__traceback__ is None:
        return False
    innermost = _innermost(error.__traceback__)
    if innermost.co_name in _CALLS_CONNECT and not isinstance(error, NameError):
        return False
    return innermost.co_filename == actor.__file__ or innermost in _adapter(implementation)


def _innermost(traceback: TracebackType) -> CodeType:
    while traceback.tb_next is not None:
        traceback = traceback.tb_next
    return traceback.tb_frame.f_code


def _adapter(implementation: Implementation) -> set[CodeType]:
    """The code of the methods that a subclass of ``Implementation`` brings along."""
    kinds = type(implementation).__mro__
    own = kinds[: kinds.index(Implementation)]
    functions = (one for kind in own for one in vars(kind).values())
    return {one.__code__ for one in functions if hasattr(one, "__code__")}

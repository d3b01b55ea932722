"""Whose mistake an exception is: the implementation's, or that of whoever called it."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from types import CodeType, TracebackType

from connect_contracts.execution import session_thread
from connect_contracts.execution.implementation import Implementation

_OF_PROGRAMMING = (TypeError, AttributeError, NameError, ImportError)
"""What code raises that is wrong itself. Anything else an adapter may raise on purpose, where it
words an error of the implementation's anew, or meet in a mapping that the implementation gave."""

_CALLS_CONNECT = ("connect", "connect_of_subclass")
"""A call of ``connect`` that does not fit its parameters is judged: it fails in its caller, and so
does one whose arguments an adapter looks at before it hands them on. A name that is not there is
neither's doing."""

_IMPORTING = "<frozen importlib"


def raised_by_adapter(error: BaseException, implementation: Implementation) -> bool:
    """Whether ``error`` was raised by the adapter's own code, or by our call of it.

    That is so if no code of the implementation was running any more: the innermost line is one of
    a method that the adapter overrides, of what such a method is made of or calls in the adapter's
    own file, or of ours that calls it.
    """
    if not isinstance(error, _OF_PROGRAMMING) or error.__traceback__ is None:
        return False
    innermost = _innermost(error.__traceback__)
    unfitting = not isinstance(error, NameError | ImportError)
    if innermost.co_name in _CALLS_CONNECT and unfitting:
        return False
    if innermost.co_filename == session_thread.__file__:
        return True
    own = set(_adapter(implementation))
    return innermost in own or innermost.co_filename in _files(own, implementation)


def _innermost(traceback: TracebackType) -> CodeType:
    found = traceback.tb_frame.f_code
    while traceback.tb_next is not None:
        traceback = traceback.tb_next
        # What looks for a module belongs to the line that imports it.
        if not traceback.tb_frame.f_code.co_filename.startswith(_IMPORTING):
            found = traceback.tb_frame.f_code
    return found


def _adapter(implementation: Implementation) -> Iterator[CodeType]:
    """The code of the methods that a subclass of ``Implementation`` brings along."""
    kinds = type(implementation).__mro__
    for kind in kinds[: kinds.index(Implementation)]:
        for one in vars(kind).values():
            # A decorator may stand around it.
            for function in (one, inspect.unwrap(one) if callable(one) else one):
                if isinstance(code := getattr(function, "__code__", None), CodeType):
                    yield from _with_parts(code)


def _with_parts(code: CodeType) -> Iterator[CodeType]:
    """``code`` and what is written inside it: comprehensions, lambdas, functions."""
    yield code
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield from _with_parts(one)


def _files(own: set[CodeType], implementation: Implementation) -> set[str]:
    """The files of the adapter, but for one that the implementation lies in too."""
    modules = (implementation.module, implementation.defined_in)
    its = {getattr(module, "__file__", None) for module in modules}
    return {one.co_filename for one in own} - its

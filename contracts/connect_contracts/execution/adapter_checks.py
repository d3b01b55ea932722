"""The adapter is checked before a run; an exception of its own code is a harness error.

The check looks at the adapter alone: whether overridden methods take what they are given, and
whether credentials that are found can be built as documented. A ``connect`` that raises, hangs or
takes the wrong arguments is no wrong adapter: the clauses judge that.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from pathlib import Path
from types import CodeType, TracebackType
from typing import Any

from connect_contracts.execution import session_thread
from connect_contracts.execution.call.arguments import PasswordGrantArgument
from connect_contracts.execution.implementation import BadImplementation, Implementation

NEAR = 0.85
"""How near to a name of ``Implementation`` one of an adapter is taken for it, of ``difflib``."""

_NOT_CALLED_BY_POSITION = ("connect", "connect_of_subclass", "find")


class WrongAdapter(BadImplementation):
    """The adapter does not fit the implementation; the text names the method to override."""


def check_adapter(implementation: Implementation) -> None:
    """Raise ``WrongAdapter`` if an overridden method takes other arguments than it is called with.

    The same if a credential that was found cannot be built as documented.
    """
    _check_names(type(implementation))
    for name, method in vars(Implementation).items():
        if not name.startswith("_") and name not in _NOT_CALLED_BY_POSITION and callable(method):
            _check_signature(implementation, name, method)
    _check_connect(implementation)
    _check_built(implementation, "basic", "BasicAuthentication", "user", "passwd")
    _check_built(implementation, "token", "TokenAuthentication", "token", None)
    files = Path("certificate.pem"), Path("key.pem"), None
    _check_built(implementation, "client_certificate", "ClientCertificate", *files)


def _check_names(adapter: type[Implementation]) -> None:
    known = [name for name in vars(Implementation) if not name.startswith("_")]
    for kind in adapter.__mro__[: adapter.__mro__.index(Implementation)]:
        for name in vars(kind).keys() - set(known):
            near = [] if name.startswith("_") else get_close_matches(name, known, 1, NEAR)
            if near:
                raise WrongAdapter(
                    f"The adapter is wrong: {kind.__qualname__}.{name} is not a name of "
                    f"Implementation: rename it {near[0]} if it is meant to override that, or "
                    f"_{name} if not."
                )


def _check_signature(
    implementation: Implementation, name: str, documented: Callable[..., Any]
) -> None:
    if getattr(type(implementation), name) is documented:
        return
    if inspect.iscoroutinefunction(getattr(implementation, name)):
        raise WrongAdapter(
            f"The adapter is wrong: {type(implementation).__qualname__}.{name} is a coroutine "
            "function, and is not awaited: let it run what it awaits, as by asyncio.run."
        )
    wanted = list(inspect.signature(documented).parameters)[1:]
    given, keywords = wanted, dict[str, None]()
    if name == "password_grant":
        wanted = [f"{field}=..." for field in PasswordGrantArgument.__struct_fields__]
        given, keywords = [], dict.fromkeys(PasswordGrantArgument.__struct_fields__)
    if (error := _not_taken(getattr(implementation, name), *given, **keywords)) is not None:
        raise WrongAdapter(
            f"The adapter is wrong: {type(implementation).__qualname__}.{name} is called with "
            f"({', '.join(wanted)}) and does not take them ({error}): change its signature."
        ) from error


def _check_connect(implementation: Implementation) -> None:
    kind = type(implementation)
    if kind.connect is Implementation.connect:
        return
    keywords = {"authentication": None, "certificate_authority": None}
    if (error := _not_taken(implementation.connect, "url", **keywords)) is not None:
        raise WrongAdapter(
            f"The adapter is wrong: {kind.__qualname__}.connect is called as connect(url, "
            f"authentication=..., certificate_authority=...) and does not take that ({error}): "
            "let it take *args and **keywords and hand them on."
        ) from error


def _not_taken(method: Callable[..., Any], *given: Any, **keywords: Any) -> TypeError | None:
    """Why ``method`` does not take these arguments; one in C need not tell its signature."""
    try:
        inspect.signature(method).bind(*given, **keywords)
    except TypeError as error:
        return error
    except ValueError:
        return None
    return None


def _check_built(implementation: Implementation, method: str, part: str, *given: object) -> None:
    try:
        getattr(implementation, method)(*given)
    except TypeError as error:
        raise WrongAdapter(
            f"The adapter is wrong: {part} of {implementation.name} cannot be built as documented "
            f"({error}): override {method} in a subclass of connect_contracts.Implementation and "
            "name that subclass as the implementation."
        ) from error
    except Exception:
        # A part or a file that is not there, a value that is refused: its call is right.
        return


_OF_PROGRAMMING = (TypeError, AttributeError, NameError, ImportError)
"""What code raises that is wrong itself. Anything else an adapter may raise on purpose, where it
words an error of the implementation's anew, or meet in a mapping that the implementation gave."""

_CALLS_CONNECT = ("connect", "connect_of_subclass")
"""A call of ``connect`` that does not fit its parameters is judged: it fails in its caller, and so
does one whose arguments an adapter looks at before it hands them on. A name that is not there is
neither's doing."""

_IMPORTING = "<frozen importlib"


def raised_by_adapter(
    error: BaseException, implementation: Implementation, *, documented: bool = False
) -> bool:
    """Whether ``error`` was raised by the adapter's own code, or by our call of it.

    That is so if no code of the implementation was running any more: the innermost line is one of
    a method that the adapter overrides, of what such a method is made of or calls in the adapter's
    own file, or of ours that calls it. ``documented``: what was given is as documented, so that an
    adapter's ``connect`` may not stumble over it.
    """
    if not isinstance(error, _OF_PROGRAMMING) or error.__traceback__ is None:
        return False
    innermost = _innermost(error.__traceback__)
    others = NameError | ImportError
    unfitting = not isinstance(error, others | AttributeError if documented else others)
    if innermost.co_name in _CALLS_CONNECT and unfitting:
        return False
    if innermost.co_filename == session_thread.__file__:
        return True
    own = set(_adapter(implementation))
    # The implementation may lie in the adapter's file.
    modules = (implementation.module, implementation.defined_in)
    its = {getattr(module, "__file__", None) for module in modules}
    return innermost in own or innermost.co_filename in {code.co_filename for code in own} - its


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
        for value in vars(kind).values():
            # A decorator may stand around it.
            for function in (value, inspect.unwrap(value) if callable(value) else value):
                if isinstance(code := getattr(function, "__code__", None), CodeType):
                    yield from _with_parts(code)


def _with_parts(code: CodeType) -> Iterator[CodeType]:
    """``code`` and what is written inside it: comprehensions, lambdas, functions."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _with_parts(constant)

"""The smoke check: is the adapter right? Asked before whether the implementation conforms.

It looks at the adapter alone: whether overridden methods take what they are given, and whether
credentials that are found can be built as documented. A ``connect`` that raises, hangs or takes
the wrong arguments is no wrong adapter: that is for the clauses to say.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

from connect_contracts.execution.implementation import (
    BadImplementation,
    Implementation,
    PartMissing,
)

_NOT_CALLED_BY_POSITION = ("connect", "connect_of_subclass", "find")


class WrongAdapter(BadImplementation):
    """The adapter does not fit the implementation; the text names the method to override."""


def check_adapter(implementation: Implementation) -> None:
    """Look whether ``implementation`` is adapted as its parts want to be used.

    Raises:
        WrongAdapter: An overridden method takes other arguments than it is called with, or a
            credential that was found cannot be built as documented.
    """
    for name, method in vars(Implementation).items():
        if not name.startswith("_") and name not in _NOT_CALLED_BY_POSITION and callable(method):
            _check_signature(implementation, name, method)
    _check_connect(implementation)
    _check_built(implementation, "basic", "BasicAuthentication", "user", "passwd")
    _check_built(implementation, "token", "TokenAuthentication", "token", None)
    files = Path("certificate.pem"), Path("key.pem"), None
    _check_built(implementation, "client_certificate", "ClientCertificate", *files)


def _check_signature(
    implementation: Implementation, name: str, documented: Callable[..., Any]
) -> None:
    overridden = getattr(type(implementation), name)
    if overridden is documented:
        return
    wanted = list(inspect.signature(documented).parameters)[1:]
    given = getattr(implementation, name)
    try:
        inspect.signature(given).bind(*wanted)
    except TypeError as error:
        raise WrongAdapter(
            f"The adapter is wrong: {type(implementation).__qualname__}.{name} is called with "
            f"({', '.join(wanted)}) and does not take them ({error}): change its signature."
        ) from error
    except ValueError:
        # A callable written in C need not tell its signature.
        return


def _check_connect(implementation: Implementation) -> None:
    kind = type(implementation)
    if kind.connect is Implementation.connect:
        return
    try:
        inspect.signature(implementation.connect).bind(
            "url", authentication=None, certificate_authority=None
        )
    except TypeError as error:
        raise WrongAdapter(
            f"The adapter is wrong: {kind.__qualname__}.connect is called as connect(url, "
            f"authentication=..., certificate_authority=...) and does not take that ({error}): "
            "let it take *args and **keywords and hand them on."
        ) from error
    except ValueError:
        return


def _check_built(implementation: Implementation, method: str, part: str, *given: object) -> None:
    try:
        getattr(implementation, method)(*given)
    except TypeError as error:
        raise WrongAdapter(
            f"The adapter is wrong: {part} of {implementation.name} cannot be built as documented "
            f"({error}): override {method} in a subclass of connect_contracts.Implementation and "
            "name that subclass as the implementation."
        ) from error
    except PartMissing:
        return
    except Exception:
        # A file that is not there, a value that is refused: the part is called as it wants to be.
        return

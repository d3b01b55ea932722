"""A copy of a reference implementation whose parts can be replaced, and what several replace."""

from __future__ import annotations

import builtins
import inspect
import ssl
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.abc import InspectLoader
from importlib.util import module_from_spec
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import httpx

from connect_contracts.model.clause import Profile

_PACKAGE = "connect_contracts.reference"
_MODULES = {Profile.V0_9_1: "v0_9_1", Profile.V6_2: "v6_2"}


class ReferenceCopy:
    """The reference of a profile, run anew: what is changed in it is changed nowhere else.

    Its parts are named from their module on, such as ``_tables.Table.append``; those of the
    profile's own module without it: ``Session.tables``. A part that is set takes the old one's
    place wherever the copy has it.
    """

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self._modules: dict[str, ModuleType] = {}
        self.module = self._imported(f"{_PACKAGE}.{_MODULES[profile]}")

    def __getitem__(self, name: str) -> Any:
        owner, attribute = self._found(name)
        return getattr(owner, attribute)

    def __setitem__(self, name: str, part: object) -> None:
        owner, attribute = self._found(name)
        old = getattr(owner, attribute)
        setattr(owner, attribute, part)
        if not isinstance(owner, ModuleType):
            return
        for module in self._modules.values():
            for imported, value in list(vars(module).items()):
                if value is old:
                    setattr(module, imported, part)

    def around(self, name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Put the decorated function in the place of a part, which it is given before the rest."""
        replaced = self[name]
        of_class = isinstance(inspect.getattr_static(*self._found(name)), classmethod)
        called = replaced.__func__ if of_class else replaced

        def put(function: Callable[..., Any]) -> Callable[..., Any]:
            def part(*given: Any, **named: Any) -> Any:
                return function(called, *given, **named)

            self[name] = classmethod(part) if of_class else part
            return function

        return put

    def _found(self, name: str) -> tuple[Any, str]:
        *owners, attribute = name.split(".")
        owner: Any = self.module
        if owners and f"{_PACKAGE}.{owners[0]}" in self._modules:
            owner = self._modules[f"{_PACKAGE}.{owners.pop(0)}"]
        for part in owners:
            owner = getattr(owner, part)
        return owner, attribute

    def _imported(self, name: str) -> ModuleType:
        if name in self._modules:
            return self._modules[name]
        module, code = unexecuted(name)
        self._modules[name] = module
        # An import statement asks the builtins of its module how to import.
        vars(module)["__builtins__"] = {**vars(builtins), "__import__": self._import}
        exec(code, vars(module))  # noqa: S102
        return module

    def _import(
        self,
        name: str,
        globals: Mapping[str, object] | None = None,
        locals: Mapping[str, object] | None = None,
        fromlist: tuple[str, ...] | None = (),
        level: int = 0,
    ) -> ModuleType:
        if name.startswith(f"{_PACKAGE}.") and fromlist:
            return self._imported(name)
        return builtins.__import__(name, globals, locals, fromlist or (), level)


def unexecuted(name: str) -> tuple[ModuleType, CodeType]:
    """A further module of the name of one that can be imported, and the code to execute in it."""
    # dataclasses looks modules up by their names, which copy and original share.
    spec = import_module(name).__spec__
    assert spec is not None
    return module_from_spec(spec), _code(name)


@cache
def _code(name: str) -> CodeType:
    # Where Python keeps no bytecode, compiling costs more than all the rest of a copy.
    loader = getattr(import_module(name).__spec__, "loader", None)
    assert isinstance(loader, InspectLoader)
    code = loader.get_code(name)
    assert code is not None
    return code


def basic_header(username: str, password: str, encoding: str = "utf-8") -> dict[str, str]:
    """The header of Basic credentials; what latin-1 lacks becomes a question mark."""
    pair = f"{username}:{password}".encode(encoding, "replace")
    return {"Authorization": f"Basic {b64encode(pair).decode()}"}


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """``error``, and what it was raised from or while handling, down to the first."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def go_on_when(reference: ReferenceCopy, ignored: Callable[[Any, Any], bool]) -> None:
    """Have connect return a session, which leads nowhere, instead of some errors of httpx.

    Parameters:
        ignored: Called with the error and the authentication that was given.
    """

    @reference.around("Session.connect")
    def going_on(connect: Any, cls: Any, *given: Any, **named: Any) -> Any:
        try:
            return connect(cls, *given, **named)
        except httpx.HTTPError as error:
            if ignored(error, named.get("authentication")):
                return cls.__new__(cls)
            raise


def verify_nothing(context: ssl.SSLContext) -> ssl.SSLContext:
    """``context``, which accepts every certificate from now on."""
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def change_contexts(
    reference: ReferenceCopy, change: Callable[[ssl.SSLContext, Path | None], object]
) -> None:
    """Have each context for TLS changed when it is made; ``change`` gets the file's path too."""

    @reference.around("_trust.trusting")
    def changed(trusting: Any, certificate_authority: Path | None) -> Any:
        context = trusting(certificate_authority)
        change(context, certificate_authority)
        return context

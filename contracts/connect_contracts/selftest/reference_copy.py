"""A copy of a reference implementation, of which one part can be another."""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from importlib import import_module
from importlib.util import module_from_spec
from types import ModuleType
from typing import Any

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

    def _found(self, name: str) -> tuple[Any, str]:
        *owners, attribute = name.split(".")
        owner: Any = self.module
        if owners and f"{_PACKAGE}.{owners[0]}" in self._modules:
            owner = self._modules[f"{_PACKAGE}.{owners.pop(0)}"]
        for one in owners:
            owner = getattr(owner, one)
        return owner, attribute

    def _imported(self, name: str) -> ModuleType:
        if name in self._modules:
            return self._modules[name]
        # dataclasses looks modules up by their names, which copy and original share.
        spec = import_module(name).__spec__
        assert spec is not None
        assert spec.loader is not None
        module = self._modules[name] = module_from_spec(spec)
        # An import statement asks the builtins of its module how to import.
        vars(module)["__builtins__"] = {**vars(builtins), "__import__": self._import}
        spec.loader.exec_module(module)
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

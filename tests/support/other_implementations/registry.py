"""How a broken implementation that is no copy of the reference is written down."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from importlib.util import module_from_spec
from pathlib import Path
from typing import Any

from connect_contracts.execution.implementation import Implementation
from connect_contracts.model.clause import Depth, Profile
from connect_contracts.selftest.matrix import KillMatrix
from connect_contracts.selftest.registry import Broken, register


class OtherCopy:
    """One of the other implementations, run anew: what is changed in it is changed nowhere else.

    Its parts are named as in its module: ``connect``, ``Session.close``.

    Parameters:
        base: The name of its module: such as ``on_requests``.
    """

    def __init__(self, base: str) -> None:
        # dataclasses looks modules up by their names, which copy and original share.
        spec = import_module(f"{__package__}.{base}").__spec__
        assert spec is not None
        assert spec.loader is not None
        self.module = module_from_spec(spec)
        spec.loader.exec_module(self.module)

    def __getitem__(self, name: str) -> Any:
        owner, attribute = self._found(name)
        return getattr(owner, attribute)

    def __setitem__(self, name: str, part: object) -> None:
        owner, attribute = self._found(name)
        getattr(owner, attribute)
        setattr(owner, attribute, part)

    def _found(self, name: str) -> tuple[Any, str]:
        *owners, attribute = name.split(".")
        owner: Any = self.module
        for part in owners:
            owner = getattr(owner, part)
        return owner, attribute

    def implementation(self, profile: Profile, reference: str) -> Implementation:
        """The implementation that it is in ``profile``, found again by ``reference``."""
        name = "Adapter" if profile is Profile.V0_9_1 else "Adapter62"
        adapter = getattr(self.module, name, Implementation)
        # As it is now: an adapter, or an alias of the module, may hold what it was at first.
        subject = getattr(self.module, "Session62" if name == "Adapter62" else "Session")
        if not hasattr(subject, "connect"):
            subject = self.module.connect
        found: Implementation = adapter(subject, module=self.module, reference=reference)
        return found


OtherChange = Callable[[OtherCopy], None]

_BROKEN: dict[str, Broken] = {}


def broken_other(
    base: str, *, fails: Iterable[str], because: str = ""
) -> Callable[[OtherChange], Broken]:
    """Register the decorated function as a broken implementation in the profile 0.9.1.

    Parameters:
        base: The module of the implementation that it is derived from.
        fails: Ids of what it is there to fail, as for ``broken``: all of their cases, and no other
            case of their clauses.
        because: Why it fails other clauses too, if it does.
    """

    def decorate(change: OtherChange) -> Broken:
        def make(profile: Profile, reference: str) -> Implementation:
            copy = OtherCopy(base)
            change(copy)
            return copy.implementation(profile, reference)

        return register(
            _BROKEN,
            change,
            make,
            profiles=(Profile.V0_9_1,),
            fails=tuple(fails),
            because=because,
            recipe_depth=Depth.DEFAULT,
        )

    return decorate


def every_broken_other() -> tuple[Broken, ...]:
    """All of them."""
    import_module(f"{__package__}.broken")
    return tuple(_BROKEN.values())


PINNED = KillMatrix(Path(__file__).with_name("kill_matrix.json"), every_broken_other)
"""What is pinned of them; ``python -m other_implementations`` pins it anew."""

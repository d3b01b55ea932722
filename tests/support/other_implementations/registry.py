"""How a broken implementation that is no copy of the reference is written down."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import module_from_spec
from pathlib import Path
from typing import Any

from connect_contracts.chapters.case import Case
from connect_contracts.execution.implementation import Implementation
from connect_contracts.model.clause import Depth, Profile
from connect_contracts.selftest.matrix import KillMatrix
from connect_contracts.selftest.registry import Broken

TOPICS = ("broken_on_http_client", "broken_on_requests", "broken_on_aiohttp")
"""The modules of this package in which broken implementations are written."""


class OtherCopy:
    """One of the other implementations, run anew: what is changed in it is changed nowhere else.

    Its parts are named as in its module: ``connect``, ``Session.close``. Those of a class that the
    module only imports are every copy's, and cannot be changed; the class itself can be replaced.

    Parameters:
        base: The name of its module: ``on_http_client``, ``on_requests`` or ``on_aiohttp``.
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
        for one in owners:
            owner = getattr(owner, one)
            if getattr(owner, "__module__", None) != self.module.__name__:
                raise AttributeError(f"{one} is not of this copy: replace it, do not change it")
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


@dataclass(frozen=True)
class BrokenOther(Broken):
    """A broken implementation that is derived from another one than the reference.

    Parameters:
        base: The module of the implementation that it is derived from.
        break_it: What is changed in a copy of it.
    """

    base: str
    break_it: OtherChange

    def implementation(self, profile: Profile) -> Implementation:
        """The implementation that it is in ``profile``."""
        copy = OtherCopy(self.base)
        self.break_it(copy)
        attribute = "v0_9_1" if profile is Profile.V0_9_1 else "v6_2"
        return copy.implementation(profile, f"{self.module}:{self.name}.{attribute}")

    @property
    def depth(self) -> Depth:
        """How much of the suite it meets."""
        return Depth.DEFAULT

    def meets(self, case: Case) -> bool:
        """Whether it meets ``case``, a recipe of TLS too."""
        return self.depth.contains(case.depth)


NOT_REFUSED = "a row that is refused must be refused where secrets are listened for, too"
"""Why those who take no refusal of a row for one fail a case of AUTH-12 as well."""

_BROKEN: dict[str, BrokenOther] = {}


def broken_other(
    base: str,
    *,
    fails: Iterable[str],
    because: str = "",
    profiles: tuple[Profile, ...] = (Profile.V0_9_1,),
) -> Callable[[OtherChange], BrokenOther]:
    """Register the decorated function as a broken implementation; see :class:`BrokenOther`.

    Parameters:
        fails: Ids of what it is there to fail, as for ``broken``: all of their cases, and no other
            case of their clauses.
        because: Why it fails other clauses too, if it does.

    Raises:
        ValueError: The name is taken, or there is no docstring.
    """

    def register(change: OtherChange) -> BrokenOther:
        name = change.__name__
        description = inspect.getdoc(change)
        if name in _BROKEN:
            raise ValueError(f"the broken implementation {name} is there twice")
        if not description:
            raise ValueError(f"the broken implementation {name} has no docstring")
        _BROKEN[name] = BrokenOther(
            name=name,
            description=description,
            module=change.__module__,
            profiles=profiles,
            fails=tuple(fails),
            because=because,
            whole=False,
            change=_no_reference,
            base=base,
            break_it=change,
        )
        return _BROKEN[name]

    return register


def every_broken_other() -> tuple[BrokenOther, ...]:
    """All of them."""
    for topic in TOPICS:
        import_module(f"{__package__}.{topic}")
    return tuple(_BROKEN.values())


PINNED = KillMatrix(Path(__file__).with_name("kill_matrix.json"), every_broken_other)
"""What is pinned of them; ``python -m other_implementations`` pins it anew."""


def _no_reference(reference: object) -> None:
    raise TypeError("This implementation is no copy of the reference.")

"""How a defect of a call is written down: one small function, registered where it is defined."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from connect_contracts.execution.call.arguments import Arguments
    from connect_contracts.execution.call.resources import CallResources

Apply = Callable[["Arguments", "CallResources"], "Arguments"]


@dataclass(frozen=True)
class CallDefect:
    """One thing that is wrong with a call of ``connect``.

    Parameters:
        name: Its name in scenarios.
        description: What is wrong, from the docstring of its function.
        apply: Takes the right arguments of the call and gives the wrong ones.
    """

    name: str
    description: str
    apply: Apply


CALL_DEFECTS: dict[str, CallDefect] = {}


def call_defect(name: str) -> Callable[[Apply], Apply]:
    """Register the decorated function as the defect ``name``.

    Raises:
        ValueError: The name is taken, or the function has no docstring.
    """

    def register(apply: Apply) -> Apply:
        if name in CALL_DEFECTS:
            raise ValueError(f"the call defect {name!r} is there twice")
        if not apply.__doc__:
            raise ValueError(f"the call defect {name!r} has no docstring")
        CALL_DEFECTS[name] = CallDefect(name, apply.__doc__.strip(), apply)
        return apply

    return register

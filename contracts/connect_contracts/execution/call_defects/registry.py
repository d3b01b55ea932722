"""How a defect of a call is written: what it does to the arguments, and what is known of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from connect_contracts.model.clause import Depth
from connect_contracts.model.scenario import Call

if TYPE_CHECKING:
    from connect_contracts.execution.call.arguments import Arguments
    from connect_contracts.execution.call.resources import CallResources

Apply = Callable[["Arguments", "CallResources"], "Arguments"]
Check = Literal[
    "arguments", "port", "authority file", "client files", "server certificate", "caller"
]
Argument = Literal["url", "authentication", "certificate_authority", "keywords"]
Needs = Literal["a callable", "http", "https", "an encrypted key"]
Authorities = tuple[str, ...] | None | Literal["as in the call"]


@dataclass(frozen=True)
class CallDefect:
    """One thing that is wrong with a call of ``connect``.

    Parameters:
        text: What is given, as words of a scenario. ``{host}`` and ``{who}`` stand for the words of
            the call itself, ``{user}`` for who calls with a name and a password.
        argument: The argument whose words ``text`` replaces; ``keywords`` for a further one.
        description: The published sentence; the docstring of a function.
        apply: Takes the right arguments of the call and gives the wrong ones.
        group: The topic under which the search draws it.
        check: The check of the oracle that meets it.
        expectation: ``refused``, or ``observe`` where a client may do either.
        clause: The clause by which ``check`` stops the call, if it is the same for each target.
        authorities: The authorities of the file that is given; ``None`` for no file.
        needs: What a scenario must have for the defect to be one.
        depth, recipe: Those of the case that is made from it.
    """

    name: str
    text: str
    argument: Argument
    description: str
    apply: Apply
    group: str
    check: Check
    expectation: Literal["refused", "observe"] = "refused"
    clause: str | None = None
    authorities: Authorities = "as in the call"
    needs: Needs | None = None
    depth: Depth = Depth.DEFAULT
    recipe: str | None = None


CALL_DEFECTS: dict[str, CallDefect] = {}


def register(name: str, text: str, description: str, apply: Apply, **further: Any) -> None:
    """Add a defect under a name that is free."""
    if name in CALL_DEFECTS:
        raise ValueError(f"the call defect {name!r} is there twice")
    if not text:
        raise ValueError(f"the call defect {name!r} has no text of what is given")
    if not description:
        raise ValueError(f"the call defect {name!r} has no docstring")
    CALL_DEFECTS[name] = CallDefect(
        name=name, text=text, description=description, apply=apply, **further
    )


def call_defect(name: str, text: str, **further: Any) -> Callable[[Apply], Apply]:
    """Register the decorated function; its docstring is the description."""

    def decorate(apply: Apply) -> Apply:
        register(name, text, (apply.__doc__ or "").strip(), apply, **further)
        return apply

    return decorate


def changing(
    name: str, text: str, description: str, fields: Mapping[str, Any], **further: Any
) -> None:
    """Register a defect that gives other values to these fields of the arguments."""
    register(name, text, description, lambda arguments, _: arguments.but(**fields), **further)


@cache
def met_by(check: Check, expectation: str) -> tuple[str, ...]:
    """The names of the defects that a check of the oracle meets, of one expectation."""
    return tuple(
        defect.name
        for defect in CALL_DEFECTS.values()
        if (defect.check, defect.expectation) == (check, expectation)
    )


def resolve(call: Call, resources: CallResources, place: str) -> Arguments:
    """The arguments that ``call``, the step at ``place``, stands for, with its defect."""
    from connect_contracts.execution.call.resources import handed_out

    arguments = resources.arguments(call, place)
    if call.defect is not None:
        arguments = CALL_DEFECTS[call.defect].apply(arguments, resources)
    resources.secrets += handed_out(arguments, call.target)
    return arguments

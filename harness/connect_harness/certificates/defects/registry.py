"""How a defect of a chain is written down: one small function, registered where it is defined."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from inspect import cleandoc
from typing import Literal

from connect_harness.certificates.blueprint import ChainBlueprint

Apply = Callable[[ChainBlueprint], None]
Alert = Literal["unknown_ca", "certificate_expired", "bad_certificate"]


@dataclass(frozen=True)
class Defect:
    """One thing that is wrong with a chain.

    Parameters:
        name: Its name, as it stands in ``Chain.defect``.
        description: What is wrong, from the docstring of its function.
        rule: The sections that demand the expectation.
        clauses: The clauses that it serves.
        expectation: ``refused`` where a rule demands it, ``observe`` where none does.
        alert: What a client on OpenSSL tells the other side, by its name in RFC 8446 6; other
            clients may send another alert, or none.
        host: The host of the URL for which it is a defect.
        intermediates: The fewest intermediates that a chain with this defect has.
        apply: Changes the blueprint of a sound chain into that of the defective one.
    """

    name: str
    description: str
    rule: str
    clauses: tuple[str, ...]
    expectation: Literal["refused", "observe"]
    alert: Alert | None
    host: str
    intermediates: int
    apply: Apply


DEFECTS: dict[str, Defect] = {}


def defect(
    name: str,
    *,
    rule: str,
    clauses: tuple[str, ...],
    alert: Alert | None,
    expectation: Literal["refused", "observe"] = "refused",
    host: str = "localhost",
    intermediates: int = 0,
) -> Callable[[Apply], Apply]:
    """Register the decorated function as the defect ``name``; parameters as of ``Defect``.

    Raises:
        ValueError: The name is taken, or the function has no docstring.
    """

    def register(apply: Apply) -> Apply:
        if name in DEFECTS:
            raise ValueError(f"the defect {name!r} is there twice")
        if not apply.__doc__:
            raise ValueError(f"the defect {name!r} has no docstring")
        DEFECTS[name] = Defect(
            name=name,
            description=cleandoc(apply.__doc__),
            rule=rule,
            clauses=clauses,
            expectation=expectation,
            alert=alert,
            host=host,
            intermediates=intermediates,
            apply=apply,
        )
        return apply

    return register


def named_defect(name: str) -> Defect:
    """The defect of this name.

    Raises:
        ValueError: There is none; the text lists those there are.
    """
    if name not in DEFECTS:
        raise ValueError(f"no defect {name!r}; there are: {', '.join(sorted(DEFECTS))}")
    return DEFECTS[name]

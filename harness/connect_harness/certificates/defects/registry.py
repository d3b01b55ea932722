"""How a defect of a chain is written down: one small function, registered where it is defined."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from inspect import cleandoc
from typing import Literal

from connect_harness.certificates.blueprint import ChainBlueprint
from connect_harness.certificates.chain import Chain

Apply = Callable[[ChainBlueprint], None]
Expectation = Literal["refused", "accepted", "observe"]
Depth = Literal["core", "default", "full", "slow"]
Alert = Literal[
    "bad_certificate",
    "certificate_expired",
    "certificate_revoked",
    "certificate_unknown",
    "decrypt_error",
    "handshake_failure",
    "illegal_parameter",
    "unknown_ca",
    "unsupported_certificate",
]

LENIENT = "its TLS defaults are lenient"
STRICT = "its TLS defaults are strict"
STRICT_OR_UNNAMED = f"{STRICT}, or a name in the common name is not looked at"

_RECIPE = re.compile(r"[a-z0-9]+/[a-z0-9-]+")


@dataclass(frozen=True)
class Defect:
    """One thing that is wrong with a chain, or odd about it.

    Parameters:
        name: Its name, as it stands in ``Chain.defect``.
        slug: The name of its function. A case is called after it, with dashes.
        description: What is wrong, from the docstring of its function.
        recipe: Which measured case it is, as topic/name: ``"time/expired"``.
        rule: The sections that demand the expectation; empty where none does.
        clauses: The clauses that it serves; CA-19 for what no rule settles.
        expectation: ``refused`` and ``accepted`` where a rule demands it, ``observe`` where none
            does. What is accepted is odd, yet a client must put up with it.
        alert: What OpenSSL tells the other side when it refuses, by its name in RFC 8446 6;
            other clients may send another alert, or none. ``None`` if OpenSSL does not refuse.
        strict_alert: The same under strict TLS defaults, where it is another one.
        host: The host of the URL for which it is a defect.
        chain: The sound chain to which it is applied.
        given: What the client's authority file holds, in order: names of authorities, and the
            words ``the leaf`` and ``the intermediate`` for these of the chain itself. For a
            client's chain, what the target's trust store holds.
        depth: From which depth on it runs: ``full``, unless a ``connect`` can get it wrong by its
            own arguments.
        if_accepted, if_refused: What either means, in plain words; for ``observe`` alone.
        tls_defaults: Whether it tells lenient TLS defaults from strict ones
            (``ssl.VERIFY_X509_STRICT`` and ``ssl.VERIFY_X509_PARTIAL_CHAIN``).
        apply: Changes the blueprint of a sound chain into that of the defective one.
    """

    name: str
    slug: str
    description: str
    recipe: str
    rule: str
    clauses: tuple[str, ...]
    expectation: Expectation
    alert: Alert | None
    strict_alert: Alert | None
    host: str
    chain: Chain
    given: tuple[str, ...]
    depth: Depth
    if_accepted: str
    if_refused: str
    tls_defaults: bool
    apply: Apply

    def __post_init__(self) -> None:
        for wrong, sentence in (
            (not self.description, "has no docstring"),
            (not _RECIPE.fullmatch(self.recipe), f"has no recipe of the form a/b: {self.recipe}"),
            (not self.clauses, "serves no clause"),
            (self.chain.defect is not None, "is applied to a chain with a defect"),
            (self.rule == "" and self.expectation != "observe", "has no rule to demand it"),
            (self.rule != "" and self.expectation == "observe", "has a rule, and only observes"),
            (self.alert is None and self.expectation == "refused", "is refused without an alert"),
            (
                (self.expectation == "observe") != bool(self.if_accepted and self.if_refused),
                "says what either result means if, and only if, it observes",
            ),
        ):
            if wrong:
                raise ValueError(f"the defect {self.name!r} {sentence}")

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """What OpenSSL may send when it refuses, whatever the TLS defaults."""
        return tuple(dict.fromkeys(one for one in (self.alert, self.strict_alert) if one))

    @property
    def defective_chain(self) -> Chain:
        """Its chain with the defect; its twin is ``chain``."""
        return replace(self.chain, defect=self.name)


DEFECTS: dict[str, Defect] = {}


def defect(
    name: str,
    *,
    recipe: str,
    clauses: tuple[str, ...],
    rule: str = "",
    expectation: Expectation = "refused",
    alert: Alert | None = None,
    strict_alert: Alert | None = None,
    host: str = "localhost",
    chain: Chain | None = None,
    given: tuple[str, ...] = ("authority",),
    depth: Depth = "full",
    if_accepted: str = "",
    if_refused: str = "",
    tls_defaults: bool = False,
) -> Callable[[Apply], Apply]:
    """Register the decorated function as the defect ``name``; parameters as of ``Defect``.

    Raises:
        ValueError: The name, the recipe or the function's name is taken, or what is said of the
            defect contradicts itself.
    """

    def register(apply: Apply) -> Apply:
        made = Defect(
            name=name,
            slug=apply.__name__,
            description=cleandoc(apply.__doc__ or ""),
            recipe=recipe,
            rule=rule,
            clauses=clauses,
            expectation=expectation,
            alert=alert,
            strict_alert=strict_alert or alert,
            host=host,
            chain=chain or Chain(),
            given=given,
            depth=depth,
            if_accepted=if_accepted or (LENIENT if tls_defaults else ""),
            if_refused=if_refused or (STRICT if tls_defaults else ""),
            tls_defaults=tls_defaults,
            apply=apply,
        )
        for other in DEFECTS.values():
            if name == other.name or made.slug == other.slug or recipe == other.recipe:
                raise ValueError(f"the defect {name!r} is there twice, or its recipe or function")
        DEFECTS[name] = made
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

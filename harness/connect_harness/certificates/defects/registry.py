"""A defect of a chain: a small function, and above it all that the project says about it.

Nothing else lists defects. Cases, oracle, search and the table of TLS cases derive theirs from
``DEFECTS``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from inspect import cleandoc
from typing import Literal

from connect_harness.certificates.blueprint import ChainBlueprint
from connect_harness.certificates.chain import Chain, as_written
from connect_harness.refusals import Named, no_such

Apply = Callable[[ChainBlueprint], None]
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
UNSETTLED = "CA-19"
"""The clause of what no rule settles."""

SOUND = Chain()
LOCALHOST = Chain(names=("localhost",))
ONE_INTERMEDIATE = Chain(intermediates=1)
TWO_INTERMEDIATES = Chain(intermediates=2)

_RECIPE = re.compile(r"[a-z0-9]+/[a-z0-9-]+")


@dataclass(frozen=True)
class Defect:
    """One thing that is wrong with a chain, or odd about it; a decorator of what makes it so.

        >>> from connect_harness import DEFECTS
        >>> DEFECTS["leaf expired"].expectation, DEFECTS["leaf expired"].rule
        ('refused', 'RFC 5280 6.1.3 (a)(2)')

    Parameters:
        name: Its name, as it stands in ``Chain.defect``.
        recipe: Which measured case it is, as topic/name: ``"time/expired"``.
        clause: The clause that it serves.
        rule: The sections that demand the expectation; empty where none does.
        expectation: ``refused`` and ``accepted`` where a rule demands it, ``observe`` where none
            does. What is accepted is odd, and a client must accept it.
        alert: The alert that OpenSSL sends when it refuses, by its name in RFC 8446 6; other
            clients may send another alert, or none. ``None`` if OpenSSL does not refuse.
        strict_alert: The same under strict TLS defaults, where it is another one.
        host: The host of the URL for which it is a defect.
        chain: The sound chain to which it is applied. Another chain needs at least as many
            intermediates, exactly as many if there are several; it is cross-signed if this one is,
            and a client's if this one is.
        given: What the client's authority file holds, in order: names of authorities, and the
            words ``the leaf`` and ``the intermediate`` for these of the chain itself. For a
            client's chain, what the target's trust store holds.
        depth: From which depth on it runs: ``full``, unless a ``connect`` can get it wrong by its
            own arguments.
        group: The group from which a search draws it, where that is not the topic of its recipe:
            ``host`` is drawn with every authentication.
        if_accepted, if_refused: What either means, in plain words; for ``observe`` alone.
        tls_defaults: Whether lenient TLS defaults accept it and strict ones do not
            (``ssl.VERIFY_X509_STRICT`` and ``ssl.VERIFY_X509_PARTIAL_CHAIN``).

    Attributes:
        apply: The decorated function: it changes the blueprint of a sound chain into that of the
            defective one. Its docstring says what is wrong.
    """

    name: str
    recipe: str
    clause: str = UNSETTLED
    rule: str = ""
    expectation: Literal["refused", "accepted", "observe"] = "refused"
    alert: Alert | None = None
    strict_alert: Alert | None = None
    host: str = "localhost"
    chain: Chain = SOUND
    given: tuple[str, ...] = ("authority",)
    depth: Literal["core", "default", "full", "slow"] = "full"
    group: str = ""
    if_accepted: str = ""
    if_refused: str = ""
    tls_defaults: bool = False
    apply: Apply = field(init=False)

    def __call__(self, apply: Apply) -> Apply:
        """Register this defect, which ``apply`` makes.

        Raises:
            ValueError: The name, the recipe or the function's name is taken, or what is said of the
                defect contradicts itself.
        """
        object.__setattr__(self, "apply", apply)
        observed = self.expectation == "observe"
        for wrong, sentence in (
            (not self.description, "has no docstring"),
            (not _RECIPE.fullmatch(self.recipe), f"has no recipe of the form a/b: {self.recipe}"),
            (not observed and self.clause == UNSETTLED, "serves no clause"),
            (self.chain.defect is not None, "is applied to a chain with a defect"),
            (self.rule == "" and not observed, "has no rule to demand it"),
            (self.rule != "" and observed, "has a rule, and only observes"),
            (self.alert is None and self.expectation == "refused", "is refused without an alert"),
            (
                observed != bool(self.if_accepted and self.if_refused),
                "says what either result means if, and only if, it observes",
            ),
            (
                any(
                    self.name == other.name
                    or self.slug == other.slug
                    or self.recipe == other.recipe
                    for other in DEFECTS.values()
                ),
                "is there twice, or its recipe or function",
            ),
        ):
            if wrong:
                raise ValueError(f"the defect {self.name!r} {sentence}")
        DEFECTS[self.name] = self
        return apply

    def check(self, chain: Chain) -> None:
        """Raise ``ValueError`` if it would have no place, or no effect, in ``chain``."""
        own = self.chain
        count = chain.intermediates
        # Where there are several, it is about their number or their order; above one that the file
        # has, OpenSSL looks for no other that was sent.
        exact = own.intermediates > 1 or "the intermediate" in self.given
        fits = count == own.intermediates if exact else count >= own.intermediates
        crossed = chain.cross_signed_by is not None or own.cross_signed_by is None
        if not (fits and crossed and (chain.purpose == "client" or own.purpose == "server")):
            raise ValueError(
                f"The defect {self.name!r} needs {as_written(own)}. "
                f"Both together are connect_harness.DEFECTS[{self.name!r}].defective_chain."
            )

        if chain.purpose == "client" and self.topic == "name":
            raise ValueError(
                f"{self.name!r} is a defect of a target's certificate: no host is looked for in a "
                "client's."
            )

    @property
    def slug(self) -> str:
        """The name of its function. Its case has this name, with dashes."""
        return self.apply.__name__

    @property
    def description(self) -> str:
        """What is wrong: the docstring of its function."""
        return cleandoc(self.apply.__doc__ or "")

    @property
    def topic(self) -> str:
        """The first part of its recipe."""
        return self.recipe.partition("/")[0]

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """What OpenSSL may send when it refuses, whatever the TLS defaults."""
        return tuple(alert for alert in (self.alert, self.strict_alert) if alert)

    @property
    def defective_chain(self) -> Chain:
        """Its chain with the defect; its twin is ``chain``."""
        return replace(self.chain, defect=self.name)


DEFECTS: Named[Defect] = Named("defect", "connect_harness.DEFECTS")

accepted = partial(Defect, expectation="accepted")
observed = partial(Defect, expectation="observe")
by_tls_defaults = partial(
    Defect,
    expectation="observe",
    alert="certificate_unknown",
    if_accepted=LENIENT,
    if_refused=STRICT,
    tls_defaults=True,
)
"""What OpenSSL refuses under strict TLS defaults alone."""


def named_defect(name: str) -> Defect:
    """The defect of this name; ``ValueError``, with the nearest names, if there is none."""
    if name not in DEFECTS:
        raise ValueError(no_such("defect", name, DEFECTS, "connect_harness.DEFECTS"))
    return DEFECTS[name]

"""All laws, the most telling first."""

from __future__ import annotations

from collections.abc import Sequence

from connect_contracts.search.laws.as_given import AS_GIVEN
from connect_contracts.search.laws.law import Law
from connect_contracts.search.laws.no_secret import NO_SECRET
from connect_contracts.search.laws.oracle_holds import ORACLE_HOLDS
from connect_contracts.search.laws.parity import PARITY
from connect_contracts.search.laws.reading import READS_WHAT_WAS_WRITTEN, REFUSED_CHANGE
from connect_contracts.search.laws.unmixed import UNMIXED

LAWS: tuple[Law, ...] = (
    NO_SECRET,
    UNMIXED,
    AS_GIVEN,
    ORACLE_HOLDS,
    READS_WHAT_WAS_WRITTEN,
    REFUSED_CHANGE,
    PARITY,
)


class UnknownLaw(Exception):
    """There is no law of this name; the text says which there are."""


def laws_named(names: Sequence[str]) -> tuple[Law, ...]:
    """The laws with these names; all of them for none.

    Raises:
        UnknownLaw: A name is none of a law.
    """
    known = [one.name for one in LAWS]
    for name in names:
        if name not in known:
            raise UnknownLaw(f"There is no law {name!r}: choose one of {', '.join(known)}.")
    return tuple(one for one in LAWS if not names or one.name in names)

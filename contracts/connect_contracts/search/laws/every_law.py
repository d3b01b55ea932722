"""All laws, the most telling first."""

from __future__ import annotations

from collections.abc import Sequence

from connect_contracts.search.laws.law import Law
from connect_contracts.search.laws.leaves_no_more import LEAVES_NO_MORE
from connect_contracts.search.laws.on_the_wire import AS_GIVEN, NO_SECRET, SENT_ONCE, UNMIXED
from connect_contracts.search.laws.oracle_holds import ORACLE_HOLDS
from connect_contracts.search.laws.parity import PARITY
from connect_contracts.search.laws.reading import READS_WHAT_WAS_WRITTEN, REFUSED_CHANGE
from connect_contracts.search.laws.untouched import UNTOUCHED

LAWS: tuple[Law, ...] = (
    NO_SECRET,
    UNMIXED,
    AS_GIVEN,
    SENT_ONCE,
    ORACLE_HOLDS,
    READS_WHAT_WAS_WRITTEN,
    REFUSED_CHANGE,
    PARITY,
    UNTOUCHED,
    LEAVES_NO_MORE,
)


class UnknownLaw(Exception):
    """There is no law of this name; the text says which there are."""


def laws_named(names: Sequence[str]) -> tuple[Law, ...]:
    """The laws of these names, all of them for none; ``UnknownLaw`` is raised for another name."""
    known = [law.name for law in LAWS]
    for name in names:
        if name not in known:
            raise UnknownLaw(f"There is no law {name!r}: choose one of {', '.join(known)}.")
    return tuple(law for law in LAWS if not names or law.name in names)

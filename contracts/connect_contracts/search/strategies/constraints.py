"""Which values of dimensions go together, and how a choice of some of them is made whole.

Every constraint is one between two values, so a choice is allowed if each two of its values are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import chain, permutations

import msgspec

from connect_contracts.model.clause import Profile
from connect_contracts.search.strategies.dimensions import (
    AGAIN,
    ELSEWHERE,
    NETRC,
    WRONG_PASSWORD,
    Dimension,
    Dimensions,
    certificate_groups,
    dimensions_in,
)
from connect_contracts.search.strategies.specifics import defects_for_host

Value = tuple[str, str]
"""A dimension's name, and one of its values."""

ANY = "*"
"""Stands for every value but the default one."""

NEEDS: tuple[tuple[str, tuple[str, ...], str, tuple[str, ...]], ...] = (
    ("scheme", ("https",), "security", ("secure",)),
    ("authority_file", (ANY,), "scheme", ("https",)),
    ("certificate", (ANY,), "scheme", ("https",)),
    ("tls", (ANY,), "scheme", ("https",)),
    ("client_certificate", (ANY,), "scheme", ("https",)),
    ("client_chain", (ANY,), "authentication", ("certificate",)),
    ("authentication", ("certificate",), "client_certificate", ("optional", "required")),
    ("authentication", ("none",), "security", ("unsecure",)),
    ("client_certificate", ("required",), "authentication", ("certificate",)),
    ("credentials", (ANY,), "authentication", ("basic", "callable")),
    ("user", (ANY,), "authentication", ("basic", "token", "token of another type", "callable")),
    ("call_defect", ("authority file", "authority forms", "authority none"), "scheme", ("https",)),
    ("call_defect", ("client certificate", "client files"), "authentication", ("certificate",)),
    ("event", ("renewed certificate", "impostor"), "scheme", ("https",)),
    # A chain that comes instead is judged by itself, not by the defect of the one before.
    (
        "event",
        ("renewed certificate", "impostor"),
        "certificate",
        ("sound", "intermediate", "cross-signed"),
    ),
    # Without a reference to its session, nothing can be read.
    ("event", ("drop",), "reading", ("nothing",)),
    # Their password is what differs.
    ("company", (WRONG_PASSWORD, ELSEWHERE), "authentication", ("basic",)),
    ("reading", ("head of two",), "rows", ("one", "many", "twice the same", "nulls", "extremes")),
)
"""What a value needs: a dimension, values of it, another dimension, and the values that serve."""

SECURE_ALONE = {
    "client_certificate": (ANY,),
    "user": (ANY,),
    "credentials": (ANY,),
    "ready": (ANY,),
    "company": ("another user", WRONG_PASSWORD, ELSEWHERE),
    "surroundings": (NETRC,),
    "enforcement": (ANY,),
    "event": ("roles granted", "roles revoked", "password changed", "no longer ready"),
    "call_defect": ("credentials",),
    "authentication": ("token", "token of another type", "callable", "certificate"),
}
"""Values that have no meaning on a target without security, by dimension."""

AFTER_THE_CALL = ("writing", "event", "reading")
"""Dimensions of what comes after the call: the default where the call may be stopped."""

OF_THE_CALL_ALONE = ("call_defect", "credentials")
"""Dimensions whose odd values stop no other session's call."""

STOPPED_AGAIN = ("fault",)
"""Dimensions whose odd values may stop a call, and the next one in the same way."""

PLAIN_UNLESS_ALL_IS_WELL = ("table", "rows", "credentials")
"""Dimensions that keep their defaults beside an odd value, except those that follow."""

WITH_EVERY_TABLE = ("restart",)
"""Odd values that have to do with what a table holds."""

PLAIN_READINGS = ("nothing", "list tables", "head", "user", "url")
PLAIN_WRITINGS = ("nothing", "session adds", "owner adds")
"""What is read and written where an event or a fault decides what becomes of it, not its kind."""


class Space:
    """The values of all dimensions in one profile, and which of them go together.

    Each value has a number, and a set of values is an integer with the bits of their numbers: a
    ladder looks at some millions of pairs.

    Attributes:
        values: Every value, by its number: dimension by dimension, the default one first.
        masks: The set of the values of each dimension.
        allowed: By number: the set of the values that go with it, those of its own dimension
            left out.
        odd: The set of all odd values.
    """

    def __init__(self, profile: Profile) -> None:
        every = dimensions_in(profile)
        self.values: tuple[Value, ...] = tuple(
            (dimension.name, value) for dimension in every for value in dimension.values
        )
        self.numbers = {value: number for number, value in enumerate(self.values)}
        self.masks = {
            dimension.name: self.set_of((dimension.name, value) for value in dimension.values)
            for dimension in every
        }
        self.odd = self.set_of(
            (dimension.name, value) for dimension in every for value in dimension.odd
        )
        never = _forbidden(every)
        self.allowed = tuple(
            self.set_of(
                other
                for other in self.values
                if other[0] != value[0] and (value, other) not in never
            )
            for value in self.values
        )

    def set_of(self, values: Iterable[Value]) -> int:
        return sum(1 << self.numbers[value] for value in values)

    def completed(self, chosen: int) -> int | None:
        """These values, completed by the first values that go with them; ``None`` if none do."""
        free, left = self._free(chosen)
        return None if free is None else self._completed(chosen, free, left)

    def _free(self, chosen: int) -> tuple[int | None, list[int]]:
        free = -1
        for number in numbers_in(chosen):
            if chosen & ~(self.allowed[number] | 1 << number):
                return None, []
            free &= self.allowed[number]
        return free, [mask for mask in self.masks.values() if not mask & chosen]

    def _completed(self, chosen: int, free: int, left: list[int]) -> int | None:
        # What has to be odd or special decides the others, so it comes first.
        if any(not mask & free for mask in left):
            return None
        special = [mask for mask in left if not mask & -mask & free]
        if not left:
            return chosen
        mask = (special or left)[0]
        rest = [other for other in left if other != mask]
        for number in numbers_in(mask & free):
            found = self._completed(chosen | 1 << number, free & self.allowed[number], rest)
            if found is not None:
                return found
        return None

    def dimensions_of(self, chosen: int) -> Dimensions:
        """The values of a set that has one of each dimension."""
        return Dimensions(**dict(self.values[number] for number in numbers_in(chosen)))

    def chosen(self, given: Dimensions) -> int:
        """The set of the values of ``given``, those left out that are no values of the profile."""
        pairs = msgspec.structs.asdict(given).items()
        return self.set_of(pair for pair in pairs if pair in self.numbers)


@cache
def space(profile: Profile) -> Space:
    return Space(profile)


def numbers_in(values: int) -> Iterator[int]:
    """The numbers of a set, the least first."""
    while values:
        least = values & -values
        yield least.bit_length() - 1
        values ^= least


def _forbidden(every: tuple[Dimension, ...]) -> set[tuple[Value, Value]]:
    """Every two values that do not go together, in both orders."""
    values = {dimension.name: dimension.values for dimension in every}
    found: set[tuple[Value, Value]] = set()
    for one, other in chain(
        _of_needs(values), _of_unsecured(values), _of_groups(values), _of_odd(every)
    ):
        found.update(((one, other), (other, one)))
    return found


def _of_needs(values: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[Value, Value]]:
    for name, given, other, serving in NEEDS:
        for value in _meant(values[name], given):
            # Over HTTP the file of an authority is the one thing that is needless.
            wanted = ("http",) if value == "needless" else serving
            for each in values[other]:
                if each not in wanted:
                    yield (name, value), (other, each)


def _of_unsecured(values: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[Value, Value]]:
    for name, given in SECURE_ALONE.items():
        for value in _meant(values[name], given):
            yield (name, value), ("security", "unsecure")


def _of_groups(values: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[Value, Value]]:
    for group in certificate_groups():
        for host in values["host"]:
            if not defects_for_host(group, host):
                yield ("certificate", group), ("host", host)


def _of_odd(every: tuple[Dimension, ...]) -> Iterator[tuple[Value, Value]]:
    for dimension, other in permutations(every, 2):
        for value in dimension.odd:
            quiet = other.name in PLAIN_UNLESS_ALL_IS_WELL and value not in WITH_EVERY_TABLE
            if value in dimension.stopping:
                quiet = quiet or other.name in AFTER_THE_CALL
                alone = dimension.name in OF_THE_CALL_ALONE
                quiet = quiet or (other.name == "company" and not alone)
            for each in other.values[1:] if quiet else other.odd:
                if each != AGAIN or dimension.name not in STOPPED_AGAIN:
                    yield (dimension.name, value), (other.name, each)
            if dimension.name in ("event", "fault") and value not in WITH_EVERY_TABLE:
                kept = {"reading": PLAIN_READINGS, "writing": PLAIN_WRITINGS}.get(other.name)
                for each in other.values if kept else ():
                    if each not in (kept or ()):
                        yield (dimension.name, value), (other.name, each)


def _meant(values: tuple[str, ...], given: tuple[str, ...]) -> tuple[str, ...]:
    return values[1:] if given == (ANY,) else given

"""Known deviations: what a release of the public client does against the contract, as data.

A run on the client, or on a wrapper around it, names each once and does not fail by it, so that
what is left is the wrapper's own. They stand in ``known_deviations.toml``, one ``[[deviation]]``
each::

    [[deviation]]
    client = "atoti-client"
    first = "0.9.1"                     # the releases that do it
    last = "0.9.16"                     # left out: the newest that was looked at, and later ones
    sentence = "No secret is to appear in a repr."     # what is contradicted
    seen = "The repr of BasicAuthentication shows the password."
    scope = ["AUTH-3", "AUTH-12"]       # the clauses and cases in which it is known; what a search
                                        # finds is of a clause, and of no case
    causes = ["leak | a password appeared in the authentication"]
    verdict = "failed"                  # or "hang", or "inconclusive"
    flaky = false                       # true: it may also not happen
    extent = ".* stored once more .*"   # left out: any; what must be seen of it, as a regular
                                        # expression: more than that is not the client's own

``tests/interop/releases_table.py`` holds them against runs on every release.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
from packaging.version import Version

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.judging.expected_failures import ExpectedFailure
from connect_contracts.model.clause import Depth
from connect_contracts.model.verdict import Verdict

FILE = Path(__file__).with_name("known_deviations.toml")


class Deviation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry, with the keys that stand above."""

    client: str
    first: str
    sentence: str
    seen: str
    scope: tuple[str, ...]
    causes: tuple[str, ...]
    last: str | None = None
    verdict: Literal["failed", "hang", "inconclusive"] = "failed"
    flaky: bool = False
    extent: str | None = None

    def is_of(self, version: str) -> bool:
        """Whether the release ``version`` does it."""
        release = Version(version)
        return Version(self.first) <= release and (
            self.last is None or release <= Version(self.last)
        )


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    entries: tuple[Deviation, ...] = msgspec.field(name="deviation", default=())


@cache
def every_deviation() -> tuple[Deviation, ...]:
    """All that are known, of every client and release."""
    return msgspec.toml.decode(FILE.read_bytes(), type=_File).entries


@dataclass(frozen=True)
class KnownDeviations:
    """Those of one release.

    Parameters:
        client: The name of the client and its version: ``atoti-client 6.2.2``.
    """

    client: str
    deviations: tuple[Deviation, ...]

    def reason(self, deviation: Deviation) -> str:
        """What is said of the cases in which it is met."""
        return f"{self.client}: {deviation.seen} Contradicts: {deviation.sentence}"

    def expected(self, key: str, seen: str, ids: Collection[str]) -> ExpectedFailure | None:
        """The expected failure of a case, or a clause, by one of its causes; ``None`` without one.

        Parameters:
            key, seen: Of the cause.
            ids: The case, its clause, and the one that is broken.
        """
        for deviation in self.deviations:
            known = key in deviation.causes and not set(ids).isdisjoint(deviation.scope)
            if known and (deviation.extent is None or re.fullmatch(deviation.extent, seen)):
                return ExpectedFailure(
                    self.reason(deviation),
                    cause=key,
                    verdict=deviation.verdict,
                    flaky=deviation.flaky,
                )
        return None

    def not_met(
        self, met: Collection[str], verdicts: Mapping[str, Verdict], depth: Depth
    ) -> list[str]:
        """Those that a run did not meet although it judged every case in which they are known.

        Parameters:
            met: The reasons of its cases that are known.
            verdicts: Those of its cases, by their ids.
        """
        found = []
        for deviation in self.deviations:
            cases = catalogue().select(deviation.scope, depth)
            words = [verdicts.get(case.id, Verdict.NOT_RUN) for case in cases]
            judged = Verdict.PASSED in words and not any(word.status for word in words)
            if judged and not deviation.flaky:
                found.append(self.reason(deviation))
        return [reason for reason in found if reason not in met]


@cache
def known_deviations(client: str | None) -> KnownDeviations:
    """Those of the release that is named as in ``KnownDeviations.client``; none for ``None``."""
    if client is None:
        return KnownDeviations("", ())
    name, _, version = client.rpartition(" ")
    found = (each for each in every_deviation() if each.client == name and each.is_of(version))
    return KnownDeviations(client, tuple(found))

"""A capsule: a scenario that failed, in what way, and on what."""

from __future__ import annotations

import hashlib
import platform
import re
from importlib.metadata import version

import msgspec

from connect_contracts.checks.secrets.redaction import Redaction
from connect_contracts.judging.settings import UnderTest
from connect_contracts.model import schema
from connect_contracts.model.clause import Profile
from connect_contracts.model.json_text import canonical, indented, without_defaults
from connect_contracts.model.scenario import Scenario
from connect_contracts.search.laws.examine import Examined
from connect_contracts.search.laws.law import Breach, Signature
from connect_harness.temporary import FOLDER
from connect_harness.transcript import printable

SCHEMA = 1
"""The version of the form in which capsules are written."""

PATH = schema.PATH.with_name(f"capsule-{SCHEMA}.json")
"""The file of the schema; ``python -m connect_contracts.regressions.capsule`` writes it."""

SHORT = 8
"""Letters of a scenario's hash that stand in the name of its file."""

_PORT = re.compile(r"((?:localhost|127\.0\.0\.1|\[::1\]|[\w.-]+\.test):)\d{2,5}\b", re.IGNORECASE)
_FOLDER = re.compile(rf"(?:/[^\s'\":/]+)*/{FOLDER}")


class Versions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """On what the failure was seen.

    Parameters:
        suite: The version of this suite.
        implementation: The implementation, as it was named.
        python: The version of Python.
    """

    suite: str
    implementation: str
    python: str


class Capsule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A failure: what was done, what must have been seen, and what was.

    Parameters:
        schema: The version of this form.
        clause: The clause that is broken.
        profile: The documentation that was demanded.
        law: The law that is broken; ``None`` if it is a case.
        case: The case of the suite that failed; ``None`` if it is a law.
        expected, observed: As in a report; without secrets, ports and paths.
        signature: By what the same failure is known again.
        step: The number of the step that shows it, counted from 1.
        scenario: What is done, what is as by default left out.
        known: Why the failure is accepted: with a reason it is pinned as known.
    """

    schema: int
    clause: str
    profile: Profile
    signature: Signature
    step: int
    expected: str
    observed: str
    versions: Versions
    scenario: Scenario
    law: str | None = None
    case: str | None = None
    known: str | None = None

    @property
    def file_name(self) -> str:
        """The name of its file: its clause, and a short hash of its scenario."""
        short = hashlib.sha256(canonical(self.scenario)).hexdigest()[:SHORT]
        return f"{self.clause}-{short}.json"

    def text(self) -> bytes:
        """Its file: indented, in a stable order, without what is as by default."""
        return indented(without_defaults(self))


def capsule_of(examined: Examined, breach: Breach, subject: UnderTest) -> Capsule:
    """The capsule of a scenario that breaks a law as ``breach`` says."""
    verified = examined.verified
    redacted = Redaction(*filter(None, (verified.observation, verified.twin)))

    def clean(text: str) -> str:
        return without_places(printable(redacted(text)))

    return Capsule(
        schema=SCHEMA,
        clause=breach.signature.clause,
        profile=subject.profile,
        signature=breach.signature,
        step=breach.step + 1,
        expected=clean(breach.expected),
        observed=clean(breach.seen),
        versions=versions(subject),
        scenario=examined.scenario,
        law=breach.signature.law,
    )


def versions(subject: UnderTest) -> Versions:
    return Versions(
        version("pytest-connect-contract"), subject.implementation.name, platform.python_version()
    )


def without_places(text: str) -> str:
    """``text`` without ports and folders, which differ from run to run."""
    return _FOLDER.sub("FOLDER", _PORT.sub(r"\1PORT", text))


def schema_text() -> str:
    return schema.text_of(schema.schema_of(Capsule, f"Capsule, version {SCHEMA}"))


if __name__ == "__main__":
    PATH.write_text(schema_text(), encoding="utf-8")

"""The behaviour record: what an implementation did in each of many scenarios, in stable words.

Ports, paths, tokens, addresses and times are normalised away, so that two runs of one
implementation give the same file, and records of two releases differ in what the releases do.

After a change of the record, write its published schema anew::

    python -m connect_contracts.upgrades.record
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import msgspec

from connect_contracts.model.clause import Depth, Profile
from connect_contracts.model.json_text import (
    MEBIBYTE,
    canonical,
    json_of,
    read_regular,
    value_of,
    without_defaults,
)
from connect_contracts.model.scenario import Connect, Own, Scenario, Together, Use, placed_steps
from connect_contracts.model.schema import PATH as PUBLISHED
from connect_contracts.model.schema import schema_of, text_of
from connect_contracts.regressions.validation import problems_of_scenario
from connect_contracts.report.json_file import write_whole
from connect_harness.transcript import one_line

SCHEMA = 1
"""The version of the schema, ``schemas/behaviour-1.json``."""

How = Literal["returned", "raised", "hung", "part missing", "not taken"]
Service = Literal["http", "gateway"]


class RequestSeen(msgspec.Struct, frozen=True, order=True, forbid_unknown_fields=True):
    """A request that came to a target, and its answer.

    Parameters:
        path: Its path, the base path included, the query left out.
        status: The status of the answer; ``None`` without one.
        user: Whom the target took the caller for.
        authorization: The scheme of the header ``Authorization``.
        host: The host of the header ``Host``, without the port.
        times: How often, within the step.
    """

    method: str
    path: str
    status: int | None = None
    user: str | None = None
    authorization: str | None = None
    host: str | None = None
    times: int = 1


class ConnectionSeen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way in which connections came to a target during a step; how many did is not recorded.

    Parameters:
        tls: The TLS version that was agreed; ``None`` without a handshake, or for a failed one.
        failed: Why a handshake failed.
        alert: The fatal alert, and ``alert_by`` who sent it.
        server_name: The server name (SNI) that the client asked for.
        certificate: Whether a client certificate was presented.
        http_bytes: Whether any byte of HTTP came from the client.
    """

    service: Service = "http"
    tls: str | None = None
    failed: str | None = None
    alert: str | None = None
    alert_by: str | None = None
    server_name: str | None = None
    certificate: bool = False
    http_bytes: bool = False


class RaisedSeen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a step raised.

    Parameters:
        type: Its qualified name.
        bases: The plain names of that type's bases.
        text: The first line of what it says, normalised.
    """

    type: str
    bases: tuple[str, ...] = ()
    text: str = ""

    @property
    def name(self) -> str:
        """The plain name of its type, which does not say where it is defined."""
        return self.type.rpartition(".")[2]


class StepBehaviour(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one step did.

    Parameters:
        step: Its number, counted from 1: ``2``, or ``2.1.3`` for the third step of the first
            branch of a ``Together``.
        what: The action, in the scenario's words.
        who: The session that took it, ``owner``, or ``all`` for a ``Together`` as a whole.
        value: What it returned; a data frame as its columns, index, labels and rows.
        part: The documented name that the implementation does not have.
        requests: Sorted: a client may ask from several threads.
        connections: Sorted, each way once.
        changes: What asked for a change, by HTTP or by Py4J, in words, sorted.
        left_open: The services to which connections were still open at the end of a step that
            ends a session.
        secrets_in: Where a secret stood, of a scenario that listens: a log record, a warning, ...
    """

    step: str
    what: str
    who: str = "session"
    how: How = "returned"
    value: Any = None
    raised: RaisedSeen | None = None
    part: str | None = None
    requests: tuple[RequestSeen, ...] = ()
    connections: tuple[ConnectionSeen, ...] = ()
    changes: tuple[str, ...] = ()
    left_open: tuple[Service, ...] = ()
    secrets_in: tuple[str, ...] = ()


class AskedSeen(msgspec.Struct, frozen=True, order=True, forbid_unknown_fields=True):
    """A callable ``Authenticate`` was asked: for which URL, and how often."""

    url: str
    times: int = 1


class ScenarioBehaviour(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A scenario, and what each of its steps did.

    Parameters:
        key: The hash of its canonical JSON (``record.key_of``).
        cases: The ids of the cases whose scenario, or whose twin, it is.
        not_testable: What the machine lacked; no step was taken then.
        not_applicable: Why the scenario is none for this implementation; no step was taken then.
        harness_error: Whether the harness made a mistake; the steps tell nothing then.
    """

    key: str
    scenario: Scenario
    cases: tuple[str, ...] = ()
    steps: tuple[StepBehaviour, ...] = ()
    asked: tuple[AskedSeen, ...] = ()
    not_testable: str | None = None
    not_applicable: str | None = None
    harness_error: bool = False

    @property
    def observed(self) -> bool:
        lacking = self.not_testable is not None or self.not_applicable is not None
        return not lacking and not self.harness_error


class BehaviourRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an implementation did.

    Parameters:
        schema: The version of the schema.
        implementation: Its name, ``module[:attribute]``.
        distributions: Name and version of the distributions that it comes from.
        python: The version of Python, major and minor.
        suite: The version of this project.
        profile: The profile that it was observed in.
        depth: How deep the hand-written cases among the scenarios lie.
    """

    schema: int
    implementation: str
    distributions: dict[str, str]
    python: str
    suite: str
    profile: Profile
    depth: Depth
    scenarios: tuple[ScenarioBehaviour, ...]

    @property
    def by_key(self) -> dict[str, ScenarioBehaviour]:
        return {behaviour.key: behaviour for behaviour in self.scenarios}

    @property
    def title(self) -> str:
        """The implementation, its release, its profile, in a line."""
        releases = [f"{name} {version}" for name, version in sorted(self.distributions.items())]
        of = f" ({', '.join(releases)})" if releases else ""
        return f"{self.implementation}{of}, Python {self.python}, profile {self.profile}"


KEY_LENGTH = 16
"""Characters of a key: 64 bits, for some ten thousand scenarios."""

LARGEST = 64 * MEBIBYTE
"""The size in bytes up to which a record is read."""

PATH = PUBLISHED.with_name(f"behaviour-{SCHEMA}.json")
"""The file of the schema; ``python -m connect_contracts.upgrades.record`` writes it."""


def schema_text() -> str:
    schema = schema_of(BehaviourRecord, f"Behaviour record, version {SCHEMA}")
    # The version that is written; a newer one is refused on reading.
    schema["$defs"]["BehaviourRecord"]["properties"]["schema"] = {"const": SCHEMA}
    return text_of(schema)


def key_of(scenario: Scenario) -> str:
    """The stable key of ``scenario``: the beginning of the SHA-256 of its canonical JSON."""
    return hashlib.sha256(canonical(scenario)).hexdigest()[:KEY_LENGTH]


def names_of_steps(scenario: Scenario) -> Iterator[tuple[str, str, str]]:
    """The number of every step, its action, and the session that executes it."""
    for place, step in placed_steps(scenario):
        number = ".".join(str(index + 1) for index in place)
        match step:
            case Connect():
                yield number, "connect", step.session
            case Use():
                yield number, step.action, step.session
            case Own():
                yield number, step.action, "owner"
            case Together():
                yield number, "together", "all"


class UnreadableRecord(Exception):
    """The file is no behaviour record that can be read; the text is one sentence."""

    def __init__(self, sentence: str) -> None:
        # Names of files and of unknown fields may hold anything.
        super().__init__(one_line(sentence))


def write_record(path: Path, record: BehaviourRecord) -> None:
    """Write ``record`` to ``path``, without defaults; ``OSError`` is raised if it cannot be."""
    write_whole(path, msgspec.json.format(json_of(without_defaults(record)), indent=1) + b"\n")


def read_record(path: Path) -> BehaviourRecord:
    """The behaviour record in the file at ``path``.

    Raises:
        UnreadableRecord: It cannot be read, is no JSON, is none of ours or of a newer schema, or
            contradicts itself, or has a scenario that may not be run
            (:mod:`connect_contracts.model.allowed`).
    """
    try:
        whole: Any = value_of(read_regular(path, LARGEST))
    except OSError as error:
        raise UnreadableRecord(f"{path} cannot be read: {error.strerror}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableRecord(
            f"{path} is no JSON ({error}): write it anew by `connect-contract observe`."
        ) from error
    schema = whole.get("schema") if isinstance(whole, dict) else None
    if not isinstance(schema, int):
        raise UnreadableRecord(
            f"{path} is no behaviour record: `connect-contract observe` writes one."
        )
    if schema < 1:
        raise UnreadableRecord(f"{path} has the schema {schema}, which never was: observe anew.")
    if schema > SCHEMA:
        raise UnreadableRecord(
            f"{path} has the schema {schema} of behaviour records, and {SCHEMA} is the newest "
            "known here: upgrade pytest-connect-contract, or observe anew."
        )
    try:
        record = msgspec.convert(whole, BehaviourRecord)
    except (msgspec.ValidationError, ValueError) as error:
        raise UnreadableRecord(
            f"{path} is no behaviour record that can be read ({error}): write it anew by "
            "`connect-contract observe`."
        ) from error
    for behaviour in record.scenarios:
        for problem in _problems(behaviour):
            raise UnreadableRecord(f"{path}: the scenario {behaviour.key!r} {problem}")
    return record


def _problems(behaviour: ScenarioBehaviour) -> Iterator[str]:
    yield from problems_of_scenario(behaviour.scenario)
    if behaviour.key != key_of(behaviour.scenario):
        yield "has another key than its content: observe anew."
    steps = [(step.step, step.what, step.who) for step in behaviour.steps]
    if behaviour.observed and steps != list(names_of_steps(behaviour.scenario)):
        yield "tells of other steps than it has: observe anew."


if __name__ == "__main__":
    PATH.write_text(schema_text(), encoding="utf-8")

"""The behaviour record: what an implementation did in each of many scenarios, in stable words.

Ports, paths, tokens, addresses and times are normalised away, so that two runs of one
implementation give the same record, and records of two releases differ in what the releases do.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from connect_contracts.model.clause import Depth, Profile
from connect_contracts.model.scenario import Scenario

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
        key: The hash of its canonical JSON (``scenario_data.key_of``).
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
        """Whether its steps were taken."""
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
        """The scenarios by their keys."""
        return {one.key: one for one in self.scenarios}

    @property
    def title(self) -> str:
        """The implementation, its release, its profile, in a line."""
        releases = [f"{name} {version}" for name, version in sorted(self.distributions.items())]
        of = f" ({', '.join(releases)})" if releases else ""
        return f"{self.implementation}{of}, Python {self.python}, profile {self.profile}"

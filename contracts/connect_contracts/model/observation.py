"""What a run saw: the result of each step, and one list of events under one counter."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from connect_contracts.model.cause import NOWHERE, CodeLine, Origin
from connect_contracts.model.process_state import Contact, ProcessState
from connect_contracts.model.scenario import Scenario
from connect_harness.redaction import Secret

if TYPE_CHECKING:
    from connect_harness.server import Event

Place = tuple[int, ...]
"""Where a step stands: ``(2,)`` for the third, ``(2, 0, 1)`` within a branch of a ``Together``."""


class Raised(msgspec.Struct, frozen=True):
    """An exception, as text.

    Parameters:
        names: The plain class names of its type and that type's bases.
        chain: Type and text of the exceptions that it was raised from or during.
        origin: Where it came from.
    """

    type: str
    names: tuple[str, ...]
    text: str
    chain: tuple[tuple[str, str], ...] = ()
    origin: Origin = NOWHERE

    def __str__(self) -> str:
        first = self.text.strip().partition("\n")[0]
        return f"{self.type}: {first}" if first else self.type


class Frame(msgspec.Struct, frozen=True):
    """A data frame, as plain values.

    Parameters:
        columns: The names of its columns, without those of the index.
        index: The names of the index, ``(None,)`` for one without a name.
        labels, rows: The index and the values, a tuple for each row.
    """

    columns: tuple[str, ...]
    index: tuple[str | None, ...]
    labels: tuple[tuple[Any, ...], ...]
    rows: tuple[tuple[Any, ...], ...]


class Result(msgspec.Struct, frozen=True):
    """How one step ended.

    Parameters:
        who: The session that took it, or ``owner``.
        what: The action, in the scenario's words.
        value, frame: What it returned, in plain JSON form, or as a frame.
        stack: Where a step that hung was, innermost last.
        where: The innermost of these lines that are the client's own, innermost last.
        altered: What of the process's own trust stood otherwise after the step than before.
        before, after: The state of the process around the step, if the scenario inspects it.
        contacts: Whom the step contacted, if the scenario inspects it.
        part: The documented name that the implementation does not have.
        undocumented: The release that targets play has no such part either.
        declared_missing: The adapter says that the part is not offered.
        began, ended: The numbers of the journal's marks around it.
    """

    place: Place
    who: str
    what: str
    how: Literal["returned", "raised", "hung", "part missing", "adapter wrong"]
    value: Any = None
    frame: Frame | None = None
    raised: Raised | None = None
    stack: tuple[str, ...] = ()
    where: tuple[CodeLine, ...] = ()
    altered: tuple[str, ...] = ()
    before: ProcessState | None = None
    after: ProcessState | None = None
    contacts: tuple[Contact, ...] = ()
    part: str | None = None
    undocumented: bool = False
    declared_missing: bool = False
    began: int = 0
    ended: int = 0

    def describe(self) -> str:
        """How it ended, in a few words."""
        match self.how:
            case "returned":
                return self._describe_value()
            case "raised":
                return f"raised {self.raised}"
            case "hung":
                where = f", last seen in {self.stack[-1]}" if self.stack else ""
                return f"had not ended at its limit{where}"
            case "part missing":
                return f"the implementation has no {self.part}"
            case "adapter wrong":
                return f"could not be taken: the adapter itself raised {self.raised}"

    def _describe_value(self) -> str:
        if self.frame is not None:
            rows = [tuple(row) for row in self.frame.rows]
            return f"returned a frame of {', '.join(self.frame.columns)} with the rows {rows!r}"
        if isinstance(self.value, dict) and "is session" in self.value:
            return f"returned a {self.value['type']}"
        return "returned" if self.value is None else f"returned {self.value!r}"


@dataclass(frozen=True)
class TargetSeen:
    """What a target, or an issuer of tokens, turned out to be: its address.

    Parameters:
        issuer_of: The target whose issuer it is; ``None`` for a target.
    """

    name: str
    url: str
    port: int
    base_path: str = ""
    issuer_of: str | None = None


class Asked(msgspec.Struct, frozen=True):
    """One call of a callable ``Authenticate``: the URL given, and the headers returned."""

    session: str
    url: Any
    headers: tuple[tuple[str, str], ...]

    def __repr__(self) -> str:
        # Credentials stand in the headers, and may stand in the URL.
        return f"Asked({self.session!r})"


Source = Literal[
    "an exception",
    "a log record",
    "a warning",
    "the session",
    "the authentication",
    "standard output",
    "standard error",
    "the terminal",
    "a file that was left behind",
]


class Said(msgspec.Struct, frozen=True):
    """A text that the implementation wrote during a step, in which a secret could stand.

    Parameters:
        source: Where it stands: ``the session`` and ``the authentication`` are what ``repr`` and
            ``str`` give.
        place: The step; for another thread's text, the step that began last.
        cut: Whether there was more than is kept; a secret there would not be found.
        own: Of a log record, and of what ``repr`` gives: whether its code is not installed, as the
            code of a wrapper around a public client is while it is developed.
    """

    source: Source
    text: str
    place: Place
    cut: bool = False
    own: bool = False


@dataclass(frozen=True)
class Observation:
    """All that was seen of one scenario.

    Parameters:
        scenario: The scenario, as it was given.
        played: The same with the passwords that the run put in the place of the documentation's;
            ``None`` where nothing was run.
        results: By the order in which the steps ended.
        events: Those of all targets and the marks of the steps, under one counter.
        presented: The fingerprint of the client certificate given, for each connect: its place,
            counted from 1, as text.
        asked: What callables ``Authenticate`` were asked, and answered.
        resolved: The names of which the redirected resolution was asked, as they were written.
        terminal: What was written to the terminal of a fresh process while it took the steps.
        said: What exceptions said, and the files that were left behind; everything else that was
            said, if the scenario listens.
        silent_ports: Ports of the run on which no server listens.
        not_testable: What this machine lacked; nothing was run then.
        not_applicable: Why the scenario is none for this implementation; nothing was run then.
        harness_error: The traceback of a mistake of ours.
    """

    scenario: Scenario
    results: tuple[Result, ...] = ()
    events: tuple[Event, ...] = ()
    targets: tuple[TargetSeen, ...] = ()
    presented: dict[str, str] = field(default_factory=dict)
    asked: tuple[Asked, ...] = ()
    secrets: tuple[Secret, ...] = ()
    resolved: tuple[str, ...] = ()
    terminal: str = ""
    said: tuple[Said, ...] = ()
    silent_ports: tuple[int, ...] = ()
    not_testable: str | None = None
    not_applicable: str | None = None
    harness_error: str | None = None
    played: Scenario | None = field(default=None, repr=False)

    @property
    def as_played(self) -> Scenario:
        """The scenario with the passwords that were really given."""
        return self.played or self.scenario

    def result(self, place: Place) -> Result | None:
        """The result of the step at ``place``; ``None`` if the run did not get there."""
        return next((result for result in self.results if result.place == place), None)

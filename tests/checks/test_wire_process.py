"""Wire checks of the process in which connect is called."""

from __future__ import annotations

import msgspec

from connect_contracts.checks.contacts import describe_contacts
from connect_contracts.checks.step_view import StepView
from connect_contracts.checks.wire_checks import (
    AsInTurn,
    LeavesNoMore,
    NothingGlobalChanged,
    NothingRead,
    WireCheck,
)
from connect_contracts.model.observation import Observation, Place
from connect_contracts.model.process_state import UNREAD, Contact, ProcessState, Resource
from connect_contracts.model.scenario import Basic, Call, Connect, Scenario, TargetSpec, Together
from connect_harness.server import ListenerStarted, events
from wire_rows import Row, Run, checked, rows, text_of
from written_run import WrittenRun

NOT_LOOKED_AT = "missing: the process was not looked at"
UNSET = ProcessState((), {})
LEAVES, REACHED = LeavesNoMore(than=0), LeavesNoMore(than=0, calls=2)
CHANGED, READ = NothingGlobalChanged(), NothingRead()


def holding(*named: str) -> ProcessState:
    """A process that holds threads of these names, or what is written before a colon."""
    pairs = [name.rpartition(":") for name in named]
    return ProcessState(tuple(Resource(kind or "thread", name) for kind, _, name in pairs))  # type: ignore[arg-type]


def states(*after: ProcessState | None, then: str = "") -> Run:
    """A step for each state, which is the state after it and before the next."""

    def write(written: WrittenRun) -> None:
        before: ProcessState | None = None
        for state in after:
            written.begin()
            if then == "accepted":
                written.accepted(1).accepted(2)
            written.end(before=before, after=state)
            before = state

    return write


def setting(**pairs: tuple[str | None, str | None]) -> Run:
    """A step before and after which these are set."""
    names = {name.replace("_", " "): pair for name, pair in pairs.items()}
    before, after = (
        ProcessState((), {name: pair[at] for name, pair in names.items() if pair[at] is not None})
        for at in (0, 1)
    )
    return states(before, after)


def typed(before: str, after: str) -> Run:
    return states(ProcessState((), {UNREAD: before}), ProcessState((), {UNREAD: after}))


MANY = holding("a", *"bbcdef")
RESOURCES: list[Row] = [
    ("not-looked-at", LEAVES, states(None, None), NOT_LOOKED_AT),
    ("only-settings", LEAVES, states(ProcessState(), ProcessState()), NOT_LOOKED_AT),
    ("no-earlier-step", LeavesNoMore(than=7), states(holding("a"), holding("a")), NOT_LOOKED_AT),
    ("no-more", LEAVES, states(holding("a"), holding("a")), "holds"),
    ("less", LEAVES, states(holding("a", "b"), holding("a")), "holds"),
    ("another-in-its-place", LEAVES, states(holding("a"), holding("b")), "holds"),
    (
        "one-more",
        LEAVES,
        states(holding("a"), holding("b", "b")),
        "the process holds 1 more threads (2 times b)",
    ),
    (
        "of-two-kinds",
        LEAVES,
        states(holding(), holding("a", "socket:b")),
        "the process holds 1 more threads (a) and 1 more sockets (b)",
    ),
    (
        "of-many-names",
        LEAVES,
        states(holding("a"), MANY),
        "the process holds 6 more threads (2 times b, c, d, 2 further)",
    ),
    (
        "fewer-than-called",
        REACHED,
        states(holding(), holding()),
        "missing: only 0 of 2 connects reached the target",
    ),
    ("as-many-as-called", REACHED, states(holding(), holding(), then="accepted"), "holds"),
]

SETTINGS: list[Row] = [
    ("settings-not-looked-at", CHANGED, states(None), NOT_LOOKED_AT),
    ("unchanged", CHANGED, setting(the_umask=("0022", "0022")), "holds"),
    (
        "changed",
        CHANGED,
        setting(the_umask=("0022", "0077")),
        "it changed the umask (from 0022 to 0077)",
    ),
    (
        "set",
        CHANGED,
        setting(the_logger_x=(None, "level INFO")),
        "it changed the logger x (from nothing to level INFO)",
    ),
    (
        "a-value-that-may-be-secret",
        CHANGED,
        setting(the_variable_TOKEN=("abc", "def")),
        "it changed the variable TOKEN",
    ),
    ("read-alone", CHANGED, typed("9", "0"), "holds"),
    ("reading-not-looked-at", READ, states(None), NOT_LOOKED_AT),
    ("unread", READ, typed("9", "9"), "holds"),
    ("read", READ, typed("9", "0"), "it read what was typed at the terminal"),
    (
        "nothing-to-read",
        READ,
        typed("0", "0"),
        "missing: nothing was typed that could have been read",
    ),
]


@rows(RESOURCES, SETTINGS)
def test_the_process(check: WireCheck, run: Run, seen: str, at: int) -> None:
    assert text_of(checked(check, run, at)) == seen


# Connects that are made together.

ONE, TWO = Call(authentication=Basic("one")), Call(authentication=Basic("two"))
TOGETHER = Scenario(
    (TargetSpec(),),
    (Connect(ONE, "one"), Connect(TWO, "two"), Together(((Connect(ONE),), (Connect(TWO),)))),
)


def played(ends: str, users: str, *, of: Scenario = TOGETHER, held: int = 0) -> str:
    """Two connects that return, and then together, where they end and are known as said."""
    written = WrittenRun()

    def end(place: Place, how: str = "returned") -> None:
        written.end(how, value={"type": "Session"} if how == "returned" else None)
        written.results[-1] = msgspec.structs.replace(written.results[-1], place=place)

    for number, user in enumerate(("one", "two")):
        written.begin().request().answer(user=user)
        end((number,))
    written.begin()
    for user in users.split():
        written.request().answer(user=user)
    for number, how in enumerate(ends.split()):
        end((2, number, 0), how)
    written.note(events.FaultFired(target="target", layer="raw", phase="answer", act=None))
    end((2,))
    view = written.view()
    return text_of(AsInTurn(held=held).check(StepView(_of(view.observation, of), (2,))))


def _of(observation: Observation, scenario: Scenario) -> Observation:
    return type(observation)(scenario, observation.results, observation.events, observation.targets)


def test_connects_that_are_made_together() -> None:
    assert played("returned returned", "one two") == "holds"
    assert played("returned returned", "two one two") == "holds"
    assert played("returned returned", "one two", held=1) == "holds"
    assert played("returned returned", "one two", held=2) == (
        "missing: the target held 1 answers, not 2"
    )
    assert played("returned raised", "one two") == (
        "connect of session raised None; in turn it returned {'type': 'Session'}"
    )
    assert played("returned returned", "one one") == (
        "the targets knew them as one, and in turn as others"
    )
    other = Scenario((TargetSpec(),), (*TOGETHER.steps[:1], *TOGETHER.steps[:1], TOGETHER.steps[2]))
    assert played("returned returned", "one two", of=other) == (
        "missing: the same calls were not made in turn before"
    )


# Contacts.


def contacted(*contacts: Contact, state: ProcessState | None = UNSET) -> str | None:
    written = WrittenRun().begin()
    written.note(ListenerStarted(target="target", port=80, gateway_port=81))
    view = written.end(after=state, contacts=contacts).view()
    scenario = Scenario((TargetSpec(),), (Connect(Call(host="a.test")),))
    return describe_contacts(StepView(_of(view.observation, scenario), view.place))


def test_whom_it_contacts_besides_the_target() -> None:
    of_target = Contact("A.test"), Contact("127.0.0.1", 80), Contact("::1", 81)
    nobody = "it contacted nobody besides the target"
    assert contacted(*of_target, Contact("127.0.0.1")) == nobody
    others = Contact("b.test"), Contact("127.0.0.1", 82), Contact("192.0.2.1", 80)
    assert contacted(*of_target, *others) == (
        "it contacted b.test, 127.0.0.1:82, 192.0.2.1:80 besides the target"
    )
    assert contacted(*others, state=None) is None
    assert contacted(*others, state=ProcessState()) is None

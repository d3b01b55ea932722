"""What is wrong with a step as data: the same for all steps that fail in one way."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from connect_contracts.checks.causes import cause_of_leak, causes_of_step
from connect_contracts.checks.expectation import (
    Alternative,
    Expectation,
    Gives,
    GivesSession,
    Outcome,
    Raises,
    Returns,
)
from connect_contracts.checks.secrets.leaks import Leak
from connect_contracts.checks.step_view import StepView
from connect_contracts.checks.wire_checks import NoHttpByte, RefusedWith, Unspoken, WireCheck
from connect_contracts.model.cause import CodeLine, Origin
from connect_contracts.model.observation import Observation, Raised, Result, Said
from connect_contracts.model.scenario import Scenario, TargetSpec
from connect_harness.redaction import Secret

LINE = CodeLine("client/http.py", 7, "_ask", "raise KeyError(url)")


def raised(kind: str = "KeyError", *lines: CodeLine, below: bool = False) -> Result:
    exception = Raised(kind, (kind, "Exception"), "no", origin=Origin(lines, below))
    return Result((0,), "session", "connect", "raised", raised=exception)


def ended(how: Any = "returned", value: Any = None) -> Result:
    return Result((0,), "session", "connect", how, value)


@pytest.mark.parametrize(
    ("outcome", "wire", "result", "key"),
    [
        (Raises(), [NoHttpByte()], ended(), "NoHttpByte | returned"),
        (Raises(), [RefusedWith(403)], ended(), "RefusedWith 403 | returned"),
        (Raises("TypeError"), [], ended(), "connect raises TypeError | returned"),
        (Returns(), [], raised("KeyError", LINE), "connect raised KeyError in client/http.py:_ask"),
        (
            Raises("TypeError"),
            [],
            raised("KeyError", LINE),
            "connect raised KeyError in client/http.py:_ask",
        ),
        (
            Raises(),
            [NoHttpByte()],
            raised("KeyError", LINE),
            "connect raised KeyError in client/http.py:_ask",
        ),
        (GivesSession(), [], raised(), "connect raised KeyError (connect returns)"),
        (
            GivesSession(),
            [],
            raised("KeyError", LINE, below=True),
            "connect raised KeyError (connect returns)",
        ),
        (Returns(), [], ended("hung"), "connect | hung"),
        (Gives(1), [], ended(value=2), "CA-1, connect | another Gives"),
    ],
    ids=[
        "returned-unrefused",
        "returned-whatever-the-status",
        "returned",
        "raised",
        "raised-another",
        "raised-unseen",
        "raised-elsewhere",
        "raised-by-the-public-client-that-it-called",
        "hung",
        "another-value",
    ],
)
def test_the_key(outcome: Outcome, wire: list[WireCheck], result: Result, key: str) -> None:
    expectation = Expectation(0, (Alternative(outcome, tuple(wire)),))
    view = StepView(Observation(Scenario((TargetSpec(),), ()), (result,)), (0,))
    (found,) = causes_of_step(expectation, view, "CA-1")
    assert found.key == key
    assert found.where == (result.raised.origin.lines if result.raised else ())


@pytest.mark.parametrize(
    ("origin", "known_as"),
    [
        (Origin((LINE,), True), None),
        (Origin((LINE,), False, ("Client", "Other")), "connect raised Client (connect returns)"),
        (Origin((LINE,)), ""),
        (Origin(), None),
    ],
    ids=["the client's", "handed on", "its caller's", "nobody's"],
)
def test_whose_exception_it_is(origin: Origin, known_as: str | None) -> None:
    error = Raised("Own", ("Own", "Exception"), "no", origin=origin)
    ended = Result((0,), "session", "connect", "raised", raised=error)
    view = StepView(Observation(Scenario((TargetSpec(),), ()), (ended,)), (0,))
    (found,) = causes_of_step(Expectation(0, (Alternative(GivesSession()),)), view, "CA-1")
    assert found.known_as == known_as


def test_each_secret_that_appears_is_a_cause() -> None:
    said = (Said("the session", "passwd-1", (0,)), Said("a warning", "passwd-1", (0,)))
    secrets = (Secret("passwd-1", "a password"),)
    observation = Observation(Scenario((TargetSpec(),), ()), (ended(),), said=said, secrets=secrets)
    expectation = Expectation(0, (Alternative(Returns(), (Unspoken(),)),))
    assert [
        cause.key for cause in causes_of_step(expectation, StepView(observation, (0,)), "X")
    ] == [
        "leak | a password appeared in the session",
        "leak | a password appeared in a warning",
    ]


@pytest.mark.parametrize(
    ("where", "elsewhere"),
    [
        ("an exception", "the chain of an exception (http.client.HTTPException)"),
        *itertools.combinations(
            (f"what the target {name!r} received, for which it is not" for name in ("a", "b")), 2
        ),
    ],
)
def test_one_mistake_in_several_places_is_one_cause(where: str, elsewhere: str) -> None:
    one, other = (cause_of_leak(Leak("a token", each)) for each in (where, elsewhere))
    assert one.key == other.key
    assert (one.seen, other.seen) == tuple(f"a token appeared in {it}" for it in (where, elsewhere))

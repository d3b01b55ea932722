"""The suite as one pytest test: a parameter for each case, the case's id as the test's.

In a test module of one's own::

    from connect_contracts import contracts
    test_connect = contracts(connect)
"""

from __future__ import annotations

import shlex
import time
import traceback
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache, partial, wraps
from typing import ParamSpec, TypeVar

import msgspec
import pytest

from connect_contracts.chapters.case import Case
from connect_contracts.chapters.catalogue import UnknownId, catalogue
from connect_contracts.execution.adapter_checks import check_adapter
from connect_contracts.execution.environment.loopback import blocked
from connect_contracts.execution.identify import warm_up
from connect_contracts.execution.implementation import BadImplementation, Implementation
from connect_contracts.execution.loading import import_name, load
from connect_contracts.judging.judgement import Judgement
from connect_contracts.judging.settings import BadSettings, Settings, UnderTest, named, under_test
from connect_contracts.judging.verify import Verified, verify
from connect_contracts.model.clause import Clause, Depth, Profile
from connect_contracts.model.json_text import json_of
from connect_contracts.model.observation import Observation
from connect_contracts.model.verdict import Verdict
from connect_contracts.pytest_suite import SETTINGS
from connect_contracts.report.case_report import case_report, failure_text, replay_command
from connect_contracts.report.model import PROPERTY, CaseReport, JudgedCase
from connect_contracts.report.output import escaped
from connect_harness.transcript import one_line

SUBJECT = "connect_contract_subject"
"""The attribute of a test function that gives, for settings, what it judges."""

WITHOUT_PLUGIN = (
    "contracts and laws need the pytest plugin connect_contract, which is not loaded: take out "
    "`-p no:connect_contract`, or give `-p connect_contract`."
)

TestFunction = Callable[[pytest.FixtureRequest, Case], None]
P = ParamSpec("P")
T = TypeVar("T")


def without_our_lines(*kinds: type[Exception]) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Of an exception of these ``kinds``, let pytest show the line of the caller and none of ours.

    The text of each says what is wrong with what the caller gave.
    """

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        @wraps(function)
        def call(*arguments: P.args, **keywords: P.kwargs) -> T:
            __tracebackhide__ = True
            try:
                return function(*arguments, **keywords)
            except kinds as error:
                raise error.with_traceback(None) from None

        return call

    return decorate


@without_our_lines(BadImplementation, BadSettings, UnknownId)
def contracts(
    connect: object = None,
    *,
    profile: str | None = None,
    select: Sequence[str] = (),
    depth: str | None = None,
) -> TestFunction:
    """A test function that holds an implementation of ``connect`` to its contract, case by case.

    May be used several times in one module, for several implementations.

    Parameters:
        connect: A callable with the signature of ``connect``, a class or an object that has one,
            an ``Implementation`` or a subclass of it, or all that as ``module[:attribute]``. Left
            out, the implementation is the one that pytest was given by ``--connect-contract``.
            Cases that need a fresh interpreter are not testable unless it is given by its name,
            or is a function, a class or a class method that can be imported by its own.
        profile: The documentation that it is held to, ``0.9.1`` or ``6.2``; by default what
            pytest's option or the implementation says.
        select: Ids of chapters, clauses or cases; all by default. A case that is named itself is
            judged at any depth.
        depth: How much of the chapters is judged, ``core``, ``default``, ``full`` or ``slow``; by
            default what pytest's option says, else ``default``. Deeper cases are collected, and
            deselected before the run.

    Raises:
        BadImplementation: There is nothing that can be called, or the adapter is wrong.
        BadSettings: There is no such profile or depth.
        UnknownId: There is no such chapter, clause or case.
    """
    cases = catalogue().select(select)
    asked = None if profile is None else named(Profile, profile)
    deep = None if depth is None else named(Depth, depth)
    if deep is not None and not catalogue().select(select, deep):
        raise BadSettings(
            f"No case of {', '.join(select)} is judged at the depth {deep}: ask for a greater one."
        )
    implementation = None if connect is None else implementation_of(connect)
    # Options are not known yet: the plugin leaves out those that are too deep.
    mark = contract_mark(depth=deep, select=tuple(select))

    @pytest.mark.parametrize(
        "connect_case", [pytest.param(case, id=case.id, marks=mark) for case in cases]
    )
    def test_connect(request: pytest.FixtureRequest, connect_case: Case) -> None:
        settings = request.config.stash.get(SETTINGS, Settings())
        subject = subject_in(settings, implementation, asked)
        debugged = bool(request.config.getoption("usepdb", False))
        vars(subject.implementation).update(debugged=debugged, raised=None)
        nodeid = shlex.join(["pytest", request.node.nodeid])
        again = replay_command(connect_case.id, subject, settings.expected_failures.file)
        verified, seconds = _verified(connect_case, subject)
        report = case_report(
            verified,
            settings.judge(connect_case, verified.judgement, subject),
            replay=again or nodeid,
            seconds=seconds,
        )
        tell(request.node, subject, deep or settings.depth or Depth.DEFAULT, report)
        settle(connect_case.clause, report, subject.implementation.raised)

    vars(test_connect)[SUBJECT] = partial(subject_in, implementation=implementation, asked=asked)
    return test_connect


def contract_mark(**given: object) -> pytest.MarkDecorator:
    """The mark by which pytest's plugin knows what judges, with what the plugin must know of it.

    The test module fails to be collected, with one sentence, where pytest runs without the plugin:
    no depth, selection or regression would be heeded there, and a run that judged nothing would
    be green.
    """
    # pytest knows this mark from the plugin alone; with --strict-markers it fails by itself.
    unknown = suppress(pytest.PytestUnknownMarkWarning, pytest.fail.Exception)
    with unknown, warnings.catch_warnings():
        warnings.simplefilter("error", pytest.PytestUnknownMarkWarning)
        return pytest.mark.connect_contract(**given)
    pytest.fail(WITHOUT_PLUGIN, pytrace=False)


def subject_in(
    settings: Settings, implementation: Implementation | None, asked: Profile | None
) -> UnderTest:
    """What a test judges; what its module gave wins over what pytest was given, ``settings``.

    The test fails if no implementation was named anywhere.
    """
    implementation = implementation or settings.implementation
    if implementation is None:
        pytest.fail("which implementation? --connect-contract module[:attribute]", False)
    return _under_test(implementation, asked or settings.profile)


@cache
def _under_test(implementation: Implementation, asked: Profile | None) -> UnderTest:
    """As :func:`under_test`, once for all tests, and a mistake of the implementation is kept."""
    try:
        return under_test(implementation, asked)
    except BadImplementation as error:
        declared = [each for each in Profile if each == implementation.profile]
        profile = asked or next(iter(declared), Profile.V0_9_1)
        because = "asked for" if asked else "declared" if declared else "default"
        return UnderTest(implementation, profile, because, one_line(str(error)))


def unjudged(subject: UnderTest) -> tuple[Verdict, str] | None:
    """What is said of every test of ``subject``, if none of them can be run, and why."""
    if subject.mistake:
        return Verdict.HARNESS_ERROR, subject.mistake
    return None if (why := blocked()) is None else (Verdict.NOT_TESTABLE, why)


def implementation_of(connect: object) -> Implementation:
    """The implementation that ``connect`` is, in any of the forms that :func:`contracts` takes."""
    if isinstance(connect, str):
        found = load(connect)
    elif isinstance(connect, Implementation):
        found = connect
    elif isinstance(connect, type) and issubclass(connect, Implementation):
        found = connect()
        found.import_name = import_name(connect)
    else:
        found = Implementation(connect)
        found.import_name = import_name(connect)
    check_adapter(found)
    return found


def _verified(case: Case, subject: UnderTest) -> tuple[Verified, float]:
    """What is said of ``case``, expected failures left aside, and the seconds that it took."""
    if (said := unjudged(subject)) is not None:
        verdict, why = said
        return _undecided(case, Judgement(verdict, seen=why)), 0.0
    try:
        warm_up(subject.implementation, subject.profile)
        began = time.perf_counter()
        verified = verify(case, subject.implementation, subject.profile)
        return verified, time.perf_counter() - began
    except Exception:
        text = traceback.format_exc(limit=-6)
        return _undecided(case, Judgement(Verdict.HARNESS_ERROR, seen=text)), 0.0


def _undecided(case: Case, judgement: Judgement) -> Verified:
    return Verified(case, judgement, Observation(case.scenario), None)


def tell(
    node: pytest.Item,
    subject: UnderTest,
    depth: Depth,
    report: CaseReport,
    search: str = "",
    found: tuple[CaseReport, ...] = (),
) -> None:
    """Leave the report where those who count verdicts find it.

    Parameters:
        search, found: The settings of a law, and what breaks it.
    """
    judged = JudgedCase(
        subject.implementation.name,
        subject.profile,
        subject.because,
        report,
        depth,
        subject.remarks,
        search,
        found,
    )
    # A plugin that runs an item again keeps what the first run left.
    node.user_properties[:] = [one for one in node.user_properties if one[0] != PROPERTY]
    node.user_properties.append((PROPERTY, msgspec.json.decode(json_of(judged))))


def settle(clause: Clause | None, report: CaseReport, raised: BaseException | None = None) -> None:
    """End the test as the verdict wants it, for a debugger where the client ``raised``."""
    verdict = Verdict.of(report.verdict)
    match verdict.outcome:
        case "passed":
            return
        case "skipped":
            pytest.skip(escaped(f"{verdict.word}: {report.observed}"))
        case "xfailed":
            pytest.xfail(escaped(f"{verdict.word}: {'; '.join(report.why)}"))
    # With --runxfail pytest's xfail does nothing, and what was expected to fail fails.
    broken = catalogue().clauses[report.broken] if report.broken else clause
    text = report.observed if broken is None else failure_text(broken, report)
    failure = pytest.fail.Exception(escaped(text), pytrace=False)
    raise failure if raised is None else failure.with_traceback(raised.__traceback__)

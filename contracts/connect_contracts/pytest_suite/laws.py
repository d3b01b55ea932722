"""The laws as one pytest test: a parameter for each law.

In a test module of one's own::

    from connect_contracts import laws
    test_laws = laws(connect, settings="ci")
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache, partial

import pytest

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.execution.implementation import BadImplementation
from connect_contracts.judging.judgement import Judgement
from connect_contracts.judging.settings import BadSettings, Settings, UnderTest, named
from connect_contracts.judging.verify import Verified
from connect_contracts.model.clause import Depth, Level, Profile
from connect_contracts.model.verdict import Verdict
from connect_contracts.pytest_suite import SETTINGS
from connect_contracts.pytest_suite.suite import (
    SUBJECT,
    contract_mark,
    implementation_of,
    settle,
    subject_in,
    tell,
    unjudged,
    without_our_lines,
)
from connect_contracts.regressions.capsule import capsule_of
from connect_contracts.regressions.folder import pinned
from connect_contracts.regressions.report import first_undecided, undecided_text
from connect_contracts.regressions.search_report import of_law
from connect_contracts.report.case_report import case_report, failure_text
from connect_contracts.report.causes import causes_of
from connect_contracts.report.model import CaseReport
from connect_contracts.report.output import escaped
from connect_contracts.search.budget import SearchSettings, UnknownBudget, search_settings
from connect_contracts.search.failures import shrink_failures
from connect_contracts.search.laws.every_law import UnknownLaw, laws_named
from connect_contracts.search.laws.law import Law, Signature
from connect_contracts.search.search import PartDone, distinct_failures, search

TestFunction = Callable[[pytest.FixtureRequest, Law], None]


@without_our_lines(BadImplementation, BadSettings, UnknownBudget, UnknownLaw)
def laws(
    connect: object = None,
    *,
    settings: str | SearchSettings = "ci",
    profile: str | None = None,
    select: Sequence[str] = (),
) -> TestFunction:
    """A test function that holds an implementation of ``connect`` to every law, one by one.

    May be used several times in one module, for several implementations. What is pinned as known
    in the folder of capsules that pytest was given (``--connect-contract-regressions``) is not
    reported again.

    Parameters:
        connect: As of :func:`connect_contracts.contracts`.
        settings: How long is searched: ``ci``, ``dev`` or ``nightly``, or settings of one's own.
        profile: The documentation that it is held to, ``0.9.1`` or ``6.2``; by default what
            pytest's option or the implementation says.
        select: Names of laws; all by default.

    Raises:
        BadImplementation: There is nothing that can be called, or the adapter is wrong.
        BadSettings: There is no such profile.
        UnknownBudget: There are no such search settings.
        UnknownLaw: There is no such law.
    """
    chosen = laws_named(select)
    budget = search_settings(settings) if isinstance(settings, str) else settings
    asked = None if profile is None else named(Profile, profile)
    implementation = None if connect is None else implementation_of(connect)

    mark = contract_mark()

    @pytest.mark.parametrize(
        "connect_law", [pytest.param(one, id=one.name, marks=mark) for one in chosen]
    )
    def test_laws(request: pytest.FixtureRequest, connect_law: Law) -> None:
        given = request.config.stash.get(SETTINGS, Settings())
        subject = subject_in(given, implementation, asked)
        found: tuple[CaseReport, ...] = ()
        if (said := unjudged(subject)) is not None:
            verdict, seen = said
        else:
            verdict, seen, found = _hold(connect_law, chosen, subject, budget, given)
        report = CaseReport(
            id=connect_law.name,
            clause="",
            level=Level.DOCUMENTED,
            description=connect_law.sentence,
            verdict=verdict.word,
            observed=seen,
            causes=tuple(cause for case in found for cause in causes_of(case)),
        )
        tell(request.node, subject, Depth.DEFAULT, report, budget.name, found)
        settle(None, report)

    vars(test_laws)[SUBJECT] = partial(subject_in, implementation=implementation, asked=asked)
    return test_laws


def _hold(
    law: Law,
    laws: tuple[Law, ...],
    subject: UnderTest,
    settings: SearchSettings,
    given: Settings,
) -> tuple[Verdict, str, tuple[CaseReport, ...]]:
    """What is said of ``law``, with all that breaks it, and with what could not be judged.

    One search serves the tests of all laws, and each law looks at every scenario of it. What is
    known by its causes, or newer than what is pinned, does not break it.
    """
    folder = given.regressions
    known: frozenset[Signature] = frozenset()
    if folder is not None and folder.is_dir():
        known = frozenset(pinned(folder, subject.profile))
    parts = _searched(laws, subject, settings, known)
    failures = [one for one in distinct_failures(parts) if one.breach.signature.law == law.name]

    def judged(verified: Verified) -> Judgement:
        return given.judge_found(verified.case.clause, verified.judgement, subject)

    made = shrink_failures(
        *(failures, subject, laws, settings, known),
        excused=lambda seen: not judged(seen).verdict.is_finding,
    )
    if made.interrupted:
        raise KeyboardInterrupt
    texts = []
    found: list[CaseReport] = []
    verdict = Verdict.PASSED
    for small in made.small:
        verified = small.verified
        judgement = judged(verified)
        verdict = max(verdict, judgement.verdict, key=lambda each: each.weight)
        capsule = capsule_of(small.examined, small.breach, subject)
        again = f"as the capsule {capsule.file_name}:\n{capsule.text().decode()}"
        report = of_law(
            case_report(verified, judgement, replay=again, seconds=0.0), law.name, found
        )
        found.append(report)
        texts.append(failure_text(catalogue().clauses[report.clause], report))
    undecided = first_undecided(parts, given, subject)
    if undecided is not None:
        verdict = max(verdict, Verdict.INCONCLUSIVE, key=lambda each: each.weight)
        texts.append(f"{Verdict.INCONCLUSIVE.word}: {undecided_text(undecided)}")
    verdicts: Counter[str] = Counter()
    for part in parts:
        verdicts.update(part.verdicts)
    if not any(Verdict.of(word).judged for word in verdicts):
        counts = ", ".join(f"{number} {word}" for word, number in verdicts.items())
        why = f"no scenario was judged: {counts or 'there is none'}"
        verdict = max(verdict, Verdict.INCONCLUSIVE, key=lambda each: each.weight)
        texts.append(f"{Verdict.INCONCLUSIVE.word}: {why}")
    return verdict, escaped("\n".join(texts)), tuple(found)


@cache
def _searched(
    laws: tuple[Law, ...], subject: UnderTest, settings: SearchSettings, known: frozenset[Signature]
) -> tuple[PartDone, ...]:
    parts = search(subject, laws, settings, known=known)
    if any(part.interrupted for part in parts):
        # It is pytest that ends then; half a search must not be taken for a whole one.
        raise KeyboardInterrupt
    return parts

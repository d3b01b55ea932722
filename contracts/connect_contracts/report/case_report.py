"""One case that was judged: its report as data, and the text of its failure."""

from __future__ import annotations

import re
import shlex
import textwrap
from collections.abc import Callable, Iterable, Sequence

from connect_contracts.chapters.case import Case
from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.checks.secrets.redaction import Redaction
from connect_contracts.checks.step_view import StepView
from connect_contracts.judging.expected_failures import is_stale
from connect_contracts.judging.judgement import Judgement
from connect_contracts.judging.settings import UnderTest
from connect_contracts.judging.verify import Verified
from connect_contracts.model.cause import LEAK, Cause, CodeLine
from connect_contracts.model.clause import Clause, Level
from connect_contracts.model.observation import Observation, Result
from connect_contracts.model.verdict import Verdict
from connect_contracts.report.exchange import exchange
from connect_contracts.report.model import CaseReport, ExchangeEvent
from connect_contracts.report.scenario_line import scenario_line
from connect_harness.server.events import NotServed
from connect_harness.transcript import one_line, printable, transcript


def judged_result(case: Case, observation: Observation) -> Result | None:
    """The result of the step that the case is about: the first that did not return, else the last.

    Only steps with an expectation count. Without any, every step counts that is not the owner's.
    """
    steps = {expectation.step for expectation in case.expectations}
    results = [
        result
        for result in observation.results
        if (result.place[0] in steps if steps else result.who != "owner")
    ]
    ended_early = (result for result in results if result.how != "returned")
    return next(ended_early, results[-1] if results else None)


def outcome(result: Result) -> str:
    """How it ended, without what an exception says: that differs from run to run."""
    if result.how == "raised" and result.raised is not None:
        return f"raised {result.raised.type}"
    return result.describe()


def alert(observation: Observation, result: Result) -> str | None:
    """The first fatal alert on a connection of the step, and who sent it; ``None`` without one."""
    for connection in StepView(observation, result.place).connections:
        if connection.alert:
            return f"{connection.alert} by {connection.alert_by}"
    return None


def meaning(case: Case, result: Result) -> str:
    """What it means, in plain words, how an observed case ended; empty if nothing is said of it."""
    if case.level is not Level.OBSERVE or case.meanings is None:
        return ""
    meanings = {"returned": case.meanings.accepted, "raised": case.meanings.refused}
    return meanings.get(result.how, "")


LONGEST_TEXT = 4000
"""Characters of what was seen that are kept; the traceback of a harness error is shortened."""


def case_report(
    verified: Verified, judgement: Judgement, *, replay: str, seconds: float
) -> CaseReport:
    """What is reported of a case: without secrets, and of bounded size.

    ``judgement`` considers expected failures; ``replay`` is the command that judges the case alone.
    """
    case = verified.case
    redacted = Redaction(*filter(None, (verified.observation, verified.twin)))
    lines: tuple[str, ...] = ()
    events: tuple[ExchangeEvent, ...] = ()

    def clean(text: str) -> str:
        return shortened(printable(redacted(text)))

    # Where an entry is stale the case passed, and the wire shows nothing.
    if judgement.verdict.outcome not in ("passed", "skipped") and not is_stale(judgement.causes):
        lines = transcript(verified.observation.events, redacted)
        events = exchange(verified.observation, redacted)
        if verified.twin is not None:
            twin = "the twin, the same without its defect:"
            lines = (*lines, twin, *transcript(verified.twin.events, redacted))
            events += (ExchangeEvent("twin", twin), *exchange(verified.twin, redacted))

    judged = judged_result(case, verified.observation)
    observed = judgement.seen
    if judged is not None and judgement.verdict is Verdict.OBSERVED and meaning(case, judged):
        observed = f"{observed}; that is: {meaning(case, judged)}"
    if any(cause.key.startswith(LEAK) and _IN_EXCEPTION in cause.key for cause in judgement.causes):
        shown = _shown_in(filter(None, (verified.observation, verified.twin)), redacted)
        observed += f"; raised: {shown}" if shown and shown not in redacted(observed) else ""
    seen_alert = None if judged is None else alert(verified.observation, judged)
    asked = [
        event.operation for event in verified.observation.events if isinstance(event, NotServed)
    ]
    evidence = judgement.evidence
    broken = None if judgement.broken is None else catalogue().clauses[judgement.broken]
    return CaseReport(
        id=case.id,
        clause=case.clause.id,
        level=case.level if broken is None else broken.level,
        description=case.description,
        verdict=judgement.verdict.word,
        # Names of sessions and targets may be those of a capsule.
        scenario=one_line(clean(scenario_line(case.scenario))),
        expected=one_line(clean(judgement.expected)),
        observed=clean(observed),
        evidence=None if evidence is None else clean(evidence.text),
        strength=None if evidence is None else evidence.strength.word,
        broken=judgement.broken,
        transcript=lines,
        replay=replay,
        seconds=round(seconds, 4),
        depth=case.depth,
        recipe=case.recipe,
        outcome="" if judged is None else clean(outcome(judged)),
        alert=None if seen_alert is None else clean(seen_alert),
        lacks=None if judgement.lacks is None else clean(judgement.lacks),
        not_offered=judgement.not_offered,
        undecided=judgement.undecided,
        causes=tuple(_clean(cause, clean) for cause in judgement.causes),
        exchange=events,
        would_be=None if judgement.would_be is None else judgement.would_be.word,
        reasons=tuple(one_line(clean(reason)) for reason in judgement.reasons),
        not_served=tuple(dict.fromkeys(one_line(clean(each)) for each in asked)),
    )


_IN_EXCEPTION = " appeared in an exception"


def _shown_in(observations: Iterable[Observation], redacted: Redaction) -> str:
    """The type and the text of the first exception that shows a secret, without the secret."""
    raised = (each.raised for seen in observations for each in seen.results if each.raised)
    for kind, text in (said for each in raised for said in ((each.type, each.text), *each.chain)):
        if (rest := redacted(text)) != text:
            return f"{kind}: {rest.strip().splitlines()[0]}"
    return ""


def _clean(cause: Cause, clean: Callable[[str], str]) -> Cause:
    where = (
        CodeLine(
            *(clean(line.file), line.line, one_line(clean(line.function))),
            one_line(clean(line.source)),
        )
        for line in cause.where
    )
    key, demanded, seen = (
        one_line(clean(each)) for each in (cause.key, cause.demanded, cause.seen)
    )
    known = None if cause.known is None else one_line(clean(cause.known))
    return Cause(key, demanded, seen, tuple(where), known=known)


def shortened(text: str, longest: int = LONGEST_TEXT) -> str:
    """``text``, its middle left out where it is too long."""
    if len(text) <= longest:
        return text
    half = longest // 2
    return f"{text[:half]} ... ({len(text)} characters) ... {text[-half:]}"


def replay_command(case_id: str, under_test: UnderTest, expected_failures: str) -> str | None:
    """The command that judges one case again; ``None`` for an implementation without a name.

    Parameters:
        expected_failures: The file by which the case is judged; empty without one.
    """
    reference = under_test.implementation.reference
    if reference is None:
        return None
    words = ["connect-contract", "run", "--connect", reference]
    if under_test.because == "asked for":
        words += ["--profile", under_test.profile]
    words += ["--expected-failures", expected_failures] if expected_failures else []
    return shlex.join([*words, "--select", case_id])


WIDTH = 100
_LABEL = 10
LONGEST_WORD = 200
"""Characters of one word that are shown of it where a text is folded."""
_ELIDED = r" \.\.\. \(\d+ characters\) \.\.\. "
_LONG_WORD = re.compile(
    rf"\S{{{LONGEST_WORD},}}(?:{_ELIDED}\S+)?|\S+{_ELIDED}\S{{{LONGEST_WORD},}}"
)
LONGEST_LINE = 400
"""Characters of what is wrong with a case that are told in a line."""
MOST_WIRE = 24
"""Lines of the wire that a terminal shows of one case."""


def failure_text(clause: Clause | None, case: CaseReport, width: int | None = None) -> str:
    """Clause, case, scenario, what was expected and seen, the wire, and how to replay it.

    With a ``width``, lines of the wire are cut there, and of many the middle is left out.
    """
    fold = width or WIDTH
    verdict = Verdict.of(case.verdict)
    of_adapter = verdict is Verdict.HARNESS_ERROR and bool(case.causes)
    why = "the mistake is in the adapter" if of_adapter else case.undecided or verdict.meaning
    meaning = "" if verdict is Verdict.FAILED else f" ({why})"
    lines = [f"{case.id}: {case.verdict}{meaning}", ""]
    # A wrong adapter breaks no clause.
    if clause is not None and not of_adapter:
        source = "" if clause.source == "-" else f" Source: {clause.source}."
        stated = f"{clause.id} ({case.level}): {clause.statement}.{source}"
        lines += labelled("clause", stated, fold)
    lines += labelled("case", case.description, fold)
    lines += labelled("scenario", case.scenario, fold)
    lines += labelled("expected", case.expected, fold)
    lines += labelled("seen", case.observed, fold)
    lines += where_lines(first_where(case.causes))
    lines += labelled("evidence", case.evidence or "", fold)
    # Before the wire, which may be long: the first screen says what to do.
    lines += labelled("replay", case.replay, None)
    if case.transcript and not of_adapter:
        wire = case.transcript if width is None else _ends(case.transcript)
        lines += ["wire", *(cut(f"  {line}", width) for line in wire)]
    return "\n".join(lines)


def _ends(lines: tuple[str, ...]) -> tuple[str, ...]:
    """The first and the last of many ``lines``."""
    half = MOST_WIRE // 2
    if len(lines) <= MOST_WIRE:
        return lines
    left_out = f"({len(lines) - 2 * half} lines are left out here; a report has more of them)"
    return (*lines[:half], left_out, *lines[-half:])


def short_text(causes: Sequence[Cause], *, where: bool = False) -> str:
    """What is wrong with a case, in a line; its causes are told elsewhere, but for ``where``."""
    first, *others = causes
    # What was seen comes first: pytest shows the beginning of the line.
    demanded = f"; demanded: {first.demanded}" if first.demanded else ""
    told = [f"{first.seen}{demanded}", *(f"also {each.seen}" for each in others)]
    line = shortened(readable("; ".join(told)), LONGEST_LINE)
    return "\n".join([line, *where_lines(first_where(causes) if where else ())])


def first_where(causes: Sequence[Cause]) -> tuple[CodeLine, ...]:
    """The lines of the client's own code of the first cause that has any."""
    return next((cause.where for cause in causes if cause.where), ())


def where_lines(where: tuple[CodeLine, ...]) -> list[str]:
    """The lines of the client's own code, innermost last, each with its text below it."""
    lines = [text for line in where for text in (str(line), f"    {line.source}")]
    return labelled("where", "\n".join(lines), None)


def readable(text: str) -> str:
    """``text``, without the middle of what is too long for a word: a value of thousands of letters.

    JSON reports have the whole of it.
    """
    return _LONG_WORD.sub(lambda found: _ends_of_word(found[0]), text)


def _ends_of_word(word: str) -> str:
    left_out = re.search(_ELIDED, word)
    if left_out is None:
        return shortened(word, LONGEST_WORD)
    # Its middle is left out already, and its length is said there.
    half = LONGEST_WORD // 2
    begin, end = word[: left_out.start()], word[left_out.end() :]
    return f"{begin[:half]}{left_out[0]}{end[-half:]}"


def cut(line: str, width: int | None) -> str:
    """``line``, not longer than ``width``."""
    return line if width is None or len(line) <= width else f"{line[: width - 3]}..."


def labelled(label: str, text: str, width: int | None = WIDTH) -> list[str]:
    """``text`` beside its label, folded at ``width``; ``None`` for what is there to be copied."""
    if not text:
        return []
    lines: list[str] = []
    for line in text.splitlines():
        # A traceback keeps its lines; an id stays whole.
        lines += (
            [line]
            if width is None
            else textwrap.wrap(readable(line), width - _LABEL, break_on_hyphens=False) or [""]
        )
    heads = [label, *[""] * (len(lines) - 1)]
    return [f"{head:<{_LABEL}}{line}" for head, line in zip(heads, lines, strict=True)]

"""A report as JUnit XML, for the pages of CI systems."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from xml.etree import ElementTree as Xml

import msgspec

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.model.verdict import Verdict
from connect_contracts.report.case_report import failure_text
from connect_contracts.report.causes import causes_of
from connect_contracts.report.laws import SearchSummary
from connect_contracts.report.model import CaseReport, Machine, RunReport, RunReports

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document may hold, not even as a reference (XML 1.0 section 2.2)."""

LONGEST_MESSAGE = 300

_COUNTED = {"tests": "testcase", "failures": "failure", "errors": "error", "skipped": "skipped"}
"""Attributes of a suite, each with the elements whose number it is."""


def junit(report: RunReport | RunReports) -> bytes:
    """A test suite for each chapter of each run, a test case for each case.

    A broken contract is a failure; what could not be judged for a mistake of the harness or for
    lack of evidence is an error; the rest that did not pass is skipped. A run whose status is not
    0 has a failure or an error in any case.
    """
    root = Xml.Element("testsuites", name="connect-contract")
    for run in report.runs:
        of = f"{run.implementation}, profile {run.profile}: " if len(report.runs) > 1 else ""
        own = (case for case in run.cases if case.law is None)
        chapters = groupby(own, lambda case: case.clause.rpartition("-")[0])
        suites = [_suite(f"{of}{chapter}", run, list(cases)) for chapter, cases in chapters]
        if run.search is not None:
            suites.append(_suite(f"{of}laws", run, _of_laws(run, run.search)))
        if run.regressions:
            suites.append(_suite(f"{of}capsules", run, run.regressions))
        if run.exit_status and not any(_number(suite, "failure", "error") for suite in suites):
            suites.append(_suite_of_run(f"{of}run", run))
        root.extend(suites)
    _count(root, [case for run in report.runs for case in run.judged])
    document: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _suite(name: str, run: RunReport, cases: Sequence[CaseReport]) -> Xml.Element:
    suite = Xml.Element("testsuite", name=xml_text(name))
    if run.started:
        suite.set("timestamp", xml_text(run.started.partition("+")[0]))
    machine = run.machine or Machine("", "", "")
    _add_properties(
        suite,
        implementation=run.implementation,
        profile=run.profile,
        depth=run.depth,
        version=run.version,
        clients=", ".join(f"{client.name} {client.version}" for client in run.clients),
        platform=machine.platform,
        python=machine.python,
        tls=machine.tls,
    )
    for case in cases:
        suite.append(_test_case(case))
    _count(suite, cases)
    return suite


def _of_laws(run: RunReport, search: SearchSummary) -> list[CaseReport]:
    """Each law; in the place of one that is broken, what breaks it."""
    cases: list[CaseReport] = []
    for law in search.laws:
        found = [case for case in run.cases if case.law == law.name]
        held = CaseReport(law.name, "laws", "", law.sentence, law.verdict)
        cases += found or [msgspec.structs.replace(held, observed="; ".join(run.notes))]
    return cases


def case_properties(case: CaseReport) -> dict[str, str]:
    """What else a CI system is told of a case: those of these that there are."""
    found = {
        "clause": case.broken or case.clause,
        # Only a clause has one.
        "level": case.level if case.clause else "",
        "depth": case.depth,
        "verdict": case.verdict,
        "evidence": case.strength or "",
    }
    return {name: value for name, value in found.items() if value}


def _test_case(case: CaseReport) -> Xml.Element:
    test = Xml.Element("testcase", name=xml_text(case.id), classname=xml_text(case.clause))
    test.set("time", f"{case.seconds:.3f}")
    _add_properties(test, **case_properties(case))
    if (kind := _kind(Verdict.of(case.verdict))) is not None:
        # What is known is told by the reason of its entry, or the sentence of the deviation.
        message, body = "; ".join(case.reasons) or case.observed, case.observed
        if kind != "skipped":
            causes = causes_of(case)
            message = "; ".join(f"{cause.seen}; demanded: {cause.demanded}" for cause in causes)
            body = failure_text(catalogue().clauses.get(case.broken or case.clause), case)
        _add(test, kind, case.verdict, message, body)
    return test


def _kind(verdict: Verdict) -> str | None:
    if verdict.outcome == "passed":
        return None
    if verdict.outcome in ("skipped", "xfailed") or verdict is Verdict.NOT_RUN:
        return "skipped"
    return "failure" if verdict.status == 1 else "error"


def _suite_of_run(name: str, run: RunReport) -> Xml.Element:
    suite = Xml.Element("testsuite", name=xml_text(name), tests="1", failures="0", errors="1")
    suite.set("skipped", "0")
    test = Xml.SubElement(suite, "testcase", name="exit status", classname="run", time="0")
    why = "; ".join(run.reasons or run.notes) or "see the notes of the run"
    _add(test, "error", f"exit status {run.exit_status}", why, "\n".join(run.notes))
    return suite


def _add(test: Xml.Element, kind: str, verdict: str, message: str, body: str) -> None:
    first = " ".join(message.split())
    short = first if len(first) <= LONGEST_MESSAGE else f"{first[: LONGEST_MESSAGE - 3]}..."
    said = Xml.SubElement(test, kind, type=xml_text(verdict), message=xml_text(short))
    said.text = xml_text(body)


def _add_properties(element: Xml.Element, **values: str | None) -> None:
    properties = Xml.SubElement(element, "properties")
    for name, value in values.items():
        if value:
            Xml.SubElement(properties, "property", name=name, value=xml_text(value))


def _count(element: Xml.Element, cases: Iterable[CaseReport]) -> None:
    element.set("time", f"{sum(case.seconds for case in cases):.3f}")
    for attribute, tag in _COUNTED.items():
        element.set(attribute, str(_number(element, tag)))


def _number(element: Xml.Element, *tags: str) -> int:
    return sum(1 for tag in tags for _ in element.iter(tag))


def xml_text(text: str) -> str:
    """``text`` with each character that XML forbids written out, as ``\\u001b``."""
    return _NOT_IN_XML.sub(lambda found: f"\\u{ord(found[0]):04x}", text)

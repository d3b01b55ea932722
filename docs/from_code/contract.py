"""What the suite demands: clauses, cases, verdicts, laws."""

from __future__ import annotations

from collections.abc import Iterable

from connect_contracts.chapters.case import Case
from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.chapters.page import Sentence, page
from connect_contracts.model.clause import Clause, Depth
from connect_contracts.model.evidence import Strength
from connect_contracts.model.parts import PARTS
from connect_contracts.model.verdict import Verdict
from connect_contracts.search.laws.every_law import LAWS
from from_code.markdown import code, table, text


def clauses_of(name: str) -> str:
    """Every clause of a chapter with its cases."""
    chapter = next(each for each in catalogue().chapters if each.name == name)
    return f"# {name}: {chapter.title}\n\n" + "\n".join(
        _clause(clause) for clause in chapter.clauses.values()
    )


def _clause(clause: Clause) -> str:
    cases = "".join(f"* {_case(case)}\n" for case in catalogue().of(clause))
    profiles = " and ".join(clause.profiles)
    facts = f"Level **{clause.level}**; profile {profiles}; since {clause.since}."
    source = "" if clause.source == "-" else f" Source: {text(clause.source)}."
    return (
        f"({clause.id})=\n## {clause.id}\n\n{text(clause.statement)}.\n\n{facts}{source}\n\n{cases}"
    )


def _case(case: Case) -> str:
    deep = [] if case.depth is Depth.DEFAULT else [f"depth {case.depth}"]
    level = [] if case.level == case.clause.level else [case.level]
    profile = [] if case.profiles == case.clause.profiles else [f"profile {case.profiles[0]}"]
    differs = ", ".join([*deep, *level, *profile])
    return f"{code(case.name)}{differs and f' ({differs})'}: {text(case.description)}"


def cases_of() -> str:
    """How many clauses and cases each chapter has, by depth."""
    rows = []
    for chapter in catalogue().chapters:
        cases = [case for clause in chapter.clauses.values() for case in catalogue().of(clause)]
        counts = [str(sum(case.depth is depth for case in cases)) for depth in Depth]
        link = f"[{chapter.name}](clauses/{chapter.name.lower()}.md)"
        rows.append([link, chapter.title, str(len(chapter.clauses)), *counts])
    return table(["chapter", "about", "clauses", *Depth], rows)


def verdicts() -> str:
    """Every verdict."""
    rows = [(each.word, each.meaning, str(each.status)) for each in Verdict]
    return table(["verdict", "meaning", "status of the run"], rows)


def evidence() -> str:
    """By what a refusal is decided, the strongest first."""
    return table(["decided by", "which means"], [(each.word, each.meaning) for each in Strength])


def laws() -> str:
    """Every law of the search."""
    return table(["law", "which demands"], [(code(law.name), text(law.sentence)) for law in LAWS])


def parts() -> str:
    """Every part that an implementation may declare as not offered."""
    rows = [
        (code(name), code(part.text), code(part.within) if part.within else "")
        for name, part in PARTS.items()
    ]
    return table(["name", "what it is", "within"], rows)


def sentences() -> str:
    """Every sentence of the documented page, in other words, with the clauses that hold it."""
    known = page()
    listed = "".join(f"{each.number}. {text(each.says)}{_held(each)}\n" for each in known.sentences)
    elsewhere = [(_links([clause]), text(where)) for clause, where in known.elsewhere.items()]
    return f"{listed}\n## Documented elsewhere\n\n{table(['clause', 'where'], elsewhere)}"


def _held(sentence: Sentence) -> str:
    clauses = f" Clauses: {_links(sentence.clauses)}." if sentence.clauses else ""
    what = "What is left" if sentence.clauses else "No clause"
    return clauses + (f" {what}: {text(sentence.reason)}." if sentence.reason else "")


def _links(clauses: Iterable[str]) -> str:
    return ", ".join(f"[{clause}](#{clause})" for clause in clauses)

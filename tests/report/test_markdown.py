"""Markdown for a job's summary, and what GitHub reads in a log, with whatever a client has said."""

from __future__ import annotations

import re
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.model.cause import Cause, CodeLine
from connect_contracts.report.github import MOST_ANNOTATIONS, workflow_commands
from connect_contracts.report.markdown import code, markdown, plain
from connect_contracts.report.model import RunReports
from hand_written_reports import HOSTILE, case, run_of

WHERE = (CodeLine("client.py", 7, "connect", HOSTILE),)
FAILED = case(
    *("CA-2[without-the-file]", "failed"),
    causes=(Cause("key", HOSTILE, HOSTILE, WHERE),),
    observed=HOSTILE,
    expected=HOSTILE,
    transcript=(HOSTILE,),
    scenario=HOSTILE,
    replay=HOSTILE,
)
RUN = run_of(
    FAILED,
    case("CA-3[another-authority]", "known", observed=HOSTILE),
    implementation=HOSTILE,
    notes=(HOSTILE,),
    remarks=(HOSTILE,),
)


def tokens(text: str) -> list[Token]:
    found = MarkdownIt("commonmark").enable("table").parse(text)
    return [inner for token in found for inner in (token, *(token.children or ()))]


def test_what_a_client_says_is_text_alone() -> None:
    """The only markup is ours: headings, lists, code, tables of numbers, a part that unfolds."""
    text = markdown(
        RunReports((RUN, run_of(FAILED, implementation=HOSTILE, profile="6.2")))
    ).decode()
    found = tokens(text)
    assert not [token for token in found if token.type in ("link_open", "image", "fence_open")]
    html = [token.content.strip() for token in found if token.type.startswith("html")]
    assert html
    ours = r"<details><summary>CA-2&#91;without-the-file&#93; at length</summary>|</details>"
    assert [one for one in html if not re.fullmatch(ours, one)] == []
    headings = [
        found[number + 1].content
        for number, token in enumerate(found)
        if token.type == "heading_open"
    ]
    assert [one.partition(" ")[0] for one in headings] == [
        *("connect-contract:", "connect-contract:", "1.", "Verdicts", "Known"),
        *("connect-contract:", "1.", "Verdicts"),
    ]
    cells = [token for token in found if token.type == "th_open"]
    assert len(cells) == 3 + 3 + 2


def test_a_value_is_shown_by_its_ends_and_a_case_at_length_once() -> None:
    leak, returned = "leak | a password appeared in a log record", "returned"
    causes = (Cause(key, "x" * 4000, "y" * 4000) for key in (returned, leak))
    run = run_of(case("CA-2[without-the-file]", "failed", causes=tuple(causes)))
    text = markdown(run).decode()
    assert text.count("at length</summary>") == 1
    assert max(map(len, text.splitlines())) < 600
    assert ". AUTH-12 (failed" in text
    assert "**clause** AUTH-12 (robust)" in text
    assert all(len(command) < 900 for command in workflow_commands(run, Path.cwd()))


def test_text_is_shown_as_it_is() -> None:
    for text in (
        "a_b *c* [d](e) `f` <g> &amp; #h @i https://j :k: | $l$",
        "- a",
        "1. b",
        "# c",
        "+ d",
    ):
        rendered = MarkdownIt("commonmark").enable("table").parseInline(plain(text))[0].children
        assert rendered is not None
        assert "".join(token.content for token in rendered) == text
        assert next(token.type for token in tokens(plain(text))) == "paragraph_open"
        spans = [token for token in tokens(code(text)) if token.type == "code_inline"]
        assert [span.content for span in spans] == [text]


def test_annotations_are_one_line_each_and_name_a_line_of_the_checkout(tmp_path: Path) -> None:
    (tmp_path / "client.py").touch()
    (command,) = workflow_commands(RUN, tmp_path)
    assert command.startswith("::error title=CA-2%3A failed (1 case),file=client.py,line=7::")
    assert "\n" not in command
    assert "%250A" in command
    (elsewhere,) = workflow_commands(RUN, tmp_path / "other")
    assert elsewhere.startswith("::error title=CA-2%3A failed (1 case)::")
    many = [
        case("CA-2[without-the-file]", "inconclusive", causes=(Cause(str(number), "", ""),))
        for number in range(MOST_ANNOTATIONS + 1)
    ]
    commands = workflow_commands(run_of(*many), tmp_path)
    assert len(commands) == MOST_ANNOTATIONS
    assert all(command.startswith("::warning ") for command in commands)


def test_side_by_side_what_is_wrong_comes_first_and_what_does_not_differ_is_no_row() -> None:
    keep = [name for name in catalogue().cases if name.startswith("KEEP-1[")][:2]
    same = case(keep[0], "passed")
    causes = (Cause("returned", "it raises", "it returned"),)
    failed = case("CA-2[without-the-file]", "failed", causes=causes)
    runs = (
        run_of(same, case(keep[1], "not applicable"), failed, started="2030-01-01"),
        run_of(same, case(keep[1], "passed"), profile="6.2", started="2030-01-02"),
        run_of(same, failed, implementation="other", started="2030-01-02"),
    )
    text = markdown(RunReports(runs)).decode()
    head = text.partition("## connect-contract: client")[0]
    _, columns, _, *rows = (line for line in head.splitlines() if line)
    assert columns == (
        "|  | client, profile 0.9.1, 2030-01-01 | client, profile 6.2, 2030-01-02 "
        "| other, profile 0.9.1 |"
    )
    assert rows == [
        "| exit status | 1 | 1 | 1 |",
        "| CA-2: it returned | 1 case | - | 1 case |",
        "What differs in its cases alone: KEEP-1.",
        "1 clause: the same in all.",
    ]

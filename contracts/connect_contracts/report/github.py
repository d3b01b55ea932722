"""What GitHub Actions shows of a run beside its log: annotations, and the summary of a job.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from connect_contracts.checks.wire_checks.check_result import count
from connect_contracts.model.verdict import Verdict
from connect_contracts.report.case_report import readable
from connect_contracts.report.causes import CauseReport, where_of
from connect_contracts.report.model import RunReport
from connect_contracts.report.output import line
from connect_harness.transcript import one_line

MOST_ANNOTATIONS = 10
"""Annotations of a kind that GitHub shows of a step."""


def workflow_commands(run: RunReport, folder: Path) -> list[str]:
    """A workflow command for each of the first causes, failures first; none for what is known.

    One whose line of the client's code lies in ``folder``, the checkout, is shown there.
    """
    own = [cause for cause in run.causes if cause.known is None]
    return [_annotation(cause, run, folder) for cause in own[:MOST_ANNOTATIONS]]


def _annotation(cause: CauseReport, run: RunReport, folder: Path) -> str:
    kind = "error" if Verdict.of(cause.verdict).status == 1 else "warning"
    clauses = ", ".join(cause.clauses[:4]) + (", ..." if len(cause.clauses) > 4 else "")
    properties = {"title": f"{clauses}: {cause.verdict} ({count(len(cause.cases), 'case')})"}
    plainest = next((case for case in run.judged if case.id == cause.plainest), None)
    where = where_of(cause, plainest)
    if where and (folder / where[-1].file).is_file():
        properties |= {"file": where[-1].file, "line": str(where[-1].line)}
    named = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    said = f"{run.implementation}: {cause.seen}; demanded: {cause.demanded} ({cause.plainest})"
    return f"::{kind} {named}::{_data(readable(said))}"


def refusal_command(sentence: str) -> str:
    """The workflow command that tells why a command of ours did not begin."""
    return f"::error title=connect-contract::{_data(readable(sentence))}"


def _data(text: str) -> str:
    return one_line(text).replace("%", "%25")


def _property(text: str) -> str:
    return re.sub("[:,]", lambda found: f"%{ord(found[0]):02X}", _data(text))


@contextmanager
def commands_stopped(console: Console) -> Iterator[None]:
    """Meanwhile no line that is printed is a workflow command, whatever a client has said."""
    token = secrets.token_hex(16)
    line(console, f"::stop-commands::{token}")
    try:
        yield
    finally:
        line(console, f"::{token}::")


def append_summary(path: Path, content: bytes) -> None:
    """Add ``content`` to the summary of the job; ``OSError`` is raised if that cannot be."""
    with path.open("ab") as file:
        file.write(content)

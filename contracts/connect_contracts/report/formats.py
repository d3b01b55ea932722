"""The forms in which runs are reported in files, by their names; each is made of the same data."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from connect_contracts.model.json_text import indented
from connect_contracts.report.model import RunReport, RunReports


def _junit(report: RunReport | RunReports) -> bytes:
    from connect_contracts.report.junit import junit

    return junit(report)


def _markdown(report: RunReport | RunReports) -> bytes:
    from connect_contracts.report.markdown import markdown

    return markdown(report)


def _html(report: RunReport | RunReports) -> bytes:
    from connect_contracts.report.html import html

    return html(report)


FORMATS: Mapping[str, Callable[[RunReport | RunReports], bytes]] = {
    "json": indented,
    "junit": _junit,
    "markdown": _markdown,
    "html": _html,
}
"""What makes the content of a file, by the name of the form."""

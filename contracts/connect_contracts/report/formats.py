"""The forms in which runs are reported in files, by their names; each is made of the same data."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from connect_contracts.model.json_text import indented
from connect_contracts.report.model import RunReport, RunReports

FORMATS: Mapping[str, Callable[[RunReport | RunReports], bytes]] = {"json": indented}
"""What makes the content of a file, by the name of the form."""

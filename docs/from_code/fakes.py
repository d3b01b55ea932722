"""What a target can do wrong, and the fixtures."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from itertools import groupby

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.report.tls_table.table import Row
from connect_contracts.report.tls_table.table import table as tls_table
from connect_fixtures import fixtures as plugin_fixtures
from connect_harness.certificates import DEFECTS
from connect_harness.certificates.chain import as_written
from connect_harness.certificates.defects import Defect
from connect_harness.faults import FaultKind, fault_kinds
from from_code.markdown import code, rst, text


def faults() -> str:
    """Every fault, by its topic."""
    kinds = sorted(fault_kinds().values(), key=lambda kind: kind.topic)
    return "".join(
        f"## {topic.capitalize()}\n\n{''.join(map(_fault, group))}"
        for topic, group in groupby(kinds, lambda kind: kind.topic)
    )


def _fault(kind: FaultKind) -> str:
    meets = "connections" if kind.of_connections else "requests"
    served = f"It takes a `location`; `serve --fault '{kind.name} to URL'` gives one."
    facts = f"It meets {meets}. Effect: **{kind.effect}**. {served if kind.redirects else ''}"
    return f"### {kind.name}\n\n{rst(kind.description)}\n{facts}\n\n"


def defects() -> str:
    """Every certificate defect, by its topic, with what verifiers say."""
    rows = {row.recipe.id: row for row in tls_table(catalogue()).rows}
    ordered = sorted(DEFECTS.values(), key=lambda defect: defect.topic)
    return "".join(
        f"## {topic.capitalize()}\n\n{_definitions(group, rows)}"
        for topic, group in groupby(ordered, lambda defect: defect.topic)
    )


def _definitions(group: Iterable[Defect], rows: dict[str, Row]) -> str:
    return "".join(f"{_defect(defect, rows.get(defect.recipe))}\n" for defect in group)


def _defect(defect: Defect, row: Row | None) -> str:
    rule = f" ({text(defect.rule)})" if defect.rule else ""
    alerts = f", with the alert {' or '.join(map(code, defect.alerts))}" if defect.alerts else ""
    settled = {
        "refused": f"A client must refuse it{rule}; OpenSSL does{alerts}.",
        "accepted": f"A client must accept it{rule}.",
        "observe": f"No rule settles it. Accepted: {text(defect.if_accepted)}. "
        f"Refused: {text(defect.if_refused)}.",
    }[defect.expectation]
    said = {} if row is None else row.answers
    verifiers = "; ".join(f"{name}: {text(answer.describe())}" for name, answer in said.items())
    judged = f"[{defect.clause}](#{defect.clause}), depth {defect.depth}"
    lines = [
        text(defect.description),
        code(as_written(defect.defective_chain)),
        f"{settled} {judged}.",
        verifiers and f"{verifiers}.",
    ]
    told = "".join(f"  {line}\n\n" for line in lines if line)
    return f"{code(defect.name)}\n: {told.lstrip()}"


def fixtures() -> str:
    """Every fixture of the plugin."""
    found = {name: each for name, each in vars(plugin_fixtures).items() if name[:8] == "connect_"}
    return "".join(
        f"## {name}\n\n{rst(inspect.getdoc(each) or '')}\n" for name, each in found.items()
    )

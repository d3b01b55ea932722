"""Behaviour records as files: written whole, and read with one sentence on trouble."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from connect_contracts.model.allowed import disallowed
from connect_contracts.model.json_text import json_of, value_of
from connect_contracts.model.regular_file import MEBIBYTE, read_regular
from connect_contracts.model.without_defaults import without_defaults
from connect_contracts.report.json_file import write_whole
from connect_contracts.report.transcript import one_line
from connect_contracts.upgrades.record import SCHEMA, BehaviourRecord, ScenarioBehaviour
from connect_contracts.upgrades.scenario_data import key_of
from connect_contracts.upgrades.steps import names_of_steps

LARGEST = 64 * MEBIBYTE
"""The size in bytes up to which a record is read."""


class UnreadableRecord(Exception):
    """The file is no behaviour record that can be read; the text is one sentence."""

    def __init__(self, told: str) -> None:
        # Names of files and of unknown fields may hold anything.
        super().__init__(one_line(told))


def write_record(path: Path, record: BehaviourRecord) -> None:
    """Write ``record`` to ``path``, what has its default left out.

    Raises:
        OSError: It cannot be written there.
    """
    write_whole(path, msgspec.json.format(json_of(without_defaults(record)), indent=1) + b"\n")


def read_record(path: Path) -> BehaviourRecord:
    """The behaviour record in the file at ``path``.

    Raises:
        UnreadableRecord: It cannot be read, is no JSON, is none of ours or of a newer schema, or
            contradicts itself, or has a scenario that may not be run
            (:mod:`connect_contracts.model.allowed`).
    """
    try:
        whole: Any = value_of(read_regular(path, LARGEST))
    except OSError as error:
        raise UnreadableRecord(f"{path} cannot be read: {error.strerror}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableRecord(
            f"{path} is no JSON ({error}): write it anew by `connect-contract observe`."
        ) from error
    schema = whole.get("schema") if isinstance(whole, dict) else None
    if not isinstance(schema, int):
        raise UnreadableRecord(
            f"{path} is no behaviour record: `connect-contract observe` writes one."
        )
    if schema < 1:
        raise UnreadableRecord(f"{path} has the schema {schema}, which never was: observe anew.")
    if schema > SCHEMA:
        raise UnreadableRecord(
            f"{path} has the schema {schema} of behaviour records, and {SCHEMA} is the newest "
            "known here: upgrade pytest-connect-contract, or observe anew."
        )
    try:
        record = msgspec.convert(whole, BehaviourRecord)
    except (msgspec.ValidationError, ValueError) as error:
        raise UnreadableRecord(
            f"{path} is no behaviour record that can be read ({error}): write it anew by "
            "`connect-contract observe`."
        ) from error
    for behaviour in record.scenarios:
        for problem in _problems(behaviour):
            raise UnreadableRecord(f"{path}: the scenario {behaviour.key!r} {problem}")
    return record


def _problems(behaviour: ScenarioBehaviour) -> Iterator[str]:
    yield from disallowed(behaviour.scenario)
    if behaviour.key != key_of(behaviour.scenario):
        yield "has another key than its content: observe anew."
    steps = [(one.step, one.what, one.who) for one in behaviour.steps]
    if behaviour.observed and steps != list(names_of_steps(behaviour.scenario)):
        yield "tells of other steps than it has: observe anew."

"""Behaviour records as files: written whole, and read with one sentence on trouble."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from connect_contracts.behaviour.record import SCHEMA, BehaviourRecord
from connect_contracts.behaviour.scenario_data import sparse
from connect_contracts.telling.json_file import write_whole


class UnreadableRecord(Exception):
    """The file is no behaviour record that can be read; the text is one sentence."""


def write_record(path: Path, record: BehaviourRecord) -> None:
    """Write ``record`` to ``path``, what has its default left out.

    Raises:
        OSError: It cannot be written there.
    """
    write_whole(path, msgspec.json.format(msgspec.json.encode(sparse(record)), indent=1) + b"\n")


def read_record(path: Path) -> BehaviourRecord:
    """The behaviour record in the file at ``path``.

    Raises:
        UnreadableRecord: It cannot be read, is no JSON, is none of ours, or of a newer schema.
    """
    try:
        whole: Any = msgspec.json.decode(path.read_bytes())
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
    if schema > SCHEMA:
        raise UnreadableRecord(
            f"{path} has the schema {schema} of behaviour records, and {SCHEMA} is the newest "
            "known here: upgrade pytest-connect-contract, or observe anew."
        )
    try:
        return msgspec.convert(whole, BehaviourRecord)
    except (msgspec.ValidationError, ValueError) as error:
        raise UnreadableRecord(
            f"{path} is no behaviour record that can be read ({error}): write it anew by "
            "`connect-contract observe`."
        ) from error

"""Reports as JSON files, written whole or not at all."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

import msgspec

from connect_contracts.model.json_text import json_of, value_of
from connect_contracts.model.regular_file import MEBIBYTE, read_regular
from connect_contracts.report.model import RunReport, RunReports

LARGEST = 64 * MEBIBYTE
"""The size in bytes up to which a report is read."""


def write_report(path: Path, report: RunReport | RunReports) -> None:
    """Write ``report`` to ``path``; a file that is there stays as it is until all is written.

    Raises:
        OSError: It cannot be written there.
    """
    write_whole(path, report_json(report))


def report_json(report: RunReport | RunReports) -> bytes:
    """``report`` as JSON."""
    return msgspec.json.format(json_of(report), indent=2) + b"\n"


def write_whole(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path``; a file that is there stays as it is until all is written.

    The new file has the mode of the one that was there.

    Raises:
        OSError: It cannot be written there.
    """
    mode = _mode(path)
    if mode is not None and not stat.S_ISREG(mode):
        # A device or a pipe is written to: to put a file in its place would take it away.
        with open(path, "wb") as other:
            other.write(content)
        return
    place = Path(os.path.realpath(path))
    aside = place.with_name(f".{secrets.token_hex(8)}.new")
    try:
        # Made with this mode, a file has the one that the process gives to every file.
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "wb") as file:
            if mode is not None:
                aside.chmod(stat.S_IMODE(mode))
            file.write(content)
        os.replace(aside, place)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def _mode(path: Path) -> int | None:
    """The kind and the mode of what is there already."""
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None


def read_report(path: Path) -> RunReport | RunReports:
    """The report in the file at ``path``.

    Raises:
        OSError: It cannot be read.
        msgspec.DecodeError: It is no report.
    """
    try:
        whole = value_of(read_regular(path, LARGEST))
    except RecursionError as error:
        raise msgspec.DecodeError("it is nested too deeply") from error
    if isinstance(whole, dict) and "runs" in whole:
        return msgspec.convert(whole, RunReports)
    return msgspec.convert(whole, RunReport)

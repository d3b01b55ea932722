"""Reports as JSON files, written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

import msgspec

from connect_contracts.regular_file import MEBIBYTE, read_regular
from connect_contracts.telling.model import RunReport, RunReports

LARGEST = 64 * MEBIBYTE
"""The size in bytes up to which a report is read."""


def write_report(path: Path, report: RunReport | RunReports) -> None:
    """Write ``report`` to ``path``; a file that is there stays as it is until all is written.

    Raises:
        OSError: It cannot be written there.
    """
    write_whole(path, msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n")


def write_whole(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path``; a file that is there stays as it is until all is written.

    Raises:
        OSError: It cannot be written there.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o666 & ~_mask())
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


def read_report(path: Path) -> RunReport | RunReports:
    """The report in the file at ``path``.

    Raises:
        OSError: It cannot be read.
        msgspec.DecodeError: It is no report.
    """
    try:
        whole = msgspec.json.decode(read_regular(path, LARGEST))
    except RecursionError as error:
        raise msgspec.DecodeError("it is nested too deeply") from error
    if isinstance(whole, dict) and "runs" in whole:
        return msgspec.convert(whole, RunReports)
    return msgspec.convert(whole, RunReport)


def _mask() -> int:
    # The only way to ask for it is to set it.
    mask = os.umask(0)
    os.umask(mask)
    return mask

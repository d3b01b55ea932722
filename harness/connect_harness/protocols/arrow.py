"""Reads the Arrow file in which the public client hands over rows.

The client names an IPC file (https://arrow.apache.org/docs/format/Columnar.html#ipc-file-format)
on the host that it shares with the session.

A client must not choose what the process of the target reads: a path from the network could lead
to a private file, to a device that never ends, or to a pipe that makes the reader wait. So the
target has one folder from which it reads. By default that is the temporary folder of its process,
because the public client writes its file into its own temporary folder, which is the same one
unless ``TMPDIR`` differs. Links are resolved first; the file must then lie below the folder, be a
regular file, and have at most ``LARGEST_FILE`` bytes.
"""

from __future__ import annotations

import importlib
import math
import os
import stat
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LARGEST_FILE = 64 * 1024 * 1024
"""How many bytes a file may have."""

_MICROSECONDS: Mapping[str, Callable[[int], int]] = {
    "s": lambda ticks: ticks * 1_000_000,
    "ms": lambda ticks: ticks * 1_000,
    "us": lambda ticks: ticks,
    "ns": lambda ticks: ticks // 1_000,
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class ArrowError(Exception):
    """The rows cannot be read; the text is one sentence that says why."""


class FileRefusedError(ArrowError):
    """The target does not read this file, whatever its content."""


def read_rows(path: str, folder: Path) -> list[dict[str, object]]:
    """The rows of an Arrow file, by the names of its columns, as values that tables take.

    Nanoseconds are cut to microseconds.

    Parameters:
        folder: The folder below which the file must lie, without links.

    Raises:
        FileRefusedError: It does not lie there, is no regular file, or is too large.
        ArrowError: pyarrow is not installed, or the file is no Arrow IPC file with columns of
            different names.
    """
    arrow = _pyarrow()
    try:
        with arrow.ipc.open_file(_bytes_of(path, folder)) as reader:
            content = reader.read_all()
    except (OSError, arrow.ArrowException) as error:
        raise ArrowError(f"The file {path!r} cannot be read as an Arrow IPC file.") from error
    names: list[str] = content.column_names
    if len(set(names)) < len(names):
        raise ArrowError(f"The Arrow file has columns of the same name: {names}.")
    columns = [_values(arrow, column) for column in content.columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _bytes_of(path: str, folder: Path) -> bytes:
    """The content of the file; ``FileRefusedError`` if it is not to be read."""
    try:
        resolved = Path(path).resolve()
    except (ValueError, RuntimeError):
        # A null character; up to Python 3.12 a circle of links.
        raise FileRefusedError(f"{path!r} is no path of a file.") from None
    # Before it is looked at: whether there is a file elsewhere is not the client's to know.
    if not resolved.is_relative_to(folder):
        raise FileRefusedError(
            f"The file {path!r} does not lie below {str(folder)!r}, where this target reads files."
        )
    # Without waiting: a pipe has no writer yet, perhaps for ever.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    flags |= getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(resolved, flags), "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise FileRefusedError(f"{path!r} is no regular file.")
        if found.st_size > LARGEST_FILE:
            raise FileRefusedError(f"The file {path!r} has more than {LARGEST_FILE} bytes.")
        # It may grow meanwhile.
        return file.read(LARGEST_FILE)


def _pyarrow() -> Any:
    try:
        return importlib.import_module("pyarrow")
    except ImportError as error:
        raise ArrowError(
            "This target session reads Arrow files only with pyarrow: "
            "install pytest-connect-contract[arrow]."
        ) from error


def _values(arrow: Any, column: Any) -> list[object]:
    kind = column.type
    if arrow.types.is_time(kind):
        return [moment and moment.time() for moment in _moments(arrow, column)]
    if arrow.types.is_timestamp(kind):
        zone = None if kind.tz is None else _zone(kind.tz)
        return [_in(zone, moment) for moment in _moments(arrow, column)]
    values: list[Any] = column.to_pylist()
    if arrow.types.is_list(kind) and arrow.types.is_floating(kind.value_type):
        return [None if vector is None else _without_null(vector) for vector in values]
    return values


def _without_null(vector: list[float | None]) -> list[float]:
    """The client writes NaN as null, and an array of numbers has no null for it to be mistaken."""
    return [math.nan if number is None else number for number in vector]


def _moments(arrow: Any, column: Any) -> list[datetime | None]:
    """The moments since 1970 that ``column`` counts.

    They are read as whole numbers: of nanoseconds pyarrow would make types of pandas, or nothing.
    """
    to_microseconds = _MICROSECONDS[column.type.unit]
    whole = arrow.int32() if column.type.bit_width == 32 else arrow.int64()
    ticks: list[int | None] = column.cast(whole).to_pylist()
    return [
        None if count is None else _EPOCH + timedelta(microseconds=to_microseconds(count))
        for count in ticks
    ]


def _in(zone: tzinfo | None, moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    return moment.replace(tzinfo=None) if zone is None else moment.astimezone(zone)


def _zone(name: str) -> tzinfo:
    """The zone that Arrow names: an offset such as ``+02:00``, or a name of the tz database."""
    if name[:1] in "+-":
        offset = timedelta(hours=int(name[1:3]), minutes=int(name[-2:]))
        return timezone(-offset if name[0] == "-" else offset)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ArrowError(f"This machine knows no time zone {name!r}.") from error

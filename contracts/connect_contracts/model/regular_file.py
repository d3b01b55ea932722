"""Reads files of unknown origin: only regular ones, and only of bounded size."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

MEBIBYTE = 1 << 20
"""Bytes."""


def read_regular(path: Path, most: int) -> bytes:
    """The content of the file at ``path``, of at most ``most`` bytes.

    A pipe would be waited for, and a device may never end.

    Raises:
        OSError: It cannot be read, is no regular file, or is larger; ``strerror`` says which.
    """
    # Windows has neither: opening a pipe does not wait there.
    flags = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, os.O_RDONLY | flags)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "it is no regular file", str(path))
        with open(handle, "rb", closefd=False) as file:
            content: bytes | None = file.read(most + 1)
    finally:
        os.close(handle)
    if content is None:
        # Some files of /proc are regular and wait all the same.
        raise BlockingIOError(errno.EAGAIN, "it has nothing to read now", str(path))
    if len(content) > most:
        raise OSError(errno.EFBIG, f"it is larger than {most} bytes", str(path))
    return content

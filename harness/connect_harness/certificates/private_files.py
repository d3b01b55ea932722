"""Private keys for libraries that insist on a file."""

from __future__ import annotations

import os
import ssl
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from connect_harness.certificates.issued import PresentedChain


@contextmanager
def private_key_file(pem: bytes) -> Iterator[str]:
    """The path of a file with this content, readable by its owner alone and gone afterwards.

    On Linux it lies in memory and its path holds in this process alone. Where there is no such
    thing it is a temporary file of mode 0600, removed on exit, also on an exception.

    Parameters:
        pem: Its content.
    """
    descriptor = _memory_file()
    if descriptor is None:
        with _temporary_file(pem) as path:
            yield path
        return
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
        file.flush()
        yield f"/proc/self/fd/{descriptor}"


def _memory_file() -> int | None:
    if sys.platform != "linux":
        return None
    try:
        descriptor = os.memfd_create("private key")
    except OSError:
        return None
    os.fchmod(descriptor, 0o600)
    # Without /proc there is no path to it.
    if os.access(f"/proc/self/fd/{descriptor}", os.R_OK):
        return descriptor
    os.close(descriptor)
    return None


@contextmanager
def _temporary_file(pem: bytes) -> Iterator[str]:
    descriptor, path = tempfile.mkstemp(suffix=".pem")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
        yield path
    finally:
        os.unlink(path)


def load_into(context: ssl.SSLContext, presented: PresentedChain) -> None:
    """Let ``context`` present this chain with its key, through a private file.

    Raises:
        ssl.SSLError: The library does not take the chain or the key.
    """
    with private_key_file(presented.chain_pem + presented.private_key_pem) as path:
        context.load_cert_chain(path)

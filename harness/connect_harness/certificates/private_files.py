"""Private keys for libraries that insist on a file."""

from __future__ import annotations

import os
import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from connect_harness.certificates.issued import PresentedChain
from connect_harness.temporary import temporary_folder

_FOR_THE_WEAK = "DEFAULT:@SECLEVEL=0"


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
    with temporary_folder() as folder:
        path = str(folder / "key.pem")
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
        yield path


def load_into(context: ssl.SSLContext, presented: PresentedChain) -> None:
    """Let ``context`` present this chain with its key, through a private file.

    For a weak chain it also lowers the security level of ``context``, which would not take it.

    Raises:
        ssl.SSLError: The library does not take the chain or the key.
    """
    if presented.weak:
        context.set_ciphers(_FOR_THE_WEAK)
    with private_key_file(presented.chain_pem + presented.private_key_pem) as path:
        context.load_cert_chain(path)


def load_revocation_lists(context: ssl.SSLContext, pem: bytes) -> None:
    """Let ``context`` refuse leaves that stand in one of these lists, or whose issuer has none.

    Raises:
        ssl.SSLError: The library does not take the lists.
    """
    # Lists are public, but ``ssl`` reads them from files alone.
    with private_key_file(pem) as path:
        context.load_verify_locations(path)
    context.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF

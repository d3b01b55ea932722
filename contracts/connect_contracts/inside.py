"""What surrounds the implementation inside the process that it runs in: trust and names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from connect_contracts.resolution import Resolution, redirected
from connect_contracts.trust_store import TrustStore, trusting_also


class Inside(msgspec.Struct, frozen=True):
    """What surrounds the implementation inside its process, plain enough to be sent to another.

    Parameters:
        trusted: The path of a file with the authorities that its own store trusts besides.
        trust_store: Which store that is.
        redirected: The names that lead to loopback.
    """

    trusted: str | None = None
    trust_store: TrustStore = "ssl"
    redirected: tuple[str, ...] = ()


@contextmanager
def entered(inside: Inside) -> Iterator[Resolution]:
    """Set all that ``inside`` says, then put all back; tells which names are asked for."""
    trusted = None if inside.trusted is None else Path(inside.trusted)
    with trusting_also(trusted, inside.trust_store), redirected(inside.redirected) as resolution:
        yield resolution

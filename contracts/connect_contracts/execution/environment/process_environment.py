"""What surrounds the implementation inside the process that it runs in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from connect_contracts.execution.environment.resolution import Resolution, redirected
from connect_contracts.execution.environment.trust_store import TrustStore, trusting_also

if TYPE_CHECKING:
    from connect_contracts.execution.capture.output_capture import OutputCapture


class ProcessEnvironment(msgspec.Struct, frozen=True):
    """What surrounds the implementation inside its process, plain enough to be sent to another.

    Parameters:
        trusted: The path of a file with the authorities that its own store trusts besides.
        trust_store: Which store that is.
        redirected: The names that lead to loopback.
        listens: Whether everything that is said is kept.
        has_terminal: Whether its output goes to a terminal, and is heard there.
    """

    trusted: str | None = None
    trust_store: TrustStore = "ssl"
    redirected: tuple[str, ...] = ()
    listens: bool = False
    has_terminal: bool = False


@dataclass(frozen=True)
class Captured:
    """What is noted inside a process: the names that are asked for, and what is said."""

    resolution: Resolution = field(default_factory=Resolution)
    output_capture: OutputCapture | None = None


@contextmanager
def applied(process_environment: ProcessEnvironment) -> Iterator[Captured]:
    """Set all that ``process_environment`` says, then put all back."""
    output_capture = None
    if process_environment.listens:
        # Loaded on demand: few scenarios listen.
        from connect_contracts.execution.capture.output_capture import OutputCapture

        output_capture = OutputCapture(output=not process_environment.has_terminal)
    trusted = None if process_environment.trusted is None else Path(process_environment.trusted)
    with (
        trusting_also(trusted, process_environment.trust_store),
        redirected(process_environment.redirected) as resolution,
    ):
        yield Captured(resolution, output_capture)

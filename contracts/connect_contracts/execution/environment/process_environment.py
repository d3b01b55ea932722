"""What surrounds an implementation in its process: variables, folders, names, trust, capture."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from connect_contracts.execution.environment.loopback import Resolution, redirected
from connect_contracts.execution.environment.trust import (
    TrustStore,
    trust_put_back,
    trusting_also,
    variables_set,
)

if TYPE_CHECKING:
    from connect_contracts.execution.capture.output_capture import OutputCapture


_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
UNSET = (
    *_PROXIES,
    *(name.lower() for name in _PROXIES),
    *("NETRC", "SSLKEYLOGFILE", "PYTHONWARNINGS"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
)
"""Unset, never empty: an empty SSL_CERT_FILE hides the machine's authorities."""


@contextmanager
def surroundings(home: Path, temporary: Path, variables: Mapping[str, str]) -> Iterator[None]:
    """Run a case with an empty ``HOME``, without proxies and stray trust, then put all back.

    Warnings are warnings meanwhile: under a filter that makes errors of them, an implementation
    that warns of what it is about to do, and does it, would seem to have refused.

    Parameters:
        home: The folder that is ``HOME`` meanwhile.
        temporary: The folder for temporary files meanwhile: what is left in it is the case's own.
        variables: Set besides.
    """
    temporary_before = tempfile.tempdir
    case = dict.fromkeys(UNSET) | {"HOME": str(home), "TMPDIR": str(temporary)} | dict(variables)
    try:
        tempfile.tempdir = str(temporary)
        with variables_set(case), trust_put_back(), warnings.catch_warnings():
            warnings.simplefilter("default")
            # The target sees, and records, what is left to the collector.
            warnings.simplefilter("ignore", ResourceWarning)
            yield
    finally:
        tempfile.tempdir = temporary_before


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

"""What surrounds an implementation in its process: variables, folders, names, trust, capture."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from connect_contracts.execution.capture.output_capture import OutputCapture
from connect_contracts.execution.environment.loopback import Resolution, redirected
from connect_contracts.execution.environment.patching import variables_set
from connect_contracts.execution.environment.process_settings import settings_put_back
from connect_contracts.execution.environment.trust import TrustStore, trust_put_back, trusting_also

_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
UNSET = (
    *_PROXIES,
    *(name.lower() for name in _PROXIES),
    *("NETRC", "SSLKEYLOGFILE", "PYTHONWARNINGS"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
)
"""Unset, never empty: an empty SSL_CERT_FILE hides the machine's authorities."""


@contextmanager
def unshown_warnings() -> Iterator[None]:
    """Meanwhile a warning is neither an error nor printed.

    Under a filter that makes errors of them, an implementation that warns of what it is about to
    do, and does it, would seem to have refused. Printed, they would stand between the lines of a
    report, hundreds of times.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        warnings.showwarning = _show_nothing
        yield


def _show_nothing(*_: object, **__: object) -> None:
    """In place of ``warnings.showwarning``."""


@contextmanager
def surroundings(home: Path, temporary: Path, variables: Mapping[str, str]) -> Iterator[None]:
    """Run a case with an empty ``HOME``, without proxies and stray trust, then put all back.

    What is left in the folder ``temporary`` is the case's own.
    """
    temporary_before = tempfile.tempdir
    case = dict.fromkeys(UNSET) | {"HOME": str(home), "TMPDIR": str(temporary)} | dict(variables)
    try:
        tempfile.tempdir = str(temporary)
        with (
            variables_set(case),
            trust_put_back(),
            settings_put_back(),
            unshown_warnings(),
        ):
            # The target sees, and records, what is left to the collector.
            warnings.simplefilter("ignore", ResourceWarning)
            yield
    finally:
        tempfile.tempdir = temporary_before


class ProcessEnvironment(msgspec.Struct, frozen=True):
    """What surrounds the implementation inside its process, plain enough to be sent to another.

    ``trusted`` is the path of a file with authorities that its ``trust_store`` trusts too; the
    names ``redirected`` lead to loopback. ``inspects``: its state is looked at around each step.
    """

    trusted: str | None = None
    trust_store: TrustStore = "any"
    redirected: tuple[str, ...] = ()
    listens: bool = False
    has_terminal: bool = False
    inspects: bool = False


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
        output_capture = OutputCapture(output=not process_environment.has_terminal)
    trusted = None if process_environment.trusted is None else Path(process_environment.trusted)
    with (
        trusting_also(trusted, process_environment.trust_store),
        redirected(process_environment.redirected) as resolution,
    ):
        yield Captured(resolution, output_capture)

"""What surrounds a case: environment variables, a home folder of its own, filters of warnings."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from connect_contracts.execution.environment.process_trust import trust_put_back

UNSET = (
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
    "NETRC",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "SSLKEYLOGFILE",
    "PYTHONWARNINGS",
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
    names = {*UNSET, "HOME", "TMPDIR", *variables}
    before = {name: os.environ.get(name) for name in names}
    machines = tempfile.tempdir
    try:
        for name in UNSET:
            os.environ.pop(name, None)
        os.environ["HOME"] = str(home)
        os.environ["TMPDIR"] = tempfile.tempdir = str(temporary)
        os.environ.update(variables)
        with trust_put_back(), warnings.catch_warnings():
            warnings.simplefilter("default")
            # What is left to the collector is seen by the target, and told there.
            warnings.simplefilter("ignore", ResourceWarning)
            yield
    finally:
        tempfile.tempdir = machines
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value

"""What pytest's configuration of the working folder says of the suite, as pytest reads it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from connect_contracts.cli.shielded import run_quietly
from connect_contracts.cli.trouble import CommandError

_NOT_NEEDED = (
    *("addopts=", "filterwarnings=", "required_plugins="),
    *("strict=false", "strict_config=false"),
)
"""Entries that may name plugins, or be about their entries: no plugin is loaded here."""


@dataclass(frozen=True)
class Configured:
    """The entries that begin with ``connect_contract``.

    Parameters:
        file: The file that they stand in.
        connect: The implementation, as ``module[:attribute]``.
        expected_failures, regressions: Paths, from the folder of ``file``.
    """

    file: Path
    connect: str
    profile: str | None
    depth: str | None
    select: tuple[str, ...]
    expected_failures: Path | None
    regressions: Path | None

    def told(self) -> str:
        """Where the implementation is named, for the head of a run."""
        here = Path.cwd()
        file = self.file.relative_to(here) if self.file.is_relative_to(here) else self.file
        return f"named by connect_contract in {file}"


def configured() -> Configured | None:
    """What the configuration of the working folder says; ``None`` if it names no implementation.

    Folders that its entry ``pythonpath`` names are put in front of ``sys.path``, as pytest does.

    Raises:
        CommandError: pytest cannot read it.
    """
    reader = _Reader()
    options = [word for entry in _NOT_NEEDED for word in ("-o", entry)]
    status, said = run_quietly([*options, "--noconftest", "-p", "connect_contract"], reader)
    if status != pytest.ExitCode.OK:
        told = " ".join(line.removeprefix("ERROR: ") for line in said.split("\n") if line.strip())
        raise CommandError(
            f"pytest's configuration of the working folder cannot be read ({told}): correct it, or "
            "name an implementation by --connect."
        )
    sys.path[:0] = [one for one in reader.path if one not in sys.path]
    return reader.found


class _Reader:
    """Takes what it needs from pytest's configuration, and ends pytest before it does anything."""

    def __init__(self) -> None:
        self.found: Configured | None = None
        self.path: list[str] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_cmdline_main(self, config: pytest.Config) -> pytest.ExitCode:
        connect = config.getini("connect_contract")
        if connect and config.inipath is not None:
            home = config.inipath.parent
            self.path = [str(one) for one in config.getini("pythonpath")]
            failures = config.getini("connect_contract_expected_failures")
            regressions = config.getini("connect_contract_regressions")
            self.found = Configured(
                config.inipath,
                connect,
                config.getini("connect_contract_profile") or None,
                config.getini("connect_contract_depth") or None,
                tuple(config.getini("connect_contract_select")),
                home / failures if failures else None,
                home / regressions if regressions else None,
            )
        return pytest.ExitCode.OK

"""What a command is about: an implementation, or both references; checked before anything runs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from connect_contracts.clauses import Profile
from connect_contracts.cli.trouble import CommandError
from connect_contracts.implementation import BadImplementation, load
from connect_contracts.import_path import add_working_folder, hidden_in
from connect_contracts.reports.output import echo
from connect_contracts.running.identify import said_by_session
from connect_contracts.running.smoke import check_adapter
from connect_contracts.settings import BadSettings, UnderTest, read_settings, under_test

REFERENCES = {
    Profile.V0_9_1: "connect_contracts.reference.v0_9_1",
    Profile.V6_2: "connect_contracts.reference.v6_2",
}


def subjects(
    connect: str | None,
    profile: str | None,
    *,
    select: Sequence[str] = (),
    expected_failures: Path | None = None,
    regressions: Path | None = None,
) -> list[UnderTest]:
    """The implementation that is named; the references, if none is.

    Raises:
        CommandError: It cannot be judged as asked for.
    """
    if connect is not None:
        add_working_folder(Path.cwd())
    try:
        settings = read_settings(
            connect,
            profile=profile,
            select=select,
            expected_failures=expected_failures,
            regressions=regressions,
        )
        if settings.implementation is not None and connect is not None:
            _check_which(connect.partition(":")[0])
            check_adapter(settings.implementation)
            return [under_test(settings.implementation, settings.profile)]
        if find_spec("pandas") is None:
            raise CommandError(
                "The references show rows as pandas frames: install "
                "pytest-connect-contract[reference], or name an implementation by --connect."
            )
        chosen = [settings.profile] if settings.profile else list(REFERENCES)
        return [under_test(load(REFERENCES[one]), settings.profile) for one in chosen]
    except (BadSettings, BadImplementation) as error:
        raise CommandError(str(error)) from error


def tell_session(subject: UnderTest) -> None:
    """Print what was taken from the session that an implementation returned, if anything was."""
    said = said_by_session(subject.implementation)
    if said is not None:
        echo(f"{subject.implementation.name}: {said}")


def _check_which(module: str) -> None:
    """Look whether the working folder has another module of this name: either may be meant."""
    if (here := hidden_in(Path.cwd(), module)) is not None:
        installed = getattr(sys.modules[module], "__file__", None)
        raise CommandError(
            f"{module} is installed ({installed}), and there is {here} too: "
            "PYTHONPATH=. judges the one in the working folder, PYTHONSAFEPATH=1 the installed one."
        )


def check_workers(workers: str | None) -> None:
    """Look whether ``-n`` was given what it takes.

    Raises:
        CommandError: It was not.
    """
    if workers is not None and workers != "auto" and not workers.isdecimal():
        raise CommandError(f"-n takes a number of workers, or auto, and not {workers!r}.")

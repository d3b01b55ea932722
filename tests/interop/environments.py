"""Creates the environments in which the public client runs against the fake target session.

    python tests/interop/environments.py [DIRECTORY] [--all | --release NAME]... [--wheel FILE]

One virtual environment for the oldest and the newest release that ``releases.py`` lists, for each
that it lists, or for those that are named, listed or not; a name such as ``6.2`` is the newest
release of its line. They are in ``.interop`` of the checkout unless told otherwise: with the
client, this project (the checkout itself, or a wheel) and its extras ``reference`` and ``arrow``.
One that is complete is left as it is. The client needs the network once, when it is installed.
Release 0.9.1 says on import that it reports its use to its maker; without a network a process that
used it much takes minutes to end.
"""

from __future__ import annotations

import argparse
import os
import re
import runpy
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
DIRECTORY_VARIABLE = "CONNECT_INTEROP"


@dataclass(frozen=True)
class ClientRelease:
    """A release of the public client; its environment is the folder ``atoti-{name}``."""

    name: str

    @property
    def python(self) -> str:
        """The version of Python that it runs on."""
        return "3.11" if self.name.startswith("0.") else "3.13"

    @property
    def requirements(self) -> tuple[str, ...]:
        """What pip installs."""
        return (f"atoti-client=={self.name}", *_NEEDED_TOO.get(self.name, ()))

    @property
    def folder(self) -> Path:
        """Where its environment is, or would be."""
        return directory() / f"atoti-{self.name}"

    @property
    def interpreter(self) -> Path:
        """The Python of its environment."""
        return interpreter_in(self.folder)

    def existing_interpreter(self) -> Path:
        """The same.

        Raises:
            MissingError: There is no such environment.
        """
        if not self.interpreter.exists():
            raise MissingError(
                f"The public client {self.name} has no environment: create it by "
                f"`python tests/interop/environments.py --release {self.name}`."
            )
        return self.interpreter


# What a release needs beside what it declares.
_NEEDED_TOO = {
    # It is older than httpx 0.28, with which it presents no client certificate.
    "0.9.1": ("httpx<0.28",),
    # They import it.
    "0.9.12": ("atoti-client-parquet==0.9.12",),
    "0.9.13": ("atoti-client-parquet==0.9.13",),
}

_LISTED = runpy.run_path(str(CHECKOUT / "harness/connect_harness/releases.py"))["RELEASES"]
RELEASES = tuple(ClientRelease(name) for name in _LISTED)
"""The releases that the harness lists, oldest first."""


class MissingError(Exception):
    """This machine lacks something; the text says in one sentence what."""


def directory() -> Path:
    """Where the environments are: what ``CONNECT_INTEROP`` says, else ``.interop``."""
    return Path(os.environ.get(DIRECTORY_VARIABLE) or CHECKOUT / ".interop")


def interpreter_in(folder: Path) -> Path:
    """The Python of the virtual environment in ``folder``."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def find_python(version: str) -> str:
    """An interpreter of this version: on ``PATH``, of pyenv, or of uv.

    Parameters:
        version: Major and minor, as in ``3.11``.

    Raises:
        MissingError: If there is none.
    """
    for candidate in _candidates(version):
        told = _output(candidate, "-c", "import sys; print('%d.%d' % sys.version_info[:2])")
        if told == version:
            return candidate
    raise MissingError(
        f"Python {version} is missing: install it so that python{version} is on PATH, "
        f"or by `pyenv install {version}`, or by `uv python install {version}`."
    )


def create(release: ClientRelease, folder: Path, project: tuple[str, ...]) -> None:
    """Creates the environment of one release, unless it is there and complete.

    Parameters:
        release: The release of the client.
        folder: Where the environment is to be.
        project: How pip is to install this project.

    Raises:
        MissingError: If there is no such Python, or pip fails; what it wrote is on the terminal.
    """
    wanted = [*project, *release.requirements]
    complete = folder / "installed.txt"
    if complete.exists() and complete.read_text().splitlines() == wanted:
        return
    _run([find_python(release.python), "-m", "venv", "--clear", str(folder)], "a new environment")
    install = [str(interpreter_in(folder)), "-m", "pip", "install", "--disable-pip-version-check"]
    # What is not compiled now is at its first import, and most of it never is.
    _run([*install, "--quiet", "--no-compile", *wanted], " and ".join(release.requirements))
    complete.write_text("\n".join(wanted))


def named(name: str) -> ClientRelease:
    """The release of this name, listed or not; for ``6.2``, the newest listed one of that line."""
    of_line = [release for release in RELEASES if release.name.startswith(f"{name}.")]
    return of_line[-1] if of_line else ClientRelease(name)


def chosen(names: list[str] | None) -> list[ClientRelease]:
    """The releases of these names; for none, the oldest and the newest."""
    return [named(name) for name in names] if names else [RELEASES[0], RELEASES[-1]]


def _candidates(version: str) -> Iterator[str]:
    on_path = shutil.which(f"python{version}")
    if on_path:
        yield on_path
    if shutil.which("pyenv"):
        installed = Path(_output("pyenv", "root") or ".") / "versions"
        for folder in sorted(installed.glob(f"{version}.*")):
            yield str(folder / "bin" / "python")
    if shutil.which("uv"):
        found = _output("uv", "python", "find", version)
        if found:
            yield found


def _output(*command: str) -> str | None:
    """What a command prints, or ``None`` if it fails: a shim may stand for nothing."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def _run(command: list[str], what: str) -> None:
    try:
        subprocess.run(command, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise MissingError(f"{what} could not be installed: {error}.") from error


def _version(text: str) -> str:
    """A release's name, which pip is to take for nothing else."""
    if re.fullmatch(r"\d+(\.\w+)*", text) is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no version, such as {RELEASES[-1].name}")
    return text


def main() -> int:
    """Creates the environments asked for; returns the exit status."""
    parser = argparse.ArgumentParser(description="Create the environments of the interop tests.")
    parser.add_argument("directory", nargs="?", type=Path, default=directory())
    parser.add_argument("--wheel", type=Path, help="install this wheel instead of the checkout")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--all", action="store_true", help="each release that releases.py lists")
    which.add_argument(
        "--release",
        action="append",
        type=_version,
        help="only this release, for instance 6.2.3; may be repeated",
    )
    given = parser.parse_args()
    extras = "[reference,arrow]"
    project = (f"{given.wheel}{extras}",) if given.wheel else ("-e", f"{CHECKOUT}{extras}")
    for release in RELEASES if given.all else chosen(given.release):
        folder = given.directory / release.folder.name
        try:
            create(release, folder, project)
        except MissingError as error:
            sys.stderr.write(f"{error}\n")
            return 2
        sys.stdout.write(f"{release.requirements[0]} on Python {release.python}: {folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Creates the environments in which the public client runs against the fake target session.

    python tests/interop/environments.py [DIRECTORY] [--release NAME]... [--wheel FILE]

One virtual environment for each release below that is made by default, or for those that are
named, in ``.interop`` of the checkout unless told otherwise: with the client, this project (the
checkout itself, or a wheel) and its extras ``reference`` and ``arrow``. The client needs the
network once, when it is installed. Release 0.9.1 says on import that it reports its use to its
maker; without a network a process that used it much takes minutes to end.
"""

from __future__ import annotations

import argparse
import os
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
    """A release of the public client that the project is tried with.

    Parameters:
        name: What it is called here; its environment is the folder ``atoti-{name}``.
        python: The version of Python that it runs on.
        requirements: What pip installs.
        by_default: Whether it is made when no release is named.
    """

    name: str
    python: str
    requirements: tuple[str, ...]
    by_default: bool = True

    @property
    def folder(self) -> Path:
        """Where its environment is, or would be."""
        return directory() / f"atoti-{self.name}"

    @property
    def interpreter(self) -> Path:
        """The Python of its environment."""
        return interpreter_in(self.folder)


RELEASES = (
    # It is older than httpx 0.28, with which it presents no client certificate.
    ClientRelease("0.9.1", "3.11", ("atoti-client==0.9.1", "httpx<0.28")),
    ClientRelease("6.2", "3.13", ("atoti-client>=6.2,<6.3",)),
    # The newest of the 0.9 line: a wrapper around it is held to the documentation of 6.2.
    ClientRelease("0.9.16", "3.11", ("atoti-client==0.9.16",), by_default=False),
    # What an upgrade changes is shown with these two.
    ClientRelease("0.9.3", "3.11", ("atoti-client==0.9.3",), by_default=False),
    ClientRelease("0.9.4", "3.11", ("atoti-client==0.9.4",), by_default=False),
)


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
    """Creates the environment of one release, replacing the one that is there.

    Parameters:
        release: The release of the client.
        folder: Where the environment is to be.
        project: How pip is to install this project.

    Raises:
        MissingError: If there is no such Python, or pip fails; what it wrote is on the terminal.
    """
    _run([find_python(release.python), "-m", "venv", "--clear", str(folder)], "a new environment")
    install = [str(interpreter_in(folder)), "-m", "pip", "install", "--disable-pip-version-check"]
    what = " and ".join(release.requirements)
    _run([*install, "--quiet", *project, *release.requirements], what)


def chosen(names: list[str] | None) -> list[ClientRelease]:
    """The releases of these names; for none, those that are made by default."""
    if not names:
        return [release for release in RELEASES if release.by_default]
    return [release for release in RELEASES if release.name in names]


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


def main() -> int:
    """Creates the environments asked for; returns the exit status."""
    parser = argparse.ArgumentParser(description="Create the environments of the interop tests.")
    parser.add_argument("directory", nargs="?", type=Path, default=directory())
    parser.add_argument("--wheel", type=Path, help="install this wheel instead of the checkout")
    parser.add_argument(
        "--release",
        action="append",
        choices=[release.name for release in RELEASES],
        help="only this release; may be repeated",
    )
    given = parser.parse_args()
    extras = "[reference,arrow]"
    project = (f"{given.wheel}{extras}",) if given.wheel else ("-e", f"{CHECKOUT}{extras}")
    for release in chosen(given.release):
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

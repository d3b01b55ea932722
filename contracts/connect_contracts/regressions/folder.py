"""Capsules as files: read one by one, what is pinned in a folder, another one written there.

Beside them lies, if it is asked for, a script that replays them: one fixed text.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from connect_contracts.model.clause import Profile
from connect_contracts.model.json_text import MEBIBYTE, read_regular, value_of
from connect_contracts.model.schema import unknown_field
from connect_contracts.regressions.capsule import SCHEMA, Capsule
from connect_contracts.regressions.validation import problems
from connect_contracts.report.json_file import write_whole
from connect_contracts.search.laws.law import Signature
from connect_harness.transcript import one_line

LARGEST = MEBIBYTE
"""The size in bytes up to which a capsule is read; those that are written have a few thousand."""


class BadCapsule(Exception):
    """The file is no capsule that can be replayed; the text says why and what to do."""

    def __init__(self, text: str) -> None:
        # Names of files and of unknown fields may hold anything.
        super().__init__(one_line(text))


def capsule_files(paths: Iterable[Path]) -> list[Path]:
    """The files named, and the ``.json`` files in the folders named; ``BadCapsule`` for others."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(path.glob("*.json"))
        elif path.exists():
            found.append(path)
        else:
            raise BadCapsule(f"There is no file or folder {path}: check its name.")
    return found


def read_capsule(path: Path) -> Capsule:
    """The capsule in a file, checked without a run; ``BadCapsule`` is raised if it is none."""
    try:
        whole = value_of(read_regular(path, LARGEST))
    except OSError as error:
        raise BadCapsule(f"{path} cannot be read: {error.strerror}.") from error
    except RecursionError as error:
        raise BadCapsule(f"{path} is nested too deeply for a capsule: delete it.") from error
    except (msgspec.DecodeError, ValueError) as error:
        text = "ends too early" if "truncated" in str(error) else f"is no JSON ({error})"
        raise BadCapsule(f"{path} {text}: restore it, or delete it.") from error
    _check_schema(path, whole)
    try:
        capsule = msgspec.convert(whole, Capsule)
    except (msgspec.ValidationError, ValueError) as error:
        raise BadCapsule(
            f"{path} is no capsule as this release writes them ({error}): correct it, or replay "
            "it with the release that wrote it."
        ) from error
    if unknown := unknown_field(whole, msgspec.to_builtins(capsule)):
        raise BadCapsule(
            f"{path} has the field {unknown}, which this release does not know: take it out."
        )
    for problem in problems(capsule):
        raise BadCapsule(f"{path} {problem}")
    return capsule


def _check_schema(path: Path, whole: Any) -> None:
    if not isinstance(whole, dict) or "schema" not in whole or "scenario" not in whole:
        raise BadCapsule(f"{path} is JSON, and no capsule: take it out of the folder.")
    schema = whole["schema"]
    if isinstance(schema, int) and schema > SCHEMA:
        raise BadCapsule(
            f"{path} is of the schema {schema}, and this release reads up to {SCHEMA}: update "
            "pytest-connect-contract."
        )
    if schema != SCHEMA:
        raise BadCapsule(f"{path} is of the schema {schema!r}, which never was: correct it.")


def pinned(folder: Path, profile: Profile) -> tuple[Signature, ...]:
    """The signatures of all that is known to fail in ``profile``; what cannot be read is none."""
    signatures = []
    for path in capsule_files([folder]):
        try:
            capsule = read_capsule(path)
        except BadCapsule:
            # The replay of the folder reports it.
            continue
        if capsule.known is not None and capsule.profile is profile:
            signatures.append(capsule.signature)
    return tuple(dict.fromkeys(signatures))


def write_capsule(folder: Path, capsule: Capsule) -> Path:
    """Write ``capsule`` into ``folder``, whole or not at all; what is pinned there stays."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / capsule.file_name
    number = 1
    while os.path.lexists(path) and not _replaceable(path, capsule):
        # Another failure of the same scenario, or something else of this name.
        number += 1
        path = folder / f"{capsule.file_name.removesuffix('.json')}-{number}.json"
    write_whole(path, capsule.text())
    return path


def _replaceable(path: Path, capsule: Capsule) -> bool:
    if path.is_symlink():
        # It would be written through, to wherever the link leads.
        return False
    try:
        other = read_capsule(path)
    except BadCapsule:
        return False
    return other.signature == capsule.signature and other.known is None


SCRIPT_NAME = "replay-capsules.py"
"""pytest collects no file of this name by default, and no ``import`` can name it."""

SCRIPT = '''"""Replays capsules as `connect-contract replay` does, to be started in a debugger.

python replay-capsules.py MODULE[:ATTRIBUTE] [CAPSULE...]: by default all beside this file.
"""

import sys

if __name__ == "__main__":
    if not sys.flags.safe_path:
        del sys.path[0]  # The folder of this file, whose modules are not those of Python.
    from pathlib import Path

    from connect_fixtures.cli import main

    implementation = [f"--connect={one}" for one in sys.argv[1:2]]
    capsules = sys.argv[2:] or [str(Path(__file__).parent)]
    sys.exit(main(["replay", *implementation, "--", *capsules]))
'''


class NotOurs(Exception):
    """Something else lies where the script would be written; the text is one sentence."""


def check_place(folder: Path) -> bool:
    """Whether the script lies in ``folder``; ``NotOurs`` if anything else has its name."""
    path = folder / SCRIPT_NAME
    if not path.is_symlink():
        try:
            if read_regular(path, len(SCRIPT)) == SCRIPT.encode():
                return True
        except FileNotFoundError:
            return False
        except OSError:
            pass
    raise NotOurs(f"{path} is there, and is not the script of this release: move it elsewhere.")


def write_script(folder: Path) -> Path:
    """Write the script into ``folder``, unless it lies there already.

    Raises:
        NotOurs: Anything else has its name; it stays as it is.
        OSError: It cannot be written there.
    """
    path = folder / SCRIPT_NAME
    if not check_place(folder):
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(SCRIPT)
    return path

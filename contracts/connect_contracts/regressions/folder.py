"""A folder of capsules: what is pinned in it, and how another one is written there."""

from __future__ import annotations

import os
from pathlib import Path

from connect_contracts.model.clause import Profile
from connect_contracts.regressions.capsule import Capsule
from connect_contracts.regressions.reading import BadCapsule, capsule_files, read_capsule
from connect_contracts.report.json_file import write_whole
from connect_contracts.search.laws.law import Signature


def pinned(folder: Path, profile: Profile) -> tuple[Signature, ...]:
    """The signatures of all that is known to fail in ``profile``; what cannot be read is none."""
    signatures = []
    for path in capsule_files([folder]):
        try:
            capsule = read_capsule(path)
        except BadCapsule:
            # The replay of the folder tells of it.
            continue
        if capsule.known is not None and capsule.profile is profile:
            signatures.append(capsule.signature)
    return tuple(dict.fromkeys(signatures))


def write_capsule(folder: Path, capsule: Capsule) -> Path:
    """Write ``capsule`` into ``folder``, whole or not at all; what is pinned there stays.

    Raises:
        OSError: It cannot be written there.
    """
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

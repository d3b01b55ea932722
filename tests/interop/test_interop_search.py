"""The search over the unmodified public client: it breaks no law but those that are pinned.

What it does against the documentation stands in ``capsules_*``, one file each, with the sentence
that it contradicts as the reason why it is known.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ContractCommand = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.parametrize(("release", "profile"), [("0.9.1", "0.9.1"), ("6.2", "6.2")])
def test_a_search_finds_nothing_that_is_not_pinned(
    contract_command: ContractCommand, tmp_path: Path, release: str, profile: str
) -> None:
    # A copy: what a search finds is written next to what is known.
    folder = tmp_path / "capsules"
    shutil.copytree(HERE / f"capsules_{release.replace('.', '_')}", folder)
    pinned = sorted(one.name for one in folder.iterdir())
    report = tmp_path / "report.json"
    done = contract_command(
        release,
        "search",
        "--connect",
        "atoti",
        "--regressions",
        str(folder),
        "--json",
        str(report),
    )
    assert sorted(one.name for one in folder.iterdir()) == pinned, done.stdout
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(report.read_text(encoding="utf-8"))
    assert told["profile"] == profile
    assert [one["outcome"] for one in told["replayed"]] == ["known"] * len(pinned)
    assert told["found"] == []
    # Each of them was met again, and so was counted and not told.
    assert told["known"] > 0
    assert told["coverage"]["met"] == told["coverage"]["possible"]

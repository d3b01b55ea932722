"""What an upgrade of the public client changes, found by ``compare`` before users find out.

Each release is observed in an environment of its own; the changes are declared in
``upgrades.toml``.
"""

from __future__ import annotations

import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from run_reports import read_json

HERE = Path(__file__).parent
UPGRADES = tomllib.loads((HERE / "upgrades.toml").read_text(encoding="utf-8"))["upgrade"]
SELECTED = ("LIVE-4", "LIVE-5", "LIVE-6", "LIVE-12")

ContractCommand = Callable[..., subprocess.CompletedProcess[str]]


def outcomes(compared: dict[str, Any]) -> dict[str, tuple[list[str], list[list[str]]]]:
    """By how steps end otherwise: what is special of the simplest scenario, and where else."""
    found = {}
    for group in compared["groups"]:
        for one in group["differences"]:
            if one["difference"]["kind"] == "outcome":
                found[one["told"]] = (group.get("special", []), one.get("also", []))
    return found


@pytest.mark.parametrize("upgrade", UPGRADES, ids=lambda one: f"{one['from']}-to-{one['to']}")
def test_an_upgrade_changes_what_is_declared(
    contract_command: ContractCommand, tmp_path: Path, upgrade: dict[str, Any]
) -> None:
    select = [word for one in SELECTED for word in ("--select", one)]
    files = [tmp_path / f"{upgrade[side]}.json" for side in ("from", "to")]
    for side, file in zip(("from", "to"), files, strict=True):
        done = contract_command(upgrade[side], "observe", str(file), "--connect", "atoti", *select)
        assert done.returncode == 0, done.stdout + done.stderr
    report = tmp_path / "compared.json"
    done = contract_command(
        upgrade["to"], "compare", *(str(file) for file in files), "--json", str(report)
    )
    assert done.returncode == 1, done.stdout + done.stderr
    found = outcomes(read_json(report))
    declared = {
        one["told"]: (one["special"], [one["also"]] if one["also"] else [])
        for one in upgrade["change"]
    }
    assert found == declared
    assert all(one["told"].partition(":")[0] in done.stdout for one in upgrade["change"])

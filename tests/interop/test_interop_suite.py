"""The contract suite over the unmodified public client: each verdict is sound or declared.

What the client does against the documentation is declared in ``expected_failures_*.toml``.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ContractRun = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.parametrize(("release", "profile"), [("0.9.1", "0.9.1"), ("6.2", "6.2")])
def test_the_suite_finds_nothing_undeclared(
    contract_run: ContractRun, tmp_path: Path, release: str, profile: str
) -> None:
    report = tmp_path / "report.json"
    expected = HERE / f"expected_failures_{release.replace('.', '_')}.toml"
    options = ["--expected-failures", str(expected)] if expected.exists() else []
    done = contract_run(release, "--depth", "full", "--json", str(report), *options)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(report.read_text(encoding="utf-8"))
    assert told["profile"] == profile
    assert told["summary"]

"""The jobs of a user's repository: what they leave, and what their first screen says."""

from __future__ import annotations

import sysconfig
from pathlib import Path

from tests.sample import sample

from user_modules import CLIENT


def test_jobs(tmp_path: Path) -> None:
    sample.write_repository(tmp_path, CLIENT)
    scripts = Path(sysconfig.get_path("scripts"))
    done = sample.run_jobs(tmp_path, scripts, ("SIG-1", "URL-2", "CA-2"))
    statuses = {name: each.returncode for name, each in done.items()}
    assert statuses == {"yesterday": 0, "github.sh": 1, "gitlab.sh": 1}, done
    assert [each.stderr for each in done.values()] == [""] * 3
    for job in sample.JOBS:
        log = done[job].stdout.splitlines()
        first = "\n".join(log[: sample.FIRST_SCREEN])
        # What is wrong, and what to do.
        for said in (
            "seen      it returned",
            "CA-2[without-the-file]: failed",
            "replay    connect",
        ):
            assert said in first
        assert log[-1 if job == "gitlab.sh" else -2].endswith("exit status 1")
        assert "newly failing: CA-2[without-the-file]: passed, now failed" in done[job].stdout
    assert "::error title=CA-2" in done["github.sh"].stdout
    assert "::" not in done["gitlab.sh"].stdout
    left = {path.name for path in tmp_path.iterdir() if path.stat().st_size}
    pages = {"days.html", "report.html", "summary.md", "step-summary.md"}
    assert pages | {"junit.xml", "report.json", "yesterday.json"} <= left

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
    assert statuses == {"known": 0, "yesterday": 0, "github.sh": 1, "gitlab.sh": 1}, done
    assert [each.stderr for each in done.values()] == [""] * 4
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


def test_wrong_files_of_expected_failures(tmp_path: Path) -> None:
    sample.write_repository(tmp_path, CLIENT)
    done = sample.judge_with_wrong_files(tmp_path, Path(sysconfig.get_path("scripts")))
    statuses = {name: each.returncode for name, each in done.items()}
    assert statuses == {name: 1 if name in ("expired", "stale") else 2 for name in done}, done
    for name, each in done.items():
        said = " ".join((each.stdout + each.stderr).split())
        assert {"expired": "the entry of URL-2 expired on 2020-01-31"}.get(name, "") in said
        assert "Traceback" not in said
        assert statuses[name] == 1 or each.stderr.count("\n") == 1

"""pytest's own output: a failed case is short, and the summary tells each cause once."""

from __future__ import annotations

from typing import Any

import pytest

pytest_plugins = ["pytester"]

CASES = ("CA-2[without-the-file]", "CA-3[another-authority]", "CA-3[impostor]")
SHORT = "it returned; demanded: it raises; not one HTTP byte reaches the target"


@pytest.mark.parametrize(
    ("options", "failed"), [((), 3), (("-x",), 1), (("-n", "1"), 3)], ids=["all", "x", "workers"]
)
def test_each_cause_is_told_once(project: Any, options: tuple[str, ...], failed: int) -> None:
    done = project.judge(*CASES, connect="client:trusting", options=(*options, "--junitxml=r.xml"))
    done.assert_outcomes(failed=failed)
    lines = done.stdout.lines
    assert lines.count(SHORT) == failed
    assert [line for line in lines if line.startswith("cause ")] == [
        f"cause 1 of 1: {failed} failed, in {1 if failed == 1 else 2} clause"
        + ("" if failed == 1 else "s")
    ]
    assert sum(line.startswith("clause ") for line in lines) == 1
    # A file has the whole of each, as the message and as the text.
    written = (project.path / "r.xml").read_text(encoding="utf-8")
    assert written.count("clause    CA-") == 2 * failed


def test_without_tracebacks_no_cause_is_told(project: Any) -> None:
    done = project.judge(CASES[0], connect="client:trusting", options=("--tb=no",))
    done.assert_outcomes(failed=1)
    assert not [line for line in done.stdout.lines if line.startswith("cause ")]
    done.stdout.fnmatch_lines(["client:trusting, profile 0.9.1 (default), depth *: 1 failed"])

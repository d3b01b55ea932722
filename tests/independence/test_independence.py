"""The check of independence: what it finds, what it leaves behind, and a small form of it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("independence.py")
REFERENCE = "connect_contracts.reference.v0_9_1"
ONCE = ("--repeats", "0", "--connect")

Independence = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def independence(tmp_path: Path) -> Independence:
    """Runs a script in a folder in which ``client`` is the module of this text."""

    def run(
        *options: str, client: str = "", script: Path = SCRIPT
    ) -> subprocess.CompletedProcess[str]:
        (tmp_path / "client.py").write_text(client, encoding="utf-8")
        path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
        return subprocess.run(
            [sys.executable, str(script), "--seed", "7", *options],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": path.rstrip(os.pathsep)},
        )

    return run


# Believes every target once it has been refused by one: a later case is judged by an earlier one.
FORGETS = """
import ssl, urllib.request

refused = []

def connect(url, *, authentication=None, certificate_authority=None):
    context = None
    if url.startswith("https"):
        context = ssl.create_default_context(cafile=certificate_authority)
        if refused:
            context = ssl._create_unverified_context()
    headers = authentication(url) if authentication else {}
    request = urllib.request.Request(url + "/versions/rest", headers=headers)
    try:
        with urllib.request.urlopen(request, context=context, timeout=10) as answer:
            answer.read()
    except OSError as error:
        refused.append(error)
        raise
    return object()
"""


def test_a_verdict_that_depends_on_the_cases_before_is_found(independence: Independence) -> None:
    chosen = ("--depth", "full", "--select", "CA-1", "--select", "CA-2", "--select", "CA-3")
    done = independence(*ONCE, "client", *chosen, "--way", "reverse", client=FORGETS)
    assert done.returncode == 1, done.stdout + done.stderr
    reverse = done.stdout.partition("in reverse")[2]
    assert "2 differ" in reverse
    assert "CA-2[without-the-file-the-authority-sent]: failed; in order: passed" in reverse
    assert "CA-3[leaf-of-another-chain]: passed" in reverse


def test_a_way_that_ends_early_is_no_agreement(independence: Independence) -> None:
    ends = "import os\n\ndef connect(url, **_):\n    os._exit(3)\n"
    done = independence(*ONCE, "client", "--select", "URL-3", client=ends)
    assert done.returncode == 2
    assert "not gone to its end" in done.stdout


def test_nothing_stays_busy_after_an_interrupt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(SCRIPT.parent))
    from busy import busy_processors

    started: list[subprocess.Popen[bytes]] = []

    def interrupted() -> None:
        with busy_processors(2) as processes:
            started.extend(processes)
            assert [one.poll() for one in started] == [None, None]
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert len(started) == 2
    assert None not in [one.poll() for one in started]


def test_a_loopback_that_delivers_late_changes_no_verdict(
    independence: Independence, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(SCRIPT.parent))
    from independence import has_late_loopback

    if not has_late_loopback():
        pytest.skip("this machine gives nobody a loopback of their own")
    chosen = ("--select", "MTLS-6", "--full", "--way", "late")
    done = independence(*ONCE, REFERENCE, *chosen)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "on a late loopback" in done.stdout


def test_a_search_under_load_names_what_it_finds(independence: Independence) -> None:
    raising = "def connect(url, **_):\n    raise ValueError('no')\n"
    script = SCRIPT.with_name("search_under_load.py")
    done = independence("2", "--busy", "0", "--connect", "client", client=raising, script=script)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "seed 7, 0 busy processes" in done.stdout
    assert "failed: of step 1 (connect): it raised ValueError: no" in done.stdout
    assert "client, 2 of 2: 2 failed" in done.stdout

"""A run tells each cause once: the first screen says what is wrong, and where in the client."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from connect_contracts import reference
from run_reports import Command, Judge

GOLDEN = Path(__file__).with_name("golden")

ADAPTER = """
from client import connect
from connect_contracts import Implementation

class Adapter(Implementation):
    subject = connect

    def list_tables(self, session):
        return session.table_names()
"""


def steady(printed: str) -> str:
    """What is printed, without what differs by run, machine, and version of Python."""
    lines = re.sub(r"\.py:\d+", ".py:LINE", printed).splitlines()
    shown = (re.sub(r"^Python .*", "Python and its TLS library", line) for line in lines)
    # How urllib words a request is not ours.
    return "".join(f"{line.rstrip()}\n" for line in shown if not re.match(r" {4}target\[", line))


@pytest.mark.parametrize(
    ("name", "connect", "select"),
    [
        (
            "never-verifies",
            "client:trusting",
            (
                *("CA-2[without-the-file]", "CA-3[another-authority]", "CA-3[impostor]"),
                *("CA-10[wrong-ip]", "CA-12[leaf-expired]", "CA-14[self-signed]"),
            ),
        ),
        (
            "wrong-adapter",
            "adapted:Adapter",
            ("LIVE-1[names-of-the-tables]", "AUTH-2[the-administrator]", "FAULT-2[rows-cut-short]"),
        ),
        (
            "always-raises",
            "client:raising",
            (
                *("SIG-1[by-position]", "SIG-5[unknown-keyword]", "SIG-7[by-keyword]"),
                *("CA-2[without-the-file]", "CA-11[one-label]", "URL-4[not-json]"),
            ),
        ),
    ],
)
def test_what_is_printed(
    command: Command, folder: Path, name: str, connect: str, select: tuple[str, ...]
) -> None:
    (folder / "adapted.py").write_text(ADAPTER)
    done = command("run", "--connect", connect, "--select", *select, COLUMNS="80")
    assert done.stderr == ""
    expected = (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")
    assert steady(done.stdout) == expected


def test_x_stops_at_the_first_cause(judge: Judge) -> None:
    done = judge("client:trusting", "CA-2", "CA-3", options=("-x",))
    assert done.status == 1
    first, *others = done.verdicts.values()
    assert (first, set(others)) == ("failed", {"not run"})
    assert "stopped as asked, after 1 cause" in done.lines
    assert "the contract is broken in 1 case, the run ended before" in done.lines[-1]
    (cause,) = done.report["causes"]
    assert (cause["cases"], cause["clauses"]) == (["CA-2[without-the-file]"], ["CA-2"])


def test_on_workers_it_stops_too(judge: Judge) -> None:
    done = judge("client:raising", options=("-n", "1", "--max-causes", "1"))
    assert done.status == 1
    assert "not run" in done.verdicts.values()


def copied_reference(folder: Path, old: str, new: str) -> None:
    """A package ``copied``: the reference, with one text of ``_trust.py`` replaced."""
    (folder / "copied").mkdir()
    for path in Path(reference.__path__[0]).glob("*.py"):
        text = path.read_text(encoding="utf-8").replace(reference.__name__, "copied")
        if path.name == "_trust.py":
            assert old in text
            text = text.replace(old, new)
        (folder / "copied" / path.name).write_text(text, encoding="utf-8")


@pytest.mark.matrix
@pytest.mark.skipif(find_spec("pandas") is None, reason="the reference gives pandas frames")
def test_a_whole_run_is_told_in_few_lines(command: Command, folder: Path) -> None:
    required = "context.minimum_version = ssl.TLSVersion.TLSv1_2"
    off = "context.check_hostname = False; context.verify_mode = ssl.CERT_NONE"
    copied_reference(folder, required, f"{required}; {off}")
    adapter = ADAPTER.replace("from client", "from connect_contracts.reference.v0_9_1")
    (folder / "adapted.py").write_text(adapter)
    for connect, most in (("copied.v0_9_1", 120), ("adapted:Adapter", 60)):
        done = command("run", "--connect", connect, "-n", "2", COLUMNS="80")
        assert done.returncode
        assert len(done.stdout.splitlines()) <= most

"""What users call of a connected session on each release: the table in ``docs``, and its making."""

from __future__ import annotations

import runpy
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from connect_harness.releases import RELEASES

TABLE = SimpleNamespace(**runpy.run_path(str(Path(__file__).parent / "releases_table.py")))
DOCS = Path(__file__).parents[2] / "docs"
DOCUMENTED = DOCS / "releases.md"


def row(line: str) -> list[str]:
    """The cells of a line of a table."""
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def documented() -> tuple[list[str], dict[str, list[str]]]:
    """The releases of the table in ``docs``, and what it says of each member; an error in full."""
    page = DOCUMENTED.read_text("utf-8")
    lines = [line.partition(". ") for line in page.partition("## What fails")[2].splitlines()]
    errors = {letter: text.partition(TABLE.OWN)[0] for letter, _, text in lines}
    members = page.partition("## Members")[2].partition("## Clauses")[0]
    head, _, *rows = [row(line) for line in members.splitlines() if line.startswith("|")]
    return head[1:], {member: [errors.get(cell, cell) for cell in cells] for member, *cells in rows}


def test_the_documented_releases_are_those_that_are_listed() -> None:
    """Written again by ``python tests/interop/releases_table.py --markdown docs/releases.md``."""
    assert documented()[0] == list(RELEASES)


@pytest.mark.parametrize("release", RELEASES)
def test_a_release_does_what_the_table_says(
    client_script: Callable[..., list[str]], release: str
) -> None:
    printed = client_script(release, "members.py")
    found = TABLE.read(printed)
    releases, rows = documented()
    column = {member: cells[releases.index(release)] for member, cells in rows.items()}
    assert {member: TABLE.sign(result) for member, result in found.items()} == column


@pytest.mark.parametrize("release", ["0.9.1", "0.9.7", "0.9.16", "6.2"])
def test_the_example_of_the_docs_prints_the_same_on_each_release(
    python: Callable[..., subprocess.CompletedProcess[str]], release: str
) -> None:
    done = python(release, DOCS / "examples" / "client_session.py")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-8:] == [
        "large: ['Paris', 'Rome']",
        "left: [('Rome', 3), ('Oslo', 1)]",
        "pilot: ['ROLE_PILOT', 'ROLE_USER']",
        "     Size.SUM",
        "Name         ",
        "Oslo        1",
        "Rome        3",
        "by MDX: [1, 3]",
    ]


def test_the_table_says_what_changed_and_what_fails() -> None:
    def result(member: str, text: str) -> dict[str, str]:
        return {"member": member, "result": text, "seen": "GET /x"}

    error = "RuntimeError: a | b"

    def report(version: str, profile: str, **clauses: tuple[str, ...]) -> dict[str, object]:
        """``clauses``: the verdict of each, the key of its one case's cause, the clause broken."""
        return {
            "clients": [{"name": "atoti-client", "version": version}],
            "profile": profile,
            "depth": "default",
            "clauses": [
                {
                    "id": name.replace("_", "-"),
                    "verdict": verdict,
                    "cases": [
                        {
                            "id": f"{name}[it]",
                            "clause": name.replace("_", "-"),
                            "verdict": verdict,
                            "causes": [{"key": key, "seen": "it"} for key in rest[:1] if key],
                            "broken": "".join(rest[1:]) or None,
                            "not_served": [],
                        }
                    ],
                }
                for name, (verdict, *rest) in clauses.items()
            ],
        }

    shown, asks = "leak | a token appeared in the authentication", "NothingOnTerminal | violated"
    first = report(
        "0.9.1",
        "a",
        AUTH_12=("failed", shown),
        MTLS_5=("failed", asks),
        AUTH_15=("failed", shown, "AUTH-12"),
        KEEP_1=("passed", ""),
        URL_11=("observed", ""),
        LIVE_12=("not applicable", ""),
    )
    second = report(
        "6.2.2",
        "b",
        AUTH_12=("failed", shown),
        MTLS_5=("known", asks),
        KEEP_1=("passed", ""),
        URL_11=("observed", ""),
        AUTH_15=("passed", ""),
        LIVE_12=("passed", ""),
    )
    table = TABLE.markdown(
        {
            "1.0": {"head": result("head", "works"), "user": result("user", "not offered")},
            "1.1": {"head": result("head", error), "user": result("user", "works")},
            "1.2": {"head": result("head", error), "user": result("user", "works")},
        },
        {"1.0": first, "1.1": second, "1.2": second},
    )
    assert [row(line) for line in table.splitlines() if line.startswith("|")] == [
        ["member", "1.0", "1.1", "1.2"],
        ["---", "---", "---", "---"],
        ["head", "yes", "A", "A"],
        ["user", "-", "yes", "yes"],
        ["clause", "1.0", "1.1", "1.2"],
        ["---", "---", "---", "---"],
        ["AUTH-12", "1", "failed", "failed"],
        ["MTLS-5", "2", "2", "2"],
        # The deviation breaks AUTH-12, and a case of AUTH-15 met it.
        ["AUTH-15", "1", "yes", "yes"],
        ["LIVE-12", "-", "yes", "yes"],
    ]
    assert "Every release passes 1 of the clauses" in table
    assert "1. The repr of TokenAuthentication shows the token. Contradicts: No" in table
    assert "(AUTH-12; 1.0)\n2. " in table
    assert "(MTLS-5; 1.0 to 1.2)\n" in table
    assert "* 1.2: nothing that the members or the suite show.\n" in table
    assert "* 1.1: it is held to the documentation of b.\n" in table
    assert "* 1.1: no longer: The repr of TokenAuthentication shows the token.\n" in table
    assert TABLE.SUITE.unexpected(first) == []
    assert TABLE.SUITE.unexpected(second) == [f"not known: {shown}: AUTH_12[it]"]
    assert "* 1.1: head: works in 1.0, RuntimeError: a | b now.\n" in table
    assert "* 1.1: user: not offered in 1.0, works now.\n" in table
    assert table.endswith(f"\nA. {error}\n")


def test_a_member_that_is_known_to_fail_must_fail_so() -> None:
    member, error = "create_table, Object", "ValueError: `Object` is not supported by GraphQL API."

    def found(release: str, text: str, of: str = member) -> dict[str, object]:
        return {release: {of: {"member": of, "result": text, "seen": "GET /x"}}}

    def unexpected(*given: str) -> list[str]:
        return list(TABLE.unexpected(found(*given)))

    assert unexpected("0.9.7", error) == unexpected("0.9.13", "works") == []
    assert unexpected("0.9.7", "E: x") == [
        f"0.9.7, {member}: E: x, known to fail by {error}\nGET /x"
    ]
    assert unexpected("0.9.7", "works") == [
        f"0.9.7, {member}: works, known to fail by {error}\nGET /x"
    ]
    assert unexpected("0.9.13", error) == [f"0.9.13, {member}: {error}\nGET /x"]
    assert unexpected("0.9.7", error, "head") == [f"0.9.7, head: {error}\nGET /x"]
    page = TABLE.markdown(found("0.9.7", error), {})
    assert page.endswith(f"\nA. {error} (the client's own: it refuses the type before it asks)\n")


def test_cases_that_are_judged_again_take_the_place_of_their_former_ones() -> None:
    def report(**cases: str) -> dict[str, object]:
        made = [{"id": name, "verdict": verdict} for name, verdict in cases.items()]
        return {"depth": "default", "clauses": [{"id": "X-1", "cases": made}]}

    found = TABLE.SUITE.with_cases(report(a="failed", b="failed"), report(b="passed"))
    assert found == report(a="failed", b="passed")


def test_a_release_without_an_environment_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CONNECT_INTEROP", str(tmp_path))
    monkeypatch.setattr("sys.argv", ["releases_table.py", "--release", "6.2.99"])
    assert TABLE.main() == 2
    assert capsys.readouterr().err == (
        "The public client 6.2.99 has no environment: create it by "
        "`python tests/interop/environments.py --release 6.2.99`.\n"
    )

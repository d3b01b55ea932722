"""Who may import whom: arrows point one way."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HARNESS = ROOT / "harness" / "connect_harness"
CONTRACTS = ROOT / "contracts" / "connect_contracts"
FIXTURES = ROOT / "fixtures" / "connect_fixtures"


def imports(path: Path) -> set[str]:
    """Every module that a file names in an import, wherever in the file."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


def of(folder: Path) -> dict[str, set[str]]:
    files = sorted(folder.rglob("*.py"))
    assert files
    return {str(path.relative_to(ROOT)): imports(path) for path in files}


@pytest.mark.parametrize(
    ("folder", "forbidden"),
    [
        (HARNESS, ("connect_contracts", "connect_fixtures", "pytest", "hypothesis", "httpx")),
        (HARNESS / "server", ("connect_harness.protocols", "connect_harness.state")),
        (HARNESS / "protocols", ("connect_harness.server", "socket", "ssl")),
        (HARNESS / "state", ("connect_harness.server", "connect_harness.protocols", "socket")),
        (CONTRACTS, ("connect_fixtures",)),
        (
            CONTRACTS / "chapters",
            ("connect_contracts.oracle", "connect_contracts.running", "pytest"),
        ),
        (
            CONTRACTS / "oracle",
            ("connect_contracts.chapters", "connect_contracts.running", "socket"),
        ),
        (CONTRACTS / "reference", ("connect_harness", "connect_fixtures")),
        (CONTRACTS / "surrounding", ("connect_contracts.running", "connect_contracts.judge")),
        (CONTRACTS / "listening", ("connect_contracts.running", "connect_contracts.surrounding")),
        (CONTRACTS / "calling", ("connect_contracts.running", "connect_contracts.defects")),
        (CONTRACTS / "running", ("connect_contracts.judge", "connect_contracts.oracle")),
        (CONTRACTS / "telling", ("connect_contracts.reports", "connect_contracts.capsules")),
        (CONTRACTS / "search", ("connect_contracts.capsules", "connect_contracts.reports")),
        (CONTRACTS / "capsules", ("connect_contracts.reports", "connect_contracts.search")),
    ],
    ids=lambda value: value.name if isinstance(value, Path) else "",
)
def test_nothing_imports_what_is_above_it(folder: Path, forbidden: tuple[str, ...]) -> None:
    for path, names in of(folder).items():
        for name in names:
            for one in forbidden:
                assert name != one, path
                assert not name.startswith(f"{one}."), path


def test_nothing_of_the_project_imports_the_public_client() -> None:
    for folder in (HARNESS, CONTRACTS, FIXTURES):
        for path, names in of(folder).items():
            assert not {one for one in names if one.partition(".")[0] == "atoti"}, path


def test_hypothesis_is_imported_where_scenarios_are_generated_alone() -> None:
    generating = {"strategies", "properties", "search", "searching.py"}
    for path, names in {**of(CONTRACTS), **of(FIXTURES), **of(HARNESS)}.items():
        if not generating & set(Path(path).parts):
            assert not {one for one in names if one.partition(".")[0] == "hypothesis"}, path


@pytest.mark.parametrize("name", ["ladder", "pairs_met", "dimensions_of", "scenario_of"])
def test_what_needs_no_hypothesis_does_not_load_it(name: str) -> None:
    code = f"import sys; from connect_contracts.strategies import {name}; "
    code += "print('hypothesis' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize(
    "module", ["connect_harness", "connect_contracts", "connect_fixtures.plugin"]
)
def test_importing_a_package_loads_nothing_heavy(module: str) -> None:
    heavy = ("hypothesis", "httpx", "trustme", "cryptography", "graphql", "pandas", "rich", "h11")
    code = f"import {module}, sys; print(sorted(set({heavy!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

"""The layers of the services: a module imports from its own room and from lower layers only."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = {
    "connect_harness": ROOT / "harness" / "connect_harness",
    "connect_contracts": ROOT / "contracts" / "connect_contracts",
    "connect_fixtures": ROOT / "fixtures" / "connect_fixtures",
}

LAYERS = (
    ("connect_harness", "connect_contracts.reference"),
    ("connect_contracts.model",),
    ("connect_contracts.checks", "connect_contracts.execution"),
    ("connect_contracts.chapters", "connect_contracts.oracle"),
    ("connect_contracts.judging",),
    ("connect_contracts.report",),
    ("connect_contracts.search", "connect_contracts.selftest"),
    ("connect_contracts.regressions",),
    ("connect_contracts.pytest_suite",),
    ("connect_contracts",),
    ("connect_contracts.upgrades", "connect_contracts.test_connect"),
    ("connect_fixtures",),
    ("connect_fixtures.cli",),
    ("connect_contracts.__main__",),
)
"""The rooms, the lowest layer first. Rooms of one layer do not import each other."""

ALLOWED = {
    ("connect_contracts.execution.fresh_process", "connect_contracts.execution.fresh_child"),
}

OUTSIDE = {
    "pytest": ("connect_contracts.pytest_suite", "connect_fixtures"),
    "hypothesis": ("connect_contracts.search", "connect_contracts.upgrades.searching"),
    "rich": (
        "connect_contracts.report",
        "connect_contracts.regressions.report",
        "connect_contracts.selftest.kill_matrix_table",
        "connect_fixtures.cli",
    ),
    "click": ("connect_fixtures.cli",),
    "jinja2": ("connect_contracts.report.html",),
    "tomlkit": ("connect_fixtures.cli.expected_file",),
    "markupsafe": ("connect_contracts.report.html",),
}
"""Libraries that only these rooms import."""


@cache
def modules() -> dict[str, Path]:
    found: dict[str, Path] = {}
    for package, folder in SOURCES.items():
        for path in sorted(folder.rglob("*.py")):
            parts = path.relative_to(folder).with_suffix("").parts
            parts = parts[:-1] if parts[-1] == "__init__" else parts
            found[".".join((package, *parts))] = path
    return found


def room(module: str) -> str:
    rooms = [one for layer in LAYERS for one in layer]
    inside = [one for one in rooms if module == one or module.startswith(f"{one}.")]
    # The façade of the package is a room; a module or folder that no layer names is none.
    longest = max(inside, key=len, default="connect_contracts")
    assert longest != "connect_contracts" or module == longest, (
        f"{module} belongs to no layer: add its room to LAYERS"
    )
    return longest


def layer(module: str) -> int:
    return next(number for number, rooms in enumerate(LAYERS) if room(module) in rooms)


@cache
def imported(module: str) -> frozenset[str]:
    """Every module that ``module`` imports anywhere, or names in a text from which it is loaded."""
    found: set[str] = set()
    known = modules()
    for node in ast.walk(ast.parse(known[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            full = {f"{base}.{one.name}" for one in node.names}
            found |= {one if one in known else base for one in full}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            # What is loaded by its name is imported too.
            found |= {node.value} & set(known)
    return frozenset(found)


def test_arrows_point_down_and_libraries_stay_in_their_rooms() -> None:
    arrows = [(module, name) for module in modules() for name in imported(module)]
    for module, name in arrows:
        top = name.partition(".")[0]
        assert top != "atoti", f"{module} imports the public client"
        if top in SOURCES and (module, name) not in ALLOWED:
            same_room = room(name) == room(module)
            assert same_room or layer(name) < layer(module), f"{module} imports {name}, above it"
        rooms = OUTSIDE.get(top)
        assert rooms is None or any(
            module == one or module.startswith(f"{one}.") for one in rooms
        ), f"{module} imports {top}, which belongs to {rooms}"


def test_the_reference_stands_alone() -> None:
    """A copy of its folder works elsewhere, with httpx, which one module knows, and pandas."""
    room_of_its_own = "connect_contracts.reference"
    allowed = {"httpx", "pandas", *sys.stdlib_module_names}
    for module in modules():
        if room(module) == room_of_its_own:
            others = {name for name in imported(module) if not name.startswith(room_of_its_own)}
            tops = {name.partition(".")[0] for name in others}
            assert tops <= allowed, module
            assert "httpx" not in tops or module.endswith("._transport"), module


@pytest.mark.parametrize(
    ("folder", "forbidden"),
    [
        ("connect_harness.server", ("connect_harness.protocols", "connect_harness.state")),
        ("connect_harness.protocols", ("connect_harness.server", "socket", "ssl")),
        ("connect_harness.state", ("connect_harness.server", "connect_harness.protocols")),
        ("connect_contracts.oracle", ("socket", "ssl", "random", "time")),
        ("connect_contracts.execution.environment", ("connect_contracts.execution.run",)),
        ("connect_contracts.execution.call", ("connect_contracts.execution.run",)),
    ],
)
def test_within_a_room_arrows_point_one_way(folder: str, forbidden: tuple[str, ...]) -> None:
    inside = [one for one in modules() if one.startswith(f"{folder}.")]
    assert inside
    for module in inside:
        for name in imported(module):
            for one in forbidden:
                assert name != one, module
                assert not name.startswith(f"{one}."), module


LIGHT = {
    "import connect_harness, connect_contracts, connect_fixtures.plugin": (
        "cryptography graphql h11 httpx hypothesis pandas rich trustme"
    ),
    "from connect_harness.certificates import Chain; Chain()": "cryptography trustme ssl",
    "from connect_contracts.reference import v0_9_1, v6_2": "pandas numpy",
    "from connect_fixtures.cli.command import run_command; run_command(['--help'])": (
        "connect_harness pytest rich msgspec"
    ),
    "from connect_fixtures.cli import run": "jinja2 hypothesis pandas",
    "from connect_fixtures.cli import listing": "pytest rich hypothesis",
    # It imports ``building``.
    "import connect_contracts.search.strategies.covering": "hypothesis",
}
"""What a fresh interpreter does, and the libraries that it must not load for that."""


@pytest.mark.parametrize("done", LIGHT)
def test_what_does_not_need_a_library_does_not_load_it(done: str) -> None:
    code = f"import sys; {done}; print(sorted(set({LIGHT[done].split()}) & set(sys.modules)))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.splitlines()[-1] == "[]"

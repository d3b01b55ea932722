"""The reference stands alone: a copy of its folder works elsewhere."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import connect_contracts.reference
from connect_contracts.reference._frames import frame

PACKAGE = "connect_contracts.reference"
FOLDER = Path(connect_contracts.reference.__file__).parent


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            yield node.module or ""


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_imports_itself_httpx_pandas_and_the_standard_library(path: Path) -> None:
    allowed = {"httpx", "pandas", *sys.stdlib_module_names}
    others = [
        name
        for name in _imported(path)
        if not name.startswith(f"{PACKAGE}.") and name.partition(".")[0] not in allowed
    ]
    assert not others


@pytest.mark.parametrize("profile", ["v0_9_1", "v6_2"])
def test_importing_loads_no_pandas(profile: str) -> None:
    code = f"import sys, {PACKAGE}.{profile}; print({{'pandas', 'numpy'}} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_without_pandas_a_frame_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match=r"install pytest-connect-contract\[reference\]"):
        frame({"Id": "String"}, [])

"""An exception is shown with the lines of the client's own files, and with no others."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from connect_contracts.execution.implementation import Implementation
from connect_contracts.execution.loading import load
from connect_contracts.execution.own_code import own_lines
from forked import forget_modules_of_tests

FILES = {
    "mine/__init__.py": "",
    "mine/client.py": "import other\nfrom mine import deep\n\n"
    "def connect(url):\n    deep.ask(lambda: other.fail(url))\n",
    "mine/deep.py": "def ask(action):\n    action()\n",
    "site-packages/other.py": "def fail(url):\n    raise KeyError(url)\n",
    "single.py": "import other\n\nclass Client:\n    def connect(self, url):\n"
    "        other.fail(url)\n\nclient = Client()\n",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    paths = [str(tmp_path), str(tmp_path / "site-packages")]
    monkeypatch.setattr(sys, "path", [*sys.path, *paths])
    forget_modules_of_tests()
    yield tmp_path
    forget_modules_of_tests()


def lines(implementation: Implementation) -> list[str]:
    with pytest.raises(KeyError) as raised:
        implementation.connect("url")
    return [f"{line}: {line.source}" for line in own_lines(raised.value, implementation)]


def test_lines_of_a_package(folder: Path) -> None:
    assert lines(load("mine.client")) == [
        "mine/client.py:5 in connect: deep.ask(lambda: other.fail(url))",
        "mine/deep.py:2 in ask: action()",
        "mine/client.py:5 in connect.<locals>.<lambda>: deep.ask(lambda: other.fail(url))",
    ]


def test_lines_of_a_module(folder: Path) -> None:
    assert lines(load("single:client")) == ["single.py:5 in Client.connect: other.fail(url)"]


def test_a_module_among_what_is_installed_is_its_file_alone(folder: Path) -> None:
    (folder / "site-packages/lone.py").write_text("import other\nconnect = lambda u: other.fail(u)")
    assert lines(load("lone")) == ["lone.py:2 in <lambda>: connect = lambda u: other.fail(u)"]

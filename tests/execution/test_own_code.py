"""An exception is shown with the lines of the client's own files, and with no others."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.execution.implementation import Implementation
from connect_contracts.execution.loading import load
from connect_contracts.execution.own_code import origin_of
from connect_contracts.judging.verify import verify
from connect_contracts.model.cause import Origin
from connect_contracts.model.clause import Profile
from forked import forget_modules_of_tests
from user_modules import install_client

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


def origin(implementation: Implementation) -> Origin:
    with pytest.raises(KeyError) as raised:
        implementation.connect("url")
    return origin_of(raised.value, implementation)


def lines(implementation: Implementation) -> list[str]:
    return [f"{line}: {line.source}" for line in origin(implementation).lines]


def test_lines_of_a_hang(hang: Callable[..., Any], module: Callable[[str], str]) -> None:
    """Not the line of the library that it waits in: the client's own, which calls that."""
    name = module("def connect(url, **_):\n    waits()\n\ndef waits():\n    hang()\n")
    client = load(name)
    vars(client.module)["hang"] = hang
    case = catalogue().cases["SIG-1[by-position]"]
    short = replace(case, scenario=msgspec.structs.replace(case.scenario, limit=0.5))
    (cause,) = verify(short, client, Profile.V6_2).judgement.causes
    assert [f"{line.function}: {line.source}" for line in cause.where] == [
        "connect: waits()",
        "waits: hang()",
    ]
    assert cause.key == "connect | hung"


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


@pytest.mark.parametrize("installed", [True, False], ids=["public-client", "same-name"])
def test_what_a_wrapper_raises_is_told_from_what_its_client_raises(
    folder: Path, installed: bool
) -> None:
    (folder / "site-packages/atoti").mkdir()
    (folder / "site-packages/atoti/__init__.py").write_text(
        "import other\n\ndef connect(url, then=other.fail):\n    then(url)\n"
    )
    (folder / "wrapper.py").write_text(
        "import atoti, other\n\n"
        "def client(url):\n    atoti.connect(url)\n\n"
        "def itself(url):\n    other.fail(url)\n\n"
        "def called_back(url):\n    atoti.connect(url, lambda url: other.fail(url))\n\n"
        "def handed_on(url):\n    try:\n        atoti.connect(url)\n"
        "    except KeyError as error:\n        raise KeyError(1) from error\n\n"
        "def of_its_own(url):\n    try:\n        other.fail(url)\n"
        "    except KeyError as error:\n        raise KeyError(1) from error\n"
    )
    if installed:
        install_client(folder / "site-packages", "6.2.2")
    calls = ("client", "itself", "called_back", "handed_on", "of_its_own")
    found = {name: origin(load(f"wrapper:{name}")) for name in calls}
    of_client = ["client"] if installed else []
    assert [name for name in calls if found[name].below] == of_client
    handed_on = {"handed_on": ("KeyError",)} if installed else {}
    assert {name: found[name].chain for name in calls if found[name].chain} == handed_on

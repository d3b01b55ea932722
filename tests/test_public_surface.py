"""What ``connect_harness`` shows: names, help, and examples that run.

The examples are read by ``doctest`` itself, name by name: ``--doctest-modules`` would import every
module at collection, and sybil would be one more dependency for what stands in docstrings alone.
"""

from __future__ import annotations

import ast
import doctest
import pydoc
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import connect_harness

SOURCE = Path(connect_harness.__file__).read_text(encoding="utf-8")
WITHOUT_EXAMPLE = {
    # What is given, and what gives it has the example.
    *("Answer", "Authorities", "ClientCertificateFiles", "ClientHello", "IssuedChain", "Kept"),
    *("PeerCertificate", "PresentedChain", "Release", "Request", "User"),
    # The types of the fixtures: their examples are the tests of the plugin.
    *("FaultFactory", "HttpsTargetFactory", "Login", "TargetFactory", "TargetOptions"),
    "UserFactory",
}


def classes() -> list[str]:
    """The exported classes, but for events, exceptions and enumerations."""
    found = []
    for name in connect_harness.__all__:
        value = getattr(connect_harness, name)
        if isinstance(value, type) and not issubclass(
            value, (connect_harness.Event, Exception, str)
        ):
            found.append(name)
    return found


def examples_of(name: str) -> list[doctest.DocTest]:
    value = connect_harness if name == "connect_harness" else getattr(connect_harness, name)
    finder = doctest.DocTestFinder(exclude_empty=True, recurse=False)
    return [found for found in finder.find(value, name, globs={}) if found.examples]


def test_the_three_lists_of_names_agree() -> None:
    imported = {
        alias.asname or alias.name
        for node in ast.walk(ast.parse(SOURCE))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("connect_harness")
        for alias in node.names
        if alias.name != "nearest"
    }
    assert sorted(imported) == sorted(connect_harness.__all__) == dir(connect_harness)
    missing = [name for name in connect_harness.__all__ if not hasattr(connect_harness, name)]
    assert missing == []


def test_every_class_has_an_example_or_is_given_by_one_that_has() -> None:
    without = [name for name in classes() if not examples_of(name)]
    assert sorted(without) == sorted(WITHOUT_EXAMPLE)


@pytest.mark.parametrize("name", ["connect_harness", *connect_harness.__all__])
def test_examples(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    for found in examples_of(name):
        runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
        value: Any = connect_harness
        module = sys.modules[getattr(getattr(value, name, value), "__module__", "connect_harness")]
        found.globs.update({key: vars(module)[key] for key in vars(module) if key[0] != "_"})
        failed, _ = runner.run(found)
        assert failed == 0, capsys.readouterr().out


def test_everything_has_a_docstring() -> None:
    silent = [
        name
        for name in connect_harness.__all__
        if callable(value := getattr(connect_harness, name)) and not value.__doc__
    ]
    assert silent == []


def test_help_lists_what_there_is() -> None:
    text = pydoc.plain(pydoc.render_doc(connect_harness))
    assert "class TargetSession(" in text
    assert "What there is, by what it is for:" in text


def test_a_wrong_name_names_the_nearest() -> None:
    with pytest.raises(AttributeError, match="'SecurtyConfig'; the nearest are SecurityConfig"):
        _ = connect_harness.SecurtyConfig


def test_what_is_looked_for_by_machines_loads_nothing() -> None:
    """pytest and others ask each module for names such as ``__path__`` or ``_pytestfixture``."""
    code = (
        "import sys, connect_harness; before = set(sys.modules)\n"
        "dir(connect_harness), getattr(connect_harness, '__wrapped__', 0)\n"
        "print(sorted(set(sys.modules) - before))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"

"""The file of survivors, and what is read out of a run of mutmut."""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

HERE = Path(__file__).parent


@pytest.fixture
def scripts(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The modules beside this one."""
    monkeypatch.syspath_prepend(str(HERE))
    names = ("mutate", "outcomes", "survivors")
    yield SimpleNamespace(**{name: import_module(name) for name in names})
    for name in names:
        sys.modules.pop(name, None)


CHANGED = '''
class Thing:
    def xǁThingǁdescribe__mutmut_orig(self, name):
        """What it says."""
        return name if name == "a" else "b"

    def xǁThingǁdescribe__mutmut_1(self, name):
        """What it says."""
        return name if name != "a" else "b"

    def xǁThingǁdescribe__mutmut_2(self, name):
        """What it says."""
        return name if name == "a" else "XXbXX"

    def xǁThingǁdescribe__mutmut_3(self, name):
        """What it says."""
        return None
'''


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """What a run left of one module with three mutants: the first killed, the last unchecked."""
    folder = tmp_path / "wire"
    folder.mkdir()
    (folder / "thing.py").write_text(CHANGED, encoding="utf-8")
    key = "connect_contracts.wire.thing.xǁThingǁdescribe__mutmut_"
    codes = {f"{key}1": 1, f"{key}2": 0, f"{key}3": None}
    (folder / "thing.py.meta").write_text(json.dumps({"exit_code_by_key": codes}), encoding="utf-8")
    return tmp_path


def survivor(scripts: Any, **special: str) -> Any:
    given = {"module": "wire.thing", "function": "Thing.describe", "change": "words", **special}
    return scripts.survivors.Survivor(**given, reason="for this test")


def test_what_a_run_left(scripts: Any, run: Path) -> None:
    found = scripts.outcomes.read_outcomes(run)
    assert [(each.number, each.outcome, each.words_alone) for each in found] == [
        (1, "killed", False),
        (2, "survived", True),
        (3, "unchecked", False),
    ]
    assert {(each.module, each.function) for each in found} == {("wire.thing", "Thing.describe")}
    assert found[0].change == "return name if name != 'a' else 'b'"
    table = scripts.outcomes.show(found).splitlines()
    assert table[1].split() == ["wire.thing", "3", "1", "1", "0", "33.3%"]


def test_a_survivor_without_a_reason_is_named(scripts: Any, run: Path) -> None:
    (wrong,) = scripts.survivors.unexplained(scripts.outcomes.read_outcomes(run), [])
    assert wrong.startswith("no reason: wire.thing Thing.describe (2): return name if")


@pytest.mark.parametrize(
    "special",
    [
        {},
        {"module": "wire.*", "function": "*.describe"},
        {"change": "return name if name == 'a' else 'XXbXX'"},
        {"change": "*"},
    ],
)
def test_a_reason_explains_a_survivor(scripts: Any, run: Path, special: dict[str, str]) -> None:
    found = scripts.outcomes.read_outcomes(run)
    reason = survivor(scripts, **special)
    assert scripts.survivors.unexplained(found, [reason]) == []


def test_a_reason_without_a_survivor_is_named(scripts: Any, run: Path) -> None:
    found = scripts.outcomes.read_outcomes(run)
    killed = survivor(scripts, change="return name if name != 'a' else 'b'")
    (wrong,) = scripts.survivors.unexplained(found, [survivor(scripts), killed])
    assert wrong.startswith("no such survivor: wire.thing Thing.describe: return name if name !=")
    # Of what was not checked, nobody knows whether it survives.
    unchecked = survivor(scripts, change="return None")
    assert scripts.survivors.unexplained(found, [survivor(scripts), unchecked]) == []


@pytest.mark.parametrize("name", ["judge", "references", "on_requests"])
def test_every_survivor_is_one_that_may_be(scripts: Any, name: str) -> None:
    subject = scripts.mutate.SUBJECTS[name]
    known = scripts.survivors.read_survivors(subject.folder / "survivors.toml")
    modules = {
        ".".join(path.relative_to(subject.package).with_suffix("").parts).removesuffix(".__init__")
        for path in subject.package.rglob("*.py")
    }
    for one in known:
        if "*" not in one.module:
            assert one.module in modules, one.describe()


@pytest.mark.parametrize(
    "text",
    [
        'module = "a"\nfunction = "b"\nchange = "c"',
        'module = "a"\nfunction = "b"\nchange = "c"\nreason = " "',
        'module = "a"\nfunction = "b"\nchange = "c"\nreason = "d"\nnumber = "1"',
    ],
)
def test_an_entry_has_all_that_it_must_and_no_more(scripts: Any, tmp_path: Path, text: str) -> None:
    path = tmp_path / "survivors.toml"
    path.write_text(f"[[survivor]]\n{text}\n", encoding="utf-8")
    with pytest.raises(scripts.survivors.BadSurvivors):
        scripts.survivors.read_survivors(path)


PROPERTIES = '''
class Thing:
    @property
    def one(self) -> int:
        """One."""
        return 1

    @cached_property
    def two(self) -> int:
        return self.one + 1

    @staticmethod
    def three() -> int:
        return 3
'''


def test_properties_mean_the_same_without_their_decorator(scripts: Any) -> None:
    changed = scripts.mutate.without_decorators(PROPERTIES)
    decorators = [
        ast.unparse(one)
        for node in ast.walk(ast.parse(changed))
        if isinstance(node, ast.FunctionDef)
        for one in node.decorator_list
    ]
    assert decorators == ["staticmethod"]
    namespace: dict[str, Any] = {}
    exec(f"from functools import cached_property\n{changed}", namespace)
    thing = namespace["Thing"]()
    assert (thing.one, thing.two, thing.three()) == (1, 2, 3)
    assert vars(thing) == {"two": 2}

"""Cubes: what the owner describes and registers, and what clients are answered by each door."""

from __future__ import annotations

import json
import math
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from connect_harness import TargetSession
from connect_harness.protocols.py4j import cubes as py4j
from connect_harness.protocols.py4j.objects import JavaError
from connect_harness.server import HarnessError
from connect_harness.state import Cube, Cubes, DataError, Result, WrongCube

MDX = "SELECT {[Measures].[Size.SUM]} ON COLUMNS FROM [Cities]"
DATE = ("Calendar", "Date")
LEVELS = ["City", (*DATE, "Year"), (*DATE, "Month"), ("Calendar", "Week", "Week")]
QUERY = "/activeviam/pivot/rest/v9/cube/query/mdx"
JSON = {"Content-Type": "application/json"}


@dataclass
class Scalar:
    """A scalar as numpy has them: what Python calls the value, and of which kind it is."""

    value: object
    kind: str

    @property
    def dtype(self) -> object:
        return SimpleNamespace(kind=self.kind)

    def tolist(self) -> object:
        return self.value


@pytest.fixture
def cubes(asker) -> Cubes:
    """The cubes of a target with one cube."""
    found: Cubes = asker.application.target.cubes
    found.create("Cities", ["contributors.COUNT", "Size.SUM"], LEVELS)
    return found


@pytest.fixture
def cube(cubes: Cubes) -> Cube:
    return cubes.all()[0]


def paths(axis: dict[str, Any]) -> list[list[list[str]]]:
    """The path of each member, by position."""
    return [[member["namePath"] for member in position] for position in axis["positions"]]


def test_a_registered_result_is_a_cell_set(asker, cubes: Cubes, cube: Cube) -> None:
    result = {
        "Year": ["2020", "2021"],
        "City": ["Rome", "Oslo"],
        "Month": ["1", "2"],
        "Size.SUM": [2.5, None],
        "contributors.COUNT": [1, 0],
    }
    cubes.register(cube, MDX, result)
    answer = json.loads(asker.post(QUERY, {"mdx": MDX, "context": {}}).body)
    columns, rows = answer["axes"]
    assert paths(columns) == [[["Size.SUM"]], [["contributors.COUNT"]]]
    assert rows["hierarchies"] == [
        {"dimension": "City", "hierarchy": "City"},
        {"dimension": "Calendar", "hierarchy": "Date"},
    ]
    assert rows["maxLevelPerHierarchy"] == [2, 3]
    assert paths(rows) == [
        [["AllMember", "Rome"], ["AllMember", "2020", "1"]],
        [["AllMember", "Oslo"], ["AllMember", "2021", "2"]],
    ]
    # Of a cell that is empty there is nothing.
    cells = {cell["ordinal"]: cell["value"] for cell in answer["cells"]}
    assert cells == {0: 2.5, 1: 1, 3: 0}
    defaults = [["contributors.COUNT"], *(["AllMember"] for _ in ("City", "Date", "Week"))]
    assert [member["path"] for member in answer["defaultMembers"]] == defaults


OTHER = {"M": [1]}
CUBE_OF = {
    "SELECT FROM [A]": "A",
    "select {[M].[FROM [B]]]} on 0 from A where [x]": "A",
    "SELECT FROM [B]]A] CELL PROPERTIES VALUE": "B]A",
    "SELECT FROM (SELECT [L] ON 0 FROM (SELECT 'FROM [B]' ON 0 FROM [A])) WHERE [A FROM].[B]": "A",
    "SELECT /* FROM [B] */ FROM [A] -- FROM [B]\n // FROM [B]": "A",
    'WITH MEMBER [FROM] AS "FROM [B]" SELECT\nFROM\n[A]': "A",
}


@pytest.mark.parametrize("mdx", CUBE_OF)
def test_a_query_gets_the_answer_of_the_cube_that_it_names(asker, cubes: Cubes, mdx: str) -> None:
    """Exact texts first, the newest first; the answers of another cube are never asked."""
    for name in ("A", "B", "B]A"):
        made = cubes.create(name, ["M"], [])
        cubes.register(made, lambda mdx: OTHER)
        cubes.register(made, lambda mdx, name=name: {"M": [name]})
    named = next(cube for cube in cubes.all() if cube.name == CUBE_OF[mdx])
    answer = json.loads(asker.post(QUERY, {"mdx": mdx}).body)
    assert (answer["cube"], answer["cells"][0]["value"]) == (named.name, named.name)
    for value in ("old", "new"):
        cubes.register(named, mdx, {"M": [value]})
    cubes.register(named, lambda mdx: OTHER)
    assert json.loads(asker.post(QUERY, {"mdx": mdx}).body)["cells"][0]["value"] == "new"
    other = next(cube for cube in cubes.all() if cube.name == "Cities")
    with pytest.raises(WrongCube, match="and not of 'Cities'"):
        cubes.register(other, mdx, {"Size.SUM": [1]})


@pytest.mark.parametrize(
    ("mdx", "text"),
    [
        ("SELECT FROM [Nope]", "There is no cube 'Nope'. There are: Cities, Empty."),
        ("SELECT [FROM]", "The query 'SELECT [FROM]' names no cube after FROM."),
        ("SELECT FROM [Empty]", "No result is registered for the query 'SELECT FROM [Empty]'"),
    ],
)
def test_a_query_of_no_cube_or_without_a_result(asker, cubes: Cubes, mdx: str, text: str) -> None:
    cubes.register(cubes.all()[0], lambda mdx: {"Size.SUM": [1]})
    cubes.create("Empty", ["M"], [])
    answer = asker.post(QUERY, {"mdx": mdx})
    assert answer.status == 400
    assert json.loads(answer.body)["error"].startswith(f"Bad Request: {text}")


TOTALS = "SELECT {[M].[S]} ON 0, Hierarchize(Descendants({%s}, 1, SELF_AND_BEFORE)) ON 1 FROM %s"
ALL = "[City].[City].[ALL].[AllMember]"


def test_totals_are_not_served_but_where_the_owner_registered_this_very_query(
    asker, cubes: Cubes, cube: Cube
) -> None:
    """A callable is not asked: it answers queries that its writer never saw."""
    asked: list[str] = []
    asker.application.target.not_served = asked.append
    cubes.register(cube, lambda mdx: {"Size.SUM": [1]})
    mdx = TOTALS % (ALL, "[Cities]")
    answer = asker.post(QUERY, {"mdx": mdx})
    assert (answer.status, asked) == (400, ["the totals of a query (include_totals=True)"])
    assert json.loads(answer.body)["error"] == (
        "Bad Request: Totals (include_totals=True) are not served by this session: query without "
        f"them, or register a result for the very query {mdx!r}."
    )
    cubes.register(cube, mdx, {"Size.SUM": [2]})
    for without in (mdx, MDX, MDX.replace("[Cities]", f"({TOTALS % (ALL, '[Cities]')})")):
        assert asker.post(QUERY, {"mdx": without}).status == 200
    assert len(asked) == 1


def test_another_query_is_an_error_that_says_how_to_register_it(asker, cubes: Cubes) -> None:
    answer = asker.post(QUERY, {"mdx": MDX})
    assert answer.status == 400
    assert json.loads(answer.body)["error"] == (
        f"Bad Request: No result is registered for the query {MDX!r}: register one by "
        "target.create_cube(...).register(mdx, {column: values})."
    )


@pytest.mark.parametrize(
    ("result", "text"),
    [
        ({"Nope": []}, "no measure or level 'Nope'"),
        ({"City": ["Rome"], "Size.SUM": []}, "differ in length"),
        ({"Month": ["1"], "Size.SUM": [1]}, "without the level above"),
        (
            {"Size.SUM": [date(2024, 2, 29)]},
            r"'Size.SUM' has datetime.date\(2024, 2, 29\): a cell is",
        ),
        ({"Size.SUM": [{"a": 1}]}, "a cell is None, a bool, a number, a text, or a list of these"),
        ({"Size.SUM": [Scalar(1, "M")]}, "a cell is None"),
        ({"Size.SUM": ["\ud800"]}, "a cell is None"),
        ({"City": ["\ud800"]}, "no value of the data type String"),
        ({"Size.SUM": 3}, "The column 'Size.SUM' is no list of values"),
        ({"Size.SUM": "abc"}, "is no list of values"),
        ({"Size.SUM": {1}}, "is no list of values"),
    ],
)
def test_a_result_that_does_not_fit(cubes: Cubes, cube: Cube, result: Any, text: str) -> None:
    with pytest.raises(DataError, match=text):
        cubes.register(cube, MDX, result)


def test_what_a_cell_and_a_member_may_be(asker, cubes: Cubes, cube: Cube) -> None:
    values = [Scalar(1, "i"), [Scalar(2, "f"), None], True, "text", 0.5, None, math.nan]
    members = [date(2024, 2, 29), 1, *"abcde"]
    cubes.register(cube, MDX, {"City": members, "Size.SUM": values})
    values.clear()
    answer = json.loads(asker.post(QUERY, {"mdx": MDX}).body)
    shown = [cell["value"] for cell in answer["cells"]]
    assert shown == [1, [2, None], True, "text", 0.5, "NaN"]
    assert paths(answer["axes"][1])[:2] == [[["AllMember", "2024-02-29"]], [["AllMember", "1"]]]


def lost(mdx: str) -> Result:
    raise LookupError("lost")


@pytest.mark.parametrize(
    ("answering", "texts"),
    [
        (lost, ("Traceback", "test_cubes.py", "LookupError: lost")),
        (
            lambda mdx: [1],
            ("TypeError: A callable gives a mapping of columns, or None, not list.",),
        ),
        (lambda mdx: {"Nope": []}, ("WrongCube: The cube 'Cities' has no measure",)),
    ],
)
def test_a_mistake_of_a_callable_is_its_own(answering: Any, texts: tuple[str, ...]) -> None:
    with TargetSession.start(release="0.9.1") as target:
        made = target.create_cube("Cities", measures=["Size.SUM"])
        made.register(answering)
        data = json.dumps({"mdx": MDX}).encode()
        request = urllib.request.Request(target.url + QUERY, data, JSON)
        with pytest.raises(urllib.error.HTTPError, match="500"):
            urllib.request.urlopen(request)
        assert target.journal.wait_until_quiet()
        (error,) = target.journal.of(HarnessError)
    assert error.fault == "a callable that the owner registered"
    assert all(text in error.text for text in texts)
    assert "connect_harness" not in error.text


def test_the_owner_registers_the_last_wins_and_a_callable_is_asked() -> None:
    with TargetSession.start() as target:
        made = target.create_cube("Cities", measures=["Size.SUM"], levels=["City"])
        asked: list[str] = []
        with pytest.raises(TypeError, match="gives the result itself: leave result= out"):
            made.register(lambda mdx: None, {"Size.SUM": [1]})
        made.register(lambda mdx: asked.append(mdx))
        made.register(MDX, {"Size.SUM": [1]})
        made.register(MDX, {"Size.SUM": [2]})
        cubes = target._target.cubes
        assert cubes.answer(MDX)[1] == {"Size.SUM": [2]}
        with pytest.raises(WrongCube, match="No result"):
            cubes.answer("SELECT FROM [Cities]")
        assert asked == ["SELECT FROM [Cities]"]
        with pytest.raises(WrongCube, match="'Nope'"):
            made.register(MDX, {"Nope": []})
        year = ("Calendar", "Date", "Year")
        for name, measures, levels, said in (
            ("Cities", ["a"], [], "There is a cube 'Cities' already"),
            ("Other", [], [], "'Other' has no measure"),
            (
                "Other",
                ["a"],
                [("a", "b")],
                r"\('a', 'b'\) is no name of a level, and not",
            ),
            ("Other", ["a"], [3], "3 is no name of a level"),
            ("Other", ["a"], ["City", ("City", "City", "City")], "Two levels have the name 'City'"),
            ("Other", ["a"], [year, ("Hiring", "Hiring", "Year")], "have the name 'Year'"),
            ("Other", ["a"], [year, "City", (*year[:2], "Month")], "'Date' stand together, from"),
            ("Other", ["a"], ["City", "a"], "'a' is the name of a measure and of a level"),
            ("Other", ["a"], "City", r"write one as \['City'\]"),
            ("Other", ["a"], {"City": "b"}, r"a collection of names or keys, .* \['City'\]"),
            ("Other", "Size", [], r"write one as \['Size'\]"),
            ("Other", {"a": "SUM"}, [], r"a collection of names, and no mapping: write \['a'\]"),
            ("Other", ["a", "a"], [], "'a' is no name of a measure, or twice"),
            ("", ["a"], [], "'' is no name of a cube"),
        ):
            with pytest.raises(WrongCube, match=said):
                target.create_cube(name, measures=measures, levels=levels)
        target.restart()
        assert [cube.name for cube in cubes.all()] == [made.name]


def test_cubes_in_graphql_and_discovery(asker, cubes: Cubes) -> None:
    query = """query($name: String!) { dataModel { cubes { name } cube(name: $name) {
      measures { name } measure(name: "Size.SUM") { name } other: measure(name: "x") { name }
      dimension(name: "Calendar") { hierarchy(name: "Date") { level(name: "Year") {
        name type hierarchy { name dimension { name } } } } }
      dimensions { name hierarchies { name levels { name type } } } } } }"""
    found = json.loads(asker.graphql(query, name="Cities").body)["data"]["dataModel"]
    assert found["cubes"] == [{"name": "Cities"}]
    every = {"name": "ALL", "type": "ALL"}

    def level(name: str) -> dict[str, Any]:
        return {"name": name, "type": "REGULAR"}

    assert found["cube"] == {
        "measures": [{"name": "contributors.COUNT"}, {"name": "Size.SUM"}],
        "measure": {"name": "Size.SUM"},
        "other": None,
        "dimension": {
            "hierarchy": {
                "level": {
                    **level("Year"),
                    "hierarchy": {"name": "Date", "dimension": {"name": "Calendar"}},
                }
            }
        },
        "dimensions": [
            {"name": "City", "hierarchies": [{"name": "City", "levels": [every, level("City")]}]},
            {
                "name": "Calendar",
                "hierarchies": [
                    {"name": "Date", "levels": [every, level("Year"), level("Month")]},
                    {"name": "Week", "levels": [every, level("Week")]},
                ],
            },
        ],
    }
    catalogs = json.loads(asker.get("/activeviam/pivot/rest/v9/cube/discovery").body)["catalogs"]
    (described,) = catalogs[0]["cubes"]
    assert [
        (dimension["name"], [hierarchy["name"] for hierarchy in dimension["hierarchies"]])
        for dimension in described["dimensions"]
    ] == [("City", ["City"]), ("Calendar", ["Date", "Week"])]


def test_cubes_by_py4j(cube: Cube) -> None:
    levels = py4j.hierarchy(cube, "Calendar", "Date").call("orElseThrow", []).call("levels", [])
    assert list(levels) == ["Year", "Month"]
    year = levels["Year"]
    assert [year.call(name, []) for name in ("getTableName", "getFieldName")] == [
        "Calendar",
        "Year",
    ]
    assert year.call("type", []).call("getJavaType", []) == "String"
    assert [each.call("name", []) for each in py4j.measures(cube)] == list(cube.measures)
    for none in (
        py4j.hierarchy(cube, "City", "Date"),
        py4j.measure(cube, "x"),
        py4j.measure(None, "x"),
    ):
        assert none.call("isEmpty", []) is True
        with pytest.raises(JavaError, match="No value"):
            none.call("orElseThrow", [])

"""What users call of a connected session, each on a target of its own, on the installed release.

    python members.py [--trace] [MEMBER]...

Prints one JSON object for each member: its name, and what became of it. With ``--trace`` it prints
first what the target saw, from its side of the socket.
"""

from __future__ import annotations

import datetime as dt
import inspect
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import atoti as tt
import pandas as pd
import pyarrow as pa
from printing import begin, show
from seen import last_seen, lines_seen

from connect_harness import SecurityConfig, SessionConfig, TargetSession
from connect_harness.server import NotServed

ROWS = [("Paris", 2), ("Rome", 3), ("Oslo", 1)]
CITY = {"Name": "String", "Size": "int"}
PLUS_TWO = dt.timezone(dt.timedelta(hours=2))
DEFAULTS: dict[str, object] = {
    "boolean": True,
    "double": 1.5,
    "double[]": [1.5, 2.5],
    "float": 0.5,
    "float[]": [0.5, -2.5],
    "int": 7,
    "int[]": [1, 2],
    "LocalDate": dt.date(2024, 2, 29),
    "LocalDateTime": dt.datetime(2024, 1, 2, 3, 4, 5),
    "LocalTime": dt.time(1, 2, 3),
    "long": 2**53 + 1,
    "long[]": [1, 2],
    "String": "none",
    "ZonedDateTime": dt.datetime(2024, 1, 2, 3, 4, 5, tzinfo=PLUS_TWO),
}


class NotOfferedError(Exception):
    """This release has no such member."""


class Setting:
    """A target with users and a table, and an administrator's session of it."""

    def __init__(self, target: TargetSession) -> None:
        self.target = target
        target.security.basic_authentication.credentials.update(
            {"admin": "passwd", "user": "passwd"}
        )
        target.security.individual_roles.update(
            {"admin": {"ROLE_USER", "ROLE_ADMIN"}, "user": {"ROLE_USER"}}
        )
        self.owned = target.create_table("City", data_types=CITY, keys=["Name"])
        self.owned.add(*ROWS)
        self.session = self.connect("admin")

    def connect(self, name: str, password: str = "passwd") -> tt.Session:
        return tt.Session.connect(
            self.target.url, authentication=tt.BasicAuthentication(name, password)
        )

    @property
    def city(self) -> tt.Table:
        return self.session.tables["City"]

    def create(self, name: str, data_types: dict[str, str], **rest: object) -> tt.Table:
        """Creates a table; the argument for the data types was called ``types`` at first."""
        parameters = inspect.signature(tt.Session.create_table).parameters
        argument = "data_types" if "data_types" in parameters else "types"
        return self.session.create_table(name, **{argument: data_types}, **rest)


MEMBERS: dict[str, Callable[[Setting], None]] = {}


def member(name: str) -> Callable[[Callable[[Setting], None]], Callable[[Setting], None]]:
    """What is decorated calls the member of this name and asserts what it is to do."""

    def keep(call: Callable[[Setting], None]) -> Callable[[Setting], None]:
        MEMBERS[name] = call
        return call

    return keep


def same(given: object, wanted: object) -> None:
    """Raises ``AssertionError``, with both, where they differ."""
    if given != wanted:
        raise AssertionError(f"{given!r} instead of {wanted!r}")


def offered(owner: object, name: str) -> Any:
    """The attribute of this name; raises ``NotOfferedError`` if the release has none."""
    if not hasattr(owner, name):
        raise NotOfferedError
    return getattr(owner, name)


@member("documented example")
def _(s: Setting) -> None:
    example = s.target.create_table("Example", data_types={"Id": "String"})
    same(sorted(s.session.tables), ["City", "Example"])
    table = s.session.tables["Example"]
    table += ("foo",)
    same(str(table.head()), "    Id\n0  foo")
    same(example.rows, [("foo",)])


def create_by(argument: str) -> Callable[[Setting], None]:
    """Creates a table, with its data types as the argument of this name."""

    def call(s: Setting) -> None:
        if argument not in inspect.signature(tt.Session.create_table).parameters:
            raise NotOfferedError
        s.session.create_table("Town", **{argument: CITY})
        made = s.target.tables["Town"]
        same((dict(made.data_types), made.keys), (CITY, ()))

    return call


for argument in ("types", "data_types"):
    member(f"create_table({argument}=)")(create_by(argument))


@member("create_table, keys")
def _(s: Setting) -> None:
    same(tuple(s.create("Town", CITY, keys=["Size", "Name"]).keys), ("Size", "Name"))
    same(s.target.tables["Town"].keys, ("Size", "Name"))


def create_of(s: Setting, *data_types: str) -> None:
    """Creates a table with a column of each data type, and asks the session for them again."""
    columns = {f"a {name}": name for name in data_types}
    table = s.create("Town", columns)
    same(dict(s.target.tables["Town"].data_types), columns)
    same({name: table[name].data_type for name in table}, columns)


member("create_table, every data type but Object")(lambda s: create_of(s, *DEFAULTS))
member("create_table, Object")(lambda s: create_of(s, "Object"))


@member("create_table, default values")
def _(s: Setting) -> None:
    with_null = {name: None if name == "double" else value for name, value in DEFAULTS.items()}
    s.create("Town", {name: name for name in DEFAULTS}, default_values=with_null)
    wanted = s.target.create_table(
        "Wanted", data_types={name: name for name in DEFAULTS}, default_values=with_null
    )
    for table in (s.target.tables["Town"], wanted):
        table.add(dict.fromkeys(DEFAULTS))
    made, meant = s.target.tables["Town"].rows[0], wanted.rows[0]
    # Of a moment the name of its zone is the client's.
    same([str(value).partition("[U")[0] for value in made], [str(value) for value in meant])


@member("+=")
def _(s: Setting) -> None:
    table = s.city
    table += ("Bonn", 4)
    table += ("Rome", 9)
    same(s.owned.rows, [("Paris", 2), ("Rome", 9), ("Oslo", 1), ("Bonn", 4)])


@member("append")
def _(s: Setting) -> None:
    offered(s.city, "append")(("Bonn", 4), ("Rome", 9))
    same(s.owned.rows, [("Paris", 2), ("Rome", 9), ("Oslo", 1), ("Bonn", 4)])


def load(s: Setting, name: str, data: object, *added: tuple[object, ...]) -> None:
    """Loads ``data`` by the method of this name."""
    offered(s.city, name)(data)
    same(s.owned.rows, [*ROWS, *added])


FRAME = pd.DataFrame({"Name": ["Bonn", "Nice"], "Size": [4, 5]})
ARROW = pa.table({"Name": ["Bonn"], "Size": pa.array([4], pa.int32())})
member("load, a data frame")(lambda s: load(s, "load", FRAME, ("Bonn", 4), ("Nice", 5)))
member("load_pandas")(lambda s: load(s, "load_pandas", FRAME, ("Bonn", 4), ("Nice", 5)))
member("load, an Arrow table")(lambda s: load(s, "load", ARROW, ("Bonn", 4)))
member("load_arrow")(lambda s: load(s, "load_arrow", ARROW, ("Bonn", 4)))


@member("head")
def _(s: Setting) -> None:
    frame = s.city.head(2)
    same((len(frame), frame.index.name, list(frame.columns)), (2, "Name", ["Size"]))


@member("query, columns")
def _(s: Setting) -> None:
    frame = s.city.query(s.city["Size"], s.city["Name"])
    same(list(frame.columns), ["Size", "Name"])
    same(sorted(zip(frame["Name"], frame["Size"], strict=True)), sorted(ROWS))


@member("query, filter")
def _(s: Setting) -> None:
    city = s.city
    same(sorted(city.query(filter=city["Size"] > 1)["Name"]), ["Paris", "Rome"])
    same(sorted(city.query(filter=city["Name"].isin("Oslo", "Nice"))["Name"]), ["Oslo"])
    both = (city["Size"] > 1) & (city["Name"] != "Rome")
    same(sorted(city.query(filter=both)["Name"]), ["Paris"])


member("query, limit")(lambda s: same(len(s.city.query(max_rows=2)), 2))
member("row_count")(lambda s: same(s.city.row_count, 3))
member("keys")(lambda s: same(list(s.city.keys), ["Name"]))


@member("columns with types")
def _(s: Setting) -> None:
    same({name: s.city[name].data_type for name in s.city}, CITY)
    same("Size" in s.city, True)
    same(s.city["Name"].default_value, "N/A")


@member("delete rows, filter")
def _(s: Setting) -> None:
    s.city.drop(s.city["Size"] > 1)
    same(s.owned.rows, [("Oslo", 1)])


@member("delete rows, all")
def _(s: Setting) -> None:
    s.city.drop()
    same(s.owned.rows, [])


@member("drop a table")
def _(s: Setting) -> None:
    del s.session.tables["City"]
    same("City" in s.target.tables, False)


@member("security, credentials")
def _(s: Setting) -> None:
    credentials = s.session.security.basic_authentication.credentials
    credentials["new"] = "first"
    s.session.security.individual_roles["new"] = {"ROLE_USER"}
    s.connect("new", "first").close()
    same(sorted(credentials), ["admin", "new", "user"])
    same("REDACTED" in repr(credentials["new"]).upper(), True)
    credentials["new"] = "second"
    s.connect("new", "second").close()
    del credentials["new"]
    same(sorted(s.target.security.basic_authentication.credentials), ["admin", "user"])


@member("security, individual roles")
def _(s: Setting) -> None:
    roles = s.session.security.individual_roles
    roles["user"] = {"ROLE_USER", "ROLE_PILOT"}
    same(set(roles["user"]), {"ROLE_USER", "ROLE_PILOT"})
    roles["user"] -= {"ROLE_PILOT"}
    same(s.target.security.individual_roles["user"], {"ROLE_USER"})
    same(sorted(roles), ["admin", "user"])
    del roles["user"]
    same(sorted(s.target.security.individual_roles), ["admin"])


MDX = "SELECT {[Measures].[Size.SUM]} ON COLUMNS, [City].[Name].[Name].Members ON ROWS FROM [City]"


def cube_of(s: Setting) -> tt.Cube:
    """A cube of the target, whose owner answers each query with the same result."""
    result = {"Name": ["Rome", "Oslo"], "Size.SUM": [3, 1]}
    made = s.target.create_cube(
        "City", measures=["contributors.COUNT", "Size.SUM"], levels=[("City", "Name", "Name")]
    )
    made.register(lambda mdx: result if "Size.SUM" in mdx else None)
    return s.session.cubes["City"]


def values(frame: pd.DataFrame) -> dict[str, float]:
    same((list(frame.columns), list(frame.index.names)), (["Size.SUM"], ["Name"]))
    return {str(name): float(value) for name, value in frame["Size.SUM"].items()}


@member("cubes")
def _(s: Setting) -> None:
    same(list(s.session.cubes), [])
    cube = cube_of(s)
    same(list(s.session.cubes), ["City"])
    same(list(cube.measures), ["contributors.COUNT", "Size.SUM"])
    same([tuple(level) for level in cube.levels], [("City", "Name", "Name")])


@member("cube.query")
def _(s: Setting) -> None:
    cube = cube_of(s)
    frame = cube.query(cube.measures["Size.SUM"], levels=[cube.levels["Name"]])
    same(values(frame), {"Rome": 3, "Oslo": 1})


@member("query_mdx")
def _(s: Setting) -> None:
    cube_of(s)
    same(values(s.session.query_mdx(MDX)), {"Rome": 3, "Oslo": 1})
    with refused():
        s.session.query_mdx("SELECT FROM [City]")


@member("user")
def _(s: Setting) -> None:
    offered(tt.Session, "user")
    user = s.session.user
    same((user.name, sorted(user.roles)), ("admin", ["ROLE_ADMIN", "ROLE_USER"]))


@member("ready")
def _(s: Setting) -> None:
    offered(tt.Session, "ready")
    same(s.session.ready, True)
    s.session.ready = False
    same((s.session.ready, s.target.ready), (False, False))


@member("link")
def _(s: Setting) -> None:
    offered(tt.Session, "link")
    same(s.target.url in repr(s.session.link), True)


@member("close")
def _(s: Setting) -> None:
    s.session.close()
    same(s.target.ready, True)
    with refused():
        list(s.session.tables)


@member("with")
def _(s: Setting) -> None:
    with s.connect("admin") as session:
        list(session.tables)
    with refused():
        list(session.tables)


@contextmanager
def refused() -> Iterator[None]:
    try:
        yield
    except Exception:
        return
    raise AssertionError("it was not refused")


def outcome(name: str, *, trace: bool) -> dict[str, object]:
    """What became of one member: ``works``, ``not offered``, or the error and what was seen.

    With what the client asked for on the way that the target does not serve.
    """
    found: dict[str, object]
    with TargetSession.start(SessionConfig(security=SecurityConfig())) as target:
        try:
            setting = Setting(target)
            MEMBERS[name](setting)
            found = {"member": name, "result": "works"}
            setting.session.close()
        except NotOfferedError:
            found = {"member": name, "result": "not offered"}
        except Exception as error:
            lines = str(error).splitlines() or [""]
            text = f"{type(error).__qualname__}: {lines[0]}"
            found = {"member": name, "result": text, "seen": last_seen(target.journal)}
        found["not_served"] = [event.operation for event in target.journal.of(NotServed)]
        if trace:
            for line in lines_seen(target.journal):
                show(line)
    return found


if __name__ == "__main__":
    begin()
    given = sys.argv[1:]
    trace = "--trace" in given
    for name in [name for name in given if name != "--trace"] or MEMBERS:
        show(json.dumps(outcome(name, trace=trace)))

"""Both profiles on a target session, beyond what the suite judges.

What it judges is held by its cases: ``mutate.py --of references`` tells what they do not notice.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import Any

import pytest

from connect_contracts.reference import v0_9_1, v6_2
from connect_contracts.reference._transport import UnexpectedAnswer
from connect_harness import TargetSession
from connect_harness.server.events import ConnectionAccepted, ConnectionClosed

Start = Callable[..., TargetSession]
PROFILES = pytest.mark.parametrize(("module", "release"), [(v0_9_1, "0.9.1"), (v6_2, "6.2.2")])


def connected(module: Any, target: TargetSession) -> Any:
    return module.connect(target.url, authentication=module.BasicAuthentication("admin", "passwd"))


@PROFILES
def test_a_table(module: Any, release: str, start: Start) -> None:
    target = start(release, base_path="/one/two")
    name = 'a/b "c" é % ..'
    target.create_table(
        name, data_types={"City": "String", "Day/é": "LocalDate", "n": "int"}, keys={"City"}
    )
    with connected(module, target) as session:
        table = session.tables[name]
        table.append(("Paris", "2024-02-29", 1), {"n": 2, "City": "Rome", "Day/é": None})
        table += ("Paris", "2024-02-29", 3)
        assert table.row_count == 2
        with pytest.raises(ValueError, match="not negative"):
            table.head(-1)
        assert table.head()["n"].to_dict() == {"Paris": 3, "Rome": 2}
        assert table.query(table["n"], table["City"]).columns.tolist() == ["n", "City"]
        with pytest.raises(KeyError, match="nothing"):
            table["nothing"]


@pytest.mark.parametrize("name", ["", ".", "..", "Example/size", 1])
def test_what_is_no_name_of_a_table(name: object, start: Start) -> None:
    with connected(v6_2, start("6.2.2")) as session:
        assert name not in session.tables
        with pytest.raises(KeyError):
            session.tables[name]


def test_6_2_creates_a_table_of_every_type_under_any_name(start: Start) -> None:
    every_type = {
        f"of type {name}": name
        for name in ("double[]", "LocalDateTime", "String", "boolean", "ZonedDateTime", "long[]")
    }
    with connected(v6_2, start("6.2.2")) as session:
        name = 'A "new" {table} é\n\\'
        table = session.create_table(
            name, data_types=every_type, keys={"of type boolean", "of type String"}
        )
        assert list(session.tables) == ["Example", name]
        assert {name: table[name].data_type for name in table} == every_type
        assert table.keys == ("of type String", "of type boolean")
        with pytest.raises(ValueError, match="no data type 'text'"):
            session.create_table("Other", data_types={"Id": "text"})


def test_a_dropped_session_closes_its_connections(start: Start) -> None:
    target = start()
    table = connected(v0_9_1, target).tables["Example"]
    assert table.row_count == 0
    assert not target.journal.of(ConnectionClosed)
    del table
    gc.collect()
    assert target.journal.wait_until_quiet(5)
    assert target.journal.of(ConnectionClosed)


@PROFILES
def test_a_connection_is_kept_however_long_nothing_is_asked(
    module: Any, release: str, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = start(release)
    session = connected(module, target)
    now = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: now() + 24 * 3600)
    assert list(session.tables) == ["Example"]
    monkeypatch.undo()
    assert len(target.journal.of(ConnectionAccepted)) == 1
    session.close()


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/db/discovery/tableNames", {"tables": []}),
        ("/db/discovery/tableNames", [1]),
        ("/db/discovery/tables/Example", {"fields": []}),
        ("/db/discovery/tables/Example", []),
        ("/db/discovery/tables/Example/size", "many"),
        ("/db/data/tables/Example", {"rows": [1]}),
        ("/db/data/tables/Example", {}),
    ],
)
def test_a_wrong_answer_is_never_passed_on(path: str, answer: object, scripted: Any) -> None:
    schema = {"fields": [{"index": 0, "name": "Id", "type": "String"}], "keyFields": []}
    scripted.set("/db/discovery/tables/Example", schema)
    scripted.set("/db/discovery/tables/Example/size", 0)
    scripted.set("/db/data/tables/Example", {"rows": []})
    with v6_2.connect(scripted.url) as session:
        table = session.tables["Example"]
        scripted.set(path, answer)
        with pytest.raises(UnexpectedAnswer):
            pytest.fail(f"{list(session.tables)} {table.row_count} {table.head()}")


def test_6_2_draws_the_schema_of_the_tables(start: Start) -> None:
    target = start("6.2.2")
    target.create_table("a b", data_types={"Id": "String", "n": "int"})
    with connected(v6_2, target) as session:
        assert session.tables.schema == (
            'erDiagram\n  "Example" { String "Id" }\n  "a b" { String "Id"; int "n" }'
        )


def test_6_2_manages_the_roles_of_users(start: Start) -> None:
    target = start("6.2.2")
    with connected(v6_2, target) as session:
        roles = session.security.individual_roles
        roles['zoë "z"'] = {"ROLE_USER", "ROLE_PILOT"}
        assert roles['zoë "z"'] == {"ROLE_USER", "ROLE_PILOT"}
        assert target.security.individual_roles['zoë "z"'] == {"ROLE_USER", "ROLE_PILOT"}
        assert (set(roles), len(roles)) == ({"admin", 'zoë "z"'}, 2)
        del roles['zoë "z"']
        assert 'zoë "z"' not in target.security.individual_roles
        with pytest.raises(KeyError):
            del roles['zoë "z"']
        target.security.individual_roles["admin"] = {"ROLE_USER"}
        with pytest.raises(v6_2.GraphQLClientHttpError):
            roles["admin"] = {"ROLE_ADMIN"}


def test_an_answer_without_roles_is_none(scripted: Any) -> None:
    graphql = {"versions": [{"id": "1", "restPath": "/graphql", "wsPath": None}]}
    versions = scripted.versions()
    versions["apis"]["graphql"] = graphql
    scripted.set("/versions/rest", versions)
    scripted.set("/graphql", {"data": {"security": None}})
    with (
        v6_2.connect(scripted.url) as session,
        pytest.raises(UnexpectedAnswer, match="which roles"),
    ):
        len(session.security.individual_roles)

"""The exchanges that the page of the protocol shows, as fake targets answer them.

``python docs/from_code/exchanges.py`` makes ``docs/exchanges.json`` again. Requests are the rows
below. Each is sent to a target of its own, so none depends on another.
"""

from __future__ import annotations

import json
import socket
import ssl
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPSConnection
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from connect_harness import (
    BasicAuthenticationConfig,
    Issuer,
    Journal,
    SecurityConfig,
    SessionConfig,
    TargetSession,
)
from connect_harness.certificates import default_authorities
from connect_harness.issuer import METADATA_PATHS, TOKEN_PATH
from connect_harness.releases import DEFAULT
from connect_harness.server import GatewayCommand

FILE = Path(__file__).parents[1] / "exchanges.json"
USERS = {"admin": {"ROLE_USER", "ROLE_ADMIN"}, "reader": {"ROLE_USER"}, "guest": set[str]()}
"""The users of a recorded target; each has the password ``passwd``."""
RECORDED = "6.2.2"
"""The release whose answers are recorded. It is not the newest one: a new release changes none."""
DATABASE = "/activeviam/database/rest/v10"
ONE_TABLE = f"{DATABASE}/discovery/tables/Example"


@dataclass(frozen=True)
class Asked:
    """A request whose answer is recorded.

    Parameters:
        user: Who sends it; ``None`` for no credentials.
        body: What is sent as JSON; a text is sent as a form.
        ready: Whether the target is ready.
    """

    method: str
    target: str
    body: Any = None
    user: str | None = "admin"
    release: str = RECORDED
    ready: bool = True


def change(*line: object) -> dict[str, Any]:
    """The body of a request that adds one line."""
    return {"actions": [{"baseTable": "Example", "lines": [line]}]}


MDX = "SELECT [Measures].[Size.SUM] ON COLUMNS, [City].[City].Members ON ROWS FROM [Cities]"
PIVOT = "/activeviam/pivot/rest/v10"
BRANCH = f"{DATABASE}/data/branches/master"
ROWS = f"{DATABASE}/data/tables/Example"
ROLES = "/activeviam/content/rest/v8/files?path=/atoti/security/individual_roles"
PY4J = "/atoti/rest/v1/py4j/configuration"
ENDPOINTS = (
    Asked("GET", "/versions/rest"),
    Asked("GET", "/versions/rest", release=DEFAULT),
    Asked("GET", "/activeviam/jwt/rest/v3/token"),
    Asked("GET", f"{PIVOT}/ping"),
    Asked("GET", f"{PIVOT}/cube/discovery"),
    Asked("POST", f"{PIVOT}/cube/query/mdx", {"context": {}, "mdx": MDX}),
    Asked("POST", f"{PIVOT}/cube/query/mdx", {"context": {}, "mdx": "SELECT FROM [Cities]"}),
    Asked("GET", ROLES),
    Asked("GET", f"{ROLES}/reader.json"),
    Asked("PUT", f"{ROLES}/guest.json", {"content": '["ROLE_USER"]'}),
    Asked("DELETE", f"{ROLES}/reader.json"),
    Asked("GET", PY4J),
    Asked("GET", PY4J, user="reader"),
    Asked("GET", f"{DATABASE}/discovery"),
    Asked("GET", f"{DATABASE}/discovery/tables", user="reader"),
    Asked("GET", f"{DATABASE}/discovery/tableNames"),
    Asked("GET", ONE_TABLE),
    Asked("GET", f"{ONE_TABLE}/size"),
    Asked("GET", f"{ROWS}?fields=Price,Id&pageSize=5&page=1"),
    Asked("POST", ROWS, {"fields": ["Id", "Price"], "pageSize": 5}),
    Asked("POST", ROWS, {"fields": ["City"]}),
    Asked("POST", BRANCH, change("bar", None)),
    Asked("POST", BRANCH, change("bar", "many")),
    Asked("POST", BRANCH, change("bar", 2.5), user="reader"),
    Asked("POST", "/graphql", {"operation": "{ readiness }"}),
)
GRANT = "grant_type=password&username=reader&password="
ISSUER = (
    *(Asked("GET", path, user=None) for path in METADATA_PATHS),
    Asked("POST", TOKEN_PATH, f"{GRANT}passwd", "connect"),
    Asked("POST", TOKEN_PATH, f"{GRANT}wrong", "connect"),
    Asked("POST", TOKEN_PATH, f"{GRANT}passwd", None),
)
"""What is asked of an issuer of tokens; ``connect`` is the client that it knows."""
REFUSALS = (
    Asked("GET", "/versions/rest", user=None),
    Asked("GET", "/versions/rest", user="guest"),
    Asked("GET", "/versions/rest", user="reader", ready=False),
    Asked("GET", "/nothing"),
    Asked("POST", "/versions/rest"),
)


def operation(query: str, user: str = "admin", **variables: object) -> Asked:
    """A GraphQL operation."""
    body = {"query": query, "operationName": None, "variables": variables}
    return Asked("POST", "/graphql", body, user)


def mutation(name: str, fields: str, user: str = "admin", **given: object) -> Asked:
    """A mutation by its input, which is named after it."""
    type_name = f"{name[0].upper()}{name[1:]}Input"
    query = f"mutation ($input: {type_name}!) {{ {name}(input: $input) {{ {fields} }} }}"
    return operation(query, user, input=given)


SCHEMA = (
    "{ dataModel { database { tables { name columns { name dataType } primaryIndex { name } joins "
    "{ isPartial mappingItems { source { name } target { name } } target { name } "
    "targetOptionality } } } } }"
)
COLUMNS = "columns { name dataType defaultValue } primaryIndex { name }"
CITIES = [{"columnName": "City", "dataType": "STRING"}]
CREDENTIALS = {"username": "writer", "password": "secret"}
OPERATIONS = (
    operation("{ dataModel { database { tables { name } } } }", "reader"),
    operation(
        f"query ($name: String!) {{ dataModel {{ database {{ table(name: $name) {{ {COLUMNS} }} "
        "} } }",
        name="Example",
    ),
    operation("{ dataModel { database { table { name } } } }"),
    operation(SCHEMA, "reader"),
    operation("{ dataModel { cubes { name measures { name } dimensions { name } } } }"),
    operation("{ currentUser { name roles } }", "reader"),
    operation("{ readiness }"),
    operation("{ security { basicAuthentication { usernames } } }"),
    operation("{ security { individualRolesItems { username individualRoles } } }"),
    mutation("updateReadiness", "readiness", readiness="UNREADY"),
    mutation(
        *("createInMemoryTable", "table { name }"),
        tableName="Cities",
        columns=CITIES,
        primaryIndex=["City"],
    ),
    mutation("createTable", "table { name }", tableName="Cities", columns=CITIES),
    mutation("deleteTable", "status", tableName="Example"),
    mutation("deleteTable", "status", "reader", tableName="Example"),
    mutation("createBasicAuthenticationUser", "username", **CREDENTIALS),
    mutation("deleteBasicAuthenticationUser", "status", username="guest"),
    mutation("createBasicAuthenticationCredentials", "username", **CREDENTIALS),
    mutation("deleteBasicAuthenticationCredentials", "status", username="guest"),
    mutation(
        *("createIndividualRolesItem", "individualRolesItem { username individualRoles }"),
        username="guest",
        individualRoles=["ROLE_USER"],
    ),
    mutation("deleteIndividualRolesItem", "status", username="reader"),
)
LOADING = "com.activeviam.atoti.application.internal.loading.impl.LoadingParams"
COMMANDS = (
    "c t api",
    "r u com.activeviam",
    f"r u {LOADING}",
    f"i {LOADING}",
    "i java.util.LinkedHashMap",
    "c o2 put sabsolutePath s{file}",
    "c o2 put serrorHandling sFAIL",
    "c o0 loadDataSourceIntoStore sExample sARROW ro1 ro2 n",
    "c o0 getStoreSize sExample n",
    "c o0 startTransaction n bfalse n",
    "c o0 deleteOnStoreBranch sExample n n s1",
    "c o0 endTransaction btrue s1",
    "c o0 getStoreSize sExample n",
    "c o0 getStoreSize sCities n",
    "p ro3",
    "m d o2",
)
"""What a Py4J client sends to add a row and to remove all; a blank stands for a line feed."""


@contextmanager
def a_target(release: str = RECORDED) -> Iterator[TargetSession]:
    """A secured target with one table, which has one row, and a cube with one result."""
    basic = BasicAuthenticationConfig(realm="Example")
    config = SessionConfig(security=SecurityConfig(basic_authentication=basic))
    with TargetSession.start(config, release=release) as target:
        for name, roles in USERS.items():
            target.security.basic_authentication.credentials[name] = "passwd"
            target.security.individual_roles[name] = roles
        types = {"Id": "String", "Price": "double"}
        table = target.create_table("Example", data_types=types, keys={"Id"})
        table.add(("foo", 1.5))
        cube = target.create_cube("Cities", measures=["Size.SUM"], levels=["City"])
        cube.register(MDX, {"City": ["Rome"], "Size.SUM": [3]})
        yield target


def recorded() -> dict[str, Any]:
    """All exchanges as JSON, by where the page shows them."""
    return {
        "endpoints": [_exchange(asked) for asked in (*ENDPOINTS, *OPERATIONS)],
        "refusals": [_exchange(asked) for asked in REFUSALS],
        "issuer": _of_issuer(),
        "commands": _conversation(),
    }


def _exchange(asked: Asked) -> dict[str, Any]:
    with a_target(asked.release) as target:
        target.ready = asked.ready
        _send(HTTPConnection("localhost", target.port), asked)
        return {"release": asked.release, **_seen(target.journal, asked)}


def _seen(journal: Journal, asked: Asked) -> dict[str, Any]:
    exchange = list(journal)[-1]
    headers = dict(exchange.answer_headers)
    del headers["content-length"]
    is_json = "json" in headers.get("content-type", "")
    text = exchange.answer_body.decode() or None
    return {
        "request": exchange.line,
        "user": asked.user,
        "body": asked.body,
        "status": exchange.status,
        "headers": headers,
        "answer": _steady(exchange.answer_json) if is_json else text,
    }


def _of_issuer() -> list[dict[str, Any]]:
    found = []
    with Issuer.start(dict.fromkeys(USERS, "passwd"), lambda _: "TOKEN") as issuer:
        authority = default_authorities().authority("authority").certificate_pem
        trusting = ssl.create_default_context(cadata=authority.decode())
        for asked in ISSUER:
            connection = HTTPSConnection("localhost", issuer.port, context=trusting)
            _send(connection, asked, issuer.client_secret)
            found.append(_seen(issuer.journal, asked))
        text = json.dumps(found).replace(f"localhost:{issuer.port}", "localhost:8444")
    steady: list[dict[str, Any]] = json.loads(text)
    return steady


def _send(connection: HTTPConnection, asked: Asked, password: str = "passwd") -> Any:
    headers = {}
    if asked.user:
        pair = b64encode(f"{asked.user}:{password}".encode()).decode()
        headers["Authorization"] = f"Basic {pair}"
    body = asked.body
    if isinstance(body, str):
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    elif body is not None:
        headers["Content-Type"] = "application/json"
        body = json.dumps(body)
    connection.request(asked.method, asked.target, body, headers)
    answer = connection.getresponse().read()
    connection.close()
    return json.loads(answer) if answer[:1] in (b"{", b"[") else answer


def _steady(answer: Any) -> Any:
    """An answer without what differs from run to run."""
    others = {"token": "TOKEN", "port": 12345}
    if not isinstance(answer, Mapping):
        return answer
    return {key: others.get(key, value) for key, value in answer.items()}


def _conversation() -> list[list[str]]:
    """The commands and their replies."""
    with a_target() as target, TemporaryDirectory() as folder:
        file = Path(folder, "rows.arrow")
        _write(file)
        address = _send(HTTPConnection("localhost", target.port), Asked("GET", PY4J))
        lines = ["A TOKEN", *COMMANDS]
        with (
            socket.create_connection(("localhost", address["port"])) as connection,
            connection.makefile("rw", encoding="utf-8", newline="\n") as stream,
        ):
            for line in lines:
                given = line.replace("TOKEN", address["token"]).replace("{file}", str(file))
                end = "" if line.startswith("A") else "e\n"
                stream.write("\n".join(given.split(" ")) + f"\n{end}")
                stream.flush()
                stream.readline()
        commands = [event for event in target.journal.events if isinstance(event, GatewayCommand)]
        replies = [(event.reply or "").strip() for event in commands]
    return [list(pair) for pair in zip(lines, replies, strict=True)]


def _write(file: Path) -> None:
    arrow = import_module("pyarrow")
    rows = arrow.table({"Id": ["bar"], "Price": [2.5]})
    with arrow.ipc.new_file(file, rows.schema) as writer:
        writer.write_table(rows)


def written() -> str:
    """The file as it is to be."""
    return json.dumps(recorded(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(written(), "utf-8")

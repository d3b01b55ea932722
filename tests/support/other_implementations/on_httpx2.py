"""``connect`` on ``httpx2``, for the profile 6.2.

One ``httpx2.Client`` with a ``base_url`` belongs to each session. All tables are described by one
request, ``discovery/tables``; rows are read by GET; everything else is GraphQL with variables.
"""

from __future__ import annotations

import math
import re
import ssl
from base64 import b64encode
from collections.abc import Callable, Generator, Iterator, Mapping, MutableMapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, NamedTuple, Self
from urllib.parse import quote

import httpx2
import pandas as pd

__connect_contract__ = {"profile": "6.2", "server_version": "6.2.2", "trust_store": "ssl"}

PATIENCE = httpx2.Timeout(30, connect=10)  # seconds
MOST_ROWS = 2**31 - 2
KNOWN = {"activeviam/pivot": "10", "activeviam/database": "10", "graphql": "1"}

USER = "query { currentUser { name roles } }"
READINESS = "query { readiness }"
ROLES = "query { security { individualRolesItems { username individualRoles } } }"
CHANGE = "mutation ($input: {0}Input!) {{ {1}(input: $input) {{ __typename }} }}"


class RefusedError(Exception):
    """The target answered, and not what was asked for."""


@dataclass(frozen=True)
class BasicAuthentication:
    username: str
    password: str = field(repr=False)

    def __call__(self, _url: str) -> dict[str, str]:
        if ":" in self.username:
            raise ValueError("No colon can be in a user name of Basic authentication.")
        pair = f"{self.username}:{self.password}".encode()
        return {"Authorization": f"Basic {b64encode(pair).decode()}"}


@dataclass(frozen=True)
class TokenAuthentication:
    token: str = field(repr=False)
    token_type: str = "Bearer"

    def __call__(self, _url: str) -> dict[str, str]:
        return {"Authorization": f"{self.token_type} {self.token}"}


@dataclass(frozen=True)
class ClientCertificate:
    certificate: Path
    keyfile: Path | None = field(default=None, kw_only=True)
    password: str | None = field(default=None, kw_only=True, repr=False)


class CallableAuth(httpx2.Auth):
    """Asks a callable for the headers of each request."""

    def __init__(self, authenticate: Callable[[str], Mapping[str, str]]) -> None:
        self.authenticate = authenticate

    def auth_flow(
        self, request: httpx2.Request
    ) -> Generator[httpx2.Request, httpx2.Response, None]:
        for name, value in self.authenticate(str(request.url)).items():
            if re.search(r"[^\t -~]", name + value):
                raise ValueError("The credentials cannot be sent in a header.")
            request.headers[name] = value
        yield request


def tls(certificate_authority: Path | None, authentication: object) -> ssl.SSLContext:
    """A context for the authorities of a file or of the machine, with the client's certificate."""
    if certificate_authority is None:
        context = ssl.create_default_context()
    else:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(certificate_authority)
    if isinstance(authentication, ClientCertificate):
        given = authentication
        # Without a password OpenSSL would ask for one on the terminal.
        context.load_cert_chain(given.certificate, given.keyfile, lambda: given.password or "")
    return context


class Column(NamedTuple):
    name: str
    data_type: str


class User(NamedTuple):
    name: str
    roles: frozenset[str]


class Api:
    """Requests to one target."""

    def __init__(self, client: httpx2.Client) -> None:
        self.client = client
        document = self.json("GET", "/versions/rest")
        self.server_version = document["serverVersion"]
        self._apis = document["apis"]

    def path(self, api: str) -> str:
        offered = {each["id"]: each["restPath"] for each in self._apis[api]["versions"]}
        path: str = offered[KNOWN[api]]
        return path

    def send(self, method: str, path: str, **more: Any) -> httpx2.Response:
        answer = self.client.request(method, path, **more)
        if answer.status_code != httpx2.codes.OK:
            raise RefusedError(f"{method} {path} was answered with {answer.status_code}.")
        return answer

    def json(self, method: str, path: str, **more: Any) -> Any:
        return self.send(method, path, **more).json()

    def data(self, method: str, path: str, **more: Any) -> Any:
        return self.json(method, self.path("activeviam/database") + path, **more)

    def graphql(self, document: str, **variables: Any) -> Any:
        if self.server_version != __connect_contract__["server_version"]:
            raise RuntimeError(f"It needs another server than {self.server_version}.")
        asked = {"query": document, "variables": variables}
        answer = self.json("POST", self.path("graphql"), json=asked)
        if answer.get("errors"):
            raise RefusedError(answer["errors"][0]["message"])
        return answer["data"]

    def change(self, operation: str, **given: Any) -> None:
        name = operation[0].lower() + operation[1:]
        self.graphql(CHANGE.format(operation, name), input=given)


class Table:
    def __init__(self, api: Api, described: dict[str, Any]) -> None:
        self._api, self.name = api, described["name"]
        self._columns = {
            each["name"]: Column(each["name"], each["type"]) for each in described["fields"]
        }
        self.keys = tuple(list(self._columns)[place] for place in described["keyFields"])

    def __getitem__(self, name: str) -> Column:
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def __iadd__(self, row: tuple[Any, ...]) -> Self:
        action = {"baseTable": self.name, "lines": [[to_json(value) for value in row]]}
        self._api.data("POST", "/data/branches/master", json={"actions": [action]})
        return self

    def head(self, n: int = 5) -> pd.DataFrame:
        found = self._read(list(self), n)
        return found.set_index(list(self.keys)) if self.keys else found

    def query(self, *columns: Column, max_rows: int = MOST_ROWS) -> pd.DataFrame:
        return self._read([column.name for column in columns] or list(self), max_rows)

    def _read(self, names: list[str], most: int) -> pd.DataFrame:
        path = f"/data/tables/{quote(self.name, safe='')}"
        read = self._api.data("GET", path, params={"pageSize": most})
        places = [[header["name"] for header in read["headers"]].index(name) for name in names]
        rows = [[row[place] for place in places] for row in read["rows"]]
        found = pd.DataFrame(rows, columns=names, dtype=object)
        for name in names:
            if self[name].data_type in ("double", "float"):
                found[name] = found[name].astype("float64")
        return found


class Tables(dict[str, Table]):
    @property
    def schema(self) -> str:
        return "\n".join(f"{name}: {', '.join(table)}" for name, table in self.items())


class IndividualRoles(MutableMapping[str, Any]):
    def __init__(self, api: Api) -> None:
        self._api = api

    def _read(self) -> dict[str, frozenset[str]]:
        items = self._api.graphql(ROLES)["security"]["individualRolesItems"]
        return {item["username"]: frozenset(item["individualRoles"]) for item in items}

    def __getitem__(self, username: str) -> frozenset[str]:
        return self._read()[username]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())

    def __setitem__(self, username: str, roles: Any) -> None:
        given = {"username": username, "individualRoles": sorted(roles)}
        self._api.change("CreateIndividualRolesItem", **given)

    def __delitem__(self, username: str) -> None:
        self._api.change("DeleteIndividualRolesItem", username=username)


class Security(NamedTuple):
    individual_roles: IndividualRoles


class Session:
    """A session that is connected to a target session."""

    def __init__(self, url: str, client: httpx2.Client) -> None:
        self.url = self.link = url
        self._client = client
        self._api = Api(client)
        if self._api.send("GET", f"{self._api.path('activeviam/pivot')}/ping").text != "pong":
            raise RefusedError("The target does not answer to ping.")

    @classmethod
    def connect(
        cls,
        url: str,
        *,
        authentication: Any = None,
        certificate_authority: Path | None = None,
    ) -> Self:
        """Connect to the target session at ``url``."""
        read = httpx2.URL(url)
        if read.scheme not in ("http", "https") or not read.host or read.port == 0:
            raise ValueError("The URL of a session is that of a target of HTTP.")
        if re.search(r"[^!-~]", url):
            raise ValueError("There is what belongs to no URL in that URL.")
        # What is written before the host would be sent as credentials.
        base = str(read.copy_with(username=None, password=None, query=None, fragment=None))
        if isinstance(authentication, ClientCertificate):
            if read.scheme == "http":
                raise ValueError("A client certificate needs an https URL.")
            auth = None
        else:
            auth = authentication and CallableAuth(authentication)
        secure = read.scheme == "https"
        client = httpx2.Client(
            base_url=base,
            auth=auth,
            verify=tls(certificate_authority if secure else None, authentication),
            trust_env=False,
            timeout=PATIENCE,
        )
        try:
            return cls(base.rstrip("/"), client)
        except BaseException:
            client.close()
            raise

    @property
    def tables(self) -> Tables:
        if self._api.server_version != __connect_contract__["server_version"]:
            raise RuntimeError("The tables are not available on this server.")
        found = self._api.data("GET", "/discovery/tables")
        return Tables({each["name"]: Table(self._api, each) for each in found})

    def create_table(self, name: str, *, data_types: Mapping[str, str]) -> Table:
        columns = [
            {
                "columnName": column,
                "dataType": re.sub(r"(?<=[a-z])(?=[A-Z\[])", "_", kind)
                .replace("[]", "ARRAY")
                .upper(),
            }
            for column, kind in data_types.items()
        ]
        self._api.change("CreateInMemoryTable", tableName=name, columns=columns)
        return self.tables[name]

    @property
    def user(self) -> User:
        found = self._api.graphql(USER)["currentUser"]
        return User(found["name"], frozenset(found["roles"]))

    @property
    def security(self) -> Security:
        return Security(IndividualRoles(self._api))

    @property
    def ready(self) -> bool:
        return bool(self._api.graphql(READINESS)["readiness"] == "READY")

    @ready.setter
    def ready(self, ready: bool) -> None:
        self._api.change("UpdateReadiness", readiness="READY" if ready else "UNREADY")

    def close(self) -> None:
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        with suppress(AttributeError):
            self._client.close()


connect = Session.connect


def to_json(value: Any) -> Any:
    """A value as the target reads it."""
    if isinstance(value, float) and not math.isfinite(value):
        return {math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN")
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return [to_json(each) for each in value] if isinstance(value, list | tuple) else value

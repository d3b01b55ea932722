"""``connect`` on ``requests``, for both profiles.

The description of tables and the user are asked for by GraphQL, with variables; rows are read by
POST. One ``requests.Session`` belongs to each connected session. Frames are those of pandas.
"""

from __future__ import annotations

import http.client
import importlib
import math
import re
import string
from datetime import date, time
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote, urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase, _basic_auth_str
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util.ssl_ import create_urllib3_context

from connect_contracts import Implementation

__all__ = ["BasicAuthentication", "ClientCertificate", "Session", "TokenAuthentication", "connect"]

__connect_contract__ = {"profile": "0.9.1", "server_version": "6.1.1", "trust_store": "certifi"}

WAIT = (10, 30)  # seconds: to connect, and for the next bytes
MOST_ROWS = 2**31 - 2

GET_TABLES = "query { dataModel { database { tables { name } } } }"
GET_TABLE = """
query ($name: String!) {
  dataModel { database { table(name: $name) {
    columns { name dataType } primaryIndex { name }
  } } }
}
"""
GET_USER = "query { currentUser { name roles } }"
CREATE_TABLE = """
mutation ($input: CreateInMemoryTableInput!) { createInMemoryTable(input: $input) { __typename } }
"""


class LiveExtensionUnavailableError(PermissionError):
    """There is no Live Extension for whoever is connected."""


SENDABLE = frozenset(string.ascii_letters + string.digits + string.punctuation + " \t")


class ClientCertificate(SimpleNamespace):
    """The files of a client certificate."""

    def __init__(self, certificate: Path, *, keyfile=None, password=None):
        super().__init__(certificate=certificate, keyfile=keyfile, secret=lambda: password or "")


class BasicAuthentication:
    """Basic authentication in UTF-8; that of ``requests`` is in Latin-1."""

    def __init__(self, username: str, password: str):
        self.pair = lambda: (username.encode(), password.encode())

    def __call__(self, url: str) -> dict[str, str]:
        return {"Authorization": _basic_auth_str(*self.pair())}


class TokenAuthentication:
    """A token that was issued before."""

    def __init__(self, token: str, token_type: str = "Bearer"):
        self.header = lambda: f"{token_type} {token}"

    def __call__(self, url: str) -> dict[str, str]:
        return {"Authorization": self.header()}


class PerRequest(AuthBase):
    """Asks a callable for the headers of each request, when its URL is final."""

    def __init__(self, authenticate):
        self.authenticate = authenticate

    def __call__(self, request):
        headers = self.authenticate(request.url)
        if not SENDABLE.issuperset("".join([*headers, *headers.values()])):
            raise ValueError("These credentials do not fit into a header.")
        request.headers.update(headers)
        return request


class FinalResponse(http.client.HTTPResponse):
    """What comes after interim answers; ``urllib3`` takes any of them but 100 for the answer."""

    def begin(self):
        while self.headers is None or self.status < 200:
            self.headers = None
            super().begin()


class FinalPool(HTTPConnectionPool):
    """Connections without TLS that wait for the final answer."""

    ConnectionCls = type("FinalConnection", (HTTPConnection,), {"response_class": FinalResponse})


class SecureFinalPool(HTTPSConnectionPool):
    """The same with TLS."""

    ConnectionCls = type("FinalConnection", (HTTPSConnection,), {"response_class": FinalResponse})


class Final(HTTPAdapter):
    """Passes interim answers over (RFC 9110 15.2)."""

    def init_poolmanager(self, *places, **options):
        super().init_poolmanager(*places, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": FinalPool, "https": SecureFinalPool}


class Presenting(Final):
    """Presents a client certificate; ``requests`` alone has no way to give its key's password."""

    def __init__(self, certificate: ClientCertificate):
        self.context = create_urllib3_context()
        self.context.load_cert_chain(
            certificate.certificate, certificate.keyfile, certificate.secret
        )
        super().__init__()

    def init_poolmanager(self, *places, **options):
        super().init_poolmanager(*places, ssl_context=self.context, **options)


def as_json(value):
    match value:
        case float() if not math.isfinite(value):
            return {math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN")
        case date() | time():
            return value.isoformat()
        case list() | tuple():
            return [as_json(each) for each in value]
    return value


def http_session(authentication, certificate_authority, scheme: str) -> requests.Session:
    """A session of requests that asks neither the environment nor ``.netrc`` for anything."""
    http = requests.Session()
    http.trust_env = False
    for prefix in ("http://", "https://"):
        http.mount(prefix, Final())
    if scheme == "https" and certificate_authority is not None:
        http.verify = readable(certificate_authority)
    if isinstance(authentication, ClientCertificate):
        http.mount("https://", Presenting(authentication))
    elif authentication is not None:
        http.auth = PerRequest(authentication)
    return http


def readable(path) -> str:
    """The path of a file that can be opened; requests would take a folder for one of many."""
    with open(path, "rb"):
        return str(path)


def without_userinfo(url: str) -> str:
    """The URL as it is joined with paths; requests would send its userinfo as credentials."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    if parts.scheme not in ("http", "https") or any(letter.isspace() for letter in url):
        raise ValueError("The URL of a session begins with http or https and has no spaces.")
    return urlunsplit((parts.scheme, host, parts.path.rstrip("/"), "", ""))


def enum_of(kind: str) -> str:
    """``LOCAL_DATE`` for ``LocalDate``, ``INT_ARRAY`` for ``int[]``."""
    words = re.findall("[A-Z]?[a-z]+", kind.replace("[]", "Array"))
    return "_".join(words).upper()


class Session:
    """A connected session, as the page of 0.9.1 has it."""

    server_version = "6.1.1"
    pivots = ("9", "8")

    def __init__(self, base: str, http: requests.Session):
        self.url, self._http, self._open = base, http, True

    @classmethod
    def connect(cls, url: str, *, authentication=None, certificate_authority=None):
        if not isinstance(url, str):
            raise TypeError(f"The URL is a str, not {type(url).__name__}.")
        base = without_userinfo(url)
        http = http_session(authentication, certificate_authority, urlsplit(base).scheme)
        try:
            self = cls(base, http)
            self._look_around()
        except BaseException:
            http.close()
            raise
        return self

    def _look_around(self) -> None:
        document = self.send("GET", "/versions/rest").json()
        self._apis = dict(document["apis"])
        pivot = self.path_of("activeviam/pivot", *self.pivots)
        if self.send("GET", f"{pivot}/ping").text != "pong":
            raise requests.exceptions.InvalidJSONError("The answer to ping is not pong.")
        self._same_server = document["serverVersion"] == self.server_version
        self._live = self._asks_for_live_extension()

    def _asks_for_live_extension(self) -> bool:
        if not self._same_server or "atoti" not in self._apis:
            return False
        asked = f"{self.path_of('atoti', '1', '0')}/py4j/configuration"
        return self.send("GET", asked, accept=range(400, 600)).status_code == requests.codes.ok

    def path_of(self, api: str, *known: str) -> str:
        offered = {version["id"]: version["restPath"] for version in self._apis[api]["versions"]}
        return next(offered[version] for version in known if version in offered)

    def send(self, method: str, path: str, body=None, *, accept=()) -> requests.Response:
        """One request; any answer but 200 and those that are accepted is an error."""
        if not self._open:
            raise RuntimeError("The session has been closed.")
        answer = self._http.request(
            method, self.url + path, json=body, timeout=WAIT, allow_redirects=False
        )
        if answer.status_code != requests.codes.ok and answer.status_code not in accept:
            raise requests.HTTPError(f"{answer.status_code} for {method} {path}", response=answer)
        return answer

    def graphql(self, document: str, **variables):
        body = {"query": document, "operationName": None, "variables": variables}
        answer = self.send("POST", self.path_of("graphql", "1"), body).json()
        if answer.get("errors"):
            raise RuntimeError(answer["errors"][0]["message"])
        return answer["data"]

    def database(self, path: str, body):
        return self.send("POST", self.path_of("activeviam/database", "10") + path, body).json()

    @property
    def tables(self):
        if not self._live:
            raise LiveExtensionUnavailableError("Live extension is not available here.")
        return Tables(self)

    def close(self) -> None:
        self._open = False
        self._http.close()

    __del__ = close


class Session62(Session):
    """A connected session, as the documentation of 6.2 has it: the target says who may what."""

    server_version = "6.2.2"
    pivots = ("10", "9", "8")

    def _asks_for_live_extension(self) -> bool:
        return self._same_server

    @property
    def user(self):
        found = self.graphql(GET_USER)["currentUser"]
        return SimpleNamespace(name=found["name"], roles=set(found["roles"]))

    @property
    def link(self):
        return f"{self.url}/"

    def create_table(self, name: str, *, data_types):
        if not self._same_server:
            raise RuntimeError(f"A server of {self.server_version} is needed to create a table.")
        columns = [
            {"columnName": column, "dataType": enum_of(kind)} for column, kind in data_types.items()
        ]
        self.graphql(CREATE_TABLE, input={"tableName": name, "columns": columns})
        return self.tables[name]


class Tables(dict):
    """The tables by name: those that were there when they were asked for."""

    def __init__(self, session: Session):
        listed = session.graphql(GET_TABLES)["dataModel"]["database"]["tables"]
        super().__init__({table["name"]: Table(session, table["name"]) for table in listed})


class Table:
    """A table of the target session."""

    def __init__(self, session: Session, name: str):
        self.session, self.name = session, name

    def described(self):
        found = self.session.graphql(GET_TABLE, name=self.name)["dataModel"]["database"]["table"]
        keys = [key["name"] for key in found["primaryIndex"]]
        return {column["name"]: column["dataType"] for column in found["columns"]}, keys

    def __iter__(self):
        return iter(self.described()[0])

    def __getitem__(self, name: str) -> str:
        return {name: name for name in self}[name]

    @property
    def keys(self):
        return tuple(self.described()[1])

    def __iadd__(self, row):
        lines = [[as_json(value) for value in row]]
        change = {"actions": [{"baseTable": self.name, "lines": lines}]}
        self.session.database("/data/branches/master", change)
        return self

    def head(self, n: int = 5):
        kinds, keys = self.described()
        found = self._read(list(kinds), n)
        for name, kind in kinds.items():
            if kind in ("DOUBLE", "FLOAT"):
                found[name] = found[name].astype("float64")
        return found.set_index(keys) if keys else found

    def query(self, *columns: str, max_rows: int = MOST_ROWS):
        return self._read(list(columns or self), max_rows)

    def _read(self, columns: list[str], most: int):
        asked = {"fields": columns, "pageSize": most}
        found = self.session.database(f"/data/tables/{quote(self.name, safe='')}", asked)
        assert [header["name"] for header in found["headers"]] == columns
        pandas = importlib.import_module("pandas")
        return pandas.DataFrame(found["rows"], columns=columns, dtype=object)


connect = Session.connect


class Adapter62(Implementation):
    """The same in the profile 6.2."""

    subject = Session62
    profile = "6.2"
    server_version = "6.2.2"

    def session_type(self):
        return self.find("Session62")

"""``connect`` on ``http.client`` and ``ssl``: nothing but the standard library.

Every request has a connection of its own, so that a session holds none between two calls. The
target is asked for the Live Extension when the tables are first used, not by ``connect``. Rows are
read by GET, with all their columns, and come back as a small :class:`Frame`.
"""

from __future__ import annotations

import datetime as dt
import http.client
import json
import math
import re
import ssl
from base64 import b64encode
from urllib.parse import quote, urlsplit

from connect_contracts import Implementation
from connect_contracts.model.observation import Frame as PlainFrame

__all__ = ["Adapter", "BasicAuthentication", "ClientCertificate", "Session", "TokenAuthentication"]

__connect_contract__ = {"profile": "0.9.1", "server_version": "6.1.1", "trust_store": "ssl"}

PATIENCE = 20.0  # seconds, for each wait on the socket
KNOWN_VERSIONS = {
    "activeviam/pivot": ("8", "9"),
    "activeviam/database": ("10",),
    "atoti": ("0", "1"),
}
_FIELD_NAME = re.compile(r"[\w!#$%&'*+.^`|~-]+", re.ASCII)
_UNSENDABLE = re.compile(r"[^\t\x20-\x7e]")


class Refused(http.client.HTTPException):
    """The target answered, and not with 200."""


class LiveExtensionUnavailableError(Exception):
    """The target session does not offer the Live Extension to whoever is connected."""


class FinalResponse(http.client.HTTPResponse):
    """An answer; informational ones before it are passed over, not only 100 (RFC 9110 15.2)."""

    def _read_status(self):
        version, status, reason = super()._read_status()
        while 100 < status < 200:
            http.client.parse_headers(self.fp)
            version, status, reason = super()._read_status()
        return version, status, reason


def trust(certificate_authority):
    """The context in which a target is believed: by this file's authorities, or the machine's."""
    if certificate_authority is None:
        return ssl.create_default_context()
    # A path that is empty is a path all the same, and not the lack of one.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cafile=str(certificate_authority))
    return context


class Wire:
    """Requests to one target."""

    def __init__(self, url, authenticate, context):
        parts = urlsplit(url)
        self.secure = parts.scheme == "https"
        self.host, self.port = parts.hostname, parts.port
        self.prefix = parts.path.rstrip("/")
        host = f"[{self.host}]" if ":" in self.host else self.host
        self.base = (
            f"{parts.scheme}://{host}:{parts.port}" if parts.port else f"{parts.scheme}://{host}"
        )
        self.authenticate = authenticate
        self.context = context
        self.closed = False

    def connection(self):
        if self.secure:
            made = http.client.HTTPSConnection(
                self.host, self.port, timeout=PATIENCE, context=self.context
            )
        else:
            made = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE)
        made.response_class = FinalResponse
        return made

    def headers(self, path):
        given = {} if self.authenticate is None else self.authenticate(self.base + path)
        for name, value in given.items():
            if not _FIELD_NAME.fullmatch(name) or _UNSENDABLE.search(value):
                raise ValueError("the credentials cannot be sent in a header")
        return {"Accept": "application/json, text/plain", "Connection": "close", **given}

    def exchange(self, method, path, body=None):
        """The status and the whole body of the answer to one request."""
        if self.closed:
            raise RuntimeError("this session was closed")
        path = self.prefix + path
        headers = self.headers(path)
        if body is not None:
            body = json.dumps(body, allow_nan=False).encode()
            headers["Content-Type"] = "application/json"
        connection = self.connection()
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def ask(self, method, path, body=None):
        """What a request that must succeed is answered, as JSON."""
        status, answer = self.exchange(method, path, body)
        if status != 200:
            raise Refused(f"{method} {path}: the target answered {status}")
        return json.loads(answer)


class BasicAuthentication:
    """A user name and a password."""

    def __init__(self, username, password):
        self.username = username
        self._pair = f"{username}:{password}"

    def __call__(self, url):
        if ":" in self.username:
            raise ValueError("a colon would end the user name")
        return {"Authorization": "Basic " + b64encode(self._pair.encode("utf-8")).decode("ascii")}


class TokenAuthentication:
    """A token, and the word that goes before it."""

    def __init__(self, token, token_type="Bearer"):
        self._value = f"{token_type} {token}"

    def __call__(self, url):
        return {"Authorization": self._value}


class ClientCertificate:
    """The files of a client certificate."""

    def __init__(self, certificate, *, keyfile=None, password=None):
        self.certificate, self.keyfile, self._password = certificate, keyfile, password

    def load(self, context):
        # With an empty password OpenSSL fails; with none at all it would ask on the terminal.
        context.load_cert_chain(self.certificate, self.keyfile, self._password or "")


class Frame:
    """Rows with the names of their columns, and the columns by which they are told apart."""

    def __init__(self, names, rows, keys):
        self.names, self.rows, self.keys = names, rows, keys

    def taken(self, names):
        places = [self.names.index(name) for name in names]
        return [tuple(row[place] for place in places) for row in self.rows]


def to_json(value):
    if isinstance(value, float) and not math.isfinite(value):
        return str(value).replace("inf", "Infinity").replace("nan", "NaN")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    return [to_json(each) for each in value] if isinstance(value, (list, tuple)) else value


class Session:
    """A session that is connected to a target session."""

    def __init__(self, wire, server_version, paths):
        self._wire, self._server_version, self._paths = wire, server_version, paths
        self._live = None

    @property
    def tables(self):
        if self._live is None:
            self._live = self._is_live()
        if not self._live:
            raise LiveExtensionUnavailableError("Live extension is not available to this session.")
        return Tables(self._wire, self._paths["activeviam/database"])

    def _is_live(self):
        if self._server_version != "6.1.1" or "atoti" not in self._paths:
            return False
        status, _ = self._wire.exchange("GET", self._paths["atoti"] + "/py4j/configuration")
        if status != 200 and status < 400:
            raise Refused(f"the target answered {status} about the Live Extension")
        return status == 200

    def close(self):
        self._wire.closed = True

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Tables:
    """The tables of a target, by name."""

    def __init__(self, wire, database):
        self._wire, self._database = wire, database

    def __iter__(self):
        return iter(self._wire.ask("GET", self._database + "/discovery/tableNames"))

    def __getitem__(self, name):
        if name not in list(self):
            raise KeyError(name)
        return Table(self._wire, self._database, name)


class Table:
    """A table of the target."""

    def __init__(self, wire, database, name):
        self._wire, self._database, self.name = wire, database, name
        self._segment = quote(name, safe="")

    def __iter__(self):
        return (field["name"] for field in self._described()["fields"])

    @property
    def keys(self):
        described = self._described()
        return tuple(described["fields"][place]["name"] for place in described["keyFields"])

    def _described(self):
        return self._wire.ask("GET", f"{self._database}/discovery/tables/{self._segment}")

    def __iadd__(self, row):
        lines = [[to_json(value) for value in row]]
        body = {"actions": [{"baseTable": self.name, "lines": lines}]}
        taken = self._wire.ask("POST", f"{self._database}/data/branches/master", body)
        if taken != {self.name: 1}:
            raise Refused(f"the target did not say that it took the row, but {taken}")
        return self

    def head(self, n=5):
        path = f"{self._database}/data/tables/{self._segment}?pageSize={n:d}"
        answer = self._wire.ask("GET", path)
        return Frame([header["name"] for header in answer["headers"]], answer["rows"], self.keys)


def rest_paths(apis):
    """Where the APIs are that are known here, each in a version that is known."""
    paths = {}
    for api, known in KNOWN_VERSIONS.items():
        for version in apis.get(api, {}).get("versions", ()):
            if version["id"] in known:
                paths[api] = version["restPath"]
    return paths


def connect(url, *, authentication=None, certificate_authority=None):
    """Connect to the target session at ``url``."""
    if not isinstance(url, str):
        raise TypeError("the URL is not text")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
        raise ValueError("that is no URL of a target session")
    if re.search(r"[^!-~]", url) or parts.query or parts.fragment:
        raise ValueError("that URL cannot be extended by a path")
    context = trust(certificate_authority) if parts.scheme == "https" else None
    if isinstance(authentication, ClientCertificate):
        if context is None:
            raise ValueError("a client certificate needs https")
        authentication.load(context)
        authentication = None
    wire = Wire(url, authentication, context)
    document = wire.ask("GET", "/versions/rest")
    paths = rest_paths(document["apis"])
    status, pong = wire.exchange("GET", paths["activeviam/pivot"] + "/ping")
    if (status, pong) != (200, b"pong"):
        raise Refused(f"the target answered {status} to ping")
    return Session(wire, document["serverVersion"], paths)


class Adapter(Implementation):
    """``connect``, and how its frames are read."""

    subject = staticmethod(connect)

    def frame(self, value):
        others = [name for name in value.names if name not in value.keys]
        numbers = [(place,) for place in range(len(value.rows))]
        return PlainFrame(
            columns=tuple(others),
            index=tuple(value.keys) or (None,),
            labels=tuple(value.taken(value.keys) if value.keys else numbers),
            rows=tuple(value.taken(others)),
        )

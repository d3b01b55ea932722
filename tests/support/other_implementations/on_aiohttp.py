"""``connect`` on ``aiohttp``, behind an event loop in a thread of each session's own.

All tables are described by one request, ``discovery``, and rows are read and added below the pivot
API, where servers of 0.9.1 have them. What is asked of the loop is awaited by the caller.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import math
import re
import ssl
import threading
import weakref
from base64 import standard_b64encode
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp
from yarl import URL

__connect_contract__ = {"profile": "0.9.1", "server_version": "6.1.1", "trust_store": "ssl"}

TIME_LIMIT = aiohttp.ClientTimeout(total=60, sock_connect=15, sock_read=25)  # seconds


class TargetError(Exception):
    """The target gave another answer than the one that was needed."""


class LiveExtensionUnavailableError(TargetError):
    """The target's data cannot be reached by this session."""


@dataclass(frozen=True)
class BasicAuthentication:
    """Who connects, by name and password."""

    username: str
    password: str = field(repr=False)

    async def headers(self, _: URL) -> Mapping[str, str]:
        pair = f"{self.username}:{self.password}"
        if ":" in self.username or any(ord(letter) < 32 for letter in pair):
            raise ValueError("These cannot be told apart again once they are sent.")
        return {"Authorization": f"Basic {standard_b64encode(pair.encode()).decode()}"}


@dataclass(frozen=True)
class TokenAuthentication:
    """Who connects, by a token."""

    token: str = field(repr=False)
    token_type: str = "Bearer"

    async def headers(self, _: URL) -> Mapping[str, str]:
        return {"Authorization": f"{self.token_type} {self.token}"}


@dataclass(frozen=True)
class ClientCertificate:
    """Who connects, by a certificate."""

    certificate: Path
    keyfile: Path | None = field(default=None, kw_only=True)
    password: str | None = field(default=None, kw_only=True, repr=False)

    def show_to(self, tls: ssl.SSLContext) -> None:
        def password() -> bytes:
            if not self.password:
                raise ValueError("The client certificate's key is encrypted: give its password.")
            return self.password.encode()

        tls.load_cert_chain(self.certificate, self.keyfile, password)


@dataclass(frozen=True)
class Called:
    """Who connects, by whatever a callable answers for a URL."""

    function: Any

    async def headers(self, url: URL) -> Mapping[str, str]:
        # Beside the loop: it may take its time, or connect somewhere by itself.
        given = await asyncio.to_thread(self.function, str(url))
        if any(re.search(r"[^\t -~]", text) for pair in given.items() for text in pair):
            raise ValueError("The callable's headers cannot be sent.")
        return given


class Nobody:
    """Whoever connects without a word in the headers."""

    async def headers(self, _: URL) -> Mapping[str, str]:
        return {}


def identity(authentication: Any) -> Any:
    if authentication is None or isinstance(authentication, ClientCertificate):
        return Nobody()
    return authentication if hasattr(authentication, "headers") else Called(authentication)


class LoopThread:
    """An event loop that runs in a thread until it is ended."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self._run, name="connected session", daemon=True)
        self.thread.start()

    def _run(self) -> None:
        self.loop.run_forever()
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()

    def result(self, work: Coroutine[Any, Any, Any]) -> Any:
        if self.loop.is_closed():
            work.close()
            raise RuntimeError("The session is over.")
        future = asyncio.run_coroutine_threadsafe(work, self.loop)
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise

    def end(self, last: Any) -> None:
        """Await ``last``, then stop; may be called from anywhere, and more than once."""
        if not self.loop.is_closed():
            with suppress(RuntimeError):
                self.loop.call_soon_threadsafe(lambda: self.loop.create_task(self._finish(last)))
            # The collector may drop a session within this very thread.
            if threading.current_thread() is not self.thread:
                self.thread.join()

    async def _finish(self, last: Any) -> None:
        try:
            await last()
        finally:
            self.loop.stop()


MOMENTS: Mapping[str, Callable[[str], Any]] = {
    "LocalDate": date.fromisoformat,
    "LocalDateTime": datetime.fromisoformat,
    "LocalTime": time.fromisoformat,
    "ZonedDateTime": datetime.fromisoformat,
}


class Table:
    """A table as it was described when the tables were asked for."""

    def __init__(self, channel: Any, data: str, described: Mapping[str, Any]) -> None:
        self._channel, self._data = channel, data
        self.name = described["name"]
        self.types = {field["name"]: field["type"] for field in described["fields"]}
        self.keys = tuple(list(self.types)[place] for place in described["keyFields"])

    def __iter__(self) -> Iterator[str]:
        return iter(self.types)

    def __iadd__(self, row: tuple[Any, ...]) -> Table:
        line = [for_json(value) for value in row]
        body = {"actions": [{"baseTable": self.name, "lines": [line]}]}
        self._channel.json("POST", f"{self._data}/data/branches/master", json=body)
        return self

    def head(self, n: int = 5) -> Any:
        """The first rows, as a frame of pandas."""
        path = f"{self._data}/data/tables/{quote(self.name, safe='')}"
        answer = self._channel.json("POST", path, json={"pageSize": n})
        names = [header["name"] for header in answer["headers"]]
        columns = {
            header["name"]: [from_json(row[place], header["type"]) for row in answer["rows"]]
            for place, header in enumerate(answer["headers"])
        }
        pandas = importlib.import_module("pandas")
        frame = pandas.DataFrame(columns, columns=names, dtype=object)
        return frame.set_index(list(self.keys)) if self.keys else frame


def from_json(value: Any, kind: str) -> Any:
    """A value of the data type ``kind``, in Python's own type."""
    if value is None:
        return None
    if kind in MOMENTS:
        return MOMENTS[kind](value)
    return float(value) if kind in ("double", "float") else value


def for_json(value: Any) -> Any:
    """A value as JSON of the target has it."""
    if isinstance(value, float):
        return value if math.isfinite(value) else json.dumps(value)
    if isinstance(value, list | tuple):
        return [for_json(each) for each in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


async def _client(tls: ssl.SSLContext) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(ssl=tls, limit=4),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=TIME_LIMIT,
        trust_env=False,
    )


class Channel:
    """Requests to one target over one client of aiohttp."""

    def __init__(self, base: URL, who: Any, tls: ssl.SSLContext) -> None:
        self.base, self._who = str(base).rstrip("/"), who
        self._thread = LoopThread()
        self._client = self._thread.result(_client(tls))
        self.close = weakref.finalize(self, self._thread.end, self._client.close)

    def ask(self, method: str, path: str, **more: Any) -> tuple[int, bytes]:
        return self._thread.result(self._ask(method, URL(self.base + path, encoded=True), more))

    async def _ask(self, method: str, url: URL, more: Any) -> tuple[int, bytes]:
        headers = await self._who.headers(url)
        try:
            async with self._client.request(
                method, url, headers=headers, allow_redirects=False, **more
            ) as answer:
                return answer.status, await answer.read()
        except aiohttp.ClientResponseError as error:
            status = error.status
        # Raised out here: aiohttp's own error holds the headers, and so the credentials.
        raise TargetError(f"{method} {url.path} was not answered in HTTP ({status}).")

    def json(self, method: str, path: str, **more: Any) -> Any:
        status, body = self.ask(method, path, **more)
        if status != 200:
            raise TargetError(f"{method} {path} was answered with {status}.")
        try:
            return json.loads(body)
        except ValueError as error:
            raise TargetError(f"{method} {path} was not answered with JSON.") from error


def base_of(url: str) -> URL:
    """The URL as it is written, without userinfo, query and fragment."""
    if re.search(r"[\s\x00-\x1f]", url):
        raise ValueError("There is white space in the URL.")
    read = URL(url)
    if read.scheme not in ("http", "https") or not read.host or not read.port:
        raise ValueError("The URL names no target of HTTP.")
    return read.with_user(None).with_query(None).with_fragment(None)


def tls_for(certificate_authority: Path | None) -> ssl.SSLContext:
    """A context for the authorities of a file, or those of the machine."""
    if certificate_authority is None:
        return ssl.create_default_context()
    # The text between certificates is anyone's; what is read of it must be ASCII to ssl.
    text = Path(certificate_authority).read_bytes().decode("ascii", "replace")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    tls.load_verify_locations(cadata=text.replace("\ufffd", "?"))
    return tls


def connect(
    url: str, *, authentication: Any = None, certificate_authority: Path | None = None
) -> Session:
    """A session that is connected to the target at ``url``."""
    if not isinstance(url, str):
        raise TypeError("connect needs the URL as str")
    base, who = base_of(url), identity(authentication)
    tls = tls_for(certificate_authority) if base.scheme == "https" else ssl.create_default_context()
    if isinstance(authentication, ClientCertificate):
        authentication.show_to(tls)
    channel = Channel(base, who, tls)
    try:
        return Session(channel)
    except BaseException:
        channel.close()
        raise


class Session:
    """A session that is connected to a target."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        document = channel.json("GET", "/versions/rest")
        apis = {
            (api, version["id"]): version["restPath"]
            for api, entry in document["apis"].items()
            for version in entry["versions"]
        }
        pivot = apis["activeviam/pivot", "9"]
        if channel.ask("GET", f"{pivot}/ping") != (200, b"pong"):
            raise TargetError("The target does not answer to ping.")
        self._data = f"{pivot}/database"
        own = document["serverVersion"] == "6.1.1" and apis.get(("atoti", "1"))
        self.live = bool(own) and self._may(channel.ask("GET", f"{own}/py4j/configuration")[0])

    def _may(self, status: int) -> bool:
        if status != 200 and status < 400:
            raise TargetError(f"The answer about the Live Extension has the status {status}.")
        return status == 200

    @property
    def tables(self) -> dict[str, Table]:
        if not self.live:
            raise LiveExtensionUnavailableError("Live extension is not available on this session.")
        found = self._channel.json("GET", f"{self._data}/discovery")["tables"]
        return {each["name"]: Table(self._channel, self._data, each) for each in found}

    def close(self) -> None:
        self._channel.close()

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

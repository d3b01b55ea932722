"""What a fake HTTPS target costs: start to the first answer, stop, memory and threads.

Everything is measured side by side, one round of each server in a random order, so that what else
the machine does reaches them all; what is printed are the medians of the rounds, and their ratios
to the floor.

    python benchmarks/target_start.py [--rounds 60] [--targets 100]

It is measured twice. Once as in a session with several targets: another target of ours runs
already, as aiohttp's loop does, and the client is bare. Once as in a test with one target: none of
ours runs, and the client is ``http.client``, which reads the answer and closes the connection.

The floor is what cannot be saved: an authority and a leaf, the contexts of both sides, one bare TLS
handshake and one request over blocking sockets, all certificates by trustme. A server that is not
installed is skipped with a sentence.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import gc
import http.client
import importlib.util
import logging
import multiprocessing
import os
import random
import socket
import ssl
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable, Coroutine
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import TYPE_CHECKING, TypeVar

import trustme

if TYPE_CHECKING:
    from connect_harness.certificates import Authorities

T = TypeVar("T")

HEADER_FIELDS = (
    ("Accept", "*/*"),
    ("Authorization", f"Basic {base64.b64encode(b'user:passwd').decode()}"),
)
HEADERS = "Host: localhost\r\n" + "".join(f"{name}: {text}\r\n" for name, text in HEADER_FIELDS)
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@dataclass
class Running:
    """A target that runs: its port, its authority, how to stop it, and what it answers with 200."""

    port: int
    authority_pem: bytes
    stop: Callable[[], object]
    path: str = "/"


@dataclass
class Measured:
    """What the rounds of one server took, in seconds."""

    first_answer: list[float] = field(default_factory=list)
    stop: list[float] = field(default_factory=list)


def ours() -> Running:
    """A target session of this project, with an authority of its own."""
    from connect_harness.certificates import Authorities

    return target_session(Authorities())


def ours_by_default() -> Running:
    """A target session of this project, with the process's default authority, made once."""
    return target_session(None)


def target_session(authorities: Authorities | None) -> Running:
    """A secure target session over HTTPS with one user, who asks for the versions document."""
    from connect_harness import HttpsConfig, SecurityConfig, SessionConfig, TargetSession

    config = SessionConfig(security=SecurityConfig(https=HttpsConfig()))
    session = TargetSession.start(config, authorities=authorities)
    session.security.basic_authentication.credentials["user"] = "passwd"
    session.security.individual_roles["user"] = {"ROLE_USER"}
    pem = session.certificate_authority_pem
    if pem is None:
        raise RuntimeError("a target over HTTPS has an authority")
    return Running(session.port, pem, session.close, "/versions/rest")


def floor() -> Running:
    """One bare connection: accepted, one handshake, one answer."""
    authority, context = by_trustme()
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        raw, _ = listening.accept()
        with context.wrap_socket(raw, server_side=True) as connection:
            connection.recv(65536)
            connection.sendall(ANSWER)

    threading.Thread(target=serve, daemon=True).start()
    return Running(listening.getsockname()[1], authority.cert_pem.bytes(), listening.close)


def aiohttp_web() -> Running:
    """aiohttp.web, each target in the one event loop that runs already."""
    from aiohttp import web

    authority, context = by_trustme()
    runners = []

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=b"ok")

    async def start() -> int:
        application = web.Application()
        application.router.add_get("/", answer)
        runner = web.AppRunner(application)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context, shutdown_timeout=0)
        await site.start()
        runners.append(runner)
        return int(runner.addresses[0][1])

    port = in_loop(start())
    return Running(port, authority.cert_pem.bytes(), lambda: in_loop(runners[0].cleanup()))


def pytest_httpserver() -> Running:
    """pytest-httpserver, which runs werkzeug in a thread."""
    from pytest_httpserver import HTTPServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    authority, context = by_trustme()
    server = HTTPServer("127.0.0.1", ssl_context=context)
    server.expect_request("/").respond_with_data(b"ok")
    server.start()
    return Running(server.port, authority.cert_pem.bytes(), server.stop)


# Ours and the floor first: the others are compared with them.
SERVERS: dict[str, tuple[Callable[[], Running], str]] = {
    "floor": (floor, "trustme"),
    "ours": (ours, "connect_harness"),
    "ours, by default": (ours_by_default, "connect_harness"),
    "aiohttp.web": (aiohttp_web, "aiohttp"),
    "pytest-httpserver": (pytest_httpserver, "pytest_httpserver"),
}


def by_trustme() -> tuple[trustme.CA, ssl.SSLContext]:
    """A fresh authority, and the context of a server with a leaf of it."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1", "::1").configure_cert(context)
    return authority, context


def trusting(running: Running) -> ssl.SSLContext:
    """The context of a fresh client that trusts the target's authority alone."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=running.authority_pem.decode("ascii"))
    return context


def ask_by_http_client(running: Running) -> None:
    """One answer to ``http.client``."""
    client = http.client.HTTPSConnection("localhost", running.port, context=trusting(running))
    client.request("GET", running.path, headers=dict(HEADER_FIELDS))
    answer = client.getresponse()
    check(answer.status, answer.read())
    client.close()


def ask(running: Running) -> None:
    """One answer to a client of bare sockets."""
    context = trusting(running)
    raw = socket.create_connection(("127.0.0.1", running.port), timeout=10)
    raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with context.wrap_socket(raw, server_hostname="localhost") as connection:
        connection.sendall(f"GET {running.path} HTTP/1.1\r\n{HEADERS}\r\n".encode("ascii"))
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        body = answer.read()
    check(answer.status, body)


def check(status: int, body: bytes) -> None:
    """Raise ``RuntimeError`` for any answer but one with status 200 and a body."""
    if status != 200 or not body:
        raise RuntimeError(f"answered {status} {body!r}")


_loops: list[asyncio.AbstractEventLoop] = []


def in_loop(work: Coroutine[None, None, T]) -> T:
    """The result of a coroutine, run in a loop that is started once."""
    if not _loops:
        _loops.append(asyncio.new_event_loop())
        threading.Thread(target=_loops[0].run_forever, daemon=True).start()
    return asyncio.run_coroutine_threadsafe(work, _loops[0]).result(30)


def one_round(
    start: Callable[[], Running], measured: Measured | None, client: Callable[[Running], None] = ask
) -> None:
    """Start, first answer, stop."""
    began = time.perf_counter()
    running = start()
    client(running)
    answered = time.perf_counter()
    running.stop()
    stopped = time.perf_counter()
    if measured is not None:
        measured.first_answer.append(answered - began)
        measured.stop.append(stopped - answered)


@dataclass
class Idle:
    """What one more idle target costs."""

    python_bytes: float
    resident_bytes: float
    threads: float
    descriptors: float


def idle(name: str, count: int) -> Idle:
    """Start ``count`` targets that nobody asks, and divide."""
    start = SERVERS[name][0]
    first = start()
    gc.collect()
    tracemalloc.start()
    before = (
        tracemalloc.get_traced_memory()[0],
        resident(),
        threading.active_count(),
        open_files(),
    )
    targets = [start() for _ in range(count)]
    gc.collect()
    after = (tracemalloc.get_traced_memory()[0], resident(), threading.active_count(), open_files())
    tracemalloc.stop()
    for target in (first, *targets):
        target.stop()
    return Idle(*((now - then) / count for then, now in zip(before, after, strict=True)))


def resident() -> int:
    """Bytes of memory that the system holds for this process; 0 where it does not say."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def open_files() -> int:
    """How many descriptors this process holds."""
    return len(os.listdir("/dev/fd"))


def show(line: str) -> None:
    """Write a line."""
    sys.stdout.write(f"{line}\n")


def rounds(
    servers: dict[str, Callable[[], Running]], number: int, client: Callable[[Running], None]
) -> dict[str, Measured]:
    """Rounds of all servers, interleaved."""
    measured = {name: Measured() for name in servers}
    # The first round of each pays for imports, and starts aiohttp's loop.
    for start in servers.values():
        one_round(start, None, client)
    order = list(servers.items())
    for _ in range(number):
        # A server that is measured after a wait starts slower, so the order changes each round.
        random.shuffle(order)
        for name, start in order:
            one_round(start, measured[name], client)
    return measured


def show_rounds(heading: str, measured: dict[str, Measured]) -> None:
    """Show each server beside the floor of the same rounds."""
    show(f"\n{heading}\n")
    show(f"{'':20}{'first answer':>14}{'of the floor':>22}{'stop':>12}{'99 of 100':>12}")
    floors = measured["floor"].first_answer
    for name, times in measured.items():
        ratios = [one / least for one, least in zip(times.first_answer, floors, strict=True)]
        low, _, high = quantiles(ratios, n=4)
        last = quantiles(times.stop, n=100)[98]
        show(
            f"{name:20}{median(times.first_answer) * 1000:11.2f} ms"
            f"{median(ratios):8.2f} ({low:.2f} to {high:.2f})"
            f"{median(times.stop) * 1000:9.3f} ms{last * 1000:9.3f} ms"
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=60, help="rounds of each server")
    parser.add_argument("--targets", type=int, default=100, help="idle targets at once")
    options = parser.parse_args()
    servers = {}
    for name, (start, module) in SERVERS.items():
        if importlib.util.find_spec(module) is None:
            show(f"{name} is not measured: {module} is not installed.")
        else:
            servers[name] = start

    show(f"Python {sys.version.split()[0]}, {ssl.OPENSSL_VERSION}, {os.cpu_count()} processors,")
    show(f"medians of {options.rounds} interleaved rounds, the quarters of the ratios in brackets")
    running = ours()
    show_rounds("another target runs, a bare client", rounds(servers, options.rounds, ask))
    running.stop()
    alone = rounds(servers, options.rounds, ask_by_http_client)
    show_rounds("no other target runs, http.client", alone)

    show(f"\none more idle target, {options.targets} at once, certificate and context included\n")
    show(f"{'':20}{'Python memory':>14}{'resident':>14}{'threads':>12}{'descriptors':>14}")
    # Each in a process of its own: memory that one gave back would be found by the next.
    spawn = multiprocessing.get_context("spawn")
    for name in servers:
        if name == "floor":
            continue
        with ProcessPoolExecutor(1, mp_context=spawn) as process:
            cost = process.submit(idle, name, options.targets).result()
        show(
            f"{name:20}{cost.python_bytes / 1024:11.1f} KB{cost.resident_bytes / 1024:11.1f} KB"
            f"{cost.threads:12.2f}{cost.descriptors:14.2f}"
        )


if __name__ == "__main__":
    main()
